import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { call, connect, env, fakeFinexio } from './support.ts'

beforeEach(() => {
  fakeFinexio()
})
afterEach(() => {
  vi.unstubAllGlobals()
})

const id = crypto.randomUUID()
const paths = [
  '/integrated-account',
  `/integrated-account/${id}`,
  `/integrated-account/${id}/mcp`,
  `/integrated-account/${id}/mcp/${id}`,
]

test.each([null, 'wrong', 'the-admin-ke', 'the-root-of-all-tests-4f8Kq2Zx7-Lmy', 'THE-ADMIN-KEY'])(
  'key %s is refused on every path and method',
  async (key) => {
    for (const path of paths)
      for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
        const { status, body, headers } = await call(method, path, { key })
        expect(status).toBe(401)
        expect(body).toEqual({ statusCode: 401, error: 'Unauthorized', message: expect.any(String) })
        expect(headers.get('www-authenticate')).toBe('Bearer')
        expect(headers.get('cache-control')).toBe('no-store')
      }
  },
)

test('other schemes than Bearer are refused, and its spelling does not matter', async () => {
  const send = (authorization: string) =>
    call('GET', '/integrated-account', { key: null, headers: { authorization } })
  expect((await send('Basic dGhlLWFkbWluLWtleQ==')).status).toBe(401)
  expect((await send('the-root-of-all-tests-4f8Kq2Zx7-Lm')).status).toBe(401)
  expect((await send('bearer the-root-of-all-tests-4f8Kq2Zx7-Lm')).status).toBe(200)
})

test.each(['', undefined])('without an admin key in the deployment (%s) nobody is let in', async (key) => {
  const settings = { ...env, ADMIN_API_KEY: key as string }
  for (const given of [null, '', 'undefined', 'x']) {
    const { status } = await call('GET', '/integrated-account', { key: given }, settings)
    expect(status).toBe(401)
  }
})

test('a method that a path does not have is a 405 that names the others', async () => {
  const [collection, , , single] = paths
  for (const method of ['PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
    const { status, headers, body } = await call(method, collection!)
    expect([status, headers.get('allow')]).toEqual([405, 'GET, POST'])
    expect(body).toEqual({
      statusCode: 405,
      error: 'Method Not Allowed',
      message: 'Allowed here: GET, POST.',
    })
  }
  expect((await call('POST', single!)).headers.get('allow')).toBe('GET, PATCH, DELETE')
})

test.each(['/nothing', '/integrated-account/', `/integrated-account/${id}/mcp/`])(
  '%s is a JSON 404',
  async (path) => {
    const { status, body, headers } = await call('GET', path)
    expect(status).toBe(404)
    expect(body).toEqual({
      statusCode: 404,
      error: 'Not Found',
      message: path.endsWith('/')
        ? 'There is nothing at this path: leave the slash at its end away.'
        : 'There is nothing at this path.',
    })
    for (const [name, value] of [
      ['cache-control', 'no-store'],
      ['x-content-type-options', 'nosniff'],
      ['referrer-policy', 'no-referrer'],
    ])
      expect(headers.get(name!)).toBe(value)
  },
)

test.each([
  ['/approvals', '/integrated-account/{account}/approval'],
  ['/approval?state=pending', '/integrated-account/{account}/approval'],
  [`/integrated-account/${id}/approvals`, '/integrated-account/{account}/approval'],
  ['/Integrated-Account', '/integrated-account'],
  ['/api-tokens', '/api-token'],
  ['/settings-drafts', '/settings-draft'],
])('a 404 names the path that %s may have meant', async (path, meant) => {
  // At d9f6ffd2 a bare "There is nothing at this path."
  expect((await call('GET', path)).body).toMatchObject({
    statusCode: 404,
    message: `There is nothing at this path: did you mean ${meant}?`,
  })
})

test('a mistyped MCP path is not repeated in the answer', async () => {
  expect((await call('GET', '/MCP/fxmcp_secret')).text).not.toContain('secret')
})

test.each([
  ['no body', undefined, 400],
  ['no JSON', '{"name":', 400],
  ['no UTF-8', Uint8Array.of(0x22, 0xff, 0x22), 400],
  ['an array', '[]', 400],
  ['null', 'null', 400],
  ['deep nesting', `${'['.repeat(5_000)}${']'.repeat(5_000)}`, 400],
  ['64 KB and one byte', `"${'x'.repeat(65_535)}"`, 413],
  ['3 MB', `"${'x'.repeat(3_000_000)}"`, 413],
])('a body that is %s', async (_, raw, status) => {
  const id = await connect()
  for (const path of ['/integrated-account', `/integrated-account/${id}/mcp`]) {
    const answer = await call('POST', path, { raw })
    expect(answer.status).toBe(status)
    expect(answer.body).toMatchObject({ statusCode: status, message: expect.any(String) })
  }
})

test('a body without a length is measured as it comes', async () => {
  const chunk = new Uint8Array(40_000).fill(32)
  const raw = new ReadableStream({
    start(controller) {
      controller.enqueue(chunk)
      controller.enqueue(chunk)
      controller.close()
    },
  })
  expect((await call('POST', '/integrated-account', { raw })).status).toBe(413)
})

test.each(['0', '101', '-1', 'x', '1.5', ''])('limit=%s is refused', async (limit) => {
  const { status, body } = await call('GET', `/integrated-account?limit=${limit}`)
  expect(status).toBe(400)
  expect(body.details.failures).toEqual([{ path: 'limit', message: 'must be a whole number from 1 to 100' }])
})

test('a cursor that is none is refused, an empty one is the first page', async () => {
  expect((await call('GET', '/integrated-account?next_cursor=abc')).status).toBe(400)
  expect((await call('GET', '/integrated-account?next_cursor=')).status).toBe(200)
})

test('a fault of ours is a 500 without detail, in the answer and in the log', async () => {
  const logged = vi.spyOn(console, 'error').mockImplementation(() => {})
  const DIRECTORY = {
    idFromName: () => {
      throw new RangeError('secret in message')
    },
  } as unknown as typeof env.DIRECTORY
  const { status, text, headers } = await call('GET', '/integrated-account', {}, { ...env, DIRECTORY })
  expect(status).toBe(500)
  expect(headers.get('cache-control')).toBe('no-store')
  expect(text).not.toContain('secret')
  expect(logged.mock.calls).toEqual([[{ event: 'api_fault', error: 'RangeError' }]])
  logged.mockRestore()
})

/** Seen at commit 0de9742c: the first of two counted, and the other restricted nothing in silence. */
test.each([
  ['/log?log_type=all&log_type=mcp', 'log_type'],
  // Siblings: a filter, a moment, a fold, a page.
  ['/log?log_type_filter[person]=a&log_type_filter[person]=b', 'log_type_filter[person]'],
  ['/history/accounts?at=2026-11-30&at=2020-01-01', 'at'],
  ['/log/export?folded=false&folded=true', 'folded'],
  ['/integrated-account?limit=1&limit=100', 'limit'],
])('%s is refused: a name stands there twice', async (path, name) => {
  const { status, body } = await call('GET', path)
  expect(status).toBe(400)
  expect(body.details.failures).toEqual([{ path: name, message: 'may be given once' }])
})
