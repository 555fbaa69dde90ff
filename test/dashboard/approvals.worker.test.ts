import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { dashboard } from '../../src/dashboard/dashboard.tsx'
import type { Approval } from '../../src/dashboard/shapes.ts'
import { dispatch } from '../../src/routes.ts'
import { call, connect, env, fakeFinexio } from '../api/support.ts'
import { draft, withApprovals } from './fake-approvals.ts'
import { browser, ORIGIN } from './support.ts'

let drafts: Map<string, Approval>
let server: ReturnType<typeof dashboard>

beforeEach(async () => {
  fakeFinexio()
  drafts = new Map([[draft().id, draft()]])
  server = dashboard({
    dispatch: withApprovals(dispatch, drafts),
    mcp: () => async () => new Response(),
  })
  await connect()
})
afterEach(() => {
  vi.unstubAllGlobals()
})

const signedIn = async (scopes: string[]) => {
  const { body } = await call('POST', '/api-token', { body: { name: 'Ann Lee', kind: 'person', scopes } })
  const ann = browser(env, ORIGIN, server)
  await ann.signIn(body.token)
  return ann
}

const PAGE = `/dashboard/approval/${draft().id}`

test('whoever may only approve sees the queue: who asks, how much, and what is unusual', async () => {
  const ann = await signedIn(['approve'])
  const { text } = await ann.get('/dashboard/approvals')
  for (const shown of [
    'Pay $12,345.50: 3 invoices, 2 suppliers',
    'whoever has the URL of “Month-end agent”',
    '2 to look at',
  ])
    expect(text).toContain(shown)
  expect(text).not.toContain('href="/dashboard/tokens"')
})

test.each<[string, Partial<Approval>, string]>([
  [
    'the holder of the server, where the URL alone was used',
    { hands: { ...draft().hands, caller: { id: 'casey', kind: 'person', name: 'Casey Clerk' } } },
    'Casey Clerk, or whoever has the URL of “Month-end agent”',
  ],
  [
    'a person who signed in with the company',
    {
      caller: {
        ...{ kind: 'person', id: 'casey', name: 'Casey Clerk' },
        oauth: { grant_id: 'g', client_id: 'c', client_name: 'ChatGPT' },
      },
    },
    'Casey Clerk, through “Month-end agent”',
  ],
])('it names who asks: %s', async (_, change, words) => {
  drafts.set(draft().id, draft(change))
  expect((await (await signedIn(['approve'])).get(PAGE)).text).toContain(words)
})

test('rows that pay the same are told apart by their invoices', async () => {
  const { text } = await (await signedIn(['approve'])).get('/dashboard/approvals')
  // At d9f6ffd2 no number of an invoice stood there.
  expect(text).toContain('Invoice “A-1” and 2 more')
})

test('another draft that waits for the same invoice is linked, by whom and through what it was asked for', async () => {
  const ann = await signedIn(['approve'])
  const words = 'Look at this: the same invoice number waits in another draft'
  expect((await ann.get(PAGE)).text).not.toContain(words)
  const other = {
    id: 'apr_other',
    mcp_server_name: 'Agent',
    caller: { kind: 'url' } as const,
    created_at: draft().created_at,
  }
  drafts.set(draft().id, draft({ same: [other] }))
  const { text } = await ann.get(PAGE)
  for (const shown of [words, 'href="/dashboard/approval/apr_other"', 'whoever has the URL of “Agent”'])
    expect(text).toContain(shown)
})

test('one approval shows the exact rows, the marks and the reasons; names are text', async () => {
  const { text } = await (await signedIn(['approve'])).get(PAGE)
  for (const shown of [
    'A-1',
    'B-9',
    '$6,000.00',
    'first payment',
    'payment details changed',
    '$12,345.50 is over $1,000.00',
  ])
    expect(text).toContain(shown)
  expect(text).toContain('&lt;img src=x onerror=alert(1)&gt;')
  expect(text).not.toContain('<img')
})

test.each([
  ['approve', 'executed', 'Finexio accepted it.'],
  ['reject', 'rejected', 'This draft is rejected'],
])('a decision goes to the API with its reason: %s', async (decision, state, said) => {
  const ann = await signedIn(['approve'])
  const csrf = await ann.csrf(PAGE)
  const answer = await ann.send('POST', PAGE, { form: { csrf, decision, reason: 'matches <the> run' } })
  expect(answer.location).toBe(PAGE)
  expect(drafts.get(draft().id)).toMatchObject({
    state,
    decision_reason: 'matches <the> run',
    decided_by: { name: 'Ann Lee' },
  })
  const { text } = await ann.get(PAGE)
  expect(text).toContain(said)
  expect(text).toContain('matches &lt;the&gt; run')
  expect(text).not.toContain('Approve and send')
})

// Seen on main until now: ids alone in what came of a draft, names above it. Siblings: a buyer, an id of which no name is known.
test('what came of a draft names whom its records are of, where names are known', async () => {
  const row = { id: 'inv_1', receiving_counterparty_id: 'sup_999', originating_counterparty_id: 'buy_111' }
  drafts.set(
    draft().id,
    draft({
      state: 'executed',
      outcome: Object.assign(
        { state: 'succeeded' as const },
        { result: [row, { ...row, receiving_counterparty_id: 'sup_77' }] },
      ),
      party_names: { sup_999: 'Imaginary Tyres', buy_111: 'Our Company' },
    }),
  )
  const { text } = await (await signedIn(['approve'])).get(PAGE)
  const came = text.slice(
    text.indexOf('Records at Finexio'),
    text.indexOf('</table>', text.indexOf('Records at Finexio')),
  )
  for (const named of [
    'Imaginary Tyres</span><span class="sub">sup_999',
    'Our Company</span><span class="sub">buy_111',
  ])
    expect(came).toContain(named)
  expect(came).toContain('<span class="wrap">sup_77</span>')
})

// Sibling of A15: what was no decision counted as a rejection.
test.each([undefined, '', 'Approve', 'yes', 'approve '])(
  '%j is no decision: the draft waits on',
  async (decision) => {
    const ann = await signedIn(['approve'])
    const csrf = await ann.csrf(PAGE)
    const form: Record<string, string> = { csrf, ...(decision !== undefined && { decision }) }
    expect((await ann.send('POST', PAGE, { form })).status).toBe(400)
    expect(drafts.get(draft().id)?.state).toBe('pending')
  },
)

test('who may not decide learns who may, and what the API refuses is shown', async () => {
  const root = browser(env, ORIGIN, server)
  await root.signIn()
  const { text } = await root.get(PAGE)
  expect(text).toContain('A second person decides')
  expect(text).not.toContain('Approve and send')
  const refused = await root.post(PAGE, { decision: 'approve' })
  expect(refused.status).toBe(400)
  expect(refused.text).toContain('needs the role approve')
  expect(drafts.get(draft().id)?.state).toBe('pending')
})

test('an unknown draft is not found', async () => {
  const { status, text } = await (await signedIn(['approve'])).get('/dashboard/approval/apr_9')
  expect([status, text.includes('There is no draft with this id.')]).toEqual([404, true])
})
