/** Random histories of writes on the product: nothing is paid twice, nothing is lost, nothing is stuck. */
import fc from 'fast-check'
import { afterAll, expect, test, vi } from 'vitest'
import { times } from '../../../support/size.ts'
import { Finexio } from '../finexio/finexio.ts'
import { answerFor, modelTime, settled } from '../finexio/in-workerd.ts'
import { histories } from './histories.ts'
import { broken } from './oracle.ts'
import { product } from './product.ts'
import { LIMIT, Run } from './run.ts'
import type { Op } from './types.ts'

const HISTORIES = times(5, 700)
const STEPS = 30
const NOON = Date.parse('2026-11-30T12:00:00Z')

afterAll(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

const seenOf = async (ops: Op[]) => {
  const clock = modelTime(NOON)
  const finexio = new Finexio(clock)
  answerFor(finexio)
  const real = product()
  await real.begin(LIMIT)
  const run = new Run(real, finexio, clock, (running) =>
    settled(
      () => running.filter(({ answered }) => answered === null),
      (call) => finexio.waiting.get(call) ?? 0,
    ),
  )
  for (const op of ops) await run.step(op)
  await run.drain()
  return run.seen
}

test(`${HISTORIES} histories of calls, repeats, lost and late answers, late lists and crashes`, async () => {
  let steps = 0
  await fc.assert(
    fc.asyncProperty(histories(STEPS), async (ops) => {
      steps += ops.length
      const seen = await seenOf(ops)
      expect(broken(seen).map(({ rule, what }) => `${rule}: ${what}`)).toEqual([])
    }),
    { numRuns: HISTORIES, seed: 20261130, endOnFailure: true },
  )
  console.info(`${HISTORIES} histories, ${steps} steps: no rule is broken.`)
}, 3_600_000)
