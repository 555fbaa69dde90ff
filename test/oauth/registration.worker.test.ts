/** Clients that introduce themselves: what is counted, what is kept, where they may take their answers. */
import { runInDurableObject } from 'cloudflare:test'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { directoryObject } from '../../src/account/directory-stub.ts'
import { env, fakeFinexio } from '../api/support.ts'
import { newProof } from './sign-in.ts'
import { BASE, http, newPlace, oauth, signedIn } from './support.ts'

beforeEach(() => {
  fakeFinexio()
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

const register = async (metadata: object, address: string) => {
  const response = await http(`${BASE}/oauth/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'cf-connecting-ip': address },
    body: JSON.stringify(metadata),
  })
  const body = (await response.json()) as Record<string, string>
  return { status: response.status, headers: response.headers, body }
}

const GOOD = { redirect_uris: ['https://client.example/callback'], token_endpoint_auth_method: 'none' }

const inDirectory = <Answer>(work: (sql: SqlStorage) => Answer): Promise<Answer> =>
  runInDurableObject(directoryObject(env), (_, { storage }) => work(storage.sql))

const countClients = () =>
  inDirectory((sql) => sql.exec<{ n: number }>('SELECT count(*) AS n FROM oauth_client').one().n)

// A13, seen at b8f2a26: 30 junk registrations a minute kept everybody else out, and each that passed was kept for a year.
// Siblings: junk of each kind, one network of IPv6, another source at the same moment, more clients than are kept.
test('what is refused counts nothing and leaves nothing behind', async () => {
  const before = await countClients()
  for (const junk of [
    {},
    { redirect_uris: [] },
    { redirect_uris: ['javascript:alert(1)'] },
    { redirect_uris: 'x' },
  ])
    for (let times = 0; times < 10; times++) expect((await register(junk, '203.0.113.1')).status).toBe(400)
  expect((await register(GOOD, '203.0.113.1')).status).toBe(201)
  expect(await countClients()).toBe(before + 1)
})

// Seen before 0.2.0 was out: a body that begins with two marks of its encoding was registered and then answered 500 with a page, since
// it was read twice in two ways. At b8f2a26 201. Siblings: one mark, three, members that come twice.
test.each([
  '\uFEFF\uFEFF{"redirect_uris":["https://client.example/cb"],"scope":"mcp:write"}',
  '\uFEFF{"redirect_uris":["https://client.example/cb"],"scope":"mcp:write"}',
  '\uFEFF\uFEFF\uFEFF{"redirect_uris":["https://client.example/cb"],"scope":"mcp:write"}',
  '{"scope":"mcp:read","redirect_uris":["https://client.example/cb"],"scope":"mcp:write"}',
])('a registration is read once: %j', async (body) => {
  const response = await http(`${BASE}/oauth/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'cf-connecting-ip': '203.0.113.77' },
    body,
  })
  const answer = (await response.json()) as Record<string, string>
  if (response.status === 201) expect(answer.scope).toBe('mcp:write')
  else expect([response.status, answer.error]).toEqual([400, 'invalid_request'])
})

test.each([
  ['an address', '203.0.113.2', '203.0.113.2', '203.0.113.3'],
  ['a network of IPv6', '2001:db8:1:2::1', '2001:0DB8:1:2:ffff::9', '2001:db8:1:3::1'],
])('thirty a minute from %s keep nobody else out', async (_, one, same, other) => {
  // The spelling of Cloudflare is the short one; leading zeros stand for another source at worst.
  const again = same.replace('0DB8', 'db8')
  for (let times = 0; times < 30; times++) expect((await register(GOOD, one)).status).toBe(201)
  const refused = await register(GOOD, again)
  expect([refused.status, refused.body.error]).toEqual([429, 'temporarily_unavailable'])
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  expect((await register(GOOD, other)).status).toBe(201)
})

test('of one source and in all the newest are kept, and what somebody signed in with stays', async () => {
  const place = await newPlace()
  const { clientId } = await signedIn(place)
  const object = directoryObject(env)
  const put = (at: number, source: number) =>
    object.putClientRecord({
      key: `client:many-${source}-${at}`,
      value: '{}',
      expires_at: Date.now() + 1e10,
      source: new Uint8Array([source]),
    })
  for (let at = 0; at < 203; at++) await put(at, 1)
  const left = (where: string) =>
    inDirectory(
      (sql) => sql.exec<{ n: number }>(`SELECT count(*) AS n FROM oauth_client WHERE ${where}`).one().n,
    )
  expect(await left("hex(source) = '01'")).toBe(200)
  await inDirectory((sql) => {
    for (let at = 0; at < 5_000; at++)
      sql.exec(
        "INSERT INTO oauth_client VALUES (?, '{}', ?, ?, ?)",
        ...[`client:more-${at}`, new Uint8Array([2, at >> 8, at & 255]), Date.now(), Date.now() + 1e9],
      )
  })
  await put(999, 3)
  expect(await left('source IS NOT NULL')).toBe(5_000)
  expect(await left(`key = 'client:${clientId}' AND source IS NULL`)).toBe(1)
  await inDirectory((sql) => void sql.exec("DELETE FROM oauth_client WHERE key LIKE 'client:m%'"))
})

test('a client nobody signs in with ends after three days, one that is used goes on', async () => {
  const place = await newPlace()
  const used = (await oauth.register()).body.client_id as string
  const unused = (await oauth.register()).body.client_id as string
  const { refreshToken } = await signedIn(place, { client_id: used })
  vi.useFakeTimers({ now: Date.now() + 4 * 24 * 3_600_000, toFake: ['Date'] })
  expect((await oauth.refresh(used, refreshToken)).status).toBe(200)
  const page = await oauth.open({ client_id: unused, resource: place.resource })
  expect([page.status, page.handle]).toEqual([400, ''])
})

