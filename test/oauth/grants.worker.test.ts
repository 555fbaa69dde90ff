/** Sign-ins as the operator and the account see them. */
import { runDurableObjectAlarm } from 'cloudflare:test'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { accountObject, grantsOf } from '../../src/account/account-stub.ts'
import { pageAnswer } from '../../src/api/answers.ts'
import { GrantAnswer } from '../../src/api/people/grants.ts'
import { call, env, fakeFinexio } from '../api/support.ts'
import { newApiToken, newPlace, oauth, signedIn } from './support.ts'

beforeEach(() => {
  fakeFinexio()
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

test('a sign-in is listed as described', async () => {
  const place = await newPlace()
  const first = await signedIn(place)
  const { body } = await call('GET', `${place.path}/grant`)
  expect(pageAnswer(GrantAnswer).safeParse(body).error).toBeUndefined()
  expect(body.result[0]).toMatchObject({
    client_name: 'Ledger Bot',
    client_id: first.clientId,
    redirect_uri: 'https://client.example/callback',
    api_token_id: place.ann.id,
    person_id: place.ann.holder,
    person_name: 'Ann',
    scopes: ['mcp:read'],
    active: true,
  })
})

// F8, seen at b8f2a26: the second sign-in ended the first. Siblings: a refresh of each, more machines than are kept, where
// the one that was idle longest goes, and a machine that used its sign-in last.
test('two machines of one person live side by side with one client', async () => {
  const place = await newPlace()
  const [first, second] = [await signedIn(place), await signedIn(place)]
  expect((await call('GET', `${place.path}/grant`)).body.result).toHaveLength(2)
  for (const one of [first, second]) {
    expect((await oauth.rpc(place.resource, one.access, 'tools/list')).status).toBe(200)
    expect((await oauth.refresh(one.clientId, one.refreshToken)).status).toBe(200)
  }
})

test('of more than ten machines the one goes that was idle longest, and of nobody else', async () => {
  const place = await newPlace()
  const ben = await newApiToken(['mcp'], 'Ben')
  const others = await signedIn({ ...place, apiToken: ben.token })
  const start = Date.now()
  const machines = []
  for (let at = 0; at < 10; at++) {
    vi.useFakeTimers({ now: start + at * 1000, toFake: ['Date'] })
    machines.push(await signedIn(place))
  }
  vi.useFakeTimers({ now: start + 20_000, toFake: ['Date'] })
  const [first, second] = machines as [(typeof machines)[0], (typeof machines)[0]]
  const { body } = await oauth.refresh(first.clientId, first.refreshToken)
  await signedIn(place)
  expect((await call('GET', `${place.path}/grant?limit=50`)).body.result).toHaveLength(11)
  const reach = async (access: string) => (await oauth.rpc(place.resource, access, 'tools/list')).status
  expect([await reach(body.access_token), await reach(second.access), await reach(others.access)]).toEqual([
    200, 401, 200,
  ])
})

test('a sign-in whose API token ended is listed as such', async () => {
  const place = await newPlace()
  await signedIn(place)
  await call('DELETE', `/api-token/${place.ann.id}`)
  const [only] = (await call('GET', `${place.path}/grant`)).body.result
  expect([only.person_name, only.active]).toEqual(['Ann', false])
})

test('people do not displace each other, and pages go on where they ended', async () => {
  const place = await newPlace()
  const ben = await newApiToken(['mcp'], 'Ben')
  await signedIn(place)
  await signedIn({ ...place, apiToken: ben.token })
  const first = (await call('GET', `${place.path}/grant?limit=1`)).body
  const next = (await call('GET', `${place.path}/grant?limit=1&next_cursor=${first.next_cursor}`)).body
  const names = [...first.result, ...next.result].map((one: { person_name: string }) => one.person_name)
  expect([names, next.next_cursor]).toEqual([['Ben', 'Ann'], null])
})

test('grants of another account, server or caller are a 404 or 403', async () => {
  const place = await newPlace()
  const other = await newPlace()
  await signedIn(place)
  const { id } = (await call('GET', `${place.path}/grant`)).body.result[0]
  expect((await call('DELETE', `${other.path}/grant/${id}`)).status).toBe(404)
  expect((await call('GET', `${other.path}/grant`)).body.result).toEqual([])
  const stranger = (await newApiToken([`account:${other.accountId}`])).token
  for (const [method, path] of [
    ['GET', `${place.path}/grant`],
    ['DELETE', `${place.path}/grant/${id}`],
  ] as const)
    expect([403, 404]).toContain((await call(method, path, { key: stranger })).status)
  expect((await call('GET', `${place.path}/grant`)).body.result).toHaveLength(1)
})

test('consent and its end both are in the trail', async () => {
  const place = await newPlace()
  await signedIn(place, { write: 'yes' })
  const { id } = (await call('GET', `${place.path}/grant`)).body.result[0]
  await call('DELETE', `${place.path}/grant/${id}`)
  const query = `integrated_account_id=${place.accountId}&log_type=management`
  const { result } = (await call('GET', `/log?${query}`)).body
  const rows = result.filter((row: { target_id?: string }) => row.target_id === id)
  expect(rows).toMatchObject([
    { action: 'DELETE /integrated-account/:account/mcp/:server/grant/:grant', actor_name: 'admin key' },
    { action: 'POST /oauth/authorize', actor_name: 'Ann', changed: ['mcp:read', 'mcp:write'] },
  ])
})

test('what nobody refreshed is erased when its time has come', async () => {
  const place = await newPlace()
  const { access, refreshToken, clientId } = await signedIn(place)
  const object = accountObject(env, place.accountId)
  vi.useFakeTimers({ now: Date.now() + 31 * 24 * 3_600_000, toFake: ['Date'] })
  expect((await oauth.rpc(place.resource, access, 'tools/list')).status).toBe(401)
  expect((await oauth.refresh(clientId, refreshToken)).body.error).toBe('invalid_grant')
  await runDurableObjectAlarm(object)
  expect((await grantsOf(object).list(place.server.id, 10))?.grants).toEqual([])
})

test('the own limit counts calls of sign-ins too', async () => {
  const place = await newPlace()
  const { access } = await signedIn(place)
  const settings = { ...env, OWN_LIMIT: '1/60' }
  const { handler } = await import('../../src/app.ts')
  const ctx = { waitUntil: () => {}, passThroughOnException: () => {} } as unknown as ExecutionContext
  const params = { name: 'list_all_finexio_payments', arguments: {} }
  const once = async () => {
    const request = new Request(place.resource, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${access}` },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params }),
    }) as Parameters<NonNullable<typeof handler.fetch>>[0]
    const response = await handler.fetch!(request, settings, ctx)
    await response.text()
    return response.status
  }
  expect([await once(), await once()]).toEqual([200, 429])
})

test('the MCP rules of web origins hold at the sign-in URL', async () => {
  const { resource } = await newPlace({ allowed_origins: ['https://tools.example.com'] })
  const { http } = await import('./support.ts')
  const status = async (origin: string, method = 'POST') =>
    (await http(resource, { method, headers: { origin, 'content-type': 'application/json' } })).status
  expect(await status('https://evil.example')).toBe(403)
  expect(await status('https://tools.example.com')).toBe(401)
  expect(await status('https://chatgpt.com')).toBe(401)
  expect(await status('https://tools.example.com', 'OPTIONS')).toBe(204)
})
