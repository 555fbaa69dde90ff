/** The trail over the management API: filters, bounded reading, how it stands, verification in the background. */
import { createExecutionContext, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { accountObject } from '../../src/account/account-stub.ts'
import type { AuditEntry } from '../../src/account/audit/entry.ts'
import { appendAudit } from '../../src/account/tables/audit.ts'
import { app } from '../../src/app.ts'
import { call, connect, env, fakeFinexio } from '../api/support.ts'
import { called, DAY, managed } from './support.ts'

beforeEach(() => {
  fakeFinexio()
})
afterEach(() => {
  vi.unstubAllGlobals()
})

const append = (account: string, entries: readonly AuditEntry[], at = Date.now()) =>
  runInDurableObject(accountObject(env, account), (_, { storage }) => {
    for (const entry of entries) appendAudit(storage.sql, entry, at)
  })

// At 3fc9183b an export that names no kind of row was one of calls alone. Siblings: the list, one kind, both formats.
test.each([
  ['/log/export?', ['called', 'acted']],
  ['/log/export?format=jsonl&', ['called', 'acted']],
  ['/log/export?log_type=mcp&', ['called']],
  ['/log?', ['called']],
])('%s has these kinds of rows', async (path, expected) => {
  const account = await connect()
  await append(account, [called({ request_id: 'called' }), managed('x', { request_id: 'acted' })])
  const request = new Request(`https://mcp.test${path}integrated_account_id=${account}`, {
    headers: { authorization: `Bearer ${env.ADMIN_API_KEY}` },
  })
  const text = await (await app.fetch(request, env, createExecutionContext())).text()
  const found = ['called', 'acted'].filter((id) => text.includes(`"${id}"`))
  expect(found).toEqual(expected)
})

// Seen on 2026-11-30: a reader of GET /log without log_type took calls for all there was. Siblings: where there are calls alone, a kind that is named.
test('the log without log_type says so where rows of other kinds are', async () => {
  const account = await connect()
  const noteOf = async (more = '') =>
    (await call('GET', `/log?integrated_account_id=${account}${more}`)).body.note as string | undefined
  await append(account, [called({}), managed('x', {})])
  expect(await noteOf()).toMatch(/calls alone.*log_type=all/)
  for (const more of ['&log_type=mcp', '&log_type=all', '&log_type_filter[tool_name]=x', '&until=2020-01-01'])
    expect([more, await noteOf(more)]).toEqual([more, undefined])
})

type Page = { result: Record<string, unknown>[]; next_cursor: string | null }
const logOf = async (account: string, more: Record<string, string> = {}): Promise<Page> => {
  const query = new URLSearchParams({ integrated_account_id: account, log_type: 'all', ...more })
  const { status, body } = await call('GET', `/log?${query}`)
  expect([status, body]).toEqual([200, expect.objectContaining({ result: expect.any(Array) })])
  return body as Page
}

const casey = { person_id: 'casey-id', person_name: 'Casey Clerk' }
const drafted = {
  ...({ type: 'write', event: 'drafted' } as const),
  ...{ request_id: null, mcp_server_id: null, tool_name: null, idempotency_key: 'k', outcome: null },
}

test.each([
  ['C6: a person by id, whoever acted', { person: 'ann-id' }, ['acted', 'called', 'agreed', 'held']],
  ['C6: a server', { mcp_server_id: 'server-2' }, ['other server']],
  ['C6: pending', { outcome: 'pending_approval' }, ['waits']],
  ['C6: dry run', { outcome: 'dry_run' }, ['dry']],
  ['C6: replayed', { outcome: 'replayed' }, ['again']],
  ['C6: unknown tool', { outcome: 'unknown_tool' }, ['unknown']],
  // Siblings: a person by name, an event, a draft, two restrictions at once.
  ['a person by name', { person: 'Bea' }, ['bea']],
  // At 3fc9183b no write had the person behind it, and only the whole name, letter by letter, found anything.
  ['C6: a person by name in any case', { person: 'casey CLERK' }, ['drafted', 'paid', 'through the URL']],
  ['a part of the name', { person: 'clerk' }, ['drafted', 'paid', 'through the URL']],
  ['the same person by id', { person: 'casey-id' }, ['drafted', 'paid', 'through the URL']],
  ['an id is no part of a name, nor of an id', { person: 'casey-' }, []],
  ['an event', { event: 'approved' }, ['approved']],
  ['a draft', { approval_id: 'draft-1' }, ['approved']],
  ['both', { person: 'ann-id', tool_name: 'search' }, ['called']],
])('%s', async (_, filters, expected) => {
  const account = await connect()
  const request = (request_id: string) => ({ request_id })
  const ann = { ...request('acted'), actor_id: 'ann-id' }
  await append(account, [
    managed('x', ann),
    called({ ...request('called'), caller_id: 'key', person_id: 'ann-id', tool_name: 'search' }),
    managed('x', { ...request('agreed'), actor_id: 'z', agreed_by: 'ann-id' }),
    called({ ...request('held'), person_id: 'ann-id' }),
    called({ ...request('other server'), mcp_server_id: 'server-2' }),
    called({ ...request('waits'), outcome: 'pending_approval' }),
    called({ ...request('dry'), outcome: 'dry_run' }),
    called({ ...request('again'), outcome: 'replayed' }),
    called({ ...request('unknown'), outcome: 'unknown_tool' }),
    { ...drafted, ...request('drafted'), ...casey },
    { type: 'payee', event: 'instructed', supplier_id: 's', ...request('paid'), ...casey },
    called({ ...request('through the URL'), ...casey }),
    managed('x', { ...request('bea'), actor_id: 'b', actor_name: 'Bea' }),
    { ...drafted, event: 'approved', ...request('approved'), approval_id: 'draft-1' },
  ])
  const query = Object.entries(filters).map(([key, value]) => [`log_type_filter[${key}]`, value])
  const { result } = await logOf(account, Object.fromEntries(query))
  expect(result.map(({ request_id }) => request_id).reverse()).toEqual(expected)
})

test('H2: a filter that fits nothing looks at no more than 5,000 rows, and says where it stopped', async () => {
  const account = await connect()
  const at = Date.now()
  await append(account, [called({ request_id: 'oldest', tool_name: 'rare_tool' })], at - DAY)
  await append(account, Array(5_200).fill(called()), at - 1_000)
  const filter = { log_type: 'mcp', 'log_type_filter[tool_name]': 'rare_tool' }
  const first = await logOf(account, filter)
  expect([first.result, typeof first.next_cursor]).toEqual([[], 'string'])
  const second = await logOf(account, { ...filter, next_cursor: first.next_cursor! })
  expect([second.result.map((row) => row.request_id), second.next_cursor]).toEqual([['oldest'], null])
  // Siblings: rare rows behind many calls are found at once; the export goes on by itself; two trails at once.
  const rare = await logOf(account, { log_type: 'management', limit: '1' })
  expect(rare.result).toHaveLength(1)
  const query = `format=jsonl&integrated_account_id=${account}&log_type_filter[tool_name]=rare_tool`
  const exported = await call('GET', `/log/export?${query}`)
  expect(JSON.stringify(exported)).toContain('oldest')
  const other = await connect()
  await append(other, [called({ request_id: 'other', tool_name: 'rare_tool' })], at - 2_000)
  const seen: unknown[] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const { body } = await call(
      'GET',
      `/log?log_type_filter[tool_name]=rare_tool&next_cursor=${encodeURIComponent(cursor)}`,
    )
    seen.push(...(body as Page).result.map(({ request_id }) => request_id))
    cursor = body.next_cursor
  }
  expect(seen).toEqual(['other', 'oldest'])
})

