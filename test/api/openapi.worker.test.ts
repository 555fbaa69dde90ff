import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { managementApi, ROUTES } from '../../src/api/routes.ts'
import { call, connect, credentials, env, fakeFinexio } from './support.ts'

beforeEach(() => {
  fakeFinexio()
})
afterEach(() => {
  vi.unstubAllGlobals()
})

type Operation = {
  responses: Record<string, unknown>
  requestBody?: object
  parameters: { name: string; in: string }[]
}
type Description = {
  components: { responses: Record<string, object> }
  openapi: string
  paths: Record<string, Record<string, Operation>>
  servers: unknown
}

test('every route that is served is described, and every described one served', () => {
  const served = managementApi()
    .routes.filter(({ method }) => method !== 'ALL')
    .map(({ method, path }) => `${method} ${path}`)
  const described = ROUTES.map(({ verb, path }) => `${verb} ${path}`)
  expect([...new Set(served)].sort()).toEqual([...described].sort())
  expect(new Set(described).size).toBe(described.length)
})

test('the description is served without a key and holds no secret', async () => {
  const { status, body, text } = await call('GET', '/openapi.json', { key: null })
  const { openapi, paths, servers } = body as Description
  expect([status, openapi, servers]).toEqual([200, '3.1.0', [{ url: 'https://mcp.test' }]])
  expect(Object.keys(paths).length).toBe(new Set(ROUTES.map(({ path }) => path)).size)
  const rotate = paths['/integrated-account/{account}/mcp/{server}/rotate']!.post!
  expect(rotate.parameters.map(({ name }) => name)).toEqual(['account', 'server'])
  expect(JSON.stringify(rotate.requestBody)).toContain('overlap_seconds')
  for (const secret of [env.ADMIN_API_KEY, env.TOKEN_PEPPER, env.MASTER_KEY_V1])
    expect(text).not.toContain(secret)
})

test('an operation names its body, its answer and the shape of errors', async () => {
  const { paths, components } = (await call('GET', '/openapi.json')).body as Description
  const create = paths['/integrated-account']!.post!
  expect(JSON.stringify(create.requestBody)).toMatch(/credentials.*username/)
  const refusals = ['400', '401', '403', '408', '413', '415', '422', '429', '502', '504']
  expect(Object.keys(create.responses)).toEqual(['201', ...refusals, 'default'])
  for (const status of [...refusals, 'default']) {
    expect(create.responses[status]).toEqual({ $ref: `#/components/responses/${status}` })
    expect(JSON.stringify(components.responses[status])).toContain('#/components/schemas/Error')
  }
})

test('an operation says which role it takes, and where', async () => {
  const { paths } = (await call('GET', '/openapi.json')).body as {
    paths: Record<string, Record<string, { description: string }>>
  }
  const needed = (path: string, verb: string) => paths[path]?.[verb]?.description
  expect(needed('/person', 'post')).toBe('Needs the role admin for the whole deployment.')
  expect(needed('/integrated-account/{account}', 'get')).toBe(
    'Needs the role manage or audit for this account.',
  )
  expect(needed('/approval/{approval}/approve', 'post')).toBe('Needs the role approve for this account.')
  expect(needed('/log', 'get')).toMatch(/^Needs the role .* for an account;/)
  expect(needed('/openapi.json', 'get')).toBe('Needs no key.')
  expect(
    ROUTES.every(({ path, verb }) => needed(path.replaceAll(/:([a-z]+)/g, '{$1}'), verb.toLowerCase())),
  ).toBe(true)
})

/** Really called, for the schemas of their answers. */
const CALLS: Record<string, (at: (path: string) => string) => Promise<{ status: number; body: unknown }>> = {
  'POST /integrated-account': () => call('POST', '/integrated-account', { body: { name: 'x', credentials } }),
  'GET /api-token': () => call('GET', '/api-token'),
  'POST /api-token': () => call('POST', '/api-token', { body: { name: 'x', scopes: ['mcp'] } }),
  'PUT /writes': () => call('PUT', '/writes', { body: { stopped: false } }),
  'GET /log/verify': () => call('GET', '/log/verify'),
  'GET /log': () => call('GET', '/log?log_type=all'),
}

test('answers are as described', async () => {
  const account = await connect()
  const server = (await call('POST', `/integrated-account/${account}/mcp`, { body: { name: 'x' } })).body
  const at = (path: string) => path.replace(':account', account).replace(':server', server.id)
  let checked = 0
  for (const { verb, path, answer, status = 200, media } of ROUTES) {
    // What Finexio is asked for is tested where there is one: test/payees. A lost write: test/writes/settle.worker.test.ts.
    const isOurs = path.includes(':account') && !/:(supplier|key)/.test(path)
    const ordinary = verb === 'GET' && isOurs ? () => call('GET', at(path)) : undefined
    const run = CALLS[`${verb} ${path}`] ?? ordinary
    if (!run || media) continue
    const got = await run(at)
    expect([path, got.status, answer.safeParse(got.body).error]).toEqual([path, status, undefined])
    checked++
  }
  const rotated = await call('POST', at('/integrated-account/:account/mcp/:server/rotate'))
  const route = ROUTES.find(({ path }) => path.endsWith('/rotate'))!
  expect(route.answer.safeParse(rotated.body).success).toBe(true)
  expect(checked).toBeGreaterThanOrEqual(12)
})
