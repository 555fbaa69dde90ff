/** Headers of the HTTP response: what tools put there reaches the client in both eras, what security asks for is always there. */
import { describe, expect, test, vi } from 'vitest'
import type { Env } from '../../src/core/env.ts'
import { noOauthMetadata } from '../../src/oauth/http.ts'
import { dependencies, legacy, modern, post, send, TOKEN } from './fake.ts'

const eras = [
  ['2025', legacy],
  ['2026', modern],
] as const

type Answer = {
  id: unknown
  result: { isError?: boolean; content: { text: string }[] }
  error: { code: number; message: string; data: unknown }
}

const LIMITS = {
  'ratelimit-limit': '100',
  'ratelimit-remaining': '0',
  'ratelimit-reset': '7',
  'retry-after': '7',
}
const limitsOf = ({ headers }: Response) =>
  Object.fromEntries([...headers].filter(([name]) => /^ratelimit-|^retry-after$/.test(name)))

describe.each(eras)('rate-limit headers in %s', (_era, request) => {
  const call = (name: string) => send(request('tools/call', { name, arguments: {} }))

  test('on a successful result', async () => {
    const response = await call('echo')
    expect(limitsOf(response)).toEqual({ 'ratelimit-remaining': '41' })
    expect(response.headers.get('content-type')).toMatch(/^application\/json/)
  })

  test('on an error result, still HTTP 200', async () => {
    const response = await call('throttled')
    const { result } = (await response.json()) as Answer
    expect([response.status, limitsOf(response), result.isError]).toEqual([200, LIMITS, true])
  })

  test('on HTTP 429 with a JSON-RPC error and the id of the request', async () => {
    const response = await call('throttled_http')
    expect([response.status, limitsOf(response)]).toEqual([429, LIMITS])
    expect(await response.json()).toEqual({
      jsonrpc: '2.0',
      id: 1,
      error: { code: 429, message: 'Finexio is limiting this account.', data: { retry_after: 7 } },
    })
  })

  test('none where no tool ran', async () => {
    expect(limitsOf(await send(request('tools/list')))).toEqual({})
    expect(limitsOf(await call('nope'))).toEqual({})
  })
})

describe.each(eras)('a tool that throws in %s', (_era, request) => {
  test('is an error result that hides the message and asks to check before repeating', async () => {
    const log = vi.spyOn(console, 'error').mockReturnValue()
    const response = await send(request('tools/call', { name: 'broken', arguments: {} }))
    const { result } = (await response.json()) as Answer
    expect([response.status, result.isError]).toEqual([200, true])
    expect(result.content[0]!.text).toContain('look it up with the matching read tool')
    expect(JSON.stringify([result, log.mock.calls])).not.toContain('secret-in-message')
    log.mockRestore()
  })
})

test('a call and its row are kept alive when its client hangs up', async () => {
  const kept: Promise<unknown>[] = []
  const { handleMcp } = await import('../../src/mcp/transport/handler.ts')
  const request = new Request(`https://mcp.test/mcp/${TOKEN}`, legacy('tools/call', { name: 'echo' }))
  await handleMcp(request, {} as Env, { waitUntil: (work) => void kept.push(work) }, dependencies())
  expect(kept).toHaveLength(2)
})

const SECURITY = {
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-robots-tag': 'noindex',
  vary: 'Origin',
}

describe('on every response', () => {
  const chatgpt = { origin: 'https://chatgpt.com' }
  const requests: [string, RequestInit, string?][] = [
    ['result', legacy('tools/list', {}, chatgpt)],
    ['modern result', modern('tools/list', {}, chatgpt)],
    ['notification', post({ jsonrpc: '2.0', method: 'notifications/initialized' }, chatgpt)],
    ['HTTP 429', legacy('tools/call', { name: 'throttled_http' }, chatgpt)],
    ['modern refusal', modern('nope', {}, chatgpt)],
    ['not JSON', post('{', chatgpt)],
    ['method', { method: 'GET', headers: chatgpt }],
    ['preflight', { method: 'OPTIONS', headers: chatgpt }],
    ['unknown server', legacy('ping', {}, chatgpt), 'unknown'],
  ]

  test.each(requests)('%s: security and CORS', async (_name, init, path) => {
    const { headers } = await send(init, path === undefined ? {} : { path })
    for (const [name, value] of Object.entries(SECURITY)) expect(headers.get(name), name).toBe(value)
    expect(headers.get('access-control-allow-origin')).toBe('https://chatgpt.com')
    expect(headers.get('access-control-expose-headers')).toContain('RateLimit-Remaining')
    expect(headers.get('access-control-allow-credentials')).toBeNull()
    expect(headers.get('mcp-session-id')).toBeNull()
  })

  test('a foreign origin is not reflected, no Origin gets none', async () => {
    for (const headers of [{ origin: 'https://evil.example.com' }, {}]) {
      const response = await send(legacy('ping', {}, headers as Record<string, string>))
      expect(response.headers.get('access-control-allow-origin')).toBeNull()
      expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    }
  })

  test('a preflight allows what MCP clients send', async () => {
    const { headers } = await send({ method: 'OPTIONS', headers: chatgpt })
    expect(headers.get('access-control-allow-methods')).toBe('POST')
    for (const name of ['Content-Type', 'Authorization', 'MCP-Protocol-Version', 'Mcp-Method', 'Mcp-Name'])
      expect(headers.get('access-control-allow-headers')).toContain(name)
  })
})

test.each(['oauth-protected-resource', 'oauth-authorization-server/mcp/fxmcp_live', 'openid-configuration'])(
  '/.well-known/%s is a JSON 404 that repeats nothing of its path',
  async (name) => {
    const response = noOauthMetadata(new Request(`https://mcp.test/.well-known/${name}`), {} as Env)
    expect(response.status).toBe(404)
    expect(response.headers.get('content-type')).toMatch(/^application\/json/)
    expect(response.headers.get('www-authenticate')).toBeNull()
    expect(await response.text()).not.toContain('fxmcp_')
  },
)