test('finding rows reads by an index', async () => {
  const account = await connect()
  const plans = await runInDurableObject(accountObject(env, account), (_, { storage }) =>
    ['audit_by_time', 'audit_by_type'].map((index) =>
      storage.sql
        .exec<{ detail: string }>(
          `EXPLAIN QUERY PLAN SELECT seq FROM audit INDEXED BY ${index} WHERE ${index === 'audit_by_type' ? "type <> 'mcp' AND type = 'write' AND" : ''} (at, seq) < (5, 5) AND at > 1 ORDER BY at DESC, seq DESC LIMIT 5`,
        )
        .toArray()
        .map(({ detail }) => detail)
        .join(),
    ),
  )
  expect(plans.join()).not.toMatch(/TEMP B-TREE|SCAN audit/)
})

/**
 * Seen at main: without an account the chain of the deployment alone was followed, and the answer said nothing of the others. Siblings:
 * a reader of one account, an account that was disconnected (also in GET /log and its export), one chain that breaks among others.
 */
test('verification says which chains it followed: every one that the reader may see, or the one that is named', async () => {
  const [account, other] = [await connect('Money'), await connect('Other')]
  await append(account, Array(80).fill(called({ request_id: 'of the money' })))
  type Chain = { chain: string; name: string | null; valid: boolean; rows: number; last_hash: string }
  const verify = async (query = '', key?: string) =>
    (await call('GET', `/log/verify${query}`, key === undefined ? {} : { key })).body as {
      valid: boolean
      rows: number
      chains: Chain[]
      note: string
    }
  const all = await verify()
  const of = (id: string, answer = all) => answer.chains.find(({ chain }) => chain === id)
  expect(all).toMatchObject({ valid: true, note: expect.stringContaining('all that you may read') })
  expect(all.rows).toBe(all.chains.reduce((sum, { rows }) => sum + rows, 0))
  expect(of(account)).toMatchObject({
    name: 'Money',
    valid: true,
    rows: 81,
    last_hash: expect.stringMatching(/^[0-9a-f]{64}$/),
  })
  expect(of('deployment')).toMatchObject({ name: 'The deployment', valid: true })
  for (const named of ['deployment', account]) {
    const one = await verify(`?integrated_account_id=${named}`)
    expect(one).toMatchObject({
      chains: [{ chain: named }],
      note: expect.stringContaining('one chain of several'),
    })
    expect(one).toMatchObject({ last_hash: one.chains[0]!.last_hash, next: null })
  }
  const confined = await call('POST', '/api-token', { body: { name: 'Ada', grants: [`audit:${account}`] } })
  const hers = await verify('', confined.body.token)
  expect(hers.chains.map(({ chain }) => chain)).toEqual([account])
  expect(hers.note).toContain('role audit for all accounts')
  expect((await call('GET', `/log/verify?from=1:${'0'.repeat(64)}`)).status).toBe(400)
  await call('DELETE', `/integrated-account/${account}`)
  expect(of(account, await verify())).toMatchObject({ name: 'Money', ended: true, valid: true })
  expect(JSON.stringify((await call('GET', '/log?limit=100')).body)).toContain('of the money')
  await append(other, [called(), called()])
  await runInDurableObject(accountObject(env, other), (_, { storage }) => {
    storage.sql.exec("UPDATE audit SET entry = '{}' WHERE seq = 2")
  })
  const broken = await verify()
  expect([broken.valid, of(other, broken), of('deployment', broken)]).toMatchObject([
    false,
    { valid: false, broken_at: 2 },
    { valid: true },
  ])
})

