import { runInDurableObject } from 'cloudflare:test'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { accountObject } from '../../src/account/account-stub.ts'
import type { CallEntry } from '../../src/account/audit/entry.ts'
import { browser } from '../dashboard/support.ts'
import { call, connect, env, fakeFinexio } from './support.ts'

beforeEach(() => {
  fakeFinexio()
})
afterEach(() => {
  vi.unstubAllGlobals()
})

const DAY = 86_400_000

/** Rows as tool calls leave them. */
const called = (serverId: string, outcome: CallEntry['outcome'], at: number) => ({
  at,
  entry: JSON.stringify({ type: 'mcp', mcp_server_id: serverId, outcome, http_status_code: null }),
})

const furnished = async () => {
  const account = await connect()
  const path = `/integrated-account/${account}`
  const [one, two] = await Promise.all(
    ['one', 'two'].map(
      async (name) => (await call('POST', `${path}/mcp`, { body: { name } })).body.id as string,
    ),
  )
  const now = Date.now()
  await runInDurableObject(accountObject(env, account), (_, { storage }) => {
    const rows = [
      called(one!, 'succeeded', now - 1_000),
      called(one!, 'throttled', now - 2_000),
      called(one!, 'failed', now - 2 * DAY),
      called(two!, 'replayed', now - 3_000),
      called(two!, 'pending_approval', now - DAY),
      called(two!, 'succeeded', now - 40 * DAY),
    ]
    for (const { at, entry } of rows)
      storage.sql.exec("INSERT INTO audit (at, type, entry) VALUES (?, 'mcp', ?)", at, entry)
    const moved: [string, string, number, number][] = [
      [one!, 'sup_1', 500, now - 1_000],
      [one!, 'sup_2', 700, now - 1_000],
      [one!, 'sup_1', 1_000, now - 2 * DAY],
      [two!, 'sup_1', 9_000, now - 1_000],
    ]
    for (const [server, supplier, cents, at] of moved)
      storage.sql.exec(
        "INSERT INTO movement (key, server_id, buyer, supplier, cents, count, at) VALUES ('k', ?, 'buy', ?, ?, 1, ?)",
        server,
        supplier,
        cents,
        at,
      )
  })
  return { path, one: one!, two: two! }
}

test('an account tells its calls, errors, 429s and money by day, and when each server was used', async () => {
  const { path, one, two } = await furnished()
  const { body } = await call('GET', `${path}/usage?days=7`)
  expect(body.days).toHaveLength(7)
  expect(body.days.at(-1)).toMatchObject({ calls: 3, errors: 1, throttled: 1, cents: 10_200 })
  expect(body.days.at(-2)).toMatchObject({ calls: 1, errors: 0 })
  expect(body.days.at(-3)).toMatchObject({ calls: 1, errors: 1, throttled: 0, cents: 1_000 })
  expect(body.days.at(-1).day).toBe(new Date().toISOString().slice(0, 10))
  const uses = new Map(body.servers.map((use: { id: string }) => [use.id, use]))
  expect(uses.get(one)).toMatchObject({ calls_24h: 2 })
  expect(uses.get(two)).toMatchObject({ calls_24h: 1 })
})

test('a server tells the same of itself, and what its limits have counted', async () => {
  const { path, one } = await furnished()
  const { body } = await call('GET', `${path}/mcp/${one}/usage`)
  expect(body.days).toHaveLength(14)
  expect(body.days.at(-1)).toMatchObject({ calls: 2, errors: 1, throttled: 1, cents: 1_200 })
  expect(body.spent).toEqual({
    per_day: { cents: 1_200, count: 2 },
    per_30_days: { cents: 2_200, count: 3 },
    per_supplier_day: [
      { supplier: 'sup_2', cents: 700, count: 1 },
      { supplier: 'sup_1', cents: 500, count: 1 },
    ],
  })
  expect(Date.parse(body.last_used_at)).toBeGreaterThan(Date.now() - 60_000)
})

