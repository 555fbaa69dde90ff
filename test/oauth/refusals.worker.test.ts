/** What must not work: each refusal of the code flow. */
import { runInDurableObject } from 'cloudflare:test'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { accountObject } from '../../src/account/account-stub.ts'
import { call, env, fakeFinexio } from '../api/support.ts'
import { newProof, REDIRECT } from './sign-in.ts'
import { BASE, newApiToken, newPlace, newServer, oauth, signedIn } from './support.ts'

beforeEach(() => {
  fakeFinexio()
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

const reach = (url: string, token: string) => oauth.rpc(url, token, 'tools/list')

const asked = async (resource: string | undefined, more: Record<string, string | undefined> = {}) => {
  const { challenge } = await newProof()
  const request = {
    client_id: await oauth.publicClient(),
    resource,
    code_challenge: challenge,
    code_challenge_method: 'S256',
  }
  return oauth.open({ ...request, ...more })
}

test('the whole way: consent, code, tokens, list, refresh', async () => {
  const place = await newPlace()
  const { answer, access, refreshToken, clientId, left } = await signedIn(place)
  expect(left.next?.href).toMatch(/^https:\/\/client\.example\/callback\?/)
  expect(left.next?.searchParams.get('iss')).toBe(`${BASE}/oauth`)
  expect(left.next?.searchParams.get('state')).toBe('state-1')
  expect(answer).toMatchObject({
    token_type: 'bearer',
    expires_in: 3600,
    scope: 'mcp:read',
    resource: place.resource,
  })
  expect((await reach(place.resource, access)).body.result.tools.length).toBeGreaterThan(5)
  expect((await reach(`${place.resource}/`, access)).status).toBe(200)
  const renewed = await oauth.refresh(clientId, refreshToken)
  expect(renewed.status).toBe(200)
  expect(renewed.body.refresh_token).not.toBe(refreshToken)
  expect((await reach(place.resource, renewed.body.access_token)).status).toBe(200)
})

test('a request without a token learns where to sign in', async () => {
  const { resource } = await newPlace()
  const { status, headers, body } = await oauth.rpc(resource, null, 'tools/list')
  const id = resource.split('/').at(-1)
  expect(status).toBe(401)
  expect(headers.get('www-authenticate')).toBe(
    `Bearer resource_metadata="${BASE}/.well-known/oauth-protected-resource/mcp/s/${id}", scope="mcp:read"`,
  )
  expect(body).toMatchObject({ jsonrpc: '2.0', id: 1, error: { code: 401 } })
  const refused = await oauth.rpc(resource, 'no-token', 'tools/list')
  expect(refused.headers.get('www-authenticate')).toContain('error="invalid_token"')
})

test.each([
  ['missing', () => undefined],
  ['of another origin', (url: string) => url.replace('mcp.test', 'evil.test')],
  ['of no server', (url: string) => `${url.slice(0, -4)}0000`],
  ['the endpoint alone', () => `${BASE}/mcp`],
  ['the issuer', () => `${BASE}/oauth`],
])('a resource that is %s is refused before anything is fetched', async (_, change) => {
  const { resource } = await newPlace()
  const sent = fakeFinexio()
  const page = await asked(change(resource), { client_id: 'https://stranger.example/client.json' })
  expect([page.status, page.next, page.handle, sent]).toEqual([400, null, '', []])
  expect(page.text).toContain('names no MCP server')
})

test('a server that does not ask to sign in has no sign-in, however its URL is spelled', async () => {
  const { accountId, resource, path } = await newPlace()
  await call('PATCH', path, { body: { config: { require_api_token_auth: null } } })
  expect((await asked(resource)).status).toBe(400)
  expect((await oauth.rpc(resource, null, 'tools/list')).status).toBe(404)
  const plain = await newServer(accountId, { require_api_token_auth: false })
  expect(plain).not.toHaveProperty('resource_url')
})

test('a token URL is no resource, is not repeated, and is not swallowed', async () => {
  const { server, apiToken } = await newPlace()
  const page = await asked(server.url)
  expect(page.status).toBe(400)
  expect(page.html).not.toContain(server.token)
  expect((await oauth.rpc(server.url, null, 'tools/list')).headers.get('www-authenticate')).toBe('Bearer')
  expect((await oauth.rpc(server.url, apiToken, 'tools/list')).status).toBe(200)
})

test('a redirect that was not registered is never followed', async () => {
  const { resource } = await newPlace()
  for (const redirect_uri of ['https://evil.example/callback', `${REDIRECT}/more`, 'javascript:alert(1)']) {
    const page = await asked(resource, { redirect_uri })
    expect([page.status, page.headers.get('location'), page.next]).toEqual([400, null, null])
    expect(page.html).not.toContain('evil')
  }
})

test.each([
  ['no challenge', { code_challenge: undefined, code_challenge_method: undefined }],
  ['a plain challenge', { code_challenge_method: 'plain' }],
  ['a challenge without a method', { code_challenge_method: undefined }],
])('%s goes back to the client as an error, with its issuer', async (_, more) => {
  const { resource } = await newPlace()
  const page = await asked(resource, more)
  const back = new URL(page.headers.get('location')!)
  expect([page.status, back.origin + back.pathname]).toEqual([302, REDIRECT])
  const { error, iss, state } = Object.fromEntries(back.searchParams)
  expect([error, iss, state]).toEqual(['invalid_request', `${BASE}/oauth`, 'state-1'])
})

test('a client with a secret needs PKCE as well', async () => {
  const { resource } = await newPlace()
  const { body } = await oauth.register({ token_endpoint_auth_method: 'client_secret_basic' })
  const page = await oauth.open({ client_id: body.client_id, resource })
  expect(new URL(page.headers.get('location')!).searchParams.get('error')).toBe('invalid_request')
})

test.each([
  ['another verifier', { code_verifier: 'x'.repeat(43) }, 'invalid_grant'],
  ['another redirect', { redirect_uri: 'https://evil.example/callback' }, 'invalid_grant'],
  ['another client', { client_id: 'somebody-else' }, 'invalid_client'],
  ['another resource', { resource: `${BASE}/mcp/s/0` }, 'invalid_target'],
  ['another code', { code: 'a:b:c' }, 'invalid_grant'],
])('a code with %s gives no token', async (_, more, error) => {
  const { exchange } = await oauth.codeFor(await newPlace())
  const refused = await exchange(more)
  expect([refused.body.error, refused.body.access_token]).toEqual([error, undefined])
})

test('a code that comes twice ends what it gave', async () => {
  const place = await newPlace()
  const { exchange } = await oauth.codeFor(place)
  const { body } = await exchange()
  expect((await reach(place.resource, body.access_token)).status).toBe(200)
  expect((await exchange()).body.error).toBe('invalid_grant')
  expect((await reach(place.resource, body.access_token)).status).toBe(401)
  expect((await call('GET', `${place.path}/grant`)).body.result).toEqual([])
})

test('the account refuses a second use of a code even when its record is as before', async () => {
  const place = await newPlace()
  const { exchange, code } = await oauth.codeFor(place)
  const [user, grant] = code.split(':')
  const inObject = <Answer>(work: (sql: SqlStorage) => Answer) =>
    runInDurableObject(accountObject(env, place.accountId), (_, { storage }) => work(storage.sql))
  const key = `grant:${user}:${grant}`
  const stale = await inObject(
    (sql) => sql.exec<{ value: string }>('SELECT value FROM oauth_record WHERE key = ?', key).one().value,
  )
  const { body } = await exchange()
  await inObject((sql) => void sql.exec('UPDATE oauth_record SET value = ? WHERE key = ?', stale, key))
  expect((await exchange()).body.error).toBe('invalid_grant')
  expect((await reach(place.resource, body.access_token)).status).toBe(401)
})

test('a token of one server is nothing at another, nor at a token URL', async () => {
  const place = await newPlace()
  const { access } = await signedIn(place)
  const second = await newServer(place.accountId)
  const foreign = await newPlace()
  for (const url of [second.resource_url, foreign.resource]) {
    const { status, headers } = await reach(url, access)
    expect([status, headers.get('www-authenticate')]).toEqual([401, expect.stringContaining('invalid_token')])
  }
  expect((await reach(second.url, access)).status).toBe(401)
  const [, grant, secret] = access.split(':')
  const id = second.resource_url.split('/').at(-1)
  expect((await reach(second.resource_url, `${id}:${grant}:${secret}`)).status).toBe(401)
})

test('a token made for a foreign audience is refused although its record is there', async () => {
  const place = await newPlace()
  const { access } = await signedIn(place)
  await runInDurableObject(accountObject(env, place.accountId), (_, { storage }) => {
    const [row] = storage.sql
      .exec<{ key: string; value: string }>("SELECT key, value FROM oauth_record WHERE key LIKE 'token:%'")
      .toArray()
    const value = JSON.stringify({ ...JSON.parse(row!.value), audience: 'https://elsewhere.test/mcp' })
    storage.sql.exec('UPDATE oauth_record SET value = ? WHERE key = ?', value, row!.key)
  })
  expect((await reach(place.resource, access)).status).toBe(401)
})

test('a refresh token cannot be turned towards another server', async () => {
  const place = await newPlace()
  const { clientId, refreshToken } = await signedIn(place)
  const second = await newServer(place.accountId)
  const turned = await oauth.refresh(clientId, refreshToken, { resource: second.resource_url })
  expect([turned.status, turned.body.error]).toEqual([400, 'invalid_target'])
  expect((await oauth.refresh('somebody-else', refreshToken)).body.error).toBe('invalid_client')
  expect((await oauth.refresh(clientId, refreshToken)).status).toBe(200)
})

test('a client with a secret needs it for tokens', async () => {
  const place = await newPlace()
  const { body } = await oauth.register({ token_endpoint_auth_method: 'client_secret_post' })
  const { exchange } = await oauth.codeFor(place, { client_id: body.client_id })
  expect((await exchange()).body.error).toBe('invalid_client')
  expect((await exchange({ client_secret: 'guessed' })).body.error).toBe('invalid_client')
  expect((await exchange({ client_secret: body.client_secret })).status).toBe(200)
})

test('an API token without the scope, or of another account, opens nothing', async () => {
  const place = await newPlace()
  const other = await newPlace()
  const wrong = [
    (await newApiToken(['admin'])).token,
    (await newApiToken([`account:${place.accountId}`])).token,
    other.apiToken,
    'the-root-of-all-tests-4f8Kq2Zx7-Lm',
    '',
  ]
  for (const apiToken of wrong) {
    const { left } = await oauth.codeFor({ ...place, apiToken })
    expect([left.status, left.next, left.handle !== '']).toEqual([403, null, true])
    expect(left.text).toContain('does not open this account')
    const again = await oauth.submit(left, { api_token: place.apiToken })
    expect(again.next?.searchParams.has('code')).toBe(true)
  }
})

test('strangers at the token endpoint make the Worker fetch nothing', async () => {
  const { resource } = await newPlace()
  const id = resource.split('/').at(-1)
  const sent = fakeFinexio()
  const client_id = 'https://stranger.example/client.json'
  const code = `${id}:${'a'.repeat(16)}:${'b'.repeat(32)}`
  for (const fields of [
    { grant_type: 'authorization_code', code },
    { grant_type: 'refresh_token', refresh_token: code },
    { grant_type: 'client_credentials' },
    { grant_type: 'authorization_code' },
  ])
    expect(
      (await oauth.fetchTokens({ ...fields, client_id } as unknown as Record<string, string>)).status,
    ).toBe(400)
  expect((await oauth.fetchTokens({ token: code, client_id })).status).toBe(200)
  expect(sent).toEqual([])
})

test('no token, code or API token reaches a log', async () => {
  const lines: string[] = []
  for (const level of ['log', 'warn', 'error', 'info', 'debug'] as const)
    vi.spyOn(console, level).mockImplementation((...parts) => void lines.push(JSON.stringify(parts)))
  const place = await newPlace()
  const { access, refreshToken, code, exchange, clientId, proof } = await signedIn(place)
  await exchange()
  await oauth.refresh(clientId, refreshToken)
  await oauth.codeFor({ ...place, apiToken: `${place.apiToken}x` })
  expect(lines.length).toBeGreaterThan(0)
  const secrets = [access, refreshToken, code, proof.verifier, place.apiToken, place.server.token]
  for (const secret of secrets) expect(lines.join('\n')).not.toContain(secret.slice(-32))
})
