/** The page of a payee: what changed, the numbers on file, and the form by which somebody vouches. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { call, connect } from '../api/support.ts'
import { formIn } from './forms-in.ts'
import { browser } from './support.ts'

const SUPPLIER = {
  id: 'sup_1',
  name: 'Imaginary Tyres',
  corporate_phone_number: '555-010-2222',
  remit_email: 'new@tyres.example',
  bank_account_number: '123456789',
  bank_routing_number: '021000021',
  contacts: [],
  updated: '2026-11-01T10:00:00.000000',
}
const CHANGES = {
  remit_email: ['old@tyres.example', 'new@tyres.example'],
  bank_account_number: ['987654321', '123456789'],
}
const ENTRY = {
  object_id: 'sup_1',
  actor: 'portal',
  timestamp: '2026-11-01T10:00:00.000000',
  action: 'Updated',
  changes: CHANGES,
}
const SET_UP = {
  ...ENTRY,
  timestamp: '2025-01-02T10:00:00.000000',
  action: 'Created',
  changes: { name: [null, 'Imaginary Tyres'], remit_email: [null, 'old@tyres.example'] },
}
const listOf = (results: object[]) => ({ count: results.length, next: null, previous: null, results })

let account: string
beforeAll(async () => {
  vi.stubGlobal('fetch', async (input: RequestInfo) => {
    const { pathname } = new URL(new Request(input).url)
    if (pathname.endsWith('/suppliers/sup_1/')) return Response.json(SUPPLIER)
    return Response.json(listOf(pathname.endsWith('/history') ? [ENTRY, SET_UP] : []))
  })
  account = await connect('Payees Corp')
  await call('PATCH', `/integrated-account/${account}`, { body: { payees: 'verified' } })
})
afterAll(() => {
  vi.unstubAllGlobals()
})

const signedIn = async (grants: string[]) => {
  const made = await call('POST', '/api-token', { body: { name: `Ann ${grants}`, kind: 'person', grants } })
  const ann = browser()
  await ann.signIn(made.body.token)
  return ann
}

const recorded = { called: 'Rita', number: '555 010 9999', number_from: 'outside_source', source: 'contract' }

test('shows old and new, masked, and records a call-back that the trail keeps', async () => {
  const ann = await signedIn(['approve', 'audit'])
  const page = `/dashboard/payees/${account}/sup_1`
  const { text } = await ann.get(page)
  // Seen on main until now: no time stood beside a change, and all that the record was set up with stood among the changes.
  expect(text).toContain('<summary>As it was set up: 2 fields</summary>')
  for (const shown of [
    '1 Nov 2026, 10:00 UTC',
    'Imaginary Tyres',
    'old@tyres.example',
    'new@tyres.example',
    '555-010-2222',
    'nobody vouched',
  ])
    expect(text.replaceAll(/<[^>]+>/g, '')).toContain(shown)
  expect(text).not.toMatch(/987654321|123456789/)
  const form = formIn(text, page)
  for (const [name, value] of Object.entries({ ...recorded, number: '555-010-2222' })) form.set(name, value)
  const refused = await ann.post(page, Object.fromEntries(form))
  expect([refused.status, refused.text]).toEqual([400, expect.stringContaining('It proves nothing')])
  form.set('number', recorded.number)
  expect((await ann.post(page, Object.fromEntries(form))).status).toBe(303)
  const after = (await ann.get(page)).text
  for (const shown of ['called back', 'Rita', 'called: Rita', 'source: contract'])
    expect(after).toContain(shown)
  expect((await ann.get('/dashboard/payees')).text).toContain('sup_1')
})

test('offers no form to whoever may only look', async () => {
  const eve = await signedIn(['audit'])
  const { text } = await eve.get(`/dashboard/payees/${account}/sup_1`)
  expect(text).toContain('Imaginary Tyres')
  expect(text).not.toContain('Record a call-back')
})

// Seen at b8f2a26: ids alone, "Payees of one account", "changed since / never", and a button that only ever refused.
test('says whose payees they are and what the account makes of them; accepts only where that does something', async () => {
  const ann = await signedIn(['approve'])
  for (const [payees, rule, refusal] of [
    ['open', 'are paid whether or not somebody vouched', 'open: there is nothing to accept'],
    ['verified', 'Only suppliers for whom somebody vouched are paid', null],
  ] as const) {
    await call('PATCH', `/integrated-account/${account}`, { body: { payees } })
    const { text } = await ann.get('/dashboard/payees')
    expect(text).toContain(rule)
    expect(text.includes('Accept them as they are')).toBe(refusal === null)
    const one = (await ann.get(`/dashboard/payees/${account}`)).text
    expect(one).toContain('Payees of Payees Corp')
    expect(one).toContain(rule)
  }
  for (const page of [`${account}`, `${account}/review`])
    expect((await ann.get(`/dashboard/payees/${page}`)).text).toContain('Imaginary Tyres')
})
