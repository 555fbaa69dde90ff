/** What is decided before MCP: web origin, token, method, media type. */
import { describe, expect, test, vi } from 'vitest'
import type { Env } from '../../src/core/env.ts'
import { ConfigurationFault } from '../../src/core/keys.ts'
import { dependencies, legacy, letIn, nothingSeen, post, STRANGER, send, TOKEN } from './fake.ts'

const local = { LOCAL_DEVELOPMENT: 'true' } as Partial<Env>
const ping = (headers: Record<string, string> = {}) => legacy('ping', {}, headers)
const from = (origin: string) => ping({ origin })
const ofType = (type: string) => ping({ 'content-type': type })

type Row = [name: string, init: RequestInit, status: number, settings?: Partial<Env>]

const rows: Row[] = [
  ['no Origin', ping(), 200],
  ['ChatGPT', from('https://chatgpt.com'), 200],
  ['ChatGPT, older', from('https://chat.openai.com'), 200],
  ['Claude', from('https://claude.ai'), 200],
  ['Claude, newer', from('https://claude.com'), 200],
  ['configured origin', from('https://tools.example.com'), 200],
  [
    'second of a configured list',
    from('https://b.example'),
    200,
    { ALLOWED_ORIGINS: ' https://a.example/ , https://b.example' },
  ],
  ['nothing configured', from('https://tools.example.com'), 403, { ALLOWED_ORIGINS: undefined }],
  ['foreign', from('https://evil.example.com'), 403],
  ['null', from('null'), 403],
  ['empty', from(''), 403],
  ['http instead of https', from('http://chatgpt.com'), 403],
  ['other port', from('https://chatgpt.com:8443'), 403],
  ['subdomain', from('https://x.chatgpt.com'), 403],
  ['suffix', from('https://chatgpt.com.evil.example'), 403],
  ['prefix', from('https://evilchatgpt.com'), 403],
  ['user info', from('https://chatgpt.com@evil.example'), 403],
  ['localhost in production', from('http://localhost:3000'), 403],
  ['localhost in development', from('http://localhost:3000'), 200, local],
  ['127.0.0.1 in development', from('https://127.0.0.1'), 200, local],
  ['[::1] in development', from('http://[::1]:65535'), 200, local],
  ['localhost as prefix in development', from('http://localhost.evil.example'), 403, local],
  ['foreign in development', from('https://evil.example.com'), 403, local],
  ['foreign preflight', { method: 'OPTIONS', headers: { origin: 'https://evil.example.com' } }, 403],
  ['preflight', { method: 'OPTIONS', headers: { origin: 'https://chatgpt.com' } }, 204],
  ['preflight without Origin', { method: 'OPTIONS' }, 204],
  ['GET', { method: 'GET' }, 405],
  ['HEAD', { method: 'HEAD' }, 405],
  ['DELETE', { method: 'DELETE' }, 405],
  ['PATCH', { ...ping(), method: 'PATCH' }, 405],
  ['GET from a foreign origin', { method: 'GET', headers: { origin: 'https://evil.example.com' } }, 403],
  ['JSON with charset', ofType('application/json; charset=utf-8'), 200],
  ['JSON in capitals', ofType('Application/JSON'), 200],
  ['not packed, and said so', ping({ 'content-encoding': 'Identity' }), 200],
  ['form', ofType('application/x-www-form-urlencoded'), 415],
  ['text', ofType('text/plain'), 415],
  // At b8f2a26 the charset was ignored, and the body read as UTF-8.
  ['UTF-16', ofType('application/json; charset=utf-16'), 415],
  ['Latin-1', ofType('application/json;charset="ISO-8859-1"'), 415],
  ['a charset in quotation marks', ofType('application/json; charset="UTF-8"'), 200],
  // At d9f6ffd2 each quotation mark was optional by itself.
  ['a charset whose quotation mark never ends', ofType('application/json; charset="UTF-8'), 415],
  ['a charset whose quotation mark only ends', ofType('application/json; charset=UTF-8"'), 415],
  ['two charsets', ofType('application/json; charset=utf-8; charset=utf-7'), 415],
  ['multipart', ofType('multipart/form-data; boundary=x'), 415],
  ['JSON-like', ofType('application/json-patch+json'), 415],
  ['two types', ofType('text/plain, application/json'), 415],
  ['text that mentions JSON', ofType('text/plain; a=application/json'), 415],
]

