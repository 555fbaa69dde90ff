/** The oracle of the timelines passes a guard that is right, and sees each fault that is planted in it. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { times } from '../../../support/size.ts'
import { ModelClock } from '../finexio/clock.ts'
import { attackCount, attacks } from './attacks.ts'
import { honest, isUnchanged } from './honest.ts'
import { FAULTS, type Planted, Reference } from './reference.ts'
import { Player } from './run.ts'
import type { Timeline } from './types.ts'
import { World } from './world.ts'

const NOON = Date.parse('2026-11-30T12:00:00Z')
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve))
}
const play = (timeline: Timeline, planted: Planted | null) => {
  const clock = new ModelClock(NOON)
  const world = new World(clock)
  return new Player(new Reference(world, planted), world, clock, settle, isUnchanged).play(timeline)
}
const drawn = <Of>(from: fc.Arbitrary<Of>, count: number, seed: number) =>
  fc.sample(from, { numRuns: count, seed })

test('a guard that is right lets no attack through, and tells when money is under way', async () => {
  const all = drawn(attacks, times(80, 1_000), 1)
  for (const timeline of all) {
    const { stolen, silent, fooled } = await play(timeline, null)
    expect({ timeline, stolen, silent, fooled }).toEqual({ timeline, stolen: [], silent: [], fooled: 0 })
  }
  expect(new Set(all.map(({ name }) => name)).size).toBe(attackCount)
})

test('a guard that is right holds nobody back whom nobody changed', async () => {
  const seen = await Promise.all(drawn(honest, times(40, 300), 2).map((timeline) => play(timeline, null)))
  expect(seen.flatMap(({ heldBack }) => heldBack)).toEqual([])
  expect(seen.reduce((sum, { total }) => sum + total, 0)).toBeGreaterThan(100)
})

test.each(FAULTS)('a guard that is wrong is seen: %s', async (planted) => {
  const seen = await Promise.all(drawn(attacks, 150, 3).map((timeline) => play(timeline, planted)))
  const wrong = seen.filter(({ stolen, silent, fooled }) => stolen.length + silent.length + fooled > 0)
  expect(wrong.length).toBeGreaterThan(0)
})
