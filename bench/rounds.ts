/** Measures all rows, target beside target, several times over. */
import { checkMcp, checkPlain } from './check.ts'
import { type Measured, measure } from './load.ts'
import { type Era, requestOf, type Work } from './requests.ts'
import { median } from './stats.ts'
import type { Name, Target } from './targets.ts'

export type Pace = { rounds: number; warmUp: number; seconds: number }
export type Targets = Readonly<Record<Name, Target>>
export type Row = { work: Work; era: Era }

/** Medians over the rounds; ratios are medians of the ratios within a round. */
export type RowFigures = Row & {
  targets: Record<Name, Measured>
  ratios: { of_floor: number; of_proxy: number; of_stock: number }
}

type Trial = Record<Name, Measured>

const WORKS: readonly Work[] = ['tools/list', 'tools/call', 'list payments']
const ERAS: readonly Era[] = ['legacy', 'modern']
const ROWS: readonly Row[] = WORKS.flatMap((work) => ERAS.map((era) => ({ work, era })))

/** `tools/call legacy` */
export const rowName = ({ work, era }: Row): string => `${work} ${era}`

/** All rows, or those whose name holds a word. */
export const rowsWith = (word = ''): readonly Row[] => ROWS.filter((row) => rowName(row).includes(word))

/** The proxy knows no list of tools: its tool call is what both are compared to. */
const proxied = ({ work, era }: Row) => requestOf(work === 'tools/list' ? 'tools/call' : work, era)

/** @throws unless every target answers every row rightly */
export const checkAll = async ({ floor, proxy, stock, ours }: Targets, tools: number): Promise<void> => {
  for (const row of ROWS) {
    const sent = requestOf(row.work, row.era)
    await checkPlain(floor.url, sent)
    await checkPlain(proxy.url, proxied(row))
    await checkMcp(stock.url, sent, row.work, tools)
    await checkMcp(ours.url, sent, row.work, tools)
  }
}

const trial = async ({ floor, proxy, stock, ours }: Targets, row: Row, pace: Pace): Promise<Trial> => {
  const sent = requestOf(row.work, row.era)
  // Neighbours in time share whatever else the machine is doing.
  return {
    floor: await measure(floor, sent, { warmUp: 1, seconds: 1 }),
    stock: await measure(stock, sent, pace),
    proxy: await measure(proxy, proxied(row), pace),
    ours: await measure(ours, sent, pace),
  }
}

const medianOf = (trials: readonly Trial[], name: Name): Measured => ({
  rps: median(trials.map((each) => each[name].rps)),
  p50: median(trials.map((each) => each[name].p50)),
  p99: median(trials.map((each) => each[name].p99)),
  cpu: median(trials.map((each) => each[name].cpu)),
})

const ratio = (trials: readonly Trial[], name: Name) =>
  median(trials.map((each) => each.ours.rps / each[name].rps))

const figures = (row: Row, trials: readonly Trial[]): RowFigures => ({
  ...row,
  targets: {
    floor: medianOf(trials, 'floor'),
    proxy: medianOf(trials, 'proxy'),
    stock: medianOf(trials, 'stock'),
    ours: medianOf(trials, 'ours'),
  },
  ratios: {
    of_floor: ratio(trials, 'floor'),
    of_proxy: ratio(trials, 'proxy'),
    of_stock: ratio(trials, 'stock'),
  },
})

/** @param say told of each finished round */
export const measureAll = async (
  targets: Targets,
  rows: readonly Row[],
  pace: Pace,
  say: (line: string) => void,
): Promise<RowFigures[]> => {
  const trials = rows.map((): Trial[] => [])
  for (let round = 1; round <= pace.rounds; round++) {
    for (const [index, row] of rows.entries()) trials[index]!.push(await trial(targets, row, pace))
    say(`round ${round} of ${pace.rounds}`)
  }
  return rows.map((row, index) => figures(row, trials[index]!))
}
