/** The table of figures in bench/README.md: a row for each line of the verdict, and of which runs they are. */
import { type Figures, LINES, shown, shownLimit } from './verdict.ts'

/** Of which run a figure is. */
export type Run = { at: string; commit: string; cpu: string; cores: number }

export const MARK = 'figures'
export const MADE_BY = 'npm run bench -- --table'

const ran = ({ at, commit, cores, cpu }: Run) =>
  `${at.slice(0, 10)}, commit ${commit}, ${cores} cores (${cpu})`

const busy = ({ before, after }: Figures['busy_cores']) =>
  `other processes kept ${Math.max(before, after).toFixed(1)} cores busy`

const head = (bench: (Run & Figures) | null, million: Run | null): string => {
  if (!bench) return 'Not measured yet.'
  const longest = million ? ` Longest calls: ${ran(million)}.` : ''
  return `${ran(bench)}; ${busy(bench.busy_cores)}.${longest}`
}

/**
 * Every line that the benchmark knows, as Markdown.
 * @param bench what the last full run left, @param million what the last run with a million rows left; null: there was none
 */
export const figuresTable = (
  bench: (Run & Figures) | null,
  million: (Run & { million: Figures['million'] }) | null,
): string => {
  const figures = bench && { ...bench, million: million?.million ?? null }
  const rows = LINES.map((line) => {
    const value = figures && line.value(figures)
    return `| ${line.what} | ${value === null ? '–' : shown(value)} | ${shownLimit(line)} |`
  })
  return [head(bench, million), '', '| row | is | must be |', '|---|---|---|', ...rows].join('\n')
}
