/** What clients read before they sign in, row by row of the checklists in the reference (sections 11 and 15). */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { call, env, fakeFinexio } from '../api/support.ts'
import { BASE, http, newPlace, newServer, oauth } from './support.ts'

beforeEach(() => {
  fakeFinexio()
})
afterEach(() => {
  vi.unstubAllGlobals()
})

const ISSUER = `${BASE}/oauth`
const WELL_KNOWN = `${BASE}/.well-known`

const read = async (url: string, init?: RequestInit) => {
  const response = await http(url, init)
  const text = await response.text()
  return { status: response.status, headers: response.headers, text, body: text ? JSON.parse(text) : null }
}

const metadataOf = (resource: string) => `${WELL_KNOWN}/oauth-protected-resource${new URL(resource).pathname}`

test('resource metadata: the id as typed, one issuer, the least scope, named in the 401', async () => {
  const { resource } = await newPlace()
  const { status, body, headers } = await read(metadataOf(resource))
  expect(status).toBe(200)
  expect(body).toEqual({
    resource,
    authorization_servers: [ISSUER],
    scopes_supported: ['mcp:read'],
    bearer_methods_supported: ['header'],
    resource_name: 'Finexio accounts payable',
  })
  expect(headers.get('content-type')).toContain('application/json')
  const challenge = (await oauth.rpc(resource, null, 'initialize')).headers.get('www-authenticate')!
  expect(/resource_metadata="([^"]+)"/.exec(challenge)?.[1]).toBe(metadataOf(resource))
})

test('issuer metadata: exact issuer at its RFC 8414 address, and endpoints that answer', async () => {
  const { status, body } = await read(`${WELL_KNOWN}/oauth-authorization-server/oauth`)
  expect(status).toBe(200)
  expect(body.issuer).toBe(ISSUER)
  expect(body).toMatchObject({
    authorization_endpoint: `${ISSUER}/authorize`,
    token_endpoint: `${ISSUER}/token`,
    registration_endpoint: `${ISSUER}/register`,
    revocation_endpoint: `${ISSUER}/token`,
  })
  expect(body).not.toHaveProperty('protected_resources')
  expect((await http(body.authorization_endpoint)).status).toBe(400)
  expect((await http(body.token_endpoint)).status).toBe(405)
  expect((await http(body.registration_endpoint)).status).toBe(405)
  expect((await read(`${ISSUER}/.well-known/oauth-authorization-server`)).body).toEqual(body)
})

const ROWS: [row: string, member: string, value: unknown][] = [
  ['PKCE: S256 and nothing else', 'code_challenge_methods_supported', ['S256']],
  ['clients with a metadata document (CIMD)', 'client_id_metadata_document_supported', true],
  ['iss on every authorization response', 'authorization_response_iss_parameter_supported', true],
  [
    'public clients',
    'token_endpoint_auth_methods_supported',
    expect.arrayContaining(['none', 'private_key_jwt']),
  ],
  [
    'signed client assertions',
    'token_endpoint_auth_signing_alg_values_supported',
    expect.arrayContaining(['RS256']),
  ],
  ['codes and refresh', 'grant_types_supported', ['authorization_code', 'refresh_token']],
  ['the code flow alone', 'response_types_supported', ['code']],
  ['offline_access, in the issuer only', 'scopes_supported', ['mcp:read', 'mcp:write', 'offline_access']],
]

test.each(ROWS)('issuer metadata states %s', async (_, member, value) => {
  const { body } = await read(`${WELL_KNOWN}/oauth-authorization-server/oauth`)
  expect(body[member]).toEqual(value)
})

test('nothing answers at the root, where assistants would take it for every URL', async () => {
  const { server, resource, accountId } = await newPlace()
  const plain = await newServer(accountId, { require_api_token_auth: false })
  const id = new URL(resource).pathname.split('/').at(-1)!
  const paths = [
    'oauth-protected-resource',
    'oauth-authorization-server',
    'openid-configuration',
    'openid-configuration/oauth',
    `oauth-protected-resource${new URL(server.url).pathname}`,
    `oauth-protected-resource${new URL(plain.url).pathname}`,
    `oauth-authorization-server${new URL(resource).pathname}`,
    `oauth-authorization-server${new URL(plain.url).pathname}`,
    `oauth-protected-resource/mcp/s/${id.slice(0, -1)}`,
    `oauth-protected-resource/mcp/s/${id}/more`,
    `oauth-protected-resource/mcp/s/${'0'.repeat(44)}`,
    'oauth-authorization-server/oauth/more',
  ]
  for (const path of paths) {
    const { status, body, headers } = await read(`${WELL_KNOWN}/${path}`)
    expect([path, status, body.error]).toEqual([path, 404, 'not_found'])
    expect(headers.get('content-type')).toContain('application/json')
  }
})

