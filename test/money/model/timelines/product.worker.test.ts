/** Timelines of attack and of honest work on the product. */
import fc from 'fast-check'
import { afterEach, expect, test, vi } from 'vitest'
import { times } from '../../../support/size.ts'
import { answerFor, modelTime, settled } from '../finexio/in-workerd.ts'
import { attacks } from './attacks.ts'
import { honest, isUnchanged } from './honest.ts'
import { RealProduct } from './product.ts'
import { Player, type Seen } from './run.ts'
import type { Timeline } from './types.ts'
import { World } from './world.ts'

const NOON = Date.parse('2026-11-30T12:00:00Z')

afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

const play = (timeline: Timeline): Promise<Seen> => {
  const clock = modelTime(NOON)
  const world = new World(clock)
  answerFor(world)
  const settle = (running: () => { name: string }[]) =>
    settled(running, (call) => world.waiting.get(call) ?? 0)
  return new Player(new RealProduct(), world, clock, settle, isUnchanged).play(timeline)
}

const ATTACKS = times(6, 300)
test(`${ATTACKS} timelines of attack: no invoice leaves for a payee that nobody vouched for`, async () => {
  const wrong: object[] = []
  for (const timeline of fc.sample(attacks, { numRuns: ATTACKS, seed: 11 })) {
    const { stolen, silent, fooled } = await play(timeline)
    if (stolen.length + silent.length + fooled > 0) wrong.push({ timeline, stolen, silent, fooled })
  }
  expect(wrong).toEqual([])
}, 3_600_000)

const HONEST = times(3, 300)
test(`${HONEST} honest timelines: at most 2 % of unchanged payees are held, each with its reason`, async () => {
  let total = 0
  const held: string[] = []
  for (const timeline of fc.sample(honest, { numRuns: HONEST, seed: 12 })) {
    const seen = await play(timeline)
    total += seen.total
    held.push(...seen.heldBack)
  }
  expect(held.length > total * 0.02 ? held : []).toEqual([])
  expect(held.filter((why) => why.length < 40)).toEqual([])
}, 3_600_000)
