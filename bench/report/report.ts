/** The figures as text. */
import type { BesideFigures } from '../rows/beside.ts'
import type { MillionFigures } from '../rows/million.ts'
import type { PageFigures } from '../rows/pages.ts'
import { type Ratios, type RowFigures, rowName } from '../rows/rounds.ts'
import type { TrailOfProxy } from '../rows/trail-of-proxy.ts'
import { type WriteFigures, writeName } from '../rows/writes.ts'
import { NAMES } from '../targets/targets.ts'
import { type Figures, shown, shownLimit, type Verdict } from './verdict.ts'

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
      start_up_ms && name in start_up_ms ? `${start_up_ms[name]!.toFixed(0)} ms` : '',
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

const judged = (verdicts: readonly Verdict[]) =>
  table([
    ['target', 'is', 'must be', ''],
    ...verdicts.map((verdict) => [
      verdict.what,
      shown(verdict.value),
      shownLimit(verdict),
      verdict.limit === null ? '' : verdict.met ? 'ok' : 'MISSED',
    ]),
  ])

const pageLine = ({ page, bare }: PageFigures) =>
  `A page of the dashboard answers in ${page.toFixed(2)} ms, a bare page with the same reads in ${bare.toFixed(2)} ms (medians, in turn).`

const trailLine = ({ proxy, untrailed }: TrailOfProxy) =>
  `The proxy does ${proxy.rps.toFixed(0)} calls/s with a trail and ${untrailed.rps.toFixed(0)} without (${proxy.cpu.toFixed(0)} and ${untrailed.cpu.toFixed(0)} µs each).`

const besideLine = ({ rows, verified, exported, idle, beside }: BesideFigures) =>
  `While a trail of ${rows.toLocaleString('en-US')} rows is verified and exported (${verified.toLocaleString('en-US')} and ${exported.toLocaleString('en-US')} rows went by), a call takes ${beside.p99.toFixed(2)} ms (p99; longest ${beside.longest.toFixed(0)}), otherwise ${idle.p99.toFixed(2)} ms (longest ${idle.longest.toFixed(0)}).`

type MillionWork = MillionFigures['works'][number]

/** Where a call waited too long: how far the work was, and whether workerd computed, stood in line for a core, or waited for the disk or the caller. */
const slowLine = ({ name, longest, collected, ran, waited, after_s, rows }: MillionWork) => {
  const where = rows === null ? '' : `, after ${rows.toLocaleString('en-US')} rows`
  const of =
    ran === null || waited === null
      ? ''
      : ` workerd computed ${ran.toFixed(0)} ms of it, ${collected.toFixed(0)} ms of that a collection of garbage, and had no core for ${waited.toFixed(0)} ms.`
  return `${name}: the call of ${longest.toFixed(0)} ms ended ${after_s.toFixed(1)} s after it began${where}.${of}`
}

const MILLION_COLUMNS = [
  'took_s',
  'calls',
  'idle_longest',
  'most_ran',
  'longest',
  'collected',
  'longest_held',
] as const

/** The longest call beside each work on a million rows. @param limit milliseconds */
export const millionReport = (
  { rows, filled_s, busy_cores, works }: MillionFigures,
  limit: number,
): string => {
  const long = works.filter(({ longest }) => longest > limit)
  return [
    `${rows.toLocaleString('en-US')} rows filled in within ${filled_s.toFixed(0)} s.`,
    calmness(busy_cores),
    table([
      [
        'beside',
        'took s',
        'calls',
        'alone ms',
        'most computed',
        'longest ms',
        'collected',
        'the rest',
        'must be',
        '',
      ],
      ...works.map(({ name, ...work }) => [
        name,
        ...MILLION_COLUMNS.map((column) => work[column]?.toFixed(0) ?? '–'),
        `at most ${limit}`,
        work.longest > limit ? 'MISSED' : 'ok',
      ]),
    ]),
    ...long.map(slowLine),
  ].join('\n\n')
}

/** What a person reads at the end. */
export const report = (figures: Figures, verdicts: readonly Verdict[]): string =>
  [
    ...(figures.rows.length > 0 ? [speeds(figures.rows)] : []),
    ...(figures.writes.length > 0 ? [writeSpeeds(figures.writes)] : []),
    calmness(figures.busy_cores),
    weights(figures),
    `${figures.tokens.tools} tools, ${figures.tokens.read_only_tools} of them read-only; largest: ${figures.tokens.largest_tool_name}`,
    ...(figures.trail_of_proxy ? [trailLine(figures.trail_of_proxy)] : []),
    ...(figures.beside ? [besideLine(figures.beside)] : []),
    ...(figures.pages ? [pageLine(figures.pages)] : []),
    judged(verdicts),
  ].join('\n\n')