test.each(['gzip', 'br', 'deflate', 'identity, gzip', 'x-made-up'])(
  'a body that came packed by %s is told so, not called broken text',
  async (coding) => {
    const response = await send(ping({ 'content-encoding': coding }))
    expect([response.status, await response.text()]).toEqual([
      415,
      expect.stringContaining('Content-Encoding'),
    ])
  },
)

describe('origin, method and media type', () => {
  test.each(rows)('%s', async (_name, init, status, settings = {}) => {
    const response = await send(init, { settings })
    expect(response.status).toBe(status)
    expect(response.headers.get('allow')).toBe({ 204: 'POST', 405: 'POST' }[status] ?? null)
  })

  test('no Content-Type', async () => {
    const response = await send({ method: 'POST', body: new Uint8Array([0x7b, 0x7d]) })
    expect(response.status).toBe(415)
  })

  test('a foreign origin gets the same bytes whether its URL lives or not', async () => {
    const first = await whole(await send(from('https://evil.example.com')))
    expect(first.status).toBe(403)
    expect(JSON.stringify(first)).not.toContain('access-control-allow-origin')
    const inits = [
      from('https://evil.example.com'),
      { method: 'GET', headers: { origin: 'https://evil.example.com' } },
      { method: 'OPTIONS', headers: { origin: 'https://evil.example.com' } },
    ]
    for (const init of inits)
      for (const path of [TOKEN, STRANGER, 'unknown', `${TOKEN}/sse`, `${STRANGER}/sse`, `${TOKEN}/sse/x`])
        expect(await whole(await send(init, { path })), path).toEqual(first)
  })
})

describe('an origin that one server names', () => {
  const origin = 'https://agents.example.org'
  const named = () => dependencies(nothingSeen(), letIn({ allowed_origins: [origin] }))

  test('passes there, and may read the answer', async () => {
    const response = await send(from(origin), { deps: named() })
    expect(response.status).toBe(200)
    expect(response.headers.get('access-control-allow-origin')).toBe(origin)
  })

  test('gets its preflight', async () => {
    const response = await send({ method: 'OPTIONS', headers: { origin } }, { deps: named() })
    expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([204, origin])
  })

  test.each([
    ['unauthorized', { kind: 'unauthorized', allowed_origins: [origin] }, 401],
    ['limited', { kind: 'limited', limit: 5, remaining: 0, reset: 1, allowed_origins: [origin] }, 429],
  ] as const)('is told when it is %s', async (_name, verdict, status) => {
    const deps = dependencies(nothingSeen(), { ...verdict, allowed_origins: [...verdict.allowed_origins] })
    const response = await send(from(origin), { deps })
    expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([status, origin])
    const preflight = await send({ method: 'OPTIONS', headers: { origin } }, { deps })
    expect(preflight.status).toBe(204)
  })

  test('is foreign elsewhere, and other origins are foreign there', async () => {
    expect((await send(from(origin))).status).toBe(403)
    expect((await send(from(origin), { path: STRANGER, deps: named() })).status).toBe(403)
    for (const other of [
      'https://x.agents.example.org',
      'http://agents.example.org',
      `${origin}:8443`,
      'null',
    ])
      expect((await send(from(other), { deps: named() })).status, other).toBe(403)
  })

  test('on loopback counts in local development alone', async () => {
    const page = 'http://localhost:5173'
    const deps = () => dependencies(nothingSeen(), letIn({ allowed_origins: [page] }))
    expect((await send(from(page), { deps: deps() })).status).toBe(403)
    expect((await send(from(page), { deps: deps(), settings: local })).status).toBe(200)
  })
})

