/** What a trail costs the bare proxy, to which everything else is compared. */
import { type Measured, measure, mediansOf, timeIn } from '../load/load.ts'
import { requestOf } from '../load/requests.ts'
import { median } from '../stats.ts'
import type { Target } from '../targets/targets.ts'
import type { Pace } from './rounds.ts'

export type TrailSides = Readonly<Record<'proxy' | 'untrailed', Target>>

/** Medians over the rounds; `ratio`: of requests per second, with a trail to without, within a round. */
export type TrailOfProxy = Record<keyof TrailSides, Measured> & { ratio: number }

const ORDER = ['untrailed', 'proxy'] as const

export const measureTrailOfProxy = async (sides: TrailSides, pace: Pace): Promise<TrailOfProxy> => {
  const trials: Record<keyof TrailSides, Measured>[] = []
  for (let round = 1; round <= pace.rounds; round++) {
    const measured: Partial<Record<keyof TrailSides, Measured>> = {}
    for (const name of round % 2 === 1 ? ORDER : ORDER.toReversed())
      measured[name] = await measure(sides[name], requestOf('tools/call', 'legacy'), timeIn(round, pace))
    trials.push(measured as Record<keyof TrailSides, Measured>)
  }
  const of = (name: keyof TrailSides) => mediansOf(trials.map((trial) => trial[name]))
  const ratio = median(trials.map(({ proxy, untrailed }) => proxy.rps / untrailed.rps))
  return { proxy: of('proxy'), untrailed: of('untrailed'), ratio }
}