// F13, seen at b8f2a26: no `scope` in the reply. Siblings: none asked for, unknown ones, no text.
test.each([
  ['mcp:read mcp:write', 'mcp:read mcp:write'],
  ['mcp:read offline_access', 'mcp:read offline_access'],
  ['mcp:read admin', 'mcp:read'],
  ['openid', 'mcp:read'],
  [undefined, 'mcp:read'],
])('who registers the scope %s is told %s', async (scope, told) => {
  expect((await oauth.register(scope === undefined ? {} : { scope })).body.scope).toBe(told)
})

const CURSOR = 'cursor://anysphere.cursor-mcp/oauth/callback'

const openFor = async (client_id: string, redirect_uri: string, resource: string) => {
  const { challenge, verifier } = await newProof()
  const page = await oauth.open({
    client_id,
    redirect_uri,
    resource,
    code_challenge: challenge,
    code_challenge_method: 'S256',
  })
  return { page, verifier }
}

// F10, seen at b8f2a26: `cursor://…` was refused. Siblings: a reversed domain without host, VS Code, a port on a private host.
test.each([CURSOR, 'com.example.app:/oauth', 'vscode://vscode.github-authentication/did-authenticate'])(
  'a program that owns a scheme signs in: %s',
  async (redirect_uri) => {
    const { resource, apiToken } = await newPlace()
    const { body } = await oauth.register({ redirect_uris: [redirect_uri] })
    const { page, verifier } = await openFor(body.client_id, redirect_uri, resource)
    expect(page.text).toContain('Access goes to a program on your computer.')
    expect(page.text).toContain(`Access goes to ${redirect_uri.split(':')[0]}:`)
    const left = await oauth.submit(page, { api_token: apiToken })
    expect(left.next!.href.startsWith(`${redirect_uri}?code=`)).toBe(true)
    const { status } = await oauth.fetchTokens({
      grant_type: 'authorization_code',
      code: left.next!.searchParams.get('code')!,
      client_id: body.client_id,
      redirect_uri,
      code_verifier: verifier,
    })
    expect(status).toBe(200)
  },
)

test('it is the very address that was registered, or none', async () => {
  const { resource } = await newPlace()
  const mine = 'myapp://localhost/callback'
  const { body } = await oauth.register({ redirect_uris: [CURSOR, mine, 'https://client.example/callback'] })
  for (const other of [
    `${CURSOR}/`,
    `${CURSOR}?x=1`,
    CURSOR.replace('cursor', 'CURSOR'),
    'cursor://evil/oauth/callback',
    'windsurf://anysphere.cursor-mcp/oauth/callback',
    // The library lets the port of a host on this machine differ, which is for http.
    'myapp://localhost:99/callback',
  ]) {
    const { page } = await openFor(body.client_id, other, resource)
    expect([other, page.status, page.handle, page.headers.get('location')]).toEqual([other, 400, '', null])
  }
  expect((await openFor(body.client_id, mine, resource)).page.status).toBe(200)
})

test('PKCE is asked of such programs too', async () => {
  const { resource } = await newPlace()
  const { body } = await oauth.register({ redirect_uris: [CURSOR] })
  const page = await oauth.open({ client_id: body.client_id, redirect_uri: CURSOR, resource })
  expect(page.headers.get('location')).toContain('error=invalid_request')
})

test.each([
  ['with a secret', { redirect_uris: [CURSOR], token_endpoint_auth_method: 'client_secret_basic' }],
  ['that names no way of proving itself', { redirect_uris: [CURSOR], token_endpoint_auth_method: undefined }],
  ['with the scheme of Windows itself', { redirect_uris: ['ms-msdt:/id'] }],
  ['with a scheme of browsers', { redirect_uris: ['view-source://x/'] }],
  ['with a scheme of the telephone', { redirect_uris: ['tel:/+123'] }],
  ['with the scheme of a protocol', { redirect_uris: ['wss://client.example/callback'] }],
])('a client %s does not take its answers in a program', async (_, metadata) => {
  const { status, body } = await oauth.register(metadata)
  expect([status, body.error]).toEqual([400, 'invalid_redirect_uri'])
})

test('a client with a secret does not use such an address beside another one', async () => {
  const { resource } = await newPlace()
  const redirect_uris = [CURSOR, 'https://client.example/callback']
  const { body } = await oauth.register({ redirect_uris, token_endpoint_auth_method: 'client_secret_post' })
  const { page } = await openFor(body.client_id, CURSOR, resource)
  expect([page.status, page.handle, page.next]).toEqual([400, '', null])
})

// Seen on 2026-12-01: all were registered. By a reader that takes a backslash for a letter the answer of the first goes to evil.example.
test.each([
  'https://good.example\\@evil.example/cb',
  'https://*.good.example/cb',
  'https://good.example/*',
  'https://good.example/c b',
  'https://good.example/cb\t',
  'https:good.example/cb',
  'https:/good.example/cb',
  'cursor://x/*',
])('%j is no plain address, whatever stands beside it', async (uri) => {
  for (const redirect_uris of [[uri], [GOOD.redirect_uris[0], uri]]) {
    const { status, body } = await register({ ...GOOD, redirect_uris }, '203.0.113.99')
    expect([status, body.error]).toEqual([400, 'invalid_redirect_uri'])
    expect(body.error_description).toMatch(/is no plain address.*without \*, backslashes and blanks/)
  }
})
