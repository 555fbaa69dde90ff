/** The oracle passes a ledger that is right, and sees each fault that is planted in it. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { times } from '../../../support/size.ts'
import { ModelClock } from '../finexio/clock.ts'
import { Finexio } from '../finexio/finexio.ts'
import { histories } from './histories.ts'
import { broken } from './oracle.ts'
import { FAULTS, type Planted, Reference } from './reference.ts'
import { LIMIT, Run } from './run.ts'
import type { Op } from './types.ts'

const NOON = Date.parse('2026-11-30T12:00:00Z')
/** Long enough for every promise that waits for no clock. */
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 6; turn++) await new Promise((resolve) => setImmediate(resolve))
}

const seenOf = async (ops: Op[], planted: Planted | null) => {
  const clock = new ModelClock(NOON)
  const finexio = new Finexio(clock)
  const product = new Reference(finexio, clock, planted)
  await product.begin(LIMIT)
  const run = new Run(product, finexio, clock, settle)
  for (const op of ops) await run.step(op)
  await run.drain()
  return run.seen
}

test('a ledger that is right breaks no rule', async () => {
  await fc.assert(
    fc.asyncProperty(histories(20), async (ops) => {
      const all = broken(await seenOf(ops, null)).map(({ rule, what }) => `${rule}: ${what}`)
      expect(all).toEqual([])
    }),
    { numRuns: times(60, 1_000), seed: 20261130 },
  )
}, 300_000)

test.each(FAULTS)(
  'a ledger that is wrong is seen: %s',
  async (planted) => {
    let found = false
    await fc.assert(
      fc.asyncProperty(histories(20), async (ops) => {
        found ||= broken(await seenOf(ops, planted)).length > 0
        return true
      }),
      { numRuns: 60, seed: 20261201 },
    )
    expect(found).toBe(true)
  },
  300_000,
)
