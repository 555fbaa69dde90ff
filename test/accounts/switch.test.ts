/** What an account believes of the deployment's kill switch, and for how long. */
import { expect, test } from 'vitest'
import { DeploymentSwitch, SWITCH_LEASE_MS } from '../../src/account/switch.ts'
import type { Env } from '../../src/core/env.ts'

/** A directory that gives the answers in turn, after so many milliseconds of its own clock. */
const deployment = (takes = 0) => {
  const state = { now: 1_000_000, stopped: false, asked: 0, fails: false }
  const writesStopped = async () => {
    state.asked++
    const { stopped, fails } = state
    await Promise.resolve()
    state.now += takes
    if (fails) throw new Error('away')
    return stopped
  }
  const DIRECTORY = { idFromName: () => 'id', get: () => ({ writesStopped }) } as unknown as Env['DIRECTORY']
  const seen = new DeploymentSwitch({ DIRECTORY })
  return { state, ask: () => seen.isStopped(() => state.now) }
}

test('a thousand at once ask once, and again after a second', async () => {
  const { state, ask } = deployment()
  const all = await Promise.all(Array.from({ length: 1_000 }, ask))
  expect([new Set(all), state.asked]).toEqual([new Set([false]), 1])
  state.now += SWITCH_LEASE_MS - 1
  expect([await ask(), state.asked]).toEqual([false, 1])
  state.stopped = true
  state.now += 1
  expect([await ask(), state.asked]).toEqual([true, 2])
})

test('that it is on is not remembered: released, the next write goes', async () => {
  const { state, ask } = deployment()
  state.stopped = true
  expect(await ask()).toBe(true)
  state.stopped = false
  expect(await ask()).toBe(false)
})

test('no answer lets nothing through, and is asked for anew', async () => {
  const { state, ask } = deployment()
  state.fails = true
  await expect(ask()).rejects.toThrow('away')
  state.fails = false
  expect(await ask()).toBe(false)
})

test('an answer that took longer than it holds is not believed', async () => {
  const { state, ask } = deployment(SWITCH_LEASE_MS)
  await expect(ask()).rejects.toThrow('could not be read in time')
  expect(state.asked).toBe(3)
  state.stopped = true
  expect(await ask()).toBe(true)
})
