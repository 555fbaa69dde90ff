/** What a request brings to the account, and how each verdict of the account sounds. */
import { describe, expect, test } from 'vitest'
import type { Verdict } from '../../src/rules/admission.ts'
import { dependencies, legacy, META, modern, nothingSeen, post, send } from './fake.ts'

const call = (headers: Record<string, string> = {}) => legacy('tools/call', { name: 'echo' }, headers)

const knockOf = async (init: RequestInit) => {
  const seen = nothingSeen()
  await send(init, { deps: dependencies(seen) })
  expect(seen.knocks).toHaveLength(1)
  return seen.knocks[0]![1]
}

describe('only what may reach Finexio counts', () => {
  test.each([
    ['legacy call', call()],
    ['modern call', modern('tools/call', { name: 'echo' })],
    ['call without jsonrpc', post({ id: 1, method: 'tools/call', params: { name: 'echo' } })],
    ['call of an unknown tool', legacy('tools/call', { name: 'nope' })],
    ['completion', legacy('completion/complete', {})],
  ])('%s', async (_name, init) => {
    expect((await knockOf(init)).counts).toBe(true)
  })

  test.each([
    ['initialize', legacy('initialize', { protocolVersion: '2025-06-18', capabilities: {} })],
    ['tools/list', legacy('tools/list')],
    ['prompts/get', legacy('prompts/get', { name: 'nope' })],
    ['server/discover', modern('server/discover')],
    ['ping', legacy('ping')],
    ['notification', post({ jsonrpc: '2.0', method: 'notifications/initialized' })],
    ['GET', { method: 'GET' }],
    ['broken body', post('{"method":"tools/call"')],
    ['batch', post([{ jsonrpc: '2.0', id: 1, method: 'tools/call' }])],
    ['method that is no text', post({ id: 1, method: ['tools/call'] })],
  ])('not: %s', async (_name, init) => {
    expect((await knockOf(init)).counts).toBe(false)
  })
})

describe('the Bearer beside the URL', () => {
  test.each([
    ['Bearer fxapi_1', 'fxapi_1'],
    ['bearer  fxapi_1 ', 'fxapi_1'],
    ['Basic abc', null],
    ['Bearer', null],
    ['Bearer a b', null],
    ['xBearer a', null],
    ['', null],
  ])('"%s"', async (authorization, bearer) => {
    expect((await knockOf(call({ authorization }))).bearer).toBe(bearer)
  })

  test('none', async () => {
    expect((await knockOf(call())).bearer).toBeNull()
  })
})

const answered = async (verdict: Verdict, init: RequestInit) => {
  const seen = nothingSeen()
  const response = await send(init, { deps: dependencies(seen, verdict) })
  return { response, body: await response.json(), called: seen.called }
}

describe('over this server’s own limit', () => {
  const verdict: Verdict = { kind: 'limited', limit: 50, remaining: 0, reset: 7, allowed_origins: [] }

  test.each([
    ['2025', call()],
    ['2026', modern('tools/call', { name: 'echo' })],
  ])('HTTP 429 with the request’s id, the numbers and no tool run, in %s', async (_era, init) => {
    const { response, body, called } = await answered(verdict, init)
    expect(response.status).toBe(429)
    expect(body).toEqual({
      jsonrpc: '2.0',
      id: 1,
      error: {
        code: 429,
        message: expect.stringMatching(
          /own limit.* 50 tool calls .*Nothing was sent to Finexio\. .* 7 seconds\.$/,
        ),
        data: { source: 'server', limit: 50, remaining: 0, reset: 7 },
      },
    })
    const headers = ['ratelimit-limit', 'ratelimit-remaining', 'ratelimit-reset', 'retry-after']
    expect(headers.map((name) => response.headers.get(name))).toEqual(['50', '0', '7', '7'])
    expect(called).toEqual([])
  })

  test('one second is one second', async () => {
    const { body } = await answered({ ...verdict, reset: 1 }, call())
    expect(JSON.stringify(body)).toContain('in 1 second.')
  })
})

describe('without the API token that a server asks for', () => {
  const verdict: Verdict = { kind: 'unauthorized', allowed_origins: [] }

  test('401 with WWW-Authenticate: Bearer, the request’s id, and no tool run', async () => {
    const { response, body, called } = await answered(verdict, post({ id: 'a', method: 'tools/call' }))
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer'])
    expect(body).toMatchObject({ jsonrpc: '2.0', id: 'a', error: { code: 401 } })
    expect(called).toEqual([])
  })

  test('nothing else is told: not what is wrong with the request', async () => {
    const first = await answered(verdict, { method: 'GET' })
    for (const init of [post('{'), post('[]'), { method: 'PATCH' }]) {
      const { response, body } = await answered(verdict, init)
      expect([response.status, body]).toEqual([401, first.body])
    }
  })
})

describe('request id and client', () => {
  const contextOf = async (init: RequestInit) => {
    const seen = nothingSeen()
    const response = await send(init, { deps: dependencies(seen) })
    const [, { requestId, client }] = seen.called[0]!
    return { requestId, client, shown: response.headers.get('x-request-id') }
  }

  test('each answer has an id of its own, and the tool call knows it', async () => {
    const [first, second] = [await contextOf(call()), await contextOf(call())]
    expect(first.shown).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(first.requestId).toBe(first.shown)
    expect(second.shown).not.toBe(first.shown)
  })

  test('a client’s own x-request-id is not taken over', async () => {
    expect((await contextOf(call({ 'x-request-id': 'mine' }))).shown).not.toBe('mine')
  })

  test.each(['unknown', undefined])('refusals carry one too: %s', async (path) => {
    const init = path ? call() : post('{')
    const { headers } = await send(init, path ? { path } : {})
    expect(headers.get('x-request-id')).toHaveLength(36)
    expect(headers.get('access-control-expose-headers')).toContain('X-Request-Id')
  })

  const meta = (clientInfo: unknown) => ({ ...META, 'io.modelcontextprotocol/clientInfo': clientInfo })
  const named = (clientInfo: unknown) =>
    modern('tools/call', { name: 'echo', _meta: meta(clientInfo) }, { 'user-agent': 'agent/1' })

  test('a modern client is known by what it says in the message', async () => {
    const { client } = await contextOf(named({ name: 'Desk', version: '2.1' }))
    expect(client).toEqual({ name: 'Desk', version: '2.1' })
  })

  test.each([
    ['agent/1', 'agent/1'],
    ['a\u009bb\t c', 'ab c'],
    ['x'.repeat(500), 'x'.repeat(100)],
  ])('a legacy one by its User-Agent, cleaned and cut: %j', async (agent, name) => {
    expect((await contextOf(call({ 'user-agent': agent }))).client).toEqual({ name, version: null })
  })

  test('or not at all', async () => {
    expect((await contextOf(call())).client).toEqual({ name: null, version: null })
  })
})
