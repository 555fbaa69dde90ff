/** The figures beside what they must be. */
import budgets from './budgets.json' with { type: 'json' }
import type { Size } from './bundle.ts'
import type { PageFigures } from './pages.ts'
import type { RowFigures } from './rounds.ts'
import limits from './targets.json' with { type: 'json' }
import type { TokenFigures } from './tokens.ts'
import { type WriteFigures, writeName } from './writes.ts'

export type Figures = {
  /** Cores that other processes kept busy before the first round and after the last. */
  busy_cores: { before: number; after: number }
  rows: RowFigures[]
  writes: WriteFigures[]
  sizes: Record<string, Size>
  /** Deployed beside the product's module, as files. */
  asset_bytes: number
  start_up_ms: Record<string, number>
  tokens: TokenFigures
  pages: PageFigures
}

export type Verdict = {
  what: string
  value: number
  limit: number
  kind: 'at least' | 'at most'
  met: boolean
}

const atLeast = (what: string, value: number, limit: number): Verdict => ({
  what,
  value,
  limit,
  kind: 'at least',
  met: value >= limit,
})

const atMost = (what: string, value: number, limit: number): Verdict => ({
  what,
  value,
  limit,
  kind: 'at most',
  met: value <= limit,
})

const ofRow = ({ work, era, ratios }: RowFigures): Verdict[] => {
  if (work === 'list payments') return []
  const { of_proxy, of_stock } = limits[work]
  return [
    atLeast(`${work} ${era}: ours / proxy`, ratios.of_proxy, of_proxy),
    atLeast(`${work} ${era}: ours / stock`, ratios.of_stock, of_stock),
  ]
}

const TOKEN_NAMES = Object.keys(budgets.lists) as (keyof typeof budgets.lists)[]

/** One line per threshold of `targets.json` and of the lists in `budgets.json`. */
export const verdicts = ({ rows, writes, sizes, start_up_ms, tokens, pages }: Figures): Verdict[] => [
  ...rows.flatMap(ofRow),
  ...writes
    .filter(({ together }) => !together)
    .map((row) =>
      atMost(
        `${writeName(row)}: with ledger / without`,
        row.overhead,
        limits['create invoice'].of_unledgered,
      ),
    ),
  atMost('bundle, gzipped bytes', sizes.ours!.gzipped, limits.gzipped_bytes),
  atMost('start-up: ours / stock', start_up_ms.ours! / start_up_ms.stock!, limits.start_of_stock),
  atMost('dashboard page: time / bare page', pages.ratio, limits.page_of_bare),
  ...TOKEN_NAMES.map((name) => atMost(`tokens: ${name}`, tokens[name], budgets.lists[name])),
]
