/** The trail as people read it: sentences, colors, every filter, whole days, and the verification of every trail. */
import { runInDurableObject } from 'cloudflare:test'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { accountObject } from '../../src/account/account-stub.ts'
import { OUTCOMES } from '../../src/rules/outcome.ts'
import { call, connect, env, fakeFinexio } from '../api/support.ts'
import { called, managed } from '../audit/support.ts'
import { browser } from './support.ts'

let account: string
let server: string
const ann = browser()

const rows = (html: string) => [...html.matchAll(/<td role="cell"><p>(.*?)<\/p>/g)].map(([, text]) => text!)
const activity = async (query: string) => {
  const { status, text } = await ann.get(`/dashboard/accounts/${account}/activity?${query}`)
  expect(status).toBe(200)
  return text
}
const at = (time: string) => {
  vi.useFakeTimers({ toFake: ['Date'] })
  vi.setSystemTime(new Date(time))
}

beforeAll(async () => {
  fakeFinexio()
  account = await connect('Trails Ltd')
  server = (await call('POST', `/integrated-account/${account}/mcp`, { body: { name: 'Old agent' } })).body.id
})
beforeEach(() => ann.signIn())
afterEach(() => {
  vi.useRealTimers()
})
afterAll(() => {
  vi.unstubAllGlobals()
})

// C6. Seen at b8f2a26: no person, server, from, pending approval, dry run, unknown tool or replayed.
test('every outcome can be asked for, and filters combine', async () => {
  const own = { mcp_server_id: server, mcp_server_name: 'Old agent' }
  await accountObject(env, account).record(
    OUTCOMES.map((outcome) => called({ ...own, outcome, caller_name: `Caller of ${outcome}` })),
  )
  const form = await activity('')
  for (const outcome of [...OUTCOMES, 'pending']) {
    expect(form).toContain(`<option value="${outcome}">`)
    if (outcome !== 'pending') expect(rows(await activity(`type=mcp&outcome=${outcome}`))).toHaveLength(1)
  }
  for (const name of ['type', 'person', 'server', 'tool', 'effect', 'outcome', 'since', 'until'])
    expect(form).toContain(`name="${name}"`)
  const without = `type=mcp&server=${server}&tool=list_all_finexio_payments`
  const both = `${without}&effect=read`
  expect(rows(await activity(`${both}&outcome=replayed`))).toHaveLength(1)
  expect(rows(await activity(`${without}&outcome=replayed&effect=money`))).toEqual([])
  expect(rows(await activity(`${both}&person=${encodeURIComponent('Caller of dry_run')}`))).toHaveLength(1)
  expect(await activity(`${without}&outcome=replayed&effect=money`)).toContain('Nothing fits this filter')
})

// Siblings: an outcome, a cursor and a trail that the API does not know; a month that is too long.
test.each(['outcome=teleported', 'from=nonsense', 'since=2026-01-01&until=2026-06-01'])(
  'a filter that cannot be asked for is said, and stays in the form: %s',
  async (query) => {
    const text = await activity(query)
    expect(text).toContain('This cannot be asked for')
    expect(text).toContain('aria-label="Filter"')
  },
)

// C6. Seen at b8f2a26: `until` lost the last second of the day.
test('the days that are chosen are whole, the last one included, in the zone of the reader', async () => {
  for (const [time, name] of [
    ['2026-11-09T23:59:59.999Z', 'Before'],
    ['2026-11-10T00:00:00.000Z', 'First'],
    ['2026-11-11T23:59:59.999Z', 'Last'],
    ['2026-11-12T00:00:00.000Z', 'After'],
  ] as const) {
    at(time)
    await accountObject(env, account).record([managed('PATCH /deployment', { actor_name: name })])
  }
  at('2026-11-20T12:00:00Z')
  await ann.signIn()
  const who = (html: string) => rows(html).map((one) => one.split(' ')[0])
  const days = 'type=management&since=2026-11-10&until=2026-11-11'
  expect(who(await activity(days))).toEqual(['Last', 'First'])
  expect(who(await activity('type=management&since=2026-11-12&until=2026-11-12'))).toEqual(['After'])
  // Berlin is an hour ahead: its day begins and ends earlier.
  ann.jar.set('finexio_zone', 'Europe%2FBerlin')
  expect(who(await activity(days))).toEqual(['First', 'Before'])
  ann.jar.delete('finexio_zone')
})

