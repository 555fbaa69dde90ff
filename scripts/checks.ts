/** The static checks, once: `npm run check` runs them by themselves, `npm test` beside the tests. */
import { spawn } from 'node:child_process'
import { installed, root } from './installed.ts'

export type Check = readonly [name: string, command: string, ...args: string[]]

/** One checker, since each of the four that tsc would start checks again what they share. */
const ALONE = ['--checkers', '1']

export const CHECKS: readonly Check[] = [
  ['format and lint', 'biome', 'ci', '--colors=off', '--error-on-warnings'],
  ['types', 'tsc', '-p', '.', ...ALONE],
  ['types of the cards', 'tsc', '-p', 'src/mcp/cards/browser', ...ALONE],
  ['unused code, exports and dependencies', 'knip'],
]

export type Run = { ok: boolean; output: string }

/**
 * Runs a command of the project's packages.
 * @param echo whether to print its output as it comes; it is collected either way
 * @param more extra environment variables
 */
export const run = (
  echo: boolean,
  more: Record<string, string>,
  command: string,
  ...args: string[]
): Promise<Run> =>
  new Promise((resolve, reject) => {
    const plain = process.stdout.isTTY ? {} : { NO_COLOR: '1', FORCE_COLOR: '0' }
    const env = { ...process.env, ...plain, ...more }
    const [node, script] = installed(command)
    const child = spawn(node, [script, ...args], { cwd: root, env })
    let output = ''
    const pass = (to: NodeJS.WriteStream) => (chunk: Buffer) => {
      output += chunk
      if (echo) to.write(chunk)
    }
    child.stdout.on('data', pass(process.stdout))
    child.stderr.on('data', pass(process.stderr))
    child.on('error', reject)
    child.on('close', (code) => resolve({ ok: code === 0, output }))
  })
