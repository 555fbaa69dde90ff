/** Where sign-ins are kept: in objects, where a read after a write is true; what 0.1.0 wrote to KV is still found. */
import { runInDurableObject } from 'cloudflare:test'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { AccountObject } from '../../src/account/account-object.ts'
import { accountObject } from '../../src/account/account-stub.ts'
import { directoryObject } from '../../src/account/directory-stub.ts'
import { accountMigrations, migrate } from '../../src/account/tables/migrations.ts'
import {
  AGAIN_MS,
  insertAnswer,
  putRecords,
  selectAnswer,
  selectRecord,
} from '../../src/account/tables/principals/oauth-records.ts'
import { handler } from '../../src/app.ts'
import { call, env, fakeFinexio } from '../api/support.ts'
import { newProof, signInAt } from './sign-in.ts'
import { BASE, http, newPlace, oauth, signedIn } from './support.ts'

beforeEach(() => {
  fakeFinexio()
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

const inAccount = <Answer>(accountId: string, work: (sql: SqlStorage) => Answer): Promise<Answer> =>
  runInDurableObject(accountObject(env, accountId), (_, { storage }) => work(storage.sql))

/** A KV in which nothing that was written is ever seen, and whose every write fails. */
const blind = {
  get: async () => null,
  list: async () => ({ keys: [], list_complete: true }),
  put: async () => {
    throw new Error('KV put failed')
  },
  delete: async () => {
    throw new Error('KV delete failed')
  },
} as unknown as KVNamespace

// F6, seen at b8f2a26: with a KV that shows a fresh key some seconds late a sign-in failed for good at each of five hops:
// client, page, code, token, refresh. Siblings: giving back, a client with a secret, and the second of two refreshes.
test('a sign-in goes all its way with a KV that shows nothing of what is written', async () => {
  const ctx = { waitUntil: () => {}, passThroughOnException: () => {} } as unknown as ExecutionContext
  const without = signInAt(async (url, init) => {
    const request = new Request(url, init) as Parameters<NonNullable<typeof handler.fetch>>[0]
    return handler.fetch!(request, { ...env, OAUTH_KV: blind }, ctx)
  }, BASE)
  const place = await newPlace()
  for (const method of ['none', 'client_secret_post']) {
    const { body: client } = await without.register({ token_endpoint_auth_method: method })
    const secret: Record<string, string> = client.client_secret
      ? { client_secret: client.client_secret as string }
      : {}
    const { exchange } = await without.codeFor(place, { client_id: client.client_id })
    const { body } = await exchange(secret)
    expect((await without.rpc(place.resource, body.access_token, 'tools/list')).status).toBe(200)
    const renewed = await without.refresh(client.client_id, body.refresh_token, secret)
    const again = await without.refresh(client.client_id, renewed.body.refresh_token, secret)
    expect([renewed.status, again.status]).toEqual([200, 200])
    const token = again.body.access_token
    expect((await without.rpc(place.resource, token, 'tools/list')).status).toBe(200)
    expect((await without.fetchTokens({ token, client_id: client.client_id, ...secret })).status).toBe(200)
    expect((await without.rpc(place.resource, token, 'tools/list')).status).toBe(401)
  }
})

/** Moves what a sign-in wrote into KV, as 0.1.0 kept it. */
const asOld = async (accountId: string, clientId: string) => {
  const rows = await inAccount(accountId, (sql) => {
    const records = sql.exec<{ key: string; value: string }>('SELECT key, value FROM oauth_record').toArray()
    sql.exec('DELETE FROM oauth_record')
    sql.exec('DELETE FROM oauth_answer')
    return records
  })
  const client = await runInDurableObject(directoryObject(env), (_, { storage }) => {
    const query = 'DELETE FROM oauth_client WHERE key = ? RETURNING key, value'
    return storage.sql.exec<{ key: string; value: string }>(query, `client:${clientId}`).toArray()
  })
  for (const { key, value } of [...rows, ...client]) await env.OAUTH_KV.put(key, value)
  return rows.length + client.length
}

test('a sign-in of 0.1.0 goes on: its access token, its refresh token without proof, its client', async () => {
  const place = await newPlace()
  const { body } = await oauth.register()
  const { access, refreshToken } = await signedIn(place, { client_id: body.client_id })
  expect(await asOld(place.accountId, body.client_id)).toBe(3)
  expect((await oauth.rpc(place.resource, access, 'tools/list')).status).toBe(200)
  const renewed = await oauth.refresh(body.client_id, refreshToken.split('.')[0]!)
  expect(renewed.status).toBe(200)
  // From here on it is in the account, and the record in KV counts no more.
  expect((await oauth.refresh(body.client_id, renewed.body.refresh_token)).status).toBe(200)
  const keys = await inAccount(place.accountId, (sql) =>
    sql.exec<{ key: string }>('SELECT key FROM oauth_record').toArray(),
  )
  expect(keys.length).toBeGreaterThan(1)
  const { id } = (await call('GET', `${place.path}/grant`)).body.result[0]
  await call('DELETE', `${place.path}/grant/${id}`)
  expect((await oauth.rpc(place.resource, access, 'tools/list')).status).toBe(401)
  expect((await oauth.refresh(body.client_id, refreshToken)).body.error).toBe('invalid_grant')
})

test('what belongs to a sign-in goes with it, and answers are kept for a minute', async () => {
  const place = await newPlace()
  const { clientId, refreshToken } = await signedIn(place)
  await oauth.refresh(clientId, refreshToken)
  const count = (from: string) =>
    inAccount(place.accountId, (sql) => sql.exec<{ n: number }>(`SELECT count(*) AS n FROM ${from}`).one().n)
  expect(await count("oauth_answer WHERE answer <> ''")).toBeGreaterThan(0)
  const plain = await inAccount(place.accountId, (sql) =>
    JSON.stringify([
      ...sql.exec('SELECT key, value FROM oauth_record'),
      ...sql.exec('SELECT answer FROM oauth_answer'),
    ]),
  )
  expect(plain).not.toContain(refreshToken.split('.')[0]!.slice(-32))
  vi.useFakeTimers({ now: Date.now() + AGAIN_MS + 1, toFake: ['Date'] })
  await runInDurableObject(accountObject(env, place.accountId), (object) => object.alarm())
  expect(await count("oauth_answer WHERE answer <> ''")).toBe(0)
  vi.useRealTimers()
  const { id } = (await call('GET', `${place.path}/grant`)).body.result[0]
  await call('DELETE', `${place.path}/grant/${id}`)
  expect([await count('oauth_record'), await count('oauth_answer')]).toEqual([0, 0])
})

test('a client that refreshes in a loop fills nothing', async () => {
  const place = await newPlace()
  const { clientId, refreshToken } = await signedIn(place)
  let token = refreshToken
  for (let times = 0; times < 55; times++) token = (await oauth.refresh(clientId, token)).body.refresh_token
  const [records, answers] = await inAccount(place.accountId, (sql) =>
    ['oauth_record', 'oauth_answer'].map(
      (table) => sql.exec<{ n: number }>(`SELECT count(*) AS n FROM ${table}`).one().n,
    ),
  )
  expect([records, answers]).toEqual([50, 20])
  expect((await oauth.refresh(clientId, token)).status).toBe(200)
})

const openPage = async (resource: string, address: string) => {
  const { challenge } = await newProof()
  const url = new URL(`${BASE}/oauth/authorize`)
  const params = {
    response_type: 'code',
    client_id: await oauth.publicClient(),
    redirect_uri: 'https://client.example/callback',
    resource,
    state: 's'.repeat(1024),
    code_challenge: challenge,
    code_challenge_method: 'S256',
  }
  for (const [name, value] of Object.entries(params)) url.searchParams.set(name, value)
  return http(url.href, { headers: { 'cf-connecting-ip': address } })
}

// A14, seen at b8f2a26: 600 pages with 15 KB of `state` were 18.6 MB in KV. Siblings: forms that are declined, forms with a
// wrong API token, another source at the same server.
test('pages that nobody acts on store nothing, and are bounded for one source at one server', async () => {
  const place = await newPlace()
  const [first, other] = ['203.0.113.9', '203.0.113.10']
  await oauth.publicClient()
  const size = () => inAccount(place.accountId, (sql) => sql.databaseSize)
  const before = await size()
  const pages = []
  for (let times = 0; times < 31; times++) pages.push(await openPage(place.resource, first))
  expect(pages.slice(0, 30).every(({ status }) => status === 200)).toBe(true)
  expect([pages[30]!.status, Number(pages[30]!.headers.get('retry-after')) > 0]).toEqual([429, true])
  expect((await openPage(place.resource, other)).status).toBe(200)
  const second = await newPlace()
  expect((await openPage(second.resource, first)).status).toBe(200)
  const page = await oauth.open({
    client_id: await oauth.publicClient(),
    resource: place.resource,
    code_challenge: (await newProof()).challenge,
    code_challenge_method: 'S256',
  })
  await oauth.submit(page, { decision: 'deny' })
  await oauth.submit(page, { api_token: 'wrong' })
  expect([await size(), (await env.OAUTH_KV.list({ prefix: 'transaction' })).keys]).toEqual([before, []])
})

test('an account that 0.1.0 stored opens, its sign-ins with it, and keeps records of them from now on', async () => {
  const VERSION_0_1_0 = 13
  const accounts = env.ACCOUNTS as DurableObjectNamespace<AccountObject>
  const kept = await runInDurableObject(accounts.get(accounts.newUniqueId()), (_, { storage }) => {
    const { sql } = storage
    migrate(storage, accountMigrations.slice(0, VERSION_0_1_0))
    sql.exec(
      "INSERT INTO server (id, name, digest, config, created_by, created_at, updated_at) VALUES ('s', 'AP', ?, '{}', 'r', 0, 0)",
      new Uint8Array(32),
    )
    sql.exec(
      `INSERT INTO oauth_grant (id, server_id, api_token_id, api_token_name, client_id, client_name, redirect_uri, scopes, created_at, expires_at)
       VALUES ('g', 's', 't', 'Ann', 'c', 'Bot', 'https://client.example/', '["mcp:read"]', 0, 100)`,
    )
    migrate(storage, accountMigrations)
    putRecords(sql, 'g', [{ key: 'grant:x:g', value: '{}', expires_at: 100 }], 1)
    insertAnswer(sql, 'g', { digest: new Uint8Array([1]), answer: 'sealed', expires_at: 100 }, 1)
    const before = [selectRecord(sql, 'grant:x:g', 50), selectAnswer(sql, new Uint8Array([1]), 50)]
    sql.exec("DELETE FROM server WHERE id = 's'")
    return [...before, selectRecord(sql, 'grant:x:g', 50), selectAnswer(sql, new Uint8Array([1]), 50)]
  })
  expect(kept).toEqual(['{}', { answer: 'sealed', again: true }, null, null])
})
