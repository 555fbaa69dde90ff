/** Runs the official conformance suite as its own process and reads what it wrote about every check. */
import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const here = (path: string) => join(import.meta.dirname, path)
const require = createRequire(import.meta.url)
const CURRENT = require.resolve('@modelcontextprotocol/conformance/dist/index.js')
const STABLE = require.resolve('conformance-stable/dist/index.js')

/** Expected failures; each has its reason in the file. */
export const LEGACY_BASELINE = here('legacy.yml')
export const SURFACE_BASELINE = here('surface.yml')

type Check = { id: string; status: 'SUCCESS' | 'FAILURE' | 'WARNING' | 'SKIPPED' | 'INFO' }
export type SuiteRun = { exitCode: number; output: string; scenarios: Map<string, Check[]> }

const node = (args: string[]): Promise<{ exitCode: number; output: string }> =>
  new Promise((resolve) => {
    const child = execFile(process.execPath, args, { maxBuffer: 1 << 26 }, (_error, out, err) =>
      resolve({ exitCode: child.exitCode ?? -1, output: out + err }),
    )
  })

const readChecks = async (folder: string): Promise<Map<string, Check[]>> => {
  const scenarios = new Map<string, Check[]>()
  for (const entry of await readdir(folder)) {
    const name = /^server-(.+)-\d{4}-\d\d-\d\dT/.exec(entry)?.[1]
    if (name) scenarios.set(name, JSON.parse(await readFile(join(folder, entry, 'checks.json'), 'utf8')))
  }
  return scenarios
}

const run = async (program: string, url: string, options: string[]): Promise<SuiteRun> => {
  const folder = await mkdtemp(join(tmpdir(), 'conformance-'))
  try {
    const ended = await node([program, 'server', '--url', url, '-o', folder, ...options])
    return { ...ended, scenarios: await readChecks(folder) }
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** @param url on localhost, as the suite demands */
export const runSuite = (url: string, ...options: string[]) => run(CURRENT, url, options)

/** The stable release of the suite, which knows 2025 only. */
export const runStableSuite = (url: string, ...options: string[]) => run(STABLE, url, options)

/** Names of the server scenarios that a revision requires, as the suite itself lists them. */
export const requiredScenarios = async (revision: string): Promise<string[]> => {
  const { output } = await node([CURRENT, 'list', '--requirements', revision])
  const section = /Server scenarios[^\n]*\n([\s\S]*?)\n\n/.exec(output)?.[1] ?? ''
  return [...section.matchAll(/^ +- (\S+)/gm)].map((match) => match[1]!)
}

export const failedChecks = ({ scenarios }: SuiteRun, name: string): string[] => {
  const checks = scenarios.get(name)
  if (!checks) throw new Error(`The suite did not run ${name}.`)
  return checks.filter(({ status }) => status === 'FAILURE').map(({ id }) => id)
}

/** Those of `names` with a failed check. */
export const failing = (result: SuiteRun, names: Iterable<string>): string[] =>
  [...names].filter((name) => failedChecks(result, name).length > 0)
