import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { readToken } from '../../src/rules/mcp-token.ts'
import { admitted } from '../support/admitted.ts'
import { call, connect, env, fakeFinexio } from './support.ts'

let account: string
let path: string
beforeEach(async () => {
  fakeFinexio()
  account = await connect()
  path = `/integrated-account/${account}/mcp`
})
afterEach(() => {
  vi.unstubAllGlobals()
})

const create = (body: unknown, settings = env) => call('POST', path, { body }, settings)
const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString()

test('a server is created with token and url, shown this once only', async () => {
  const expires_at = inSeconds(3600)
  const config = { methods: ['read'], tags: ['payments'] }
  const { status, body } = await create({ name: 'AP agent', config, expires_at })
  const { token, url, ...server } = body
  expect(status).toBe(201)
  expect(server).toEqual({
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    name: 'AP agent',
    config,
    summary: expect.stringMatching(/^Reads .*payments.*\. Changes nothing\. Ends .* UTC\.$/),
    integrated_account_id: account,
    created_by: '00000000-0000-0000-0000-000000000000',
    expires_at,
    created_at: expect.stringMatching(/Z$/),
    updated_at: server.created_at,
  })
  expect(url).toBe(`https://mcp.test/mcp/${token}`)
  expect(readToken(token)).toEqual({ accountId: account })
  expect((await admitted(env, token))?.server).toMatchObject({ id: server.id, config, expires_at })
  expect((await call('GET', `${path}/${server.id}`)).body).toEqual({
    ...server,
  })
  expect((await call('GET', path)).body).toEqual({ result: [server], next_cursor: null })
})

// Seen at b8f2a26: whoever asked got settings, and had to know what each means together with the others and the account's.
test('what a server may do is said in every answer about it, as settings of its account have it', async () => {
  const { body } = await create({ name: 'x', config: { methods: ['read', 'write'] } })
  expect(body.summary).toContain('Nothing waits for another person.')
  await call('PATCH', `/integrated-account/${account}`, { body: { approval: 'always', payees: 'verified' } })
  const one = `${path}/${body.id}`
  for (const { summary } of [(await call('GET', one)).body, (await call('GET', path)).body.result[0]]) {
    expect(summary).toContain('to verified suppliers')
    expect(summary).toContain('Every write waits for another person.')
  }
  const changed = await call('PATCH', one, {
    body: { config: { limits: { per_day: { cents: 2_000_000 } } } },
  })
  expect(changed.body.summary).toContain('$20,000.00 within 24 hours')
  expect((await call('POST', `${one}/rotate`)).body.summary).toBe(changed.body.summary)
})

test('without config a server reads, never expires, and says so', async () => {
  const { body } = await create({ name: 'x' })
  expect([body.config, body.expires_at]).toEqual([{}, null])
  expect((await create({ name: 'x', expires_at: null })).body.expires_at).toBeNull()
})

test('the url follows PUBLIC_URL', async () => {
  const { body } = await create({ name: 'x' }, { ...env, PUBLIC_URL: 'https://ap.example.com/' })
  expect(body.url).toBe(`https://ap.example.com/mcp/${body.token}`)
})

test.each([
  ['no name', {}, 'name', /text/],
  ['a number as name', { name: 1 }, 'name', /text/],
  ['an unknown key', { name: 'x', methods: ['read'] }, '', /"methods"/],
  ['an unknown config key', { name: 'x', config: { method: ['read'] } }, 'config', /"method"/],
  ['config null', { name: 'x', config: null }, 'config', /object/],
  ['readonly', { name: 'x', config: { methods: ['readonly'] } }, 'config.methods', /use "read"/],
  ['an unknown method', { name: 'x', config: { methods: ['lst'] } }, 'config.methods', /"list"/],
  ['no method', { name: 'x', config: { methods: [] } }, 'config', /no tool matches/],
  ['an unknown tag', { name: 'x', config: { tags: ['paymnts'] } }, 'config.tags', /did you mean "payments"/],
  [
    'methods and tags that never meet',
    { name: 'x', config: { methods: ['bulk_create'], tags: ['payments'] } },
    'config',
    /no tool matches/,
  ],
  ['an expiry in 59 s', { name: 'x', expires_at: inSeconds(59) }, 'expires_at', /60 seconds/],
  ['a date', { name: 'x', expires_at: '2030-01-01' }, 'expires_at', /ISO/],
  ['a number as expiry', { name: 'x', expires_at: 1_900_000_000 }, 'expires_at', /ISO/],
])('%s is a 400 that says where, and creates nothing', async (_, body, where, words) => {
  const refused = await create(body)
  expect(refused.status).toBe(400)
  expect(refused.body).toMatchObject({ statusCode: 400, error: 'Bad Request' })
  expect(refused.body.details.failures[0]).toEqual({ path: where, message: expect.stringMatching(words) })
  expect((await call('GET', path)).body.result).toEqual([])
})

