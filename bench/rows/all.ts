/** All rows of a run, one kind after another. */
import { busyCores } from '../load/others.ts'
import type { Figures } from '../report/verdict.ts'
import { assetBytes, sizeOf } from '../targets/bundle.ts'
import { NAMES, type Started, type Target, type Upstream } from '../targets/targets.ts'
import { measureBeside } from './beside.ts'
import { checkAll } from './check.ts'
import type { Turns } from './filled.ts'
import { measurePages } from './pages.ts'
import { measureAll, type Pace, type Plan, type Row, rowsWith } from './rounds.ts'
import { startUps } from './start-up.ts'
import { measureTrailOfProxy } from './trail-of-proxy.ts'
import { checkWrites, measureWrites, type WriteRow, writeRowsWith } from './writes.ts'

/** How long everything is measured: settled before anything is, so that no result decides how often it is asked for. */
type Times = {
  reads: Plan
  writes: Pace
  trailOfProxy: Pace
  /** Of the trail that is verified and exported. */
  trailRows: number
  beside: Turns
  starts: number
  pages: number
}

/** Most rounds for the rows that are near their limit. */
export const FULL: Times = {
  reads: {
    'tools/list': { rounds: 3, warmUp: 1, seconds: 2 },
    'tools/call': { rounds: 5, warmUp: 1, seconds: 4 },
    'list payments': { rounds: 5, warmUp: 1, seconds: 2 },
  },
  writes: { rounds: 5, warmUp: 1, seconds: 4 },
  trailOfProxy: { rounds: 3, warmUp: 1, seconds: 2 },
  trailRows: 200_000,
  beside: { idle: 2, beside: 2, rounds: 8 },
  starts: 5,
  pages: 3_000,
}

const ONCE: Pace = { rounds: 1, warmUp: 1, seconds: 1 }
export const QUICK: Times = {
  reads: { 'tools/list': ONCE, 'tools/call': ONCE, 'list payments': ONCE },
  writes: ONCE,
  trailOfProxy: ONCE,
  trailRows: 10_000,
  beside: { idle: 1, beside: 1, rounds: 1 },
  starts: 1,
  pages: 300,
}

/** Rows of a kind of their own, by the names that a word finds. */
const OTHERS = {
  beside: 'call beside verification and export',
  trailOfProxy: 'proxy with a trail',
  startUp: 'start-up',
  pages: 'dashboard page',
} as const
type Other = keyof typeof OTHERS

export type Wanted = {
  times: Times
  rows: readonly Row[]
  writeRows: readonly WriteRow[]
  wants(other: Other): boolean
}

/** @param word rows whose name holds it; absent: all */
export const wantedWith = (word: string | undefined, times: Times): Wanted => ({
  times,
  rows: rowsWith(word),
  writeRows: writeRowsWith(word),
  wants: (other) => OTHERS[other].includes(word ?? ''),
})

type Targets = Readonly<Record<Started, Target>>

/** @param say told of each finished round @throws unless every target answers every row rightly */
export const figuresOf = async (
  targets: Targets,
  upstream: Upstream,
  { times, rows, writeRows, wants }: Wanted,
  say: (line: string) => void,
): Promise<Figures> => {
  // Only now: the tokenizer and the catalogue take a second to load, which `--help` need not wait for.
  const { tokenFigures } = await import('./tokens.ts')
  const tokens = tokenFigures()
  await checkAll(targets, upstream, tokens.tools)
  await checkWrites(targets, upstream)
  const only = <Answer>(other: Other, work: () => Promise<Answer>) => (wants(other) ? work() : null)
  const before = await busyCores()
  const measured = {
    rows: await measureAll(targets, rows, times.reads, say),
    writes: await measureWrites(targets, writeRows, times.writes, say),
    trail_of_proxy: await only('trailOfProxy', () => measureTrailOfProxy(targets, times.trailOfProxy)),
    beside: await only('beside', () => measureBeside(upstream.url, times.trailRows, times.beside)),
  }
  const after = await busyCores()
  return {
    busy_cores: { before, after },
    ...measured,
    million: null,
    sizes: Object.fromEntries(NAMES.map((name) => [name, sizeOf(targets[name].modules)])),
    asset_bytes: assetBytes(),
    pages: await only('pages', () => measurePages(upstream.url, times.pages)),
    start_up_ms: await only('startUp', () =>
      startUps([targets.floor, targets.stock, targets.ours], tokens.tools, times.starts),
    ),
    tokens,
  }
}
