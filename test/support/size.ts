/**
 * How often tests repeat: `npm test` at a small size, so that it stays quick; `npm run test:full` at the whole size.
 * vitest.config.ts reads TEST_SIZE once and provides it, so that tests within workerd know it too.
 */
import { inject } from 'vitest'

export type TestSize = 'small' | 'full'

declare module 'vitest' {
  interface ProvidedContext {
    size: TestSize
  }
}

/** @param small within `npm test`; @param whole within `npm run test:full` */
export const times = (small: number, whole: number): number => (inject('size') === 'full' ? whole : small)

const FEWEST_RUNS = 50

/**
 * How often a property is tried, as fast-check takes it.
 * @param whole within `npm run test:full`; a tenth of it otherwise, but never fewer than 50 unless `whole` is
 */
export const runs = (whole: number): { numRuns: number } => ({
  numRuns: times(Math.min(whole, Math.max(FEWEST_RUNS, Math.ceil(whole / 10))), whole),
})
