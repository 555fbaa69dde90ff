/** What a run leaves in a folder, and the table that is made of it. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { withTable } from '../../scripts/docs/marked.ts'
import type { MillionFigures } from '../rows/million.ts'
import { figuresTable, MADE_BY, MARK, type Run } from './document.ts'
import type { Figures, Verdict } from './verdict.ts'

const README = join(import.meta.dirname, '../README.md')
const [BENCH, MILLION] = ['bench.json', 'million.json']

const git = (...args: string[]) =>
  spawnSync('git', args, { cwd: import.meta.dirname, encoding: 'utf8' }).stdout?.trim() ?? ''

/** Of a copy without its history the commit is not known. */
const commit = (): string => {
  const id = git('rev-parse', '--short', 'HEAD') || 'unknown'
  return git('status', '--porcelain') === '' ? id : `${id} with changes`
}

const keep = (folder: string, file: string, figures: object): void => {
  const run: Run = {
    at: new Date().toISOString(),
    commit: commit(),
    cpu: cpus()[0]!.model,
    cores: cpus().length,
  }
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, file), `${JSON.stringify({ ...run, ...figures }, null, 2)}\n`)
}

export const keepFigures = (folder: string, figures: Figures, judged: readonly Verdict[]): void =>
  keep(folder, BENCH, { ...figures, verdicts: judged })

export const keepMillion = (folder: string, million: MillionFigures): void =>
  keep(folder, MILLION, { million })

const kept = <Answer>(folder: string, file: string): Answer | null => {
  const path = join(folder, file)
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Answer) : null
}

/** Writes the figures that the last runs left into the document. */
export const writeTable = (folder: string): void => {
  const table = figuresTable(kept(folder, BENCH), kept(folder, MILLION))
  writeFileSync(README, withTable(readFileSync(README, 'utf8'), MARK, table, MADE_BY))
}