// Seen at b8f2a26: one sum of what was paid, what was under way and what nobody knew of. Siblings: each state that money can be in.
test('what was sent is told apart from what nobody knows of yet, and what failed is in neither', async () => {
  const account = await connect()
  const path = `/integrated-account/${account}`
  const { id } = (await call('POST', `${path}/mcp`, { body: { name: 'x' } })).body
  const states = { claimed: 1, succeeded: 10, unknown: 100, rejected: 1_000, forgotten: 10_000 }
  await runInDurableObject(accountObject(env, account), (_, { storage }) => {
    for (const [state, cents] of Object.entries(states)) {
      const now = Date.now()
      storage.sql.exec(
        "INSERT INTO movement (key, server_id, buyer, supplier, cents, count, at) VALUES (?, ?, 'buy', 'sup', ?, 1, ?)",
        ...[state, id, cents, now],
      )
      if (state !== 'forgotten')
        storage.sql.exec(
          "INSERT INTO ledger (key, tool, effect, server_id, request_id, fingerprint, state, claimed_at) VALUES (?, 't', 'money', ?, 'r', ?, ?, ?)",
          ...[state, id, new Uint8Array(32), state, now],
        )
    }
  })
  const today = { cents: 11_111, unsettled_cents: 1_101 }
  for (const at of [path, `${path}/mcp/${id}`])
    expect((await call('GET', `${at}/usage`)).body.days.at(-1)).toMatchObject(today)
  const { signIn, get } = browser()
  await signIn()
  const page = await get(`/dashboard/accounts/${account}/activity/usage`)
  expect(page.text).toMatch(
    /Accepted by Finexio<\/span><span class="num">\$100\.10.*Outcome unknown<\/span><span class="num">\$11\.01/,
  )
})

test('a server that was never called says so', async () => {
  const account = await connect()
  const { id } = (await call('POST', `/integrated-account/${account}/mcp`, { body: { name: 'x' } })).body
  const { body } = await call('GET', `/integrated-account/${account}/mcp/${id}/usage`)
  expect(body).toMatchObject({
    id,
    last_used_at: null,
    calls_24h: 0,
    spent: { per_day: { cents: 0, count: 0 } },
  })
})

test('who asks reads counts: rows that were counted are not read again, and each counts once', async () => {
  const { path, two } = await furnished()
  const account = path.split('/').at(-1)!
  const first = await call('GET', `${path}/usage`)
  // What is counted stays counted, also where its row is gone.
  await runInDurableObject(accountObject(env, account), (_, { storage }) => {
    storage.sql.exec("DELETE FROM audit WHERE entry ->> '$.mcp_server_id' = ?", two)
  })
  expect((await call('GET', `${path}/usage`)).body).toEqual(first.body)
})

test('a refusal that stands for many counts as many, and waiting for a person is no error (C11)', async () => {
  const account = await connect()
  const path = `/integrated-account/${account}`
  const { id } = (await call('POST', `${path}/mcp`, { body: { name: 'x' } })).body
  await runInDurableObject(accountObject(env, account), (_, { storage }) => {
    const counted = [
      { ...called(id, 'refused', 0), repeated: 7 },
      { ...called(id, 'unknown_tool', 0), repeated: 1 },
      ...(['pending_approval', 'input_required', 'dry_run', 'replayed', 'partial'] as const).map((outcome) =>
        called(id, outcome, 0),
      ),
    ]
    for (const { entry, ...more } of counted)
      storage.sql.exec(
        "INSERT INTO audit (at, type, entry) VALUES (?, 'mcp', ?)",
        Date.now(),
        JSON.stringify({ ...JSON.parse(entry), ...more }),
      )
  })
  const { body } = await call('GET', `${path}/mcp/${id}/usage`)
  expect(body.days.at(-1)).toMatchObject({ calls: 15, errors: 10, refused: 10, throttled: 0 })
  expect(body.calls_24h).toBe(15)
})

test.each(['0', '32', 'all', '1.5'])('%s days are refused', async (days) => {
  const account = await connect()
  expect((await call('GET', `/integrated-account/${account}/usage?days=${days}`)).status).toBe(400)
})

test('strangers learn nothing', async () => {
  const { path } = await furnished()
  const { token } = (await call('POST', '/api-token', { body: { name: 'x', scopes: ['mcp'] } })).body
  expect((await call('GET', `${path}/usage`, { key: token })).status).toBe(403)
  expect((await call('GET', `${path}/mcp/${crypto.randomUUID()}/usage`)).status).toBe(404)
  expect((await call('GET', `/integrated-account/${crypto.randomUUID()}/usage`)).status).toBe(404)
})

test('whoever approves may know the names of the accounts whose drafts they decide on, and no more of them', async () => {
  const [mine, other] = [await connect('Mine'), await connect('Other')]
  const keyFor = async (scopes: string[]) =>
    (await call('POST', '/api-token', { body: { name: 'x', kind: 'person', scopes } })).body.token as string
  const everywhere = await call('GET', '/integrated-account', { key: await keyFor(['approve']) })
  const names = everywhere.body.result.map(({ name }: { name: string }) => name)
  expect(names).toEqual(expect.arrayContaining(['Mine', 'Other']))
  const confined = await call('GET', '/integrated-account', {
    key: await keyFor(['approve', `account:${mine}`]),
  })
  expect(confined.body.result.map(({ name }: { name: string }) => name)).toEqual(['Mine'])
  expect((await call('GET', `/integrated-account/${other}`, { key: await keyFor(['approve']) })).status).toBe(
    403,
  )
})