const whole = async (response: Response) => ({
  status: response.status,
  // The one header that differs between any two answers.
  headers: [...response.headers].filter(([name]) => name !== 'x-request-id'),
  body: await response.text(),
})

describe('a URL without a live server', () => {
  const paths = [
    'nope',
    'fxmcp_',
    STRANGER,
    `${TOKEN}x`,
    `x/${TOKEN}`,
    `${TOKEN}/x`,
    '',
    '/',
    '%00',
    '%',
    '..%2f',
    'a'.repeat(4000),
    `${TOKEN}//`,
  ]

  test('every reason gives the same bytes', async () => {
    const first = await whole(await send(ping(), { path: 'unknown' }))
    expect(first.status).toBe(404)
    for (const path of paths) expect(await whole(await send(ping(), { path })), path).toEqual(first)
  })

  test('whatever else is wrong with the request', async () => {
    const first = await whole(await send(ping(), { path: 'unknown' }))
    const call = legacy('tools/call', { name: 'echo' })
    const others = [
      { method: 'GET' },
      { method: 'DELETE' },
      post('{'),
      post('[]'),
      ofType('text/plain'),
      call,
    ]
    for (const path of ['unknown', STRANGER, `${STRANGER}/`, `${STRANGER}/sse`, `${STRANGER}/sse/x`])
      for (const init of others) expect(await whole(await send(init, { path })), path).toEqual(first)
  })

  test('a URL of the wrong shape asks nobody and is not read', async () => {
    const seen = nothingSeen()
    let pulled = 0
    const body = new ReadableStream({ pull: () => void pulled++ }, { highWaterMark: 0 })
    const init = { ...ping(), body, duplex: 'half' as const }
    for (const path of ['unknown', `${TOKEN}0`, `${TOKEN.slice(0, -1)}-`])
      expect((await send(init, { path, deps: dependencies(seen) })).status).toBe(404)
    expect([seen.knocks, pulled]).toEqual([[], 0])
  })

  test('the answer names neither token nor path', async () => {
    const { body } = await whole(await send(ping(), { path: 'fxmcp_secret' }))
    expect(body).not.toMatch(/fxmcp_|\/mcp/)
    expect(JSON.parse(body).error.code).toBe(404)
  })
})

describe('a live server', () => {
  test.each(['', '/', '?integrated_account_id=1', '/?x=1', '#f'])(
    'answers at its URL followed by "%s"',
    async (rest) => {
      const seen = nothingSeen()
      expect((await send(ping(), { path: TOKEN + rest, deps: dependencies(seen) })).status).toBe(200)
      expect(seen.knocks.map(([token]) => token)).toEqual([TOKEN])
    },
  )

  test('that cannot be looked up: 503 that says nothing happened, and a log line without the message', async () => {
    const log = vi.spyOn(console, 'error').mockReturnValue()
    const deps = { ...dependencies(), admit: () => Promise.reject(new TypeError('secret')) }
    const response = await send(ping(), { deps })
    expect(response.status).toBe(503)
    expect(await response.text()).toContain('Nothing was sent to Finexio.')
    expect(log.mock.calls).toEqual([[{ event: 'admission_fault', error: 'TypeError' }]])
    log.mockRestore()
  })

  test('of a deployment with a wrong setting: the log says which', async () => {
    const log = vi.spyOn(console, 'error').mockReturnValue()
    const admit = () => Promise.reject(new ConfigurationFault('OWN_LIMIT must be this or that.'))
    const response = await send(ping(), { deps: { ...dependencies(), admit } })
    expect(response.status).toBe(503)
    expect(await response.text()).not.toContain('OWN_LIMIT')
    expect(log.mock.calls[0]![0]).toMatchObject({ message: 'OWN_LIMIT must be this or that.' })
    log.mockRestore()
  })
})
