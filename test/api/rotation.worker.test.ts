import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { admitted } from '../support/admitted.ts'
import { call, connect, env, fakeFinexio } from './support.ts'

let path: string
let server: { id: string; token: string; url: string; config: object }
beforeEach(async () => {
  fakeFinexio()
  path = `/integrated-account/${await connect()}/mcp`
  server = (await call('POST', path, { body: { name: 'x', config: { tags: ['payments'] } } })).body
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

const rotate = (body?: unknown) => call('POST', `${path}/${server.id}/rotate`, { body })
const lives = async (token: string) => (await admitted(env, token))?.server.id === server.id

test('rotating gives a new token at once and keeps everything else', async () => {
  const { status, body } = await rotate()
  const { token, url, overlap_ends_at, ...shown } = body
  expect([status, overlap_ends_at]).toEqual([200, null])
  expect(url).toBe(`https://mcp.test/mcp/${token}`)
  expect(shown).toMatchObject({ id: server.id, config: server.config })
  expect((await call('GET', `${path}/${server.id}`)).body).toEqual({
    ...shown,
  })
  expect([await lives(server.token), await lives(token)]).toEqual([false, true])
})

test('with an overlap both tokens work until it ends', async () => {
  const start = Date.now()
  const { body } = await rotate({ overlap_seconds: 120 })
  const ends = Date.parse(body.overlap_ends_at)
  expect(ends).toBeGreaterThanOrEqual(start + 120_000)
  expect([await lives(server.token), await lives(body.token)]).toEqual([true, true])
  vi.useFakeTimers({ toFake: ['Date'] })
  vi.setSystemTime(ends)
  expect([await lives(server.token), await lives(body.token)]).toEqual([false, true])
})

test('a second rotation without overlap ends every token before it', async () => {
  const second = (await rotate({ overlap_seconds: 3600 })).body.token
  const third = (await rotate({})).body.token
  expect([await lives(server.token), await lives(second), await lives(third)]).toEqual([false, false, true])
})

test('tokens in overlap end with their server', async () => {
  const { token } = (await rotate({ overlap_seconds: 3600 })).body
  await call('DELETE', `${path}/${server.id}`)
  expect([await lives(server.token), await lives(token)]).toEqual([false, false])
  expect(await admitted(env, server.token)).toBeNull()
})

test.each([
  { overlap_seconds: -1 },
  { overlap_seconds: 604_801 },
  { overlap_seconds: '60' },
  { overlap: 60 },
])('rotating with %j is a 400 and changes nothing', async (body) => {
  expect((await rotate(body)).status).toBe(400)
  expect(await lives(server.token)).toBe(true)
})

test('an unknown server cannot be rotated', async () => {
  expect((await call('POST', `${path}/${crypto.randomUUID()}/rotate`)).status).toBe(404)
})

test('null removes a key of config, and wrong settings lose no token', async () => {
  const changed = await call('PATCH', `${path}/${server.id}`, {
    body: { config: { tags: null, text_format: 'json' } },
  })
  expect(changed.body.config).toEqual({ text_format: 'json' })
  const before = (await call('GET', path)).body.result.length
  const failed = await call('POST', path, { body: { name: 'y' } }, { ...env, PUBLIC_URL: 'not an address' })
  expect([failed.status, failed.body.message]).toEqual([500, expect.stringMatching(/PUBLIC_URL/)])
  expect((await call('GET', path)).body.result.length).toBe(before)
})

test('a prototype is no key of config', async () => {
  const raw = '{"name":"x","config":{"__proto__":{"methods":["write"]}}}'
  expect((await call('POST', path, { raw })).status).toBe(400)
})
