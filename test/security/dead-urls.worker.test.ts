/** With a clock that can be moved: an expired URL answers like one that never was. */
import { afterEach, expect, test, vi } from 'vitest'
import { handler } from '../../src/app.ts'
import { mintToken } from '../../src/rules/mcp-token.ts'
import { call, connect, env, fakeFinexio } from '../api/support.ts'
import { legacy, modern } from '../mcp/fake.ts'

afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

const ctx = { waitUntil: () => {}, passThroughOnException: () => {} } as unknown as ExecutionContext

/** Status, headers and body as one text; the request id differs between any two answers. */
const answerOf = async (url: string, init: RequestInit) => {
  const response = (await handler.fetch!(new Request(url, init) as never, env, ctx)) as Response
  const headers = [...response.headers].filter(([name]) => name !== 'x-request-id')
  return JSON.stringify([response.status, headers, await response.text()])
}

test('malformed, unknown, expired, revoked and erased URLs answer with the same bytes', async () => {
  fakeFinexio()
  const start = Date.now()
  const account = await connect()
  const path = `/integrated-account/${account}/mcp`
  const make = async (more: object = {}) => (await call('POST', path, { body: { name: 'x', ...more } })).body
  const expires_at = new Date(start + 90_000).toISOString()
  const [expired, cleaned, revoked] = [await make({ expires_at }), await make({ expires_at }), await make()]
  await call('DELETE', `${path}/${revoked.id}`)
  const erased = await connect()
  const gone = (await call('POST', `/integrated-account/${erased}/mcp`, { body: { name: 'x' } })).body
  await call('DELETE', `/integrated-account/${erased}`)
  const origin = new URL(expired.url).origin
  const list = legacy('tools/list')
  expect(await answerOf(expired.url, list)).toContain('[200,')
  vi.useFakeTimers({ toFake: ['Date'] })
  vi.setSystemTime(start + 90_000)
  // What the alarm would do, so that one of the two expired servers is gone from the table as well.
  await call('DELETE', `${path}/${cleaned.id}`)
  const urls = [
    ...[expired.url, cleaned.url, revoked.url, gone.url],
    ...[mintToken(account), mintToken(crypto.randomUUID()), 'x', expired.token.slice(0, -1)].map(
      (token) => `${origin}/mcp/${token}`,
    ),
  ]
  for (const init of [list, modern('tools/list'), legacy('tools/call', { name: 'x' }), { method: 'GET' }]) {
    const answers = new Set(await Promise.all(urls.map((url) => answerOf(url, init))))
    expect([...answers]).toEqual([expect.stringMatching(/^\[404,/)])
  }
})
