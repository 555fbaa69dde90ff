/** The deployment commands with a wrangler that writes down how it was called. */
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'finexio-mcp-deploy-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** The module that we bundled, as it is. */
const DEPLOY = [
  'deploy',
  expect.stringMatching(/index\.js$/),
  '--no-bundle',
  '--no-minify',
  '--config',
  'wrangler.toml',
]

/** Has the script take its output for a terminal. */
const TERMINAL = ['--import', 'data:text/javascript,process.stdout.isTTY=true']

/** As wrangler says it of a Worker that was never deployed. */
const NO_WORKER = '✘ [ERROR] Worker "finexio-mcp" not found.'

/**
 * @param present names that `secret list` answers; a text: what it fails with
 * @param fails whether wrangler fails after the upload; `terminal`: whether the output is one; `settings` of the environment
 */
const run = (
  script: string,
  args: string[],
  present: string[] | string,
  { fails = false, ...where }: { fails?: boolean; terminal?: boolean; settings?: NodeJS.ProcessEnv } = {},
) => {
  const { terminal = true, settings = {} } = where
  const fake = join(folder, 'wrangler')
  const list = JSON.stringify([present].flat().map((name) => ({ name, type: 'secret_text' })))
  writeFileSync(
    fake,
    `#!/usr/bin/env node
const { appendFileSync, copyFileSync, readFileSync, statSync } = require('node:fs')
const args = process.argv.slice(2)
appendFileSync('${folder}/calls', JSON.stringify(args) + '\\n')
if (args[0] === 'secret' && args[1] === 'list') {
  ${typeof present === 'string' ? `console.error('${present}'); process.exit(1)` : `console.log('${list}')`}
} else {
  const file = args[args.indexOf('--secrets-file') + 1 || args.length] ?? (args[1] === 'bulk' ? args[2] : undefined)
  if (file) {
    copyFileSync(file, '${folder}/secrets')
    appendFileSync('${folder}/mode', (statSync(file).mode & 0o777).toString(8))
    appendFileSync('${folder}/path', file)
  }
  if (${fails}) process.exit(1)
}
`,
  )
  chmodSync(fake, 0o755)
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [...(terminal ? TERMINAL : []), join(root, 'scripts/deploy', script), ...args],
    {
      encoding: 'utf8',
      env: { ...process.env, CI: '', WORKERS_CI: '', WRANGLER: fake, ...settings },
    },
  )
  const read = (name: string) =>
    existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8') : null
  const calls = (read('calls') ?? '')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as string[])
  const secrets = read('secrets')
  return {
    stdout,
    stderr,
    status,
    calls,
    secrets: secrets === null ? null : (JSON.parse(secrets) as Record<string, string>),
    mode: read('mode'),
    path: read('path'),
  }
}

const ALL = ['ADMIN_API_KEY', 'TOKEN_PEPPER', 'MASTER_KEY_V1', 'MASTER_KEY_PRIMARY']

test('a first deployment uploads fresh secrets in a private file, and shows the admin key alone', () => {
  const { status, calls, secrets, stdout, mode, path } = run('main.ts', ['--env', 'staging'], NO_WORKER)
  expect(status).toBe(0)
  expect(calls.at(-1)?.slice(0, -1)).toEqual([...DEPLOY, '--env', 'staging', '--secrets-file'])
  expect(Object.keys(secrets!)).toEqual(ALL)
  expect([mode, existsSync(path!)]).toEqual(['600', false])
  expect(stdout).toContain(secrets!.ADMIN_API_KEY)
  for (const name of ['TOKEN_PEPPER', 'MASTER_KEY_V1']) expect(stdout).not.toContain(secrets![name])
})

test('the admin key is shown as well when wrangler fails late: the secrets may be there by then', () => {
  const { status, secrets, stdout } = run('main.ts', [], NO_WORKER, { fails: true })
  expect(status).toBe(1)
  expect(stdout).toMatch(/Wrangler failed.*repeat npm run deploy/)
  expect(stdout).toContain(secrets!.ADMIN_API_KEY)
})

test('a later deployment touches no secret', () => {
  const { status, calls, secrets, stdout } = run('main.ts', [], ALL)
  expect([status, secrets]).toEqual([0, null])
  expect(calls.at(-1)).toEqual([...DEPLOY, '--env', ''])
  expect(stdout).toContain('All secrets are there.')
})

