/** The product and the second reading of section 10 agree, step by step, over random histories. */
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { times } from '../../support/size.ts'
import { agree, explain } from './driver.ts'
import { histories, run, wide } from './histories.ts'
import { product } from './product.ts'

// What waits for a lease on a clock of its own waits for nothing here: each step comes a second later.
vi.mock('../../../src/account/lease.ts', async (load) => ({
  ...(await load<typeof import('../../../src/account/lease.ts')>()),
  afterLease: async () => {},
}))

const HISTORIES = times(5, 300)

beforeAll(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: 1_800_000_000_000 })
})
afterAll(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

test(
  `${HISTORIES} histories of people, grants, edits, rotations, drafts, lost roles and decisions`,
  async () => {
    const real = product()
    let steps = 0
    await fc.assert(
      fc.asyncProperty(histories({ ...wide, signIns: false, accounts: 1, steps: 12 }), async (history) => {
        const ops = run(history)
          .map(({ op }) => op)
          // A sign-in through the consent page is tried in test/oauth.
          .filter((op) => op.do !== 'call' || typeof op.by === 'string' || !('person' in op.by))
        steps += ops.length
        const disagreement = await agree({ accounts: history.accounts, ops }, real)
        expect(disagreement && explain(disagreement)).toBeNull()
      }),
      { numRuns: HISTORIES, seed: 20261130, endOnFailure: times(1, 0) === 1 },
    )
    console.info(`${HISTORIES} histories, ${steps} steps: product and model agree.`)
  },
  times(600_000, 5_400_000),
)
