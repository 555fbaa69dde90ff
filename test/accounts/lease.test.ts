/** What an account relies on of the deployment's kill switch and of who may act, and for how long. */
import { expect, test } from 'vitest'
import type { Authority } from '../../src/account/authority.ts'
import { AuthorityLease, LEASE_MS } from '../../src/account/lease.ts'
import type { Env } from '../../src/core/env.ts'
import type { CallerRef } from '../../src/rules/admission.ts'

const NOBODY = {
  stop: null,
  second_person_for_settings: false,
  one_person: null,
  decider: null,
  callerIssuers: [],
  callerIdentity: null,
}

/** A directory that answers what it is told to, after so many milliseconds of its own clock. */
const deployment = (takes = 0) => {
  const state = { now: 1_000_000, stopped: false, callerMayUse: true, asked: 0, fails: false }
  const readAuthority = async (): Promise<Authority> => {
    state.asked++
    const { stopped, fails, callerMayUse } = state
    await Promise.resolve()
    state.now += takes
    if (fails) throw new Error('away')
    return { ...NOBODY, writes_stopped: stopped, callerMayUse }
  }
  const DIRECTORY = { idFromName: () => 'id', get: () => ({ readAuthority }) } as unknown as Env['DIRECTORY']
  const seen = new AuthorityLease({ DIRECTORY })
  const read = (caller: CallerRef | null) =>
    seen.read({ accountId: 'a', caller, decider: null }, () => state.now)
  const ask = async () => (await read(null)).writes_stopped
  const mayUse = async () => (await read({ token: 't', person: null })).callerMayUse
  return { state, ask, mayUse }
}

test('a thousand at once ask once, and again after a second', async () => {
  const { state, ask } = deployment()
  const all = await Promise.all(Array.from({ length: 1_000 }, ask))
  expect([new Set(all), state.asked]).toEqual([new Set([false]), 1])
  state.now += LEASE_MS - 1
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
  const { state, ask } = deployment(LEASE_MS)
  await expect(ask()).rejects.toThrow('could not be read in time')
  expect(state.asked).toBe(3)
  state.stopped = true
  expect(await ask()).toBe(true)
})

test('that somebody may call is relied on for the lease; that they may not is asked anew', async () => {
  const { state, mayUse } = deployment()
  expect([await mayUse(), state.asked]).toEqual([true, 1])
  state.callerMayUse = false
  state.now += LEASE_MS - 1
  expect([await mayUse(), state.asked]).toEqual([true, 1])
  state.now += 1
  expect([await mayUse(), state.asked]).toEqual([false, 2])
  state.callerMayUse = true
  expect([await mayUse(), state.asked]).toEqual([true, 3])
})
