/** `npm run structure`: how large the parts of the product are, and which way its imports point. */
import { join, resolve } from 'node:path'
import { optionsOf } from '../usage.ts'
import { type Passed, passedBy } from './calls.ts'
import { type Structure, structureOf } from './measure.ts'
import { printed, printedCall } from './print.ts'

const USAGE = `Usage: npm run structure -- [--repo <folder>] [--calls] [--json]

Measures src and schemas, generated files left out.

  --repo <folder>  another checkout, measured by this one's script
  --calls          also run one read and one write, and count the files with a function that was executed
  --json           the same as JSON
  --help           this text

"lines" counts all lines of .ts, .tsx and .css; "code" those that are neither blank nor comment only.
The directions that imports may take are in scripts/structure/rooms.ts.`

const options = {
  repo: { type: 'string' },
  calls: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
} as const

const text = (structure: Structure, calls: readonly Passed[] = []): string =>
  [printed(structure), ...calls.map(printedCall)].join('\n\n')

const main = async (): Promise<void> => {
  const values = optionsOf(USAGE, options)
  const repo = resolve(values.repo ?? join(import.meta.dirname, '../..'))
  const structure = structureOf(repo)
  const calls = values.calls ? await passedBy(repo) : undefined
  console.log(values.json ? JSON.stringify({ ...structure, calls }, null, 2) : text(structure, calls))
}

try {
  await main()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
