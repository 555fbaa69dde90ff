/** The state that ties a form to its call: good for its own server, for ten minutes, and only as it was signed. */
import { afterEach, expect, test, vi } from 'vitest'
import type { Env } from '../../src/core/env.ts'
import { roundsOf } from '../../src/mcp/server/rounds.ts'

const env = { TOKEN_PEPPER: 'A'.repeat(43) } as Env
const other = { TOKEN_PEPPER: 'B'.repeat(43) } as Env
const STATE = { key: 'a-key-of-a-write', fingerprint: 'ff00' }

afterEach(() => void vi.useRealTimers())

test('comes back as it went, to the server that gave it', async () => {
  const text = await roundsOf(env, 'server-1').mint(STATE)
  expect(await roundsOf(env, 'server-1').verify(text)).toEqual(STATE)
  await expect(roundsOf(env, 'server-2').verify(text)).rejects.toThrow()
  await expect(roundsOf(other, 'server-1').verify(text)).rejects.toThrow()
})

test.each([
  [599, true],
  [601, false],
])('after %i seconds', async (seconds, good) => {
  vi.useFakeTimers({ toFake: ['Date'] })
  const text = await roundsOf(env, 'server-1').mint(STATE)
  vi.setSystemTime(Date.now() + seconds * 1_000)
  const verifying = roundsOf(env, 'server-1').verify(text)
  await (good ? expect(verifying).resolves.toEqual(STATE) : expect(verifying).rejects.toThrow())
})
