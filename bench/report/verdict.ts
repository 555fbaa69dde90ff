/** The figures beside what they must be. */
import budgets from '../budgets.json' with { type: 'json' }
import type { Work } from '../load/requests.ts'
import type { BesideFigures } from '../rows/beside.ts'
import { type MillionFigures, WORK_NAMES } from '../rows/million.ts'
import type { PageFigures } from '../rows/pages.ts'
import { type Ratios, ROWS, type Row, type RowFigures, rowName } from '../rows/rounds.ts'
import type { TokenFigures } from '../rows/tokens.ts'
import type { TrailOfProxy } from '../rows/trail-of-proxy.ts'
import { WRITE_ROWS, type WriteFigures, type WriteRow, writeName } from '../rows/writes.ts'
import { longestOf } from '../stats.ts'
import type { Size } from '../targets/bundle.ts'
import limits from '../targets.json' with { type: 'json' }

/** What was not asked for is empty or null. */
export type Figures = {
  /** Cores that other processes kept busy before the first round and after the last. */
  busy_cores: { before: number; after: number }
  rows: RowFigures[]
  writes: WriteFigures[]
  trail_of_proxy: TrailOfProxy | null
  beside: BesideFigures | null
  million: MillionFigures | null
  sizes: Record<string, Size>
  /** Deployed beside the product's module, as files. */
  asset_bytes: number
  start_up_ms: Record<string, number> | null
  tokens: TokenFigures
  pages: PageFigures | null
}

/** A row of the table. `limit` null: for information. */
export type Line = {
  what: string
  kind: 'at least' | 'at most'
  limit: number | null
  /** Null: it was not measured. */
  value(figures: Figures): number | null
}

type Limits = {
  [name in Work]?: Partial<Record<keyof Ratios, number>>
} & {
  'create invoice': { of_unledgered?: number; of_unledgered_eight_at_once?: number }
}

/** A limit that targets.json does not have is none. */
const { 'create invoice': ofWrites, ...ofReads }: Limits = limits

const ofRow =
  (key: keyof Ratios, beside: string) =>
  (row: Row): Line => ({
    what: `${rowName(row)}: ours / ${beside}`,
    kind: 'at least',
    limit: ofReads[row.work]?.[key] ?? null,
    value: ({ rows }) => rows.find((each) => rowName(each) === rowName(row))?.ratios[key] ?? null,
  })

const ofWrite = (row: WriteRow): Line => ({
  what: `${writeName(row)}: with ledger / without`,
  kind: 'at most',
  limit: (row.together ? ofWrites.of_unledgered_eight_at_once : ofWrites.of_unledgered) ?? null,
  value: ({ writes }) => writes.find((each) => writeName(each) === writeName(row))?.overhead ?? null,
})

const atMost = (what: string, limit: number, value: Line['value']): Line => ({
  what,
  kind: 'at most',
  limit,
  value,
})

const ofTrail: readonly Line[] = [
  {
    what: 'tools/call: proxy with a trail / without',
    kind: 'at least',
    limit: null,
    value: ({ trail_of_proxy }) => trail_of_proxy?.ratio ?? null,
  },
  atMost(
    'tools/call beside verification and export: p99 / alone',
    limits.call_beside_verify,
    ({ beside }) => beside?.ratio ?? null,
  ),
  atMost(
    'read call: billed rows',
    limits['read call'].billed_rows,
    ({ beside }) => beside?.cost.rows ?? null,
  ),
  atMost('read call: bytes', limits['read call'].bytes, ({ beside }) => beside?.cost.bytes ?? null),
  ...WORK_NAMES.map((name) =>
    atMost(
      `longest call beside ${name} of 1,000,000 rows, ms`,
      limits.longest_call_ms,
      ({ million }) => million?.works.find((work) => work.name === name)?.longest ?? null,
    ),
  ),
  {
    what: 'longest of these calls without collections of garbage, ms',
    kind: 'at most',
    limit: null,
    value: ({ million }) => million && longestOf(million.works.map(({ longest_held }) => longest_held)),
  },
]

const TOKEN_NAMES = Object.keys(budgets.lists) as (keyof typeof budgets.lists)[]

/** Everything that is measured, in the order of the table. */
export const LINES: readonly Line[] = [
  ...ROWS.flatMap((row) => [ofRow('of_proxy', 'proxy')(row), ofRow('of_stock', 'stock')(row)]),
  ...WRITE_ROWS.map(ofWrite),
  ...ofTrail,
  atMost('bundle, gzipped bytes', limits.gzipped_bytes, ({ sizes }) => sizes.ours!.gzipped),
  atMost('start-up: ours / stock', limits.start_of_stock, ({ start_up_ms: ms }) =>
    ms ? ms.ours! / ms.stock! : null,
  ),
  atMost('dashboard page: time / bare page', limits.page_of_bare, ({ pages }) => pages?.ratio ?? null),
  ...TOKEN_NAMES.map((name) => atMost(`tokens: ${name}`, budgets.lists[name], ({ tokens }) => tokens[name])),
]

export type Verdict = Pick<Line, 'what' | 'kind' | 'limit'> & { value: number; met: boolean }

/** Of each line that was measured. */
export const verdicts = (figures: Figures): Verdict[] =>
  LINES.flatMap(({ what, kind, limit, value: of }) => {
    const value = of(figures)
    if (value === null) return []
    const met = limit === null || (kind === 'at least' ? value >= limit : value <= limit)
    return [{ what, kind, limit, value, met }]
  })

/** As people read a figure or its limit. */
export const shown = (value: number): string =>
  Number.isInteger(value) ? value.toLocaleString('en-US') : value.toFixed(2)

/** Of a limit; for information where there is none. */
export const shownLimit = ({ kind, limit }: Pick<Line, 'kind' | 'limit'>): string =>
  limit === null ? 'for information' : `${kind} ${shown(limit)}`
