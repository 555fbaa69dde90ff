/** Wrangler as this project calls it. `WRANGLER` names another executable, for tests. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { installed, root } from '../installed.ts'
import type { Module } from '../local/bundle.ts'
import type { Secrets } from './plan.ts'

const wrangler = (): readonly string[] =>
  process.env.WRANGLER ? [process.env.WRANGLER] : installed('wrangler')

/** @throws where `wrangler.toml` has no such environment: wrangler would make a Worker of that name, with no storage of its own @returns the exit code of a check that went well */
export const checkEnvironment = (environment: string | undefined): 0 => {
  const settings = readFileSync(join(root, 'wrangler.toml'), 'utf8')
  const known = [...settings.matchAll(/^\[env\.([\w-]+)\]/gm)].map(([, name]) => name!)
  if (environment === undefined || known.includes(environment)) return 0
  throw new Error(
    `wrangler.toml has no environment ${JSON.stringify(environment)}: it has ${known.join(' and ')}; without --env the default one is meant.`,
  )
}

const inEnvironment = (environment: string | undefined) =>
  environment ? ['--env', environment] : ['--env', '']

type Ended = { status: number; output: string; errors: string }

const run = (args: readonly string[], quiet: boolean): Ended => {
  const [command, ...first] = wrangler()
  const { status, stdout, stderr, error } = spawnSync(command!, [...first, ...args], {
    encoding: 'utf8',
    // What is read here is wrangler's own output: a quieter level would leave nothing to read.
    env: quiet ? { ...process.env, WRANGLER_LOG: 'log' } : process.env,
    stdio: ['ignore', quiet ? 'pipe' : 'inherit', quiet ? 'pipe' : 'inherit'],
  })
  if (error) throw error
  return { status: status ?? 1, output: stdout ?? '', errors: stderr ?? '' }
}

/** How wrangler says that nobody is logged in; it then advises a temporary account, which is none that a deployment should live in. */
const NO_LOGIN = /not authenticated|not logged in|wrangler login|CLOUDFLARE_API_TOKEN|--temporary\b/i

/** How wrangler says that there is no Worker of this name yet. */
const NO_WORKER = /Worker "[^"\n]+"[^\n]* not found\b/

/**
 * Names of the secrets of a deployment; none for a Worker that is not there yet.
 * @throws when they could not be read: taking them for missing would replace them, and end every URL and credential
 */
export const secretNames = (environment: string | undefined): string[] => {
  const args = ['secret', 'list', '--format', 'json', ...inEnvironment(environment)]
  const { status, output, errors } = run(args, true)
  if (status === 0) return (JSON.parse(output) as { name: string }[]).map(({ name }) => name)
  if (NO_WORKER.test(output + errors)) return []
  if (NO_LOGIN.test(output + errors))
    throw new Error(
      'Wrangler is not logged in at Cloudflare, so nothing was changed. Run npx wrangler login first; in CI set CLOUDFLARE_API_TOKEN.',
    )
  throw new Error(
    `Wrangler could not say which secrets the Worker has, so nothing was changed. Is it logged in (npx wrangler login)?\n\n${(errors + output).trim()}`,
  )
}

/** Hands texts over in files that only this user can read, for as long as the command runs. @param files the first is the one that the command is told of */
const withFiles = <Result>(files: readonly Module[], task: (file: string) => Result): Result => {
  const folder = mkdtempSync(join(tmpdir(), 'finexio-mcp-deploy-'))
  try {
    for (const { name, code } of files) writeFileSync(join(folder, name), code, { mode: 0o600 })
    return task(join(folder, files[0]!.name))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const inSecretsFile = <Result>(secrets: Secrets, task: (file: string) => Result): Result =>
  withFiles([{ name: 'secrets.json', code: JSON.stringify(secrets) }], task)

/**
 * Deploys the Worker together with the secrets it lacks.
 * @param modules the whole Worker, bundled, its main module first
 * @returns the exit code
 */
export const deploy = (
  environment: string | undefined,
  { modules, secrets, dryRun }: { modules: readonly Module[]; secrets: Secrets; dryRun: boolean },
): number =>
  withFiles(modules, (main) => {
    const args = [
      'deploy',
      main,
      '--no-bundle',
      '--no-minify',
      '--config',
      'wrangler.toml',
      ...inEnvironment(environment),
    ]
    if (dryRun) return run([...args, '--dry-run'], false).status
    if (Object.keys(secrets).length === 0) return run(args, false).status
    return inSecretsFile(secrets, (file) => run([...args, '--secrets-file', file], false).status)
  })

/** Uploads secrets to an existing Worker. Returns the exit code. */
export const uploadSecrets = (environment: string | undefined, secrets: Secrets): number =>
  inSecretsFile(secrets, (file) => run(['secret', 'bulk', file, ...inEnvironment(environment)], false).status)

/** What to do where no admin key could be shown, and so none was made. */
export const NO_ADMIN_KEY = `There is no ADMIN_API_KEY, and none is made here: what this prints is not for one person's eyes alone. Nobody is let in until
you set it: openssl rand -base64 32, then npx wrangler secret put ADMIN_API_KEY, in a terminal of yours or in Cloudflare's dashboard.`

/** Runs a command, and prints the message of what it throws, without a stack. @returns the exit code */
export const orComplain = (command: () => number): number => {
  try {
    return command()
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    return 1
  }
}