// C5. Seen at b8f2a26: pending was red, approval and rejection looked alike, a deleted server was a UUID.
test('sentences first, colors by meaning, the machine form in a drawer, and names of what is gone', async () => {
  const gone = { mcp_server_id: crypto.randomUUID(), mcp_server_name: 'Gone agent', tool_name: null }
  const write = { type: 'write' as const, request_id: 'r', idempotency_key: 'k', outcome: null, ...gone }
  const id = 'draft-1'
  const money = { cents: 400_000, suppliers: 2, approval_id: id, actor_name: 'Ann Approver', actor_id: 'a' }
  await accountObject(env, account).record([
    { ...write, event: 'drafted', ...money },
    { ...write, event: 'approved', ...money },
    { ...write, event: 'rejected', ...money },
    managed('POST /approval/:approval/approve', { http_status_code: 403, target_id: id }),
  ])
  const text = await activity('type=all')
  expect(text).toContain('Ann Approver approved $4,000.00 to 2 suppliers, drafted by “Gone agent”')
  expect(text).toContain('<span class="badge warn">waits for approval</span>')
  expect(text).toContain('<span class="badge ok">approved</span>')
  expect(text).toContain('<span class="badge info">rejected</span>')
  expect(text).toContain('<span class="badge">refused</span>')
  // The machine form was in each row, and ten of them were all that a page could hold.
  expect(text).not.toContain('mcp_server_name: ')
  const details = [...text.matchAll(/<a class="more" href="([^"]+)"/g)].map(([, href]) => href!)
  const pages = await Promise.all(
    details
      .slice(0, 4)
      .map((href) => ann.get(`/dashboard/accounts/${account}/${href.replaceAll('&amp;', '&')}`)),
  )
  for (const { status, text: one } of pages) expect([status, one.includes('id="more"')]).toEqual([200, true])
  expect(pages.map((one) => one.text).join()).toContain('\nmcp_server_name: Gone agent\n')
  expect(pages.map((one) => one.text).join()).toContain(`href="/dashboard/approval/${id}"`)
  expect(rows(text).join()).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}/)
  // The same through the API, as CSV too.
  const csv = (await ann.get(`/dashboard/accounts/${account}/activity/export?type=write&format=csv`)).text
  expect(csv).toContain('sentence')
  expect(csv).toContain('Ann Approver approved $4,000.00 to 2 suppliers, drafted by “Gone agent”')
})

// Siblings: no number, no time that there is, a trail of others.
test.each(['at=1&seq=1', 'at=x&seq=1', 'at=9e15&seq=1', `at=1&seq=1&in=${crypto.randomUUID()}`])(
  'a row that is not there is not found: %s',
  async (query) => {
    for (const path of [`/dashboard/accounts/${account}/activity/row`, '/dashboard/activity/row'])
      expect((await ann.get(`${path}?${query}`)).status).toBe(404)
  },
)

test('what is revoked, removed or deleted leaves its name', async () => {
  const made = await call('POST', `/integrated-account/${account}/mcp`, { body: { name: 'Short lived' } })
  await call('DELETE', `/integrated-account/${account}/mcp/${made.body.id}`)
  const person = await call('POST', '/person', { body: { name: 'Pat Parting' } })
  await call('DELETE', `/person/${person.body.id}`)
  const body = { name: 'Tom Token', kind: 'person', grants: ['use'] }
  await call('DELETE', `/api-token/${(await call('POST', '/api-token', { body })).body.id}`)
  const other = await connect('Closing Corp')
  await call('DELETE', `/integrated-account/${other}`)
  expect(await activity('type=management')).toContain('The admin key revoked the MCP server “Short lived”')
  const { text } = await ann.get('/dashboard/activity?account=deployment')
  for (const said of [
    'removed Pat Parting, with all keys and sessions',
    'revoked the API token of Tom Token',
    'disconnected the account Closing Corp',
  ])
    expect(text).toContain(`The admin key ${said}`)
})

// C4. Seen at b8f2a26: on the page of all accounts it checked one trail. Siblings: one that is broken among good ones; the
// account's own page; whoever manages one account.
test('verification covers every trail that the reader may see, with a result for each', async () => {
  const broken = await connect('Broken Books')
  await accountObject(env, broken).record(Array.from({ length: 5 }, () => managed()))
  await runInDurableObject(accountObject(env, broken), (_, { storage }) => {
    storage.sql.exec("UPDATE audit SET entry = replace(entry, 'Ann', 'Bob') WHERE seq = 4")
  })
  const { text } = await ann.post('/dashboard/activity/verify')
  expect(text).toMatch(/The deployment<\/td>.*holds/s)
  expect(text).toMatch(/Trails Ltd<\/td>.*holds/s)
  expect(text).toMatch(/Broken Books<\/td><td[^>]*><span class="badge bad">breaks at row 4/)
  expect(text).toContain('The chain of 1 trail breaks')
  const own = await ann.post(`/dashboard/accounts/${account}/activity/verify`)
  expect(own.text).toContain('The chain holds')
  expect(own.text).not.toContain('Broken Books')

  const body = { name: 'Manages one', kind: 'person', grants: [`manage:${account}`] }
  const bob = browser()
  await bob.signIn((await call('POST', '/api-token', { body })).body.token)
  const seen = (await bob.post('/dashboard/activity/verify')).text
  expect(seen).toContain('Trails Ltd')
  expect(seen).not.toMatch(/Broken Books|The deployment<\/td>/)
})

test('a long trail is followed in parts that say how far they are, and none but this session goes on', async () => {
  const run = {
    trails: [
      { id: account, name: 'Trails Ltd', rows: 0, left: null, next: '', broken_at: null, last_hash: '' },
    ],
    further: null,
  }
  const many = Array.from({ length: 12 }, (_, index) => ({ ...run.trails[0]!, name: `Copy ${index}` }))
  const form = { run: JSON.stringify({ ...run, trails: many }) }
  const { text } = await ann.post('/dashboard/activity/verify', form)
  expect(text).toContain('data-goes-on="1"')
  expect(text).toContain('waits its turn')
  const foreign = await ann.send('POST', '/dashboard/activity/verify', { form: { csrf: 'x', ...form } })
  expect(foreign.status).toBe(403)
  for (const bad of ['{}', 'x', JSON.stringify({ trails: [{ id: 1 }], further: null })])
    expect((await ann.post('/dashboard/activity/verify', { run: bad })).status).toBe(400)
})
