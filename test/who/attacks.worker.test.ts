/**
 * A1 to A5, A16, A19 of the faults found at b8f2a26, with the right answers; what was seen then stands in each title. For each
 * kind siblings that are not in the list. The same attacks against a running deployment: test/attacks/run.ts.
 */
import { listDurableObjectIds, runInDurableObject } from 'cloudflare:test'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { accountObject } from '../../src/account/account-stub.ts'
import { mintToken } from '../../src/rules/mcp-token.ts'
import { mintDraftId } from '../../src/rules/resource-id.ts'
import { call, connect, env, fakeFinexio } from '../api/support.ts'
import { http } from '../oauth/support.ts'
import { claimRequest } from '../writes/claims.ts'
import { placesMade } from './matrix/keys.ts'

beforeEach(() => {
  fakeFinexio()
})
afterEach(() => {
  vi.unstubAllGlobals()
})

const tokenOf = async (body: object) =>
  call('POST', '/api-token', { body: { name: crypto.randomUUID(), kind: 'person', ...body } })
const keyOf = async (...grants: string[]): Promise<string> => (await tokenOf({ grants })).body.token

test('A1 (all 200, $9,999,999 left): a scope that confines grants nothing', async () => {
  const { A, server } = await placesMade()
  const wide = { methods: ['read', 'write'], approval: 'none', limits: null }
  for (const scopes of [
    ['mcp', `account:${A}`],
    ['approve', `account:${A}`],
  ]) {
    const key = (await tokenOf({ scopes })).body.token
    const at = (method: string, path: string, body: object) =>
      call(method, `/integrated-account/${A}${path}`, { key, body })
    const answers = [
      await at('PUT', '/writes', { stopped: false }),
      await at('PATCH', `/mcp/${server.id}`, { config: wide }),
      await at('POST', '/mcp', { name: 'own', config: wide }),
      // Siblings: a webhook secret, the account's own settings, a rotation.
      await at('PUT', '/secret/own', { username: 'u', password: 'p', allowed_hosts: ['evil.example'] }),
      await at('PATCH', '', { approval: 'none' }),
      await at('POST', `/mcp/${server.id}/rotate`, {}),
    ]
    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403, 403])
  }
})

test('A4 (read account A, made unconfined keys, reached the switch): admin is refused beside an account, or confined', async () => {
  const [A, B] = [await connect(), await connect()]
  expect((await tokenOf({ scopes: ['admin', `account:${B}`] })).status).toBe(400)
  const key = await keyOf(`admin:${B}`)
  const ask = async (method: string, path: string, body?: object) =>
    (await call(method, path, { key, body })).status
  expect(await ask('GET', `/integrated-account/${A}`)).toBe(404)
  expect(await ask('PUT', '/writes', { stopped: false })).toBe(403)
  const make = (...grants: string[]) => ask('POST', '/api-token', { name: 'wider', kind: 'person', grants })
  expect([await make('admin'), await make(`manage:${A}`), await make('audit')]).toEqual([403, 403, 403])
  expect(await make(`manage:${B}`)).toBe(201)
  // Siblings: whose key reaches further is not theirs to revoke; people and systems; another account beside this one.
  const other = (await tokenOf({ grants: ['use'] })).body
  expect(await ask('DELETE', `/api-token/${other.id}`)).toBe(403)
  expect(await ask('PATCH', `/person/${other.holder}`, { disabled: true })).toBe(403)
  expect(
    await ask('POST', '/integrated-account', {
      name: 'Beside',
      credentials: { username: 'u', password: 'p' },
    }),
  ).toBe(403)
})

const MIXED = [
  ['use', 'approve'],
  ['use', 'manage'],
  ['approve', 'manage'],
  ['approve', 'admin'],
]
const SPELLED = ['approve:', 'approve:*', 'approve: x', 'account:A', 'root', '', 'use:constructor']

test.each([...MIXED, ...SPELLED.map((one) => [one])])(
  'A2, A3 (one key with both hands): grants %s %s are refused',
  async (...grants) => {
    expect((await tokenOf({ grants: grants.filter((one) => one !== undefined) })).status).toBe(400)
  },
)

test('A16 (the row of a stranger in the trail of A, an object for each guess): the deployment keeps it, and no object is made', async () => {
  const A = await connect()
  const key = await keyOf(`manage:${await connect()}`)
  const rows = async (trail: string) =>
    (await call('GET', `/log?log_type=management&integrated_account_id=${trail}&limit=100`)).body.result
  const before = await rows(A)
  const madeBefore = (await listDurableObjectIds(env.ACCOUNTS)).length
  const madeUp = crypto.randomUUID()
  // The listed one, then siblings: a change, a draft, and the same for an account that does not exist.
  for (const id of [A, madeUp])
    for (const [method, path] of [
      ['DELETE', `/integrated-account/${id}`],
      ['PATCH', `/integrated-account/${id}`],
      ['POST', `/approval/${mintDraftId(id)}/approve`],
    ] as const)
      expect((await call(method, path, { key, body: {} })).status).toBe(404)
  expect((await call('DELETE', `/integrated-account/${madeUp}`)).status).toBe(404)
  expect(await rows(A)).toEqual(before)
  expect((await listDurableObjectIds(env.ACCOUNTS)).length).toBe(madeBefore)
  expect(
    (await rows('deployment')).filter(
      ({ http_status_code }: { http_status_code: number }) => http_status_code === 404,
    ).length,
  ).toBeGreaterThanOrEqual(3)
})

test('an MCP URL with a made-up account is unknown and stores nothing', async () => {
  const madeUp = crypto.randomUUID()
  const sent = {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
  }
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' })
  const { status } = await http(`https://mcp.test/mcp/${mintToken(madeUp)}`, { ...sent, body })
  expect(status).toBe(404)
  const tables = await runInDurableObject(accountObject(env, madeUp), (_, { storage }) =>
    storage.sql.exec("SELECT name FROM sqlite_master WHERE name NOT GLOB '_cf_*'").toArray(),
  )
  expect(tables).toEqual([])
})

test('A19 (one agent drafted 200 times, nobody else could for 72 h): each server has its share', async () => {
  const { A, server } = await placesMade()
  const config = { methods: ['read', 'write'], approval: 'always' }
  const other = (await call('POST', `/integrated-account/${A}/mcp`, { body: { name: 'Other', config } })).body
  const draft = (serverId: string, number: number) =>
    accountObject(env, A).draftWrite({
      ...{ id: mintDraftId(A), reasons: [{ kind: 'always' }], reason: null, caller: { kind: 'url' } },
      request: claimRequest({
        serverId,
        key: `key-${serverId}-${number}`,
        fingerprint: new Uint8Array(32).fill(number),
      }),
      summary: { count: 1, total_cents: 500, suppliers: [], target: null, fields: [] },
      ...{ wrapped_key: new Uint8Array(40), body: new Uint8Array(40) },
      ...{ page: { wrapped_key: new Uint8Array(40), ciphertext: new Uint8Array(40) }, notice: {} },
    })
  const kinds: string[] = []
  for (let number = 0; number < 200; number++) kinds.push((await draft(server.id, number)).kind)
  expect([kinds.includes('drafted'), kinds.at(-1)]).toEqual([true, 'too_many'])
  expect((await draft(other.id, 1)).kind).toBe('drafted')
})
