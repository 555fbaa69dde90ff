/** Everything CI runs: static checks, then all tests; the last line says how many passed and failed. */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { add, countTests, holdsToken, type Outcome, type Report } from './test-outcome.ts'

type Run = { ok: boolean; output: string }

const root = join(import.meta.dirname, '..')

const run = (command: string, ...args: string[]): Promise<Run> =>
  new Promise((resolve, reject) => {
    const env = process.stdout.isTTY ? process.env : { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' }
    const child = spawn(join(root, 'node_modules/.bin', command), args, { cwd: root, env })
    let output = ''
    const pass = (to: NodeJS.WriteStream) => (chunk: Buffer) => {
      output += chunk
      to.write(chunk)
    }
    child.stdout.on('data', pass(process.stdout))
    child.stderr.on('data', pass(process.stderr))
    child.on('error', reject)
    child.on('close', (code) => resolve({ ok: code === 0, output }))
  })

const say = (name: string, ok: boolean): Outcome => {
  console.log(`${ok ? 'ok  ' : 'FAIL'} ${name}`)
  return { passed: Number(ok), failed: Number(!ok) }
}

const runTests = async (): Promise<{ outcome: Outcome; output: string }> => {
  const folder = mkdtempSync(join(tmpdir(), 'finexio-mcp-test-'))
  const file = join(folder, 'report.json')
  try {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
    const { ok, output } = await run('vitest', 'run', ...reporters)
    const report: Report = JSON.parse(readFileSync(file, 'utf8'))
    return { outcome: countTests(report, ok), output }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const main = async (): Promise<void> => {
  const started = Date.now()
  const checks = [
    say('format and lint', (await run('biome', 'ci', '--colors=off', '--error-on-warnings')).ok),
    say('types', (await run('tsc', '-p', '.')).ok),
    say('types of the cards', (await run('tsc', '-p', 'src/mcp/cards/browser')).ok),
    say('unused code, exports and dependencies', (await run('knip')).ok),
  ]
  const tests = await runTests()
  const clean = say('no token in the output of the tests', !holdsToken(tests.output))
  const { passed, failed } = add([...checks, tests.outcome, clean])
  console.log(`${Math.round((Date.now() - started) / 1000)} s`)
  console.log(`${passed} passed, ${failed} failed`)
  process.exitCode = failed === 0 ? 0 : 1
}

await main()
