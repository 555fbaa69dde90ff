import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type LimiterState,
  type OwnLimit,
  ownLimit,
  SourceLimits,
  take,
} from '../../src/account/door/limiter.ts'
import { ConfigurationFault } from '../../src/core/keys.ts'

const START = 1_790_000_000_000

describe('the setting OWN_LIMIT', () => {
  test.each([undefined, '', ' '])('%j is the default of 50 per 10 seconds', (setting) => {
    expect(ownLimit(setting)).toEqual({ limit: 50, windowSeconds: 10 })
  })

  test('names calls and seconds, or is off', () => {
    expect(ownLimit('3/60')).toEqual({ limit: 3, windowSeconds: 60 })
    expect(ownLimit(' 9999/1 ')).toEqual({ limit: 9999, windowSeconds: 1 })
    expect(ownLimit('off')).toBeNull()
  })

  test.each([
    '50',
    '0/10',
    '50/0',
    '-1/10',
    '50/10s',
    '50 / 10',
    '5e1/10',
    '10000/1',
    '1/10000',
    'OFF',
    'none',
    '1/1/1',
    '٥/1',
  ])('"%s" is refused with the name of the setting', (setting) => {
    expect(() => ownLimit(setting)).toThrow(ConfigurationFault)
    expect(() => ownLimit(setting)).toThrow(/^OWN_LIMIT must be .*50\/10/)
  })
})

const rules = fc.record({
  limit: fc.integer({ min: 1, max: 20 }),
  windowSeconds: fc.integer({ min: 1, max: 15 }),
})
const gaps = fc.array(fc.integer({ min: 0, max: 4_000 }), { minLength: 1, maxLength: 150 })

/** Plays calls with the given milliseconds between them. */
const play = (steps: readonly number[], rule: OwnLimit, start = START) => {
  let state: LimiterState = []
  let now = start
  return steps.map((gap) => {
    now += gap
    const taken = take(state, now, rule)
    state = taken.state
    return { now, state, verdict: taken.verdict }
  })
}

describe('counting', () => {
  test('the 51st call within 10 seconds is refused with the seconds to wait', () => {
    const calls = play([...Array(50).fill(100), 0], { limit: 50, windowSeconds: 10 })
    expect(calls[49]!.verdict).toEqual({ allowed: true, remaining: 0 })
    // The first call came 4.9 seconds ago.
    expect(calls[50]!.verdict).toEqual({ allowed: false, limit: 50, remaining: 0, reset: 6 })
  })

  test('never more than the limit in any window, wherever the window starts', () => {
    fc.assert(
      fc.property(gaps, rules, (steps, rule) => {
        const passed = play(steps, rule)
          .filter(({ verdict }) => verdict.allowed)
          .map(({ now }) => now)
        for (const start of passed) {
          const end = start + rule.windowSeconds * 1000
          const within = passed.filter((time) => time >= start && time < end)
          expect(within.length).toBeLessThanOrEqual(rule.limit)
        }
      }),
    )
  })

  test('waiting as long as was answered always helps, and a second less was not enough', () => {
    fc.assert(
      fc.property(gaps, rules, (steps, rule) => {
        for (const { now, state, verdict } of play(steps, rule)) {
          if (verdict.allowed) continue
          expect(verdict.reset).toBeGreaterThanOrEqual(1)
          expect(verdict.reset).toBeLessThanOrEqual(rule.windowSeconds)
          expect(take(state, now + verdict.reset * 1000, rule).verdict.allowed).toBe(true)
          expect(take(state, now + (verdict.reset - 1) * 1000, rule).verdict.allowed).toBe(false)
        }
      }),
    )
  })

  test('remaining is what a burst may still do', () => {
    fc.assert(
      fc.property(gaps, rules, (steps, rule) => {
        const { now, state, verdict } = play(steps, rule).at(-1)!
        const burst = play(Array(rule.limit + 1).fill(0), rule).length
        let left = 0
        let after = state
        for (let count = 0; count < burst; count++) {
          const next = take(after, now, rule)
          after = next.state
          if (next.verdict.allowed) left++
        }
        expect(left).toBe(verdict.remaining)
      }),
    )
  })

  test('a burst of one account says nothing of another: each has a state of its own, left as it was', () => {
    fc.assert(
      fc.property(gaps, gaps, rules, (mine, theirs, rule) => {
        const alone = play(mine, rule)
        const before = structuredClone(alone)
        play(theirs, rule)
        expect(play(mine, rule)).toEqual(alone)
        expect(alone).toEqual(before)
      }),
    )
  })

  test('the state never holds more than the limit', () => {
    fc.assert(
      fc.property(gaps, rules, (steps, rule) => {
        for (const { state } of play(steps, rule)) expect(state.length).toBeLessThanOrEqual(rule.limit)
      }),
    )
  })

  test('a lowered limit holds at once', () => {
    const state = play(Array(50).fill(100), { limit: 50, windowSeconds: 10 }).at(-1)!
    const lowered = { limit: 5, windowSeconds: 10 }
    const { verdict } = take(state.state, state.now, lowered)
    expect(verdict).toMatchObject({ allowed: false, limit: 5, reset: 10 })
  })

  test('a clock set back by an hour does not lock for an hour', () => {
    const rule = { limit: 2, windowSeconds: 10 }
    const { state } = play([0, 0], rule).at(-1)!
    expect(take(state, START - 3_600_000, rule).verdict.allowed).toBe(true)
  })
})

test('each source is counted alone, those beyond a thousand together, and idle ones are forgotten', () => {
  const limits = new SourceLimits({ limit: 2, windowSeconds: 60 })
  const allowed = (source: string, now: number) => limits.take(source, now).allowed
  expect([allowed('a', 0), allowed('a', 1), allowed('a', 2), allowed('b', 2)]).toEqual([
    true,
    true,
    false,
    true,
  ])
  for (let at = 2; at < 1_000; at++) expect(allowed(`source ${at}`, 3)).toBe(true)
  expect(['x', 'y', 'z'].map((source) => allowed(source, 4))).toEqual([true, true, false])
  expect([allowed('a', 5), allowed('source 9', 5)]).toEqual([false, true])
  expect(['x', 'y', 'z'].map((source) => allowed(source, 60_003))).toEqual([true, true, true])
})
