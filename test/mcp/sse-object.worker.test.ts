/** The object of a token's streams in workerd, where its clock can be moved. */

import { runInDurableObject } from 'cloudflare:test'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { accountObject, serversOf } from '../../src/account/account-stub.ts'
import type { SseStreamObject } from '../../src/mcp/transport/sse-object.ts'
import { IDLE_MS, type Opening } from '../../src/mcp/transport/sse-streams.ts'
import { env, makeAccount, makeServer } from '../accounts/support.ts'

const TICK_MS = 30_000

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date', 'setInterval', 'clearInterval'] })
})
afterEach(() => {
  vi.useRealTimers()
})

const open = async (expires_at: number | null = null) => {
  const { id: account } = await makeAccount()
  const { id: server, token } = await makeServer(account, expires_at)
  const streams = env.SSE_STREAMS as DurableObjectNamespace<SseStreamObject>
  const object = streams.get(streams.idFromName(token))
  const opening: Opening = { token, bearer: null, caller: 'url', base: 'sse/' }
  const response = await object.fetch('http://stream.test/', {
    method: 'POST',
    body: JSON.stringify(opening),
  })
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
  const next = async () => (await reader.read()).value
  const id = (await next())!.split('data: sse/')[1]!.trim()
  /** Moves the clock inside the object, where its timer lives. */
  const pass = (ms: number) => runInDurableObject(object, () => void vi.advanceTimersByTime(ms))
  const alive = () => object.deliver(id, '{}')
  return { alive, account, server, next, pass }
}

test('a stream is kept alive, and closed within 30 seconds of its revocation', async () => {
  const { account, server, next, pass } = await open()
  await pass(TICK_MS)
  expect(await next()).toBe(': keep-alive\n\n')
  await serversOf(accountObject(env, account)).delete(server)
  await pass(TICK_MS)
  expect(await next()).toBeUndefined()
})

test('a stream is closed within 30 seconds of its expiry', async () => {
  const { next, pass } = await open(Date.now() + 60_000)
  await pass(TICK_MS)
  expect(await next()).toBe(': keep-alive\n\n')
  await pass(TICK_MS)
  expect(await next()).toBeUndefined()
})

test('a stream without messages is closed after 15 minutes', async () => {
  const { alive, next, pass } = await open()
  await pass(IDLE_MS - TICK_MS)
  expect(await next()).toMatch(/^(: keep-alive\n\n)+$/)
  await pass(TICK_MS)
  let last: string | undefined = ''
  while (last !== undefined) last = await next()
  expect(await alive()).toBe(false)
})
