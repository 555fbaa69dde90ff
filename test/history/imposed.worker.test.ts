/**
 * What bound an MCP server beside its own settings, and accounts that are gone. At b8f2a26 no history said either; later that of a
 * server lacked what its account and the deployment imposed, and Access on date every account that was disconnected since.
 */
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { call, connect, fakeFinexio } from '../api/support.ts'

beforeAll(() => {
  fakeFinexio()
})
afterAll(() => {
  vi.unstubAllGlobals()
})

/** A moment between what was done and what comes. */
const now = async (): Promise<string> => {
  const at = Date.now() + 2
  await vi.waitFor(() => expect(Date.now()).toBeGreaterThan(at))
  return new Date(at).toISOString()
}
const get = async (path: string, key?: string) => (await call('GET', path, key ? { key } : {})).body
const ok = async (method: string, path: string, body?: object) => {
  const answer = await call(method, path, body ? { body } : {})
  expect([answer.status, answer.text]).toEqual([expect.toBeOneOf([200, 201]), answer.text])
  return answer.body
}
const keyOf = async (grant: string) =>
  (await ok('POST', '/api-token', { name: grant, kind: 'person', grants: [grant] })).token

type Change = { source: string; made: string; changes: { key: string }[] }
const told = (changes: Change[]) =>
  changes.map(({ source, made, changes: of }) => [source, made, of.map(({ key }) => key).join()])

test('a server’s history has what account and deployment imposed while it was there, each marked', async () => {
  const account = await connect('Imposed')
  const path = `/integrated-account/${account}`
  await ok('PATCH', path, { limits: { per_day: { cents: 1 } } })
  const config = { methods: ['read', 'write'], limits: { per_call: { cents: 500 } } }
  const { id } = await ok('POST', `${path}/mcp`, { name: 'Pay', config })
  const other = await ok('POST', `${path}/mcp`, { name: 'Other' })
  const history = async (at = '') => get(`${path}/mcp/${id}/history?limit=100${at && `&at=${at}`}`)
  await ok('PATCH', path, { limits: { per_day: { cents: 9_000 } }, approval: 'always', name: 'Renamed' })
  await ok('PATCH', path, { payees: 'verified', audit_retention_days: 500 })
  await ok('PATCH', `${path}/mcp/${other.id}`, { name: 'Not about it' })
  await ok('PUT', `${path}/writes`, { stopped: true, reason: 'look first' })
  await ok('PUT', '/writes', { stopped: true })
  const bound = await now()
  await ok('PUT', '/writes', { stopped: false })
  await ok('PUT', `${path}/writes`, { stopped: false })
  await ok('PATCH', path, { read_only: true })
  await ok('DELETE', `${path}/mcp/${id}`)
  await ok('PATCH', path, { read_only: false })
  const { changes, whole } = await history()
  expect(whole).toBe(true)
  expect(told(changes)).toEqual([
    ['server', 'removed', expect.any(String)],
    ['account', 'changed', 'read_only'],
    ['account', 'changed', 'writes_stopped'],
    ['deployment', 'changed', 'writes_stopped'],
    ['deployment', 'changed', 'writes_stopped'],
    ['account', 'changed', 'writes_stopped'],
    ['account', 'changed', 'payees'],
    ['account', 'changed', expect.stringMatching(/^(limits,approval|approval,limits)$/)],
    ['server', 'created', expect.any(String)],
  ])
  const then = await history(bound)
  expect(then.rules).toEqual(
    expect.arrayContaining([
      { key: 'limits', value: { per_call: { cents: 500 } }, source: 'server' },
      { key: 'limits', value: { per_day: { cents: 9_000 } }, source: 'account' },
      { key: 'approval', value: 'always', source: 'account' },
      { key: 'payees', value: 'verified', source: 'account' },
      { key: 'writes_stopped', value: true, source: 'account' },
      { key: 'writes_stopped', value: true, source: 'deployment' },
    ]),
  )
  expect(then.rules).toHaveLength(6)
  // The deployment's switch was not looked at before.
  expect(then.server).toMatchObject({ moves_money: false })
})

test('a server’s own approval is not called the account’s; one that was never there has no history', async () => {
  const account = await connect('Own')
  const path = `/integrated-account/${account}`
  await ok('PATCH', path, { approval: 'always' })
  const config = { methods: ['read', 'write'], approval: 'none' }
  const { id } = await ok('POST', `${path}/mcp`, { name: 'Free', config })
  expect((await get(`${path}/mcp/${id}/history`)).rules).toEqual([
    { key: 'approval', value: 'none', source: 'server' },
  ])
  const { status } = await call('GET', `${path}/mcp/${crypto.randomUUID()}/history`)
  expect(status).toBe(404)
})

test('who could move money on a day is answered for accounts that are gone, by who audits all', async () => {
  const account = await connect('Gone Corp')
  const path = `/integrated-account/${account}`
  const [own, all] = [await keyOf(`audit:${account}`), await keyOf('audit')]
  const { id } = await ok('POST', `${path}/mcp`, { name: 'Pay', config: { methods: ['read', 'write'] } })
  const early = await now()
  await ok('DELETE', `${path}/mcp/${id}`)
  await ok('POST', `${path}/mcp`, { name: 'Pay again', config: { methods: ['read', 'write'] } })
  await ok('PATCH', path, { name: 'Gone Inc' })
  const alive = await now()
  await ok('DELETE', path)
  const after = await now()
  const at = async (moment: string, key = all) =>
    (await get(`/history/accounts?limit=100&at=${moment}`, key)).result.filter(
      (one: { id: string }) => one.id === account,
    )
  expect(await at(early)).toEqual([{ id: account, name: 'Gone Corp', disconnected: true }])
  expect(await at(alive)).toEqual([{ id: account, name: 'Gone Inc', disconnected: true }])
  expect(await at(after)).toEqual([])
  const past = async (moment: string) => get(`${path}/history?at=${moment}`, all)
  expect((await past(early)).servers).toMatchObject([{ id, name: 'Pay', moves_money: true }])
  expect((await past(alive)).servers).toMatchObject([{ name: 'Pay again', moves_money: true }])
  expect(await past(after)).toMatchObject({ servers: [], account: null })
  expect((await get(`${path}/mcp/${id}/history?at=${early}`, all)).server).toMatchObject({ name: 'Pay' })
  // Siblings: the key of the account went with it, other routes know nothing of it, and neither does a stranger.
  expect((await call('GET', `${path}/history`, { key: own })).status).toBeOneOf([401, 403, 404])
  expect((await call('GET', path)).status).toBe(404)
  expect((await call('GET', `${path}/overview`)).status).toBe(404)
  expect((await call('GET', `/integrated-account/${crypto.randomUUID()}/history`, { key: all })).status).toBe(
    404,
  )
})

test('who audits one account lists that one', async () => {
  const [one] = [await connect('Listed'), await connect('Hidden')]
  const { result } = await get('/history/accounts?limit=100', await keyOf(`audit:${one}`))
  expect(result).toEqual([{ id: one, name: 'Listed', disconnected: false }])
  expect((await call('GET', '/history/accounts', { key: await keyOf(`manage:${one}`) })).status).toBe(403)
})