test('servers are listed newest first, page by page', async () => {
  const made: string[] = []
  for (const name of ['a', 'b', 'c']) made.unshift((await create({ name })).body.id)
  const first = (await call('GET', `${path}?limit=2`)).body
  const second = (await call('GET', `${path}?limit=2&next_cursor=${first.next_cursor}`)).body
  expect([...first.result, ...second.result].map(({ id }) => id)).toEqual(made)
  expect(second.next_cursor).toBeNull()
})

test('PATCH merges config key by key and keeps the token', async () => {
  const config = { methods: ['read', 'write'], tags: ['payments', 'invoices'] }
  const { id, token } = (await create({ name: 'x', config })).body
  const { status, body } = await call('PATCH', `${path}/${id}`, { body: { config: { tags: ['invoices'] } } })
  expect([status, body.config]).toEqual([200, { methods: ['read', 'write'], tags: ['invoices'] }])
  expect(Object.keys(body)).not.toContain('token')
  expect((await admitted(env, token))?.server.config).toEqual(body.config)
  const renamed = await call('PATCH', `${path}/${id}`, { body: { name: 'y' } })
  expect(renamed.body).toMatchObject({ name: 'y', config: body.config })
})

test('PATCH sets and clears the expiry under the same rule', async () => {
  const { id } = (await create({ name: 'x' })).body
  const expires_at = inSeconds(120)
  const patch = (body: unknown) => call('PATCH', `${path}/${id}`, { body })
  expect((await patch({ expires_at })).body.expires_at).toBe(expires_at)
  expect((await patch({ expires_at: inSeconds(30) })).status).toBe(400)
  expect((await patch({ name: 'y' })).body.expires_at).toBe(expires_at)
  expect((await patch({ expires_at: null })).body.expires_at).toBeNull()
})

test('PATCH refuses a filter that shows nothing, an empty change and unknown keys', async () => {
  const { id } = (await create({ name: 'x', config: { tags: ['payments'] } })).body
  for (const body of [
    { config: { methods: ['bulk_create'] } },
    {},
    { token: 'x' },
    { id },
    { config: { x: 1 } },
  ])
    expect((await call('PATCH', `${path}/${id}`, { body })).status).toBe(400)
  expect((await call('GET', `${path}/${id}`)).body.config).toEqual({ tags: ['payments'] })
})

test('a deleted server is dead at once and answers its id', async () => {
  const { id, token } = (await create({ name: 'x' })).body
  const { status, body } = await call('DELETE', `${path}/${id}`)
  expect([status, body]).toEqual([200, { id }])
  expect(await admitted(env, token)).toBeNull()
  expect((await call('DELETE', `${path}/${id}`)).status).toBe(404)
  expect((await call('GET', `${path}/${id}`)).status).toBe(404)
})

test("another account's server is unknown", async () => {
  const { id, token } = (await create({ name: 'x' })).body
  const other = `/integrated-account/${await connect()}/mcp/${id}`
  for (const method of ['GET', 'DELETE']) expect((await call(method, other)).status).toBe(404)
  expect((await call('PATCH', other, { body: { name: 'y' } })).status).toBe(404)
  expect(await admitted(env, token)).not.toBeNull()
})

test.each(['not-a-uuid', crypto.randomUUID()])(
  'nothing is created on or listed of account %s',
  async (id) => {
    const created = await call('POST', `/integrated-account/${id}/mcp`, { body: { name: 'x' } })
    expect(created.body).toMatchObject({ statusCode: 404, error: 'Not Found' })
    expect((await call('GET', `/integrated-account/${id}/mcp`)).status).toBe(404)
  },
)
