/** What programs and browsers send that is too long, comes twice, or holds what no text holds: a 400 in plain words. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { fakeFinexio } from '../api/support.ts'
import { newProof } from './sign-in.ts'
import { BASE, http, newPlace, oauth } from './support.ts'

beforeEach(() => {
  fakeFinexio()
})
afterEach(() => {
  vi.unstubAllGlobals()
})

const LONG = 'x'.repeat(513)
const NUL = 'a\u0000b'

const post = async (fields: [string, string][]) => {
  const response = await http(`${BASE}/oauth/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(fields).toString(),
  })
  return { status: response.status, body: (await response.json()) as Record<string, string> }
}

// A23, seen at b8f2a26: 500 for the first, "The parameter function Object() …" for the second, 500 for the third.
// Siblings: __proto__ and toString, a parameter twice, a line break, and every other parameter that is too long.
test.each<[string, [string, string][], string]>([
  ['a client_id over 512 bytes', [['client_id', LONG]], 'client_id is too long'],
  ['letters of several bytes', [['client_id', 'é'.repeat(257)]], 'client_id is too long'],
  ['NUL in a code', [['code', NUL]], 'code holds a control character'],
  ['NUL in a token', [['token', NUL]], 'token holds a control character'],
  ['NUL in a secret', [['client_secret', NUL]], 'client_secret holds a control character'],
  ['a line break in a client_id', [['client_id', 'a\r\nb']], 'client_id holds a control character'],
  ['a refresh token over 256 bytes', [['refresh_token', LONG]], 'refresh_token is too long'],
  [
    'two codes',
    [
      ['code', 'a'],
      ['code', 'b'],
    ],
    'code comes more than once',
  ],
])('the token endpoint answers 400 to %s', async (_, fields, sentence) => {
  const { status, body } = await post([['grant_type', 'authorization_code'], ...fields])
  expect([status, body.error]).toEqual([400, 'invalid_request'])
  expect(body.error_description).toContain(sentence)
})

test.each(['constructor', '__proto__', 'toString', 'hasOwnProperty', 'password'])(
  'the grant type %s is not known',
  async (grant_type) => {
    const { status, body } = await post([['grant_type', grant_type]])
    expect([status, body.error, body.error_description]).toEqual([
      400,
      'unsupported_grant_type',
      'Known are authorization_code and refresh_token.',
    ])
  },
)

// A14, seen at b8f2a26: 15 KB of `state` were kept in KV for each page that was asked for.
test.each<[string, Record<string, string>]>([
  ['a state over 1 KB', { state: 's'.repeat(1025) }],
  ['15 KB of state', { state: 's'.repeat(15_000) }],
  ['a client_id over 512 bytes', { client_id: LONG }],
  ['NUL in the client_id', { client_id: NUL }],
  ['NUL in the state', { state: NUL }],
  ['a scope over 1 KB', { scope: 'mcp:read '.repeat(200) }],
  ['a challenge that is too long', { code_challenge: LONG }],
])('the sign-in page is not shown for %s', async (_, more) => {
  const { resource } = await newPlace()
  const { challenge } = await newProof()
  const good = {
    client_id: await oauth.publicClient(),
    resource,
    code_challenge: challenge,
    code_challenge_method: 'S256',
  }
  const page = await oauth.open({ ...good, ...more })
  expect([page.status, page.next, page.handle]).toEqual([400, null, ''])
  expect(page.text).toMatch(/The parameter \w+ (is too long|holds a control character)/)
  expect((await oauth.open({ ...good, state: 's'.repeat(1024) })).status).toBe(200)
})

test('NUL where somebody types a key is a wrong key, and the page comes again', async () => {
  const { resource } = await newPlace()
  const { challenge } = await newProof()
  const client_id = await oauth.publicClient()
  const page = await oauth.open({
    client_id,
    resource,
    code_challenge: challenge,
    code_challenge_method: 'S256',
  })
  for (const api_token of [NUL, 'fxapi_\u0000', '\ud800'])
    expect((await oauth.submit(page, { api_token })).status).toBe(403)
  expect((await oauth.submit({ ...page, handle: NUL }, { api_token: 'x' })).status).toBe(400)
})

test('a parameter that comes twice is no sign-in', async () => {
  const { resource } = await newPlace()
  const url = `${BASE}/oauth/authorize?client_id=a&client_id=b&resource=${encodeURIComponent(resource)}`
  const response = await http(url)
  expect(response.status).toBe(400)
  expect(await response.text()).toContain('client_id comes more than once')
})
