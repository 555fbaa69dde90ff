/** `npm run schemas:drift -- <openapi.json>`: tells what Finexio's OpenAPI file says that `schemas/` does not, and vice versa. */
import { readFileSync } from 'node:fs'
import { resources } from '../../schemas/index.ts'
import { argumentOf } from '../usage.ts'
import { accepted } from './accepted/index.ts'
import { compareDescriptions, type Difference, judge, type Verdict } from './compare.ts'
import { describeOpenApi } from './openapi.ts'
import { describeSchemas } from './schemas.ts'

const line = ({ kind, route, at, theirs, ours }: Difference) =>
  `${kind.padEnd(8)}${route}${at && `  ${at}`}\n        Finexio: ${theirs}\n        schemas: ${ours}`

const report = ({ news, known, stale }: Verdict): string[] => [
  ...news.map(line),
  ...stale.map(
    ({ route, accepted: { at, reason } }) =>
      `notice  ${route}  ${at} no longer differs; its acceptance can be removed (${reason})`,
  ),
  `${news.length} new differences, ${known.length} accepted, ${stale.length} acceptances stale.`,
]

const USAGE = `Usage: npm run schemas:drift -- <openapi.json>

Compares schemas/ with a Finexio OpenAPI file and prints what differs. Exits with 1 when something differs that is not in
scripts/schemas-drift/accepted.`

const run = (file: string): number => {
  try {
    const theirs = describeOpenApi(JSON.parse(readFileSync(file, 'utf8')))
    const verdict = judge(compareDescriptions(theirs, describeSchemas(resources)), accepted)
    console.log(report(verdict).join('\n'))
    return verdict.news.length > 0 ? 1 : 0
  } catch (fault) {
    console.error(`Cannot compare with ${file}: ${fault instanceof Error ? fault.message : String(fault)}`)
    return 2
  }
}

process.exitCode = run(argumentOf(USAGE, {}).argument)
