/** The deployment commands with a wrangler that writes down how it was called. */
import { execFile } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')
const home = mkdtempSync(join(tmpdir(), 'finexio-mcp-deploy-'))
afterAll(() => rmSync(home, { recursive: true, force: true }))

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

/** A small module in the place of the Worker's, whose bundling takes most of a command's time; test/deploy/deployment.live.test.ts bundles it. */
const SMALL = `import { registerHooks } from 'node:module'
const source = "export const bundleWorker = async () => [{ name: 'index.js', code: 'export default {}' }]; export const minified = (module) => module"
registerHooks({
  load: (url, context, next) =>
    url.endsWith('/scripts/local/bundle.ts') ? { format: 'module', source, shortCircuit: true } : next(url, context),
})`
const BUNDLED = ['--import', `data:text/javascript,${encodeURIComponent(SMALL)}`]

/** As wrangler says it of a Worker that was never deployed. */
const NO_WORKER = '✘ [ERROR] Worker "finexio-mcp" not found.'

type Ended = { status: number | null; stdout: string; stderr: string }

/** A process of its own; tests run beside each other, since most of their time goes into starting such ones. */
const ended = (args: string[], env: NodeJS.ProcessEnv): Promise<Ended> =>
  new Promise((resolve) => {
    const child = execFile(process.execPath, args, { env }, (_, stdout, stderr) =>
      resolve({ status: child.exitCode, stdout, stderr }),
    )
    child.stdin?.end()
  })

/**
 * @param present names that `secret list` answers; a text: what it fails with
 * @param fails whether wrangler fails after the upload; `terminal`: whether the output is one; `settings` of the environment
 */
