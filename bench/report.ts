/** The figures as text. */
import type { RowFigures } from './rounds.ts'
import { NAMES } from './targets.ts'
import type { Figures, Verdict } from './verdict.ts'

const table = (rows: readonly (readonly string[])[]): string => {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  const line = (row: readonly string[]) =>
    row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!))).join('  ')
  return rows.map((row) => line(row).trimEnd()).join('\n')
}

const speed = ({ work, era, targets, ratios }: RowFigures): string[][] =>
  NAMES.map((name) => {
    const { rps, p50, p99, cpu } = targets[name]
    const cells = [`${work} ${era}: ${name}`, rps.toFixed(0), p50.toFixed(2), p99.toFixed(2), cpu.toFixed(0)]
    if (name !== 'ours') return [...cells, '', '', '']
    return [...cells, ratios.of_floor.toFixed(2), ratios.of_proxy.toFixed(2), ratios.of_stock.toFixed(2)]
  })

const speeds = (rows: readonly RowFigures[]) =>
  table([
    ['row', 'req/s', 'p50 ms', 'p99 ms', 'cpu µs', '/floor', '/proxy', '/stock'],
    ...rows.flatMap(speed),
  ])

const kilobytes = (bytes: number) => `${(bytes / 1000).toFixed(1)} KB`

const weights = ({ sizes, start_up_ms }: Figures) =>
  table([
    ['bundle', 'minified', 'gzipped', 'first answer'],
    ...Object.entries(sizes).map(([name, { minified, gzipped }]) => [
      name,
      kilobytes(minified),
      kilobytes(gzipped),
      name in start_up_ms ? `${start_up_ms[name]!.toFixed(0)} ms` : '',
    ]),
  ])

const shown = (value: number) => (Number.isInteger(value) ? String(value) : value.toFixed(2))

const judged = (verdicts: readonly Verdict[]) =>
  table([
    ['target', 'is', 'must be', ''],
    ...verdicts.map(({ what, value, limit, kind, met }) => [
      what,
      shown(value),
      `${kind} ${shown(limit)}`,
      met ? 'ok' : 'MISSED',
    ]),
  ])

/** What a person reads at the end. */
export const report = (figures: Figures, verdicts: readonly Verdict[]): string =>
  [
    speeds(figures.rows),
    weights(figures),
    `${figures.tokens.tools} tools, ${figures.tokens.read_only_tools} of them read-only; largest: ${figures.tokens.largest_tool_name}`,
    judged(verdicts),
  ].join('\n\n')
