/**
 * Calls of one account that are under way (fault H4). At commit b8f2a26 1,000 connections to one account were all served: p50 1.6 s,
 * memory to 984 MB.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { callsAtOnce, ownLimits } from '../../src/account/door/limiter.ts'
import { OwnLimits } from '../../src/account/door/own-limits.ts'
import { PLACE_MS, Places } from '../../src/account/door/places.ts'
import { TOOL_TIME_MS } from '../../src/tools/tool.ts'
import { runs } from '../support/size.ts'

const T = Date.parse('2026-11-30T12:00:00Z')

/** Takes a place where there is one. */
const enter = (places: Places, bound: number, now: number): string | null =>
  places.wait(bound, now) === null ? places.take(now) : null

const filled = (bound: number, now = T) => {
  const places = new Places()
  const ids = Array.from({ length: bound }, () => enter(places, bound, now))
  return { places, ids: ids as string[] }
}

test('the setting: 50 where nothing is said, off, and what is no number is named', () => {
  for (const empty of [undefined, '', ' ']) expect(callsAtOnce(empty)).toBe(50)
  expect([callsAtOnce('1'), callsAtOnce(' 9999 '), callsAtOnce('off')]).toEqual([1, 9999, null])
  for (const wrong of ['0', '-1', '1.5', '10000', '50/10', 'OFF', 'many', '0x10'])
    expect(() => ownLimits({ OWN_CALLS_AT_ONCE: wrong })).toThrow(/^OWN_CALLS_AT_ONCE must be/)
})

describe('room', () => {
  test('so many calls and not one more; each that ends lets one in', () => {
    const { places, ids } = filled(3)
    expect(ids).toHaveLength(3)
    expect(enter(places, 3, T)).toBeNull()
    places.leave(ids[1]!)
    expect(enter(places, 3, T)).not.toBeNull()
    expect(enter(places, 3, T)).toBeNull()
  })

  test('a place given back twice, to another object or by nobody frees no other call', () => {
    const { places, ids } = filled(2)
    places.leave(ids[0]!)
    for (let again = 0; again < 5; again++) places.leave(ids[0]!)
    places.leave('unknown')
    expect(enter(places, 2, T)).not.toBeNull()
    expect(enter(places, 2, T)).toBeNull()
    // An object that was evicted starts with room for all, and a late return is nothing to it.
    const { places: fresh } = filled(2)
    places.leave(ids[1]!)
    fresh.leave(ids[1]!)
    expect(enter(fresh, 2, T)).toBeNull()
  })

  test('what was never given back ends after a minute, which no call lasts; whoever still runs is not disturbed', () => {
    expect(PLACE_MS).toBeGreaterThan(TOOL_TIME_MS)
    const { places } = filled(2)
    expect(enter(places, 2, T + PLACE_MS - 1)).toBeNull()
    expect(enter(places, 2, T + PLACE_MS)).not.toBeNull()
    expect(enter(places, 2, T + PLACE_MS)).not.toBeNull()
    expect(enter(places, 2, T + PLACE_MS)).toBeNull()
  })

  test('a clock that was set back or forth locks nobody out for longer than that', () => {
    for (const jump of [-10 * 365 * 86_400_000, -PLACE_MS, PLACE_MS, 10 * 365 * 86_400_000])
      expect(enter(filled(2).places, 2, T + jump)).not.toBeNull()
  })

  type Step = { leave: boolean; pick: number; wait: number }

  /** The most that were under way, and how many find room once all have left. */
  const played = (bound: number, steps: readonly Step[]) => {
    const places = new Places()
    const inside: string[] = []
    let [now, most] = [T, 0]
    for (const { leave, pick, wait } of steps) {
      now += wait
      if (leave) for (const gone of inside.splice(pick % (inside.length || 1), 1)) places.leave(gone)
      else inside.push(...[enter(places, bound, now)].filter((id) => id !== null))
      most = Math.max(most, inside.length)
    }
    for (const id of inside) places.leave(id)
    const after = Array.from({ length: bound + 1 }, () => enter(places, bound, now))
    return { most, room: after.filter((id) => id !== null).length }
  }

  test('whatever comes and goes, there are never more under way than the bound, and room for all in the end', () => {
    const step = fc.record({ leave: fc.boolean(), pick: fc.nat(20), wait: fc.nat(500) })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.array(step, { maxLength: 80 }), (bound, steps) => {
        const { most, room } = played(bound, steps)
        return most <= bound && room === bound
      }),
      runs(500),
    )
  })
})

describe('when to come back', () => {
  test('a crowd is told different seconds, so many each as may be under way, and nobody more than ten', () => {
    const { places } = filled(50)
    const told = Array.from({ length: 950 }, () => places.wait(50, T)!)
    const counted = Map.groupBy(told, (seconds) => seconds)
    expect([...counted.keys()]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    for (let seconds = 1; seconds < 10; seconds++) expect(counted.get(seconds)).toHaveLength(50)
  })

  test('who comes alone is told one second, also after a crowd and when the clock was set back', () => {
    const { places, ids } = filled(1)
    for (let one = 0; one < 100; one++) places.wait(1, T)
    expect(places.wait(1, T + 30_000)).toBe(1)
    expect(places.wait(1, T + 40_000)).toBe(1)
    places.leave(ids[0]!)
    places.take(T - 3_600_000)
    expect(places.wait(1, T - 3_600_000)).toBeLessThanOrEqual(10)
  })
})

describe('beside the other limits', () => {
  const calls = { limit: 2, windowSeconds: 60 }

  test('a call that finds no place uses up nothing else, and one over another limit takes no place', () => {
    const limits = new OwnLimits()
    const first = limits.take({ calls, requests: null, at_once: 1 }, T) as { place: string }
    for (let time = 0; time < 5; time++)
      expect(limits.take({ calls, requests: null, at_once: 1 }, T)).toMatchObject({
        refused: { counted: 'at_once', limit: 1, remaining: 0 },
      })
    limits.leave(first.place)
    const second = limits.take({ calls, requests: null, at_once: 1 }, T) as { place: string }
    limits.leave(second.place)
    for (let time = 0; time < 5; time++)
      expect(limits.take({ calls, requests: null, at_once: 1 }, T)).toMatchObject({
        refused: { counted: 'calls' },
      })
    expect(limits.take({ calls: null, requests: null, at_once: 1 }, T)).toHaveProperty('place')
  })

  test('where it is off no call holds a place', () => {
    const limits = new OwnLimits()
    expect(limits.take({ calls: null, requests: null, at_once: null }, T)).toEqual({})
    limits.leave(undefined)
  })
})
