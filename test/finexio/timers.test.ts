/**
 * No timer outlives the request that it bounds. Seen at commit b8f2a26: each call left one of 30 seconds (`AbortSignal.timeout` cannot be
 * cleared), 10,000 in 30 seconds of a busy account, with all that waited on it.
 */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { deliver } from '../../src/account/notify/deliver.ts'
import { push } from '../../src/account/push/collector.ts'
import type { Env } from '../../src/core/env.ts'
import { within } from '../../src/core/time.ts'
import { createFinexio } from '../../src/finexio/client.ts'
import { optionsFor } from '../../src/identity/provider/requests.ts'
import { lookAtDocument } from '../../src/oauth/documents.ts'

const URL_OF_NOBODY = 'https://nobody.example/x'
const env = {
  NOTIFY_URL: URL_OF_NOBODY,
  NOTIFY_SECRET: `whsec_${btoa('x'.repeat(32))}`,
  LOG_PUSH_URL: URL_OF_NOBODY,
} as Env
const finexio = createFinexio({ baseUrl: URL_OF_NOBODY, credentials: { username: 'a', password: 'b' } })
const read = { verb: 'GET', path: '/x/', template: '/x/', effect: 'read' } as const
const message = { id: 'm', type: 'test', at: 0, data: {} } as never

/** Every request that has a time of its own. */
const REQUESTS: Record<string, () => Promise<unknown>> = {
  'a read of Finexio': () => finexio.send(read),
  'a notification': () => deliver(env, message, 0),
  'a push': () => push(env, '{}'),
  'one to a provider of sign-ins': () => {
    const options = optionsFor(URL_OF_NOBODY, 5_000)
    return Object.getOwnPropertySymbols(options)
      .map((symbol) => options[symbol as never] as unknown)
      .filter((value) => typeof value === 'function')
      .map((send) => send(URL_OF_NOBODY, {}))[0] as Promise<unknown>
  },
  'a look at a document': () => lookAtDocument(URL_OF_NOBODY, 'https://own.example'),
}

const answers: Record<string, () => Promise<Response>> = {
  'an answer': async () => Response.json({}),
  'a refusal': async () => Response.json({}, { status: 429 }),
  'a broken connection': async () => Promise.reject(new TypeError('broken')),
}

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

const each = Object.keys(REQUESTS).flatMap((name) =>
  Object.keys(answers).map((answer) => [name, answer] as const),
)

test.each(each)('%s leaves no timer after %s', async (name, answer) => {
  const timers: number[] = []
  vi.stubGlobal('fetch', () => {
    timers.push(vi.getTimerCount())
    return answers[answer]!()
  })
  await REQUESTS[name]!().catch(() => {})
  expect([timers, vi.getTimerCount()]).toEqual([[1], 0])
})

test('what takes too long is ended, and said to have been', async () => {
  const never = within(
    1_000,
    (deadline) =>
      new Promise((_, reject) => deadline.addEventListener('abort', () => reject(deadline.reason))),
  )
  const ended = expect(never).rejects.toMatchObject({ name: 'TimeoutError' })
  await vi.advanceTimersByTimeAsync(1_000)
  await ended
  expect(vi.getTimerCount()).toBe(0)
})

test('nothing else of the product waits by a timer that cannot be cleared', () => {
  const folder = join(import.meta.dirname, '../../src')
  const found = globSync('**/*.{ts,tsx}', { cwd: folder }).filter((file) =>
    readFileSync(join(folder, file), 'utf8').includes('signal: AbortSignal.timeout'),
  )
  expect(found).toEqual([])
})
