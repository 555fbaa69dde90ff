/** With which secrets a data folder was made: with others its URLs let nobody in, and what is sealed does not open. */
import { createHmac } from 'node:crypto'
import { copyFileSync, existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { DeploymentSecrets } from '../local/secrets.ts'
import { readKept, writeKept } from './kept.ts'

const NEEDED = ['TOKEN_PEPPER', 'MASTER_KEY_V1'] as const
type Marks = Record<(typeof NEEDED)[number], string>

/** Tells one secret from another, and gives neither away. */
const markOf = (secret: string): string =>
  createHmac('sha256', secret).update('data folder of npm start').digest('hex').slice(0, 12)

/** What does not work with another one. */
const SHUT: Marks = {
  TOKEN_PEPPER: 'URLs and API tokens of before let nobody in',
  MASTER_KEY_V1: 'Finexio credentials of before cannot be opened',
}

/** What is remembered of the demo that was made with some secrets. */
const REMEMBERED = ['demo', 'people'] as const

const nameOf = (marks: Marks): string => NEEDED.map((name) => marks[name].slice(0, 6)).join('-')

const copy = (dataDir: string, from: string, to: string): void => {
  const path = join(dataDir, from)
  if (existsSync(path)) copyFileSync(path, join(dataDir, to))
}

/**
 * Puts the demo of other secrets aside, and takes out again that of these.
 * @returns a sentence where the folder was made with others; null: it was not, or nobody knows
 */
export const settleSecrets = (dataDir: string, secrets: DeploymentSecrets, file: string): string | null => {
  const path = join(dataDir, 'made-with.json')
  const marks = { TOKEN_PEPPER: markOf(secrets.TOKEN_PEPPER), MASTER_KEY_V1: markOf(secrets.MASTER_KEY_V1) }
  const before = readKept<Marks>(path, NEEDED)
  const others = before ? NEEDED.filter((name) => before[name] !== marks[name]) : []
  if (before === null || others.length === 0) {
    if (before === null) writeKept(path, marks)
    return null
  }
  for (const name of REMEMBERED) copy(dataDir, `${name}.json`, `${name}.${nameOf(before)}.json`)
  // Whom somebody disabled stays disabled in another demo: people are looked for among those of before.
  rmSync(join(dataDir, 'demo.json'), { force: true })
  for (const name of REMEMBERED) copy(dataDir, `${name}.${nameOf(marks)}.json`, `${name}.json`)
  writeKept(path, marks)
  if (existsSync(join(dataDir, 'demo.json')))
    return `${others.join(' and ')} of ${file} ${others.length === 1 ? 'is that' : 'are those'} of an earlier start again, and so is the demo. What was made in between needs the secrets of then.`
  const shut = others.map((name) => SHUT[name]).join(', and ')
  return `${dataDir} was made with ${others.length === 1 ? 'another' : 'other'} ${others.join(' and ')} than ${file} has now: ${shut}. Nothing of it was changed or removed. To use it again, stop, put the file back that it was made with, and start. Until then this is another demo.`
}