test.each([
  ['main.ts', []],
  ['secrets.ts', []],
  ['secrets.ts', ['--rotate-master']],
])('%s %j changes nothing when it cannot read which secrets there are', (script, args) => {
  const { status, calls, secrets, stderr } = run(script, args, '✘ [ERROR] fetch failed')
  expect([status, secrets, calls.length]).toEqual([1, null, 1])
  expect(stderr).toMatch(/nothing was changed.*wrangler login.*fetch failed/s)
  expect(stderr).not.toContain('    at ')
})

test('a dry run asks nothing and uploads nothing', () => {
  const { calls, secrets } = run('main.ts', ['--dry-run'], NO_WORKER)
  expect([calls, secrets]).toEqual([[[...DEPLOY, '--env', '', '--dry-run']], null])
})

// At b8f2a26 wrangler was asked for a Worker of that name. Siblings: upper case, an empty name, the secrets.
test.each([
  ['main.ts', ['--env', 'stagging']],
  ['main.ts', ['--env', 'Production']],
  ['main.ts', ['--env', '', '--dry-run']],
  ['secrets.ts', ['--env', 'prod', '--rotate-master']],
])('%s %j: an environment that there is not is named, and nothing is asked or sent', (script, args) => {
  const { status, calls, stdout, stderr } = run(script, args, ALL)
  expect([status, calls, stdout]).toEqual([1, [], ''])
  expect(stderr).toMatch(/has no environment ".*": it has staging and production/)
})

test('a master key is added first and made primary later', () => {
  const added = run('secrets.ts', ['--rotate-master'], ALL)
  expect(Object.keys(added.secrets!)).toEqual(['MASTER_KEY_V2'])
  expect(added.stdout).not.toContain(added.secrets!.MASTER_KEY_V2)
  expect(run('secrets.ts', ['--primary', '2'], [...ALL, 'MASTER_KEY_V2']).secrets).toEqual({
    MASTER_KEY_PRIMARY: '2',
  })
})

test('a version that is not there cannot become primary', () => {
  const { status, stderr, calls } = run('secrets.ts', ['--primary', '3'], ALL)
  expect([status, calls.length]).toEqual([1, 1])
  expect(stderr.trim()).toBe('There is no MASTER_KEY_V3; this deployment has 1.')
})

const SECRET = /[A-Za-z0-9+/]{40}/

// Siblings of the button's build (WORKERS_CI): another CI, an output that is no terminal, and wrangler failing late.
test.each([
  [{ settings: { WORKERS_CI: '1' } }],
  [{ settings: { CI: 'true' } }],
  [{ terminal: false }],
  [{ settings: { WORKERS_CI: '1' }, fails: true }],
])('%j: a first deployment prints no secret and makes no admin key', (where) => {
  const { status, secrets, stdout, stderr } = run('main.ts', [], NO_WORKER, where)
  expect(status).toBe('fails' in where ? 1 : 0)
  expect(Object.keys(secrets!)).toEqual(ALL.filter((name) => name !== 'ADMIN_API_KEY'))
  expect(stdout).toContain('npx wrangler secret put ADMIN_API_KEY')
  expect(stdout + stderr).not.toMatch(SECRET)
})

test('a later build of a button says nothing of the admin key', () => {
  const { stdout, secrets } = run('main.ts', [], ALL, { settings: { WORKERS_CI: '1' } })
  expect(secrets).toBeNull()
  expect(stdout).not.toContain('secret put')
})

test('secrets adds no admin key that nobody would see, and prints none in a build', () => {
  const { secrets, stdout } = run('secrets.ts', [], [])
  expect(Object.keys(secrets!)).not.toContain('ADMIN_API_KEY')
  expect(stdout).toContain('npx wrangler secret put ADMIN_API_KEY')
  expect(stdout).not.toMatch(SECRET)
  for (const settings of [{ CI: 'true' }, { WORKERS_CI: '1' }]) {
    const printed = run('secrets.ts', ['--print'], [], { settings })
    expect([printed.status, printed.stdout]).toEqual([1, ''])
    expect(printed.stderr).toMatch(/not printed in CI/)
  }
  expect(run('secrets.ts', ['--print'], [], { terminal: false }).stdout).toMatch(SECRET)
})