test('no metadata names a token, and no redirect is made', async () => {
  const { server, resource } = await newPlace()
  for (const url of [metadataOf(resource), `${WELL_KNOWN}/oauth-authorization-server/oauth`]) {
    const { text, status } = await read(url)
    expect(status).toBe(200)
    expect(text).not.toContain(server.token.slice(6))
  }
})

test('metadata ends with its server', async () => {
  const { resource, path } = await newPlace()
  await call('DELETE', path)
  expect((await read(metadataOf(resource))).status).toBe(404)
})

test('any page may read metadata, register and fetch tokens: none of it rides on a cookie', async () => {
  const { resource } = await newPlace()
  const headers = { origin: 'https://inspector.example' }
  for (const url of [metadataOf(resource), `${WELL_KNOWN}/oauth-authorization-server/oauth`]) {
    expect((await read(url, { headers })).headers.get('access-control-allow-origin')).toBe('*')
    expect((await http(url, { method: 'OPTIONS', headers })).status).toBe(204)
  }
  for (const path of ['token', 'register']) {
    const preflight = await http(`${ISSUER}/${path}`, { method: 'OPTIONS', headers })
    expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([
      204,
      headers.origin,
    ])
  }
})

test('under PUBLIC_URL every address is the public one', async () => {
  const { resource } = await newPlace()
  const { env } = await import('../api/support.ts')
  const { handler } = await import('../../src/app.ts')
  const settings = { ...env, PUBLIC_URL: 'https://ap.example.com' }
  const ctx = { waitUntil: () => {}, passThroughOnException: () => {} } as unknown as ExecutionContext
  const at = async (url: string) => {
    const request = new Request(url) as Parameters<NonNullable<typeof handler.fetch>>[0]
    return (await (await handler.fetch!(request, settings, ctx)).json()) as Record<string, unknown>
  }
  const metadata = await at(metadataOf(resource))
  expect(metadata.resource).toBe(resource.replace(BASE, settings.PUBLIC_URL))
  expect(metadata.authorization_servers).toEqual(['https://ap.example.com/oauth'])
  expect((await at(`${WELL_KNOWN}/oauth-authorization-server/oauth`)).issuer).toBe(
    'https://ap.example.com/oauth',
  )
})

test('clients that register in a loop are slowed, not everybody else for long', async () => {
  const answers = []
  for (let i = 0; i < 31; i++) answers.push(await oauth.register())
  const { status, headers, body } = answers.at(-1)!
  expect([status, body.error]).toEqual([429, 'temporarily_unavailable'])
  expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
  vi.useFakeTimers({ now: Date.now() + 61_000, toFake: ['Date'] })
  expect((await oauth.register()).status).toBe(201)
  vi.useRealTimers()
})

test('a body beyond 16 KiB is not read', async () => {
  const long = 'x'.repeat(17 * 1024)
  expect((await oauth.register({ client_name: long })).body.error).toBe('invalid_request')
  const refused = await oauth.fetchTokens({ grant_type: 'authorization_code', code: long })
  expect([refused.status, refused.body.error]).toEqual([400, 'invalid_request'])
})

// Seen at main: whoever mistyped an address in a browser got JSON. Siblings: an address of the API, another method, a program.
test('a browser that opens what is not for people gets a page; programs get JSON', async () => {
  const { handler } = await import('../../src/app.ts')
  const opened = async (path: string, accept: string, method = 'GET') => {
    const request = new Request(`https://example.com${path}`, { method, headers: { accept } })
    const response = await handler.fetch!(request as never, env, { waitUntil() {} } as never)
    return [
      response.status,
      response.headers.get('content-type'),
      (await response.text()).includes('href="/dashboard"'),
    ]
  }
  const HTML = 'text/html,application/xhtml+xml,*/*;q=0.8'
  const page = 'text/html; charset=utf-8'
  expect(await opened('/nope', HTML)).toEqual([404, page, true])
  expect(await opened('/integrated-account', HTML)).toEqual([401, page, true])
  expect(await opened('/nope', HTML, 'POST')).toEqual([404, 'application/json', false])
  expect(await opened('/nope', '*/*')).toEqual([404, 'application/json', false])
  expect(await opened('/openapi.json', HTML)).toEqual([200, 'application/json', false])
})