type Status = {
  result: { integrated_account_id: string | null; verification: Record<string, unknown> | null }[]
}

test('C4: whole trails are verified in the background, each that the reader may see', async () => {
  const account = await connect()
  await append(account, Array(300).fill(called()))
  const mine = `integrated_account_id=${account}`
  const before = (await call('GET', `/log/status?${mine}`)).body as Status
  expect(before.result).toMatchObject([{ rows: 301, removed: 0, fullness: 'ok', verification: null }])
  const begun = (await call('POST', '/log/verify')).body as Status
  const own = begun.result.find((one) => one.integrated_account_id === account)
  expect(own).toMatchObject({ verification: { state: 'under_way' } })
  await runDurableObjectAlarm(accountObject(env, account))
  await expect
    .poll(async () => {
      const { result } = (await call('GET', '/log/status')).body as Status
      return result
        .filter((one) => one.integrated_account_id === account || one.integrated_account_id === null)
        .map(({ verification }) => verification?.state)
    })
    .toEqual(['holds', 'holds'])
  await runInDurableObject(accountObject(env, account), (_, { storage }) => {
    storage.sql.exec('DELETE FROM audit WHERE seq = 17')
  })
  await call('POST', `/log/verify?${mine}`)
  await runDurableObjectAlarm(accountObject(env, account))
  await expect
    .poll(async () => ((await call('GET', `/log/status?${mine}`)).body as Status).result[0]!.verification)
    .toMatchObject({ state: 'broken', broken_at: 18 })
  expect((await call('GET', `/log/status?integrated_account_id=${crypto.randomUUID()}`)).status).toBe(404)
})

test('the bound by size is a setting of the account, and its answer says how near it is', async () => {
  const account = await connect()
  const path = `/integrated-account/${account}`
  expect((await call('GET', path)).body).toMatchObject({
    audit_max_mb: 6_000,
    audit_trail: { bound_bytes: 6_000_000_000, fullness: 'ok' },
  })
  const { body } = await call('PATCH', path, { body: { audit_max_mb: 100 } })
  expect(body).toMatchObject({ audit_max_mb: 100, audit_retention_days: 400 })
  for (const audit_max_mb of [99, 9_001, 100.5])
    expect((await call('PATCH', path, { body: { audit_max_mb } })).status).toBe(400)
})

test('a refused PATCH with names of any length leaves a small row (C7, seen: 60 KB)', async () => {
  const account = await connect()
  const keys = Array.from({ length: 60 }, (_, index) => [`${index}\u202e${'k'.repeat(900)}`, 1])
  const { status } = await call('PATCH', `/integrated-account/${account}`, { body: Object.fromEntries(keys) })
  expect(status).toBe(400)
  const { result } = await logOf(account, { log_type: 'management' })
  expect(JSON.stringify(result[0]).length).toBeLessThan(5_000)
  await call('PATCH', `/integrated-account/${account}`, { body: { audit_max_mb: 'geheim' } })
  const [refused] = (await logOf(account, { log_type: 'management' })).result as Record<string, string>[]
  expect(refused!.refused_why).toMatch(/^audit_max_mb: must be a/)
  expect(JSON.stringify(refused)).not.toContain('geheim')
})
