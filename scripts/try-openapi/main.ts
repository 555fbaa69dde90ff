/** `npm run try:openapi -- <openapi.json>`: calls all tools against a server made from an OpenAPI file, and prints what it refuses. */
import { readFileSync } from 'node:fs'
import { argumentOf } from '../usage.ts'
import { reportOf } from './report.ts'

const USAGE = `Usage: npm run try:openapi -- <openapi.json>

Starts a server on this machine that is made from an OpenAPI file of Finexio and takes it at its word, the product beside it,
and calls the tools of every operation in many variants. Prints what the description would refuse: what is ours, apart from
slips of the description that scripts/try-openapi/accepted.ts lists. Exits with 1 when something is ours, with 2 when it cannot be tried.`

const main = async (file: string): Promise<number> => {
  try {
    const { tryDescription } = await import('./trial.ts')
    const { lines, fine } = reportOf(await tryDescription(JSON.parse(readFileSync(file, 'utf8'))))
    console.log(lines.join('\n'))
    return fine ? 0 : 1
  } catch (fault) {
    console.error(`Cannot try ${file}: ${fault instanceof Error ? fault.message : String(fault)}`)
    return 2
  }
}

process.exitCode = await main(argumentOf(USAGE, {}).argument)
