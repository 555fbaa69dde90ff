/** How long a caller is told to wait (fault F15). At b8f2a26: "Wait 0 s", "Wait 999999 s". */
import { expect, test } from 'vitest'
import { createFinexio } from '../../src/finexio/client.ts'
import { explain } from '../../src/finexio/explain.ts'
import type { FinexioFailure } from '../../src/finexio/failure.ts'

const throttledBy = async (headers: Record<string, string>): Promise<FinexioFailure> => {
  const finexio = createFinexio({
    baseUrl: 'https://api.test/v2',
    credentials: { username: 'u', password: 'p' },
    fetch: async () => new Response('', { status: 429, headers }),
  })
  const sent = finexio.send({ verb: 'GET', path: '/x/', template: '/x/', effect: 'read' })
  return sent.then(
    () => expect.unreachable('it was throttled'),
    (fault: FinexioFailure) => fault,
  )
}

test.each([
  ['0', 1],
  ['Thu, 01 Jan 2015 00:00:00 GMT', 1],
  ['1', 1],
  ['45', 45],
  ['3600', 3600],
])('Retry-After: %s is at least a second', async (value, seconds) => {
  const failure = await throttledBy({ 'retry-after': value })
  expect([failure.retryAfter, explain(failure).includes(`Wait ${seconds} s before`)]).toEqual([seconds, true])
})

test.each(['3601', '86400', '999999', '99999999999'])('Retry-After: %s is said as a time', async (value) => {
  const words = explain(await throttledBy({ 'retry-after': value }))
  expect(words).toMatch(
    /Wait about [\d,]+ hours?(, until \d{4,}-\d\d-\d\dT\d\d:\d\dZ,)? before|It did not say/,
  )
  expect(words).not.toMatch(/Wait \d+ s/)
})

test('a reset of 0 without Retry-After', async () => {
  const failure = await throttledBy({
    'ratelimit-limit': '10',
    'ratelimit-remaining': '0',
    'ratelimit-reset': '0',
  })
  expect(explain(failure)).toContain('Wait 1 s before')
})
