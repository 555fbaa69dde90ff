/** Everything CI runs: static checks beside all tests; the last line says how many passed and failed. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CHECKS, run } from './checks.ts'
import { root } from './installed.ts'
import { add, countTests, type Outcome, type Report, tokensIn } from './test-outcome.ts'
import { optionsOf } from './usage.ts'

const USAGE = `Usage: npm test [-- --help]
       npm run test:full [-- --help]

Runs format, lint, type checks, the check for unused code, and all tests. The exit code is 0 when nothing failed.
The last line is "N passed, N failed"; every test and every check counts as one.

  --full   every test at its whole size (TEST_SIZE=full), as npm run test:full does
  --help   this text

For less: npm run test:unit runs what needs Node alone, npm run test:watch runs that again on every change.
Both take paths: npm run test:unit -- test/tools
`

const say = (name: string, ok: boolean): Outcome => {
  console.log(`${ok ? 'ok  ' : 'FAIL'} ${name}`)
  return { passed: Number(ok), failed: Number(!ok) }
}

/** One after another, so that they take one core and leave the other to the tests. */
const runChecks = async (): Promise<() => Outcome[]> => {
  const ran: { name: string; ok: boolean; output: string }[] = []
  for (const [name, command, ...args] of CHECKS)
    ran.push({ name, ...(await run(false, {}, command, ...args)) })
  return () =>
    ran.map(({ name, ok, output }) => {
      if (!ok) console.log(output)
      return say(name, ok)
    })
}

/** Where Node keeps what it compiled, for the hundred processes that tests start: most load wrangler, Miniflare or a client. */
const COMPILED = join(root, 'node_modules/.cache/compiled')

const runTests = async (full: boolean): Promise<{ outcome: Outcome; tokens: string[] }> => {
  const folder = mkdtempSync(join(tmpdir(), 'finexio-mcp-test-'))
  const file = join(folder, 'report.json')
  try {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
    const more = { NODE_COMPILE_CACHE: COMPILED, ...(full && { TEST_SIZE: 'full' }) }
    const { ok, output } = await run(true, more, 'vitest', 'run', ...reporters)
    const report: Report = JSON.parse(readFileSync(file, 'utf8'))
    return { outcome: countTests(report, ok), tokens: tokensIn(output, report) }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const main = async (): Promise<void> => {
  const { full = false } = optionsOf(USAGE, { full: { type: 'boolean' } })
  const started = Date.now()
  const [tests, tellChecks] = await Promise.all([runTests(full), runChecks()])
  const checks = tellChecks()
  for (const line of tests.tokens) console.log(line)
  const clean = say('no token in the output of the tests', tests.tokens.length === 0)
  const { passed, failed } = add([...checks, tests.outcome, clean])
  console.log(`${Math.round((Date.now() - started) / 1000)} s`)
  console.log(`${passed} passed, ${failed} failed`)
  process.exitCode = failed === 0 ? 0 : 1
}

await main()
