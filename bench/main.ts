/** `npm run bench`: ours against a floor, a bare proxy and the stock shape. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { optionsOf } from '../scripts/usage.ts'
import { assetBytes, sizeOf } from './bundle.ts'
import { checkAll } from './check.ts'
import { busyCores } from './others.ts'
import { measurePages } from './pages.ts'
import { profile, profiledRow, profiledWrite } from './profile.ts'
import { report } from './report.ts'
import { measureAll, type Pace, type Plan, type Row, rowsWith, type Targets } from './rounds.ts'
import { scale } from './scale.ts'
import { startUps } from './start-up.ts'
import { NAMES, startTarget, startUpstream, type Target, type Upstream } from './targets.ts'
import { tokenFigures } from './tokens.ts'
import { type Figures, verdicts } from './verdict.ts'
import { checkWrites, measureWrites, type Sides, type WriteRow, writeRowsWith } from './writes.ts'

/** Most rounds for the rows that are near their limit, least time for those that have none. */
const WRITES: Pace = { rounds: 5, warmUp: 1, seconds: 4 }
const FULL: Plan = {
  'tools/list': { rounds: 3, warmUp: 1, seconds: 4 },
  'tools/call': { rounds: 5, warmUp: 1, seconds: 4 },
  'list payments': { rounds: 3, warmUp: 1, seconds: 2 },
}
const PAGES = 3_000
const ONCE: Pace = { rounds: 1, warmUp: 1, seconds: 1 }
const QUICK: Plan = { 'tools/list': ONCE, 'tools/call': ONCE, 'list payments': ONCE }
const STARTS = 5

const out = join(import.meta.dirname, 'out')

type Wanted = {
  rows: readonly Row[]
  plan: Plan
  writes: { writeRows: readonly WriteRow[]; pace: Pace }
  pages: number
}
type All = { targets: Targets; sides: Sides; upstream: Upstream }

const figuresOf = async ({ targets, sides, upstream }: All, wanted: Wanted): Promise<Figures> => {
  const tokens = tokenFigures()
  await checkAll(targets, upstream, tokens.tools)
  await checkWrites(sides, upstream)
  const before = await busyCores()
  const rows = await measureAll(targets, wanted.rows, wanted.plan, console.log)
  const { writeRows, pace } = wanted.writes
  const writes = await measureWrites(sides, writeRows, pace, console.log)
  const after = await busyCores()
  return {
    busy_cores: { before, after },
    rows,
    writes,
    sizes: Object.fromEntries(NAMES.map((name) => [name, sizeOf(targets[name].code)])),
    asset_bytes: assetBytes(),
    pages: await measurePages(upstream.url, wanted.pages),
    start_up_ms: await startUps([targets.floor, targets.stock, targets.ours], tokens.tools, STARTS),
    tokens,
  }
}

const write = ({ plan, writes }: Wanted, figures: Figures) => {
  const result = {
    at: new Date().toISOString(),
    cpu: cpus()[0]!.model,
    cores: cpus().length,
    plan: { ...plan, writes: writes.pace },
    ...figures,
    verdicts: verdicts(figures),
  }
  mkdirSync(out, { recursive: true })
  writeFileSync(join(out, 'bench.json'), `${JSON.stringify(result, null, 2)}\n`)
  return result.verdicts
}

const bench = async (wanted: Wanted): Promise<void> => {
  const upstream = await startUpstream()
  const started: Target[] = []
  try {
    for (const name of [...NAMES, 'unledgered'] as const) started.push(await startTarget(name, upstream.url))
    const all = Object.fromEntries(started.map((target) => [target.name, target])) as Targets & Sides
    const figures = await figuresOf({ targets: all, sides: all, upstream }, wanted)
    const judged = write(wanted, figures)
    console.log(`\n${report(figures, judged)}`)
    process.exitCode = judged.every(({ met }) => met) ? 0 : 1
  } finally {
    await Promise.all(started.map((target) => target.stop()))
    upstream.stop()
  }
}

const USAGE = `Usage: npm run bench -- [--quick | --profile | --scale] [--only <word>]

Measures this Worker against a floor, a bare proxy and the stock shape, side by side, and prints ratios. About 15 minutes
on an idle machine; leaves with 1 when a target of bench/targets.json is missed.

  --quick        one short round of each row: for trying out, not for figures that are quoted
  --profile      where the time of a call goes
  --scale        how time grows with rows stored
  --only <word>  rows whose name has this word
  --help         this text`

const values = optionsOf(USAGE, {
  quick: { type: 'boolean', default: false },
  profile: { type: 'boolean', default: false },
  scale: { type: 'boolean', default: false },
  only: { type: 'string' },
})
const rows = rowsWith(values.only)
const writeRows = writeRowsWith(values.only)
if (values.scale) process.exitCode = (await scale()) ? 0 : 1
else if (values.profile) await profile(out, [...rows.map(profiledRow), ...writeRows.map(profiledWrite)])
else if (values.quick)
  await bench({ rows, plan: QUICK, writes: { writeRows, pace: ONCE }, pages: PAGES / 10 })
else await bench({ rows, plan: FULL, writes: { writeRows, pace: WRITES }, pages: PAGES })
