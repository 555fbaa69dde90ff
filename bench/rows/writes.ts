/** What the ledger costs a write: the product beside itself without one. */

import { type Measured, measure, mediansOf, timeIn } from '../load/load.ts'
import { type Era, writesOf, writeUnder } from '../load/requests.ts'
import { median } from '../stats.ts'
import type { Target, Upstream } from '../targets/targets.ts'
import { toolResult } from './check.ts'
import type { Pace } from './rounds.ts'

export type Sides = Readonly<Record<'ours' | 'unledgered', Target>>

/** `together`: eight at once. */
export type WriteRow = { era: Era; together: boolean }

/** Medians over the rounds; the overhead is that within a round. */
export type WriteFigures = WriteRow & {
  targets: Record<keyof Sides, Measured>
  /** So many times as long as without the ledger. */
  overhead: number
  /** That of each round by itself. */
  rounds: number[]
}

/** `create invoice legacy` */
export const writeName = ({ era, together }: WriteRow): string =>
  `create invoice ${era}${together ? ', eight at once' : ''}`

const ERAS: readonly Era[] = ['legacy', 'modern']

export const WRITE_ROWS: readonly WriteRow[] = [
  ...ERAS.map((era) => ({ era, together: false })),
  { era: 'modern', together: true },
]

/** All rows of writes, or those whose name holds a word. */
export const writeRowsWith = (word = ''): readonly WriteRow[] =>
  WRITE_ROWS.filter((row) => writeName(row).includes(word))

type Trial = Record<keyof Sides, Measured>

const trial = async (
  sides: Sides,
  { era, together }: WriteRow,
  pace: Pace,
  round: number,
): Promise<Trial> => {
  const order = ['unledgered', 'ours'] as const
  const measured: Partial<Trial> = {}
  for (const name of round % 2 === 1 ? order : order.toReversed())
    measured[name] = await measure(sides[name], writesOf(era, together), timeIn(round, pace))
  return measured as Trial
}

const figures = (row: WriteRow, trials: readonly Trial[]): WriteFigures => {
  const rounds = trials.map(({ ours, unledgered }) => unledgered.rps / ours.rps)
  const of = (name: keyof Sides) => mediansOf(trials.map((each) => each[name]))
  const targets = { ours: of('ours'), unledgered: of('unledgered') }
  return { ...row, targets, overhead: median(rounds), rounds }
}

/** @param say told of each finished round */
export const measureWrites = async (
  sides: Sides,
  rows: readonly WriteRow[],
  pace: Pace,
  say: (line: string) => void,
): Promise<WriteFigures[]> => {
  const trials = rows.map((): Trial[] => [])
  for (let round = 1; rows.length > 0 && round <= pace.rounds; round++) {
    for (const [index, row] of rows.entries()) trials[index]!.push(await trial(sides, row, pace, round))
    say(`round ${round} of ${pace.rounds} of writes`)
  }
  return rows.map((row, index) => figures(row, trials[index]!))
}

/** The same write twice. @returns upstream requests that it cost */
const askedBy = async ({ name, url }: Target, era: Era, upstream: Upstream): Promise<number> => {
  const sent = writeUnder(crypto.randomUUID(), era)
  const before = await upstream.asked()
  for (const _ of ['once', 'again']) {
    const { structuredContent } = await toolResult(url, sent)
    const { outcome } = structuredContent as { outcome?: unknown }
    if (outcome !== 'succeeded')
      throw new Error(`${name} does not do ${writeName({ era, together: false })}: ${outcome}`)
  }
  return (await upstream.asked()) - before
}

/** @throws unless both sides write, a repeat is held back by the ledger, and by nothing where there is none */
export const checkWrites = async ({ ours, unledgered }: Sides, upstream: Upstream): Promise<void> => {
  for (const era of ERAS)
    for (const [side, right] of [[ours, 1] as const, [unledgered, 2] as const]) {
      const asked = await askedBy(side, era, upstream)
      if (asked !== right)
        throw new Error(`${side.name}: a write and its repeat cost ${asked} upstream requests, not ${right}`)
    }
}
