/** The figures as text. */
import { type Ratios, type RowFigures, rowName } from './rounds.ts'
import { NAMES } from './targets.ts'
import type { Figures, Verdict } from './verdict.ts'
import { type WriteFigures, writeName } from './writes.ts'

const table = (rows: readonly (readonly string[])[]): string => {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  const line = (row: readonly string[]) =>
    row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!))).join('  ')
  return rows.map((row) => line(row).trimEnd()).join('\n')
}

/** `0.66 (0.63–0.70)`: the median, and the lowest and highest round. */
const spread = ({ ratios, rounds }: RowFigures, key: keyof Ratios): string => {
  const all = rounds.map((each) => each[key])
  return `${ratios[key].toFixed(2)} (${Math.min(...all).toFixed(2)}–${Math.max(...all).toFixed(2)})`
}

const speed = (row: RowFigures): string[][] =>
  NAMES.map((name) => {
    const { rps, p50, p99, cpu } = row.targets[name]
    const cells = [`${rowName(row)}: ${name}`, rps.toFixed(0), p50.toFixed(2), p99.toFixed(2), cpu.toFixed(0)]
    if (name !== 'ours') return [...cells, '', '', '']
    return [...cells, spread(row, 'of_floor'), spread(row, 'of_proxy'), spread(row, 'of_stock')]
  })

const speeds = (rows: readonly RowFigures[]) =>
  table([
    ['row', 'req/s', 'p50 ms', 'p99 ms', 'cpu µs', '/floor', '/proxy', '/stock'],
    ...rows.flatMap(speed),
  ])

const writeSpeed = ({ targets, overhead, rounds, ...row }: WriteFigures): string[][] =>
  (['unledgered', 'ours'] as const).map((name) => {
    const { rps, p50, p99, cpu } = targets[name]
    const cells = [
      `${writeName(row)}: ${name}`,
      rps.toFixed(0),
      p50.toFixed(2),
      p99.toFixed(2),
      cpu.toFixed(0),
    ]
    const span = `${Math.min(...rounds).toFixed(2)}–${Math.max(...rounds).toFixed(2)}`
    return [...cells, name === 'ours' ? `${overhead.toFixed(2)} (${span})` : '']
  })

const writeSpeeds = (writes: readonly WriteFigures[]) =>
  table([['row', 'req/s', 'p50 ms', 'p99 ms', 'cpu µs', 'times as long'], ...writes.flatMap(writeSpeed)])

const kilobytes = (bytes: number) => `${(bytes / 1000).toFixed(1)} KB (${(bytes / 1024).toFixed(1)} KiB)`

const weights = ({ sizes, asset_bytes, start_up_ms }: Figures) =>
  table([
    ['bundle', 'minified', 'gzipped', 'first answer'],
    ...Object.entries(sizes).map(([name, { minified, gzipped }]) => [
      name,
      kilobytes(minified),
      kilobytes(gzipped),
      name in start_up_ms ? `${start_up_ms[name]!.toFixed(0)} ms` : '',
    ]),
    ['assets of ours', kilobytes(asset_bytes), '', ''],
  ])

/** Below this much, other processes do not change a ratio by more than the rounds differ anyway. */
const CALM = 0.2

const calmness = ({ before, after }: Figures['busy_cores']) => {
  const told = `Other processes kept ${before.toFixed(1)} cores busy before the rounds and ${after.toFixed(1)} after.`
  return Math.max(before, after) < CALM
    ? told
    : `${told} Ratios of this run are disturbed: repeat it on a calm machine.`
}

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

const pageLine = ({ page, bare }: Figures['pages']) =>
  `A page of the dashboard answers in ${page.toFixed(2)} ms, a bare page with the same reads in ${bare.toFixed(2)} ms (medians, in turn).`

/** What a person reads at the end. */
export const report = (figures: Figures, verdicts: readonly Verdict[]): string =>
  [
    ...(figures.rows.length > 0 ? [speeds(figures.rows)] : []),
    ...(figures.writes.length > 0 ? [writeSpeeds(figures.writes)] : []),
    calmness(figures.busy_cores),
    weights(figures),
    `${figures.tokens.tools} tools, ${figures.tokens.read_only_tools} of them read-only; largest: ${figures.tokens.largest_tool_name}`,
    pageLine(figures.pages),
    judged(verdicts),
  ].join('\n\n')
