/** Measures all rows, target beside target, several times over. */
import { type Measured, measure, mediansOf, timeIn } from '../load/load.ts'
import { type Era, requestOf, type Sent, type Work } from '../load/requests.ts'
import { median } from '../stats.ts'
import { NAMES, type Name, type Started, type Target } from '../targets/targets.ts'

export type Pace = { rounds: number; warmUp: number; seconds: number }
/** How long each kind of row is measured. */
export type Plan = Readonly<Record<Work, Pace>>
export type Targets = Readonly<Record<Name, Target>>
export type Row = { work: Work; era: Era }

export type Ratios = { of_floor: number; of_proxy: number; of_stock: number }

/** Medians over the rounds; ratios are those within a round, so that what disturbs a round disturbs both sides. */
export type RowFigures = Row & {
  targets: Record<Name, Measured>
  ratios: Ratios
  /** The ratios of each round by themselves: how far they differ says how calm the machine was. */
  rounds: Ratios[]
}

type Trial = Record<Name, Measured>

const WORKS: readonly Work[] = ['tools/list', 'tools/call', 'list payments']
const ERAS: readonly Era[] = ['legacy', 'modern']
export const ROWS: readonly Row[] = WORKS.flatMap((work) => ERAS.map((era) => ({ work, era })))

/** `tools/call legacy` */
export const rowName = ({ work, era }: Row): string => `${work} ${era}`

/** All rows, or those whose name holds a word. */
export const rowsWith = (word = ''): readonly Row[] => ROWS.filter((row) => rowName(row).includes(word))

/** What a target is sent for a row. The proxy knows no list of tools: its tool call is what both are compared to. */
export const sentTo = (name: Started, { work, era }: Row): Sent =>
  requestOf(name === 'proxy' && work === 'tools/list' ? 'tools/call' : work, era)

/** The floor is there for scale only: it gets a second, the others the full time. */
const FLOOR_PACE = { warmUp: 1, seconds: 1 }

/** Neighbours in time share whatever else the machine is doing; the order turns round so that none always comes last. */
const ORDER: readonly Name[] = ['floor', 'stock', 'proxy', 'ours']

const trial = async (targets: Targets, row: Row, pace: Pace, round: number): Promise<Trial> => {
  const measured: Partial<Trial> = {}
  for (const name of round % 2 === 1 ? ORDER : ORDER.toReversed())
    measured[name] = await measure(
      targets[name],
      sentTo(name, row),
      timeIn(round, name === 'floor' ? FLOOR_PACE : pace),
    )
  return measured as Trial
}

const ratiosOf = ({ floor, proxy, stock, ours }: Trial): Ratios => ({
  of_floor: ours.rps / floor.rps,
  of_proxy: ours.rps / proxy.rps,
  of_stock: ours.rps / stock.rps,
})

const figures = (row: Row, trials: readonly Trial[]): RowFigures => {
  const rounds = trials.map(ratiosOf)
  const by = (key: keyof Ratios) => median(rounds.map((each) => each[key]))
  return {
    ...row,
    targets: Object.fromEntries(
      NAMES.map((name) => [name, mediansOf(trials.map((each) => each[name]))]),
    ) as Trial,
    ratios: { of_floor: by('of_floor'), of_proxy: by('of_proxy'), of_stock: by('of_stock') },
    rounds,
  }
}

/** @param say told of each finished round */
export const measureAll = async (
  targets: Targets,
  rows: readonly Row[],
  plan: Plan,
  say: (line: string) => void,
): Promise<RowFigures[]> => {
  const trials = rows.map((): Trial[] => [])
  const most = Math.max(...rows.map(({ work }) => plan[work].rounds))
  for (let round = 1; round <= most; round++) {
    for (const [index, row] of rows.entries()) {
      const pace = plan[row.work]
      if (round <= pace.rounds) trials[index]!.push(await trial(targets, row, pace, round))
    }
    say(`round ${round} of ${most}`)
  }
  return rows.map((row, index) => figures(row, trials[index]!))
}