const run = async (
  script: string,
  args: string[],
  present: string[] | string,
  { fails = false, ...where }: { fails?: boolean; terminal?: boolean; settings?: NodeJS.ProcessEnv } = {},
) => {
  const { terminal = true, settings = {} } = where
  const folder = mkdtempSync(join(home, 'run-'))
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
  const { stdout, stderr, status } = await ended(
    [...BUNDLED, ...(terminal ? TERMINAL : []), join(root, 'scripts/deploy', script), ...args],
    { ...process.env, CI: '', WORKERS_CI: '', WRANGLER: fake, ...settings },
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

test.concurrent('a first deployment uploads fresh secrets in a private file, and shows the admin key alone', async () => {
  const { status, calls, secrets, stdout, mode, path } = await run('main.ts', ['--env', 'staging'], NO_WORKER)
  expect(status).toBe(0)
  expect(calls.at(-1)?.slice(0, -1)).toEqual([...DEPLOY, '--env', 'staging', '--secrets-file'])
  expect(Object.keys(secrets!)).toEqual(ALL)
  expect([mode, existsSync(path!)]).toEqual(['600', false])
  expect(stdout).toContain(secrets!.ADMIN_API_KEY)
  for (const name of ['TOKEN_PEPPER', 'MASTER_KEY_V1']) expect(stdout).not.toContain(secrets![name])
})

test.concurrent('the admin key is shown as well when wrangler fails late: the secrets may be there by then', async () => {
  const { status, secrets, stdout } = await run('main.ts', [], NO_WORKER, { fails: true })
  expect(status).toBe(1)
  expect(stdout).toMatch(/Wrangler failed.*repeat npm run deploy/)
  expect(stdout).toContain(secrets!.ADMIN_API_KEY)
})

test.concurrent('a later deployment touches no secret', async () => {
  const { status, calls, secrets, stdout } = await run('main.ts', [], ALL)
  expect([status, secrets]).toEqual([0, null])
  expect(calls.at(-1)).toEqual([...DEPLOY, '--env', ''])
  expect(stdout).toContain('All secrets are there.')
})

test.concurrent.each([
  ['main.ts', []],
  ['secrets.ts', []],
  ['secrets.ts', ['--rotate-master']],
])('%s %j changes nothing when it cannot read which secrets there are', async (script, args) => {
  const { status, calls, secrets, stderr } = await run(script, args, '✘ [ERROR] fetch failed')
  expect([status, secrets, calls.length]).toEqual([1, null, 1])
  expect(stderr).toMatch(/nothing was changed.*wrangler login.*fetch failed/s)
  expect(stderr).not.toContain('    at ')
})

test.concurrent('a dry run asks nothing and uploads nothing', async () => {
  const { calls, secrets, stdout } = await run('main.ts', ['--dry-run'], NO_WORKER, { terminal: false })
  expect([calls, secrets]).toEqual([[[...DEPLOY, '--env', '', '--dry-run']], null])
  // Seen on 2026-11-30: where the output was piped, three secrets were named, and nothing was said of the admin key.
  expect(stdout).toMatch(/A new Worker gets TOKEN_PEPPER.*\nThere is no ADMIN_API_KEY, and none is made here/)
})

// Seen on 2026-11-30: wrangler's own advice, a temporary account. Siblings: the ways in which wrangler says so; main.ts asks by the same function.
test.concurrent.each([
  ['secrets.ts', 'You are not authenticated. Rerun this command with --temporary to use a temporary account'],
  ['secrets.ts', 'In a non-interactive environment set a CLOUDFLARE_API_TOKEN'],
  ['secrets.ts', 'Not logged in. Rerun this command with --temporary'],
])('%s without a login says so in our words: %s', async (script, words) => {
  const { status, stderr, calls } = await run(script, [], words)
  expect([status, calls.length]).toEqual([1, 1])
  expect(stderr).toMatch(/not logged in at Cloudflare, so nothing was changed\. Run npx wrangler login/)
  expect(stderr).not.toContain('--temporary')
})

// At b8f2a26 wrangler was asked for a Worker of that name. Siblings: upper case, an empty name, the secrets.
test.concurrent.each([
  ['main.ts', ['--env', 'stagging']],
  ['main.ts', ['--env', 'Production']],
  ['main.ts', ['--env', '', '--dry-run']],
  ['secrets.ts', ['--env', 'prod', '--rotate-master']],
])('%s %j: an environment that there is not is named, and nothing is asked or sent', async (script, args) => {
  const { status, calls, stdout, stderr } = await run(script, args, ALL)
  expect([status, calls, stdout]).toEqual([1, [], ''])
  expect(stderr).toMatch(/has no environment ".*": it has staging and production/)
})

test.concurrent('a master key is added first and made primary later', async () => {
  const added = await run('secrets.ts', ['--rotate-master'], ALL)
  expect(Object.keys(added.secrets!)).toEqual(['MASTER_KEY_V2'])
  expect(added.stdout).not.toContain(added.secrets!.MASTER_KEY_V2)
  expect((await run('secrets.ts', ['--primary', '2'], [...ALL, 'MASTER_KEY_V2'])).secrets).toEqual({
    MASTER_KEY_PRIMARY: '2',
  })
})

test.concurrent('a version that is not there cannot become primary', async () => {
  const { status, stderr, calls } = await run('secrets.ts', ['--primary', '3'], ALL)
  expect([status, calls.length]).toEqual([1, 1])
  expect(stderr.trim()).toBe('There is no MASTER_KEY_V3; this deployment has 1.')
})

const SECRET = /[A-Za-z0-9+/]{40}/

// Siblings of the button's build (WORKERS_CI): another CI, an output that is no terminal, and wrangler failing late.
test.concurrent.each([
  [{ settings: { WORKERS_CI: '1' } }],
  [{ settings: { CI: 'true' } }],
  [{ terminal: false }],
  [{ settings: { WORKERS_CI: '1' }, fails: true }],
])('%j: a first deployment prints no secret and makes no admin key', async (where) => {
  const { status, secrets, stdout, stderr } = await run('main.ts', [], NO_WORKER, where)
  expect(status).toBe('fails' in where ? 1 : 0)
  expect(Object.keys(secrets!)).toEqual(ALL.filter((name) => name !== 'ADMIN_API_KEY'))
  expect(stdout).toContain('npx wrangler secret put ADMIN_API_KEY')
  expect(stdout + stderr).not.toMatch(SECRET)
})

test.concurrent('a later build of a button says nothing of the admin key', async () => {
  const { stdout, secrets } = await run('main.ts', [], ALL, { settings: { WORKERS_CI: '1' } })
  expect(secrets).toBeNull()
  expect(stdout).not.toContain('secret put')
})

test.concurrent('secrets adds no admin key that nobody would see, and prints none in a build', async () => {
  const { secrets, stdout } = await run('secrets.ts', [], [])
  expect(Object.keys(secrets!)).not.toContain('ADMIN_API_KEY')
  expect(stdout).toContain('npx wrangler secret put ADMIN_API_KEY')
  expect(stdout).not.toMatch(SECRET)
  for (const settings of [{ CI: 'true' }, { WORKERS_CI: '1' }]) {
    const printed = await run('secrets.ts', ['--print'], [], { settings })
    expect([printed.status, printed.stdout]).toEqual([1, ''])
    expect(printed.stderr).toMatch(/not printed in CI/)
  }
  expect((await run('secrets.ts', ['--print'], [], { terminal: false })).stdout).toMatch(SECRET)
})
