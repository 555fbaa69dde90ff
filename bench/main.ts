/** `npm run bench`: ours against a floor, a bare proxy and the stock shape. */
import { join } from 'node:path'
import { optionsOf } from '../scripts/usage.ts'
import { profile, profiledRow, profiledWrite } from './profile/profile.ts'
import { keepFigures, keepMillion, writeTable } from './report/keep.ts'
import { millionReport, report } from './report/report.ts'
import { verdicts } from './report/verdict.ts'
import { FULL, figuresOf, QUICK, type Wanted, wantedWith } from './rows/all.ts'
import { measureFlood } from './rows/flood.ts'
import { FEW, MILLION, measureMillion } from './rows/million.ts'
import { scale } from './rows/scale.ts'
import { startAll, startUpstream } from './targets/targets.ts'
import limits from './targets.json' with { type: 'json' }

const out = join(import.meta.dirname, 'out')

const minutes = (since: number) => ((performance.now() - since) / 60_000).toFixed(1)

/** @returns whether every limit is kept */
const bench = async (wanted: Wanted): Promise<boolean> => {
  const begun = performance.now()
  const upstream = await startUpstream()
  const { targets, stop } = await startAll(upstream.url)
  try {
    const figures = await figuresOf(targets, upstream, wanted, console.log)
    const judged = verdicts(figures)
    keepFigures(out, figures, judged)
    console.log(`\n${report(figures, judged)}\n\nThis took ${minutes(begun)} minutes.`)
    return judged.every(({ met }) => met)
  } finally {
    await stop()
    upstream.stop()
  }
}

/** @param quick with few rows: figures that are not kept; nor are those of some works @returns whether no call waited longer than it may */
const million = async (quick: boolean, word: string | undefined): Promise<boolean> => {
  const begun = performance.now()
  const upstream = await startUpstream()
  try {
    const figures = await measureMillion(upstream.url, { rows: quick ? FEW : MILLION, word }, console.log)
    if (!quick && word === undefined) keepMillion(out, figures)
    console.log(`\n${millionReport(figures, limits.longest_call_ms)}\n\nThis took ${minutes(begun)} minutes.`)
    return figures.works.every(({ longest }) => longest <= limits.longest_call_ms)
  } finally {
    upstream.stop()
  }
}

const USAGE = `Usage: npm run bench -- [--quick | --profile | --scale | --flood | --million | --table] [--only <word>]

Measures this Worker against a floor, a bare proxy and the stock shape, side by side, and prints ratios. About nine minutes
on an idle machine; leaves with 1 when a target of bench/targets.json is missed.

  --quick        one short round of each row, or few rows of --million: for trying out, not for figures that are quoted
  --profile      where the time of a call goes
  --scale        how time grows with rows stored
  --flood        a calm account beside one with 1,000 connections, and what memory they take
  --million      the longest call while a trail of 1,000,000 rows is verified, exported, searched, counted and trimmed
  --table        measures nothing: writes the figures of the last runs into bench/README.md
  --only <word>  rows whose name has this word; with --million: works
  --help         this text`

const values = optionsOf(USAGE, {
  quick: { type: 'boolean', default: false },
  profile: { type: 'boolean', default: false },
  scale: { type: 'boolean', default: false },
  flood: { type: 'boolean', default: false },
  million: { type: 'boolean', default: false },
  table: { type: 'boolean', default: false },
  only: { type: 'string' },
})
const wanted = wantedWith(values.only, values.quick ? QUICK : FULL)
const isGood = (): Promise<boolean> => {
  if (values.scale) return scale()
  if (values.flood) return measureFlood()
  return values.million ? million(values.quick, values.only) : bench(wanted)
}
if (values.table) writeTable(out)
else if (values.profile)
  await profile(out, [...wanted.rows.map(profiledRow), ...wanted.writeRows.map(profiledWrite)])
else process.exitCode = (await isGood()) ? 0 : 1
