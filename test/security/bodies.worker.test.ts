/**
 * Bodies that would be read as something that nobody wrote, at every entry but MCP's (test/mcp/parsing.test.ts): packed, in another
 * charset, with a key twice. At b8f2a26 the charset was ignored, a packed form of OAuth "could not be read", and the last value of a key counted.
 * Siblings: the dashboard's sign-in and its forms, UTF-32, Latin-1.
 */
import { createExecutionContext } from 'cloudflare:test'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { app } from '../../src/app.ts'
import { hexOf } from '../../src/core/bytes.ts'
import { call, env, fakeFinexio } from '../api/support.ts'
import { browser } from '../dashboard/support.ts'
import { BASE, http } from '../oauth/support.ts'

beforeEach(() => {
  fakeFinexio()
})
afterEach(() => {
  vi.unstubAllGlobals()
})

const FORM = 'application/x-www-form-urlencoded'
const JSON_TYPE = 'application/json'

const post =
  (path: string, type: string) =>
  async (headers: Record<string, string>): Promise<string> => {
    const response = await http(BASE + path, {
      method: 'POST',
      headers: { origin: BASE, 'content-type': type, ...headers },
      body: type === FORM ? 'a=b' : '{}',
    })
    return `${response.status} ${await response.text()}`
  }

const rest =
  (method: string, path: string) =>
  async (headers: Record<string, string>): Promise<string> => {
    const { status, text } = await call(method, path, {
      raw: '{}',
      headers: { 'content-type': JSON_TYPE, ...headers },
    })
    return `${status} ${text}`
  }

const pageForm = async (headers: Record<string, string>): Promise<string> => {
  const ann = browser()
  await ann.signIn()
  const { status, text } = await ann.send('POST', '/dashboard/api-tokens', {
    form: { csrf: await ann.csrf() },
    headers,
  })
  return `${status} ${text}`
}

const ENTRIES: [string, string, (headers: Record<string, string>) => Promise<string>][] = [
  ['POST /integrated-account', JSON_TYPE, rest('POST', '/integrated-account')],
  ['POST /api-token', JSON_TYPE, rest('POST', '/api-token')],
  ['POST /oauth/token', FORM, post('/oauth/token', FORM)],
  ['POST /oauth/register', JSON_TYPE, post('/oauth/register', JSON_TYPE)],
  ['POST /oauth/authorize', FORM, post('/oauth/authorize', FORM)],
  ['POST /dashboard/sign-in', FORM, post('/dashboard/sign-in', FORM)],
  ['a form of the dashboard', FORM, pageForm],
]

test.each(ENTRIES)('%s says why it is not read', async (_, type, send) => {
  for (const charset of ['utf-16', 'UTF-16LE', '"utf-32"', 'iso-8859-1', 'utf-7', ''])
    expect(await send({ 'content-type': `${type}; charset=${charset}` })).toMatch(
      /^415 [\s\S]*charset of Content-Type must be utf-8/,
    )
  for (const coding of ['gzip', 'br', 'deflate', 'gzip, identity', 'x'])
    expect(await send({ 'content-encoding': coding })).toMatch(/^415 [\s\S]*Content-Encoding is not served/)
  for (const charset of ['utf-8', 'UTF-8', '"utf-8"', 'us-ascii', 'utf8'])
    expect(
      await send({ 'content-type': `${type};charset=${charset}`, 'content-encoding': 'identity' }),
    ).not.toMatch(/^415/)
})

test.each([
  ['name', '/integrated-account', '{"name":"A","credentials":{"username":"a","password":"b"},"name":"B"}'],
  [
    'password',
    '/integrated-account',
    '{"name":"A","credentials":{"username":"a","password":"b","password":"c"}}',
  ],
  ['scopes', '/api-token', '{"name":"A","scopes":["use"],"scopes":["admin"]}'],
])('REST refuses a body that gives %s twice, and stores nothing', async (key, path, raw) => {
  const seen = fakeFinexio()
  const { status, body } = await call('POST', path, { raw })
  expect([status, body.message]).toEqual([400, expect.stringContaining(`the key "${key}" more than once`)])
  expect(seen).toEqual([])
})

test('a registration that gives its addresses twice registers nobody', async () => {
  const response = await http(`${BASE}/oauth/register`, {
    method: 'POST',
    headers: { 'content-type': JSON_TYPE },
    body: '{"redirect_uris":["https://a.example/cb"],"redirect_uris":["https://b.example/cb"],"token_endpoint_auth_method":"none"}',
  })
  expect(response.status).toBe(400)
  expect(await response.json()).toMatchObject({
    error: 'invalid_request',
    error_description: expect.stringContaining('"redirect_uris" more than once'),
  })
})

// At b8f2a26 and until now: a page with 500 and "A fault on the side of this server" to programs that read JSON (bare `wrangler dev`).
// Siblings: a pepper that is too short, the token endpoint, the page that people see.
test.each(['', 'short', undefined])(
  'without a usable TOKEN_PEPPER (%s) signing in says so',
  async (pepper) => {
    const settings = { ...env, TOKEN_PEPPER: pepper as string }
    const at = async (path: string, init?: RequestInit) => {
      const ctx = createExecutionContext()
      const response = await app.fetch(new Request(BASE + path, init), settings, ctx)
      return {
        status: response.status,
        type: response.headers.get('content-type'),
        text: await response.text(),
      }
    }
    const sent = (type: string, body: string) => ({
      method: 'POST',
      headers: { 'content-type': type, origin: BASE },
      body,
    })
    const redirect_uris = ['https://a.example/cb']
    const answers = [
      await at(
        '/oauth/register',
        sent(JSON_TYPE, JSON.stringify({ redirect_uris, token_endpoint_auth_method: 'none' })),
      ),
      await at('/oauth/token', sent(FORM, 'grant_type=refresh_token&refresh_token=x.y')),
      await at('/oauth/token', sent(FORM, 'token=x.y')),
    ]
    for (const { status, type, text } of answers) {
      expect([status, type]).toEqual([500, expect.stringContaining(JSON_TYPE)])
      expect(JSON.parse(text)).toEqual({
        error: 'server_error',
        error_description: expect.stringMatching(/^TOKEN_PEPPER must be 32 random bytes/),
      })
    }
    const hash = hexOf(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode('x'))))
    const { headers, ...form } = sent(FORM, 'handle=x&decision=allow')
    const cookie = `__Host-oauth-consent-${hash.slice(0, 16)}=${hash}`
    const page = await at('/oauth/authorize', { ...form, headers: { ...headers, cookie } })
    expect([page.status, page.text]).toEqual([
      500,
      expect.stringMatching(/TOKEN_PEPPER must be 32 random bytes/),
    ])
  },
)
