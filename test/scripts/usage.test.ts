import { execFile, spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')

const bare = mkdtempSync(join(tmpdir(), 'finexio-mcp-bare-'))

type Ended = [status: number, stdout: string, stderr: string]

/** A script in a process of its own, as npm starts it; what all of them load is compiled once. @param folder a checkout */
const call = (folder: string, ...args: string[]): Promise<Ended> =>
  new Promise((resolve) => {
    const env = { ...process.env, npm_lifecycle_event: 'bench', NODE_COMPILE_CACHE: join(bare, 'cache') }
    const child = execFile(
      process.execPath,
      [join(folder, 'scripts/run.mjs'), ...args],
      { env },
      (_, stdout, stderr) => resolve([child.exitCode ?? -1, stdout, stderr]),
    )
  })

/** Every script of package.json that is ours. */
const SCRIPTS = [
  ...new Set(
    Object.values<string>(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).scripts).flatMap(
      (command) => /^node scripts\/run\.mjs (\S+)/.exec(command)?.[1] ?? [],
    ),
  ),
]

beforeAll(() => cpSync(join(root, 'scripts'), join(bare, 'scripts'), { recursive: true }))
afterAll(() => rmSync(bare, { recursive: true }))

test('all scripts are asked', () => expect(SCRIPTS.length).toBeGreaterThan(12))

// Beside each other, since each is a process that mostly starts.
describe.concurrent.each(SCRIPTS)('%s', (script) => {
  test('--help says how it is used and does nothing', async ({ expect }) => {
    const usage = expect.stringMatching(/^Usage: npm (run|test|start)/)
    expect(await call(root, script, '--help')).toEqual([0, usage, ''])
  })

  test('an option that it does not know is refused, with its usage', async ({ expect }) => {
    const complaint = expect.stringMatching(/--colour.*Usage: npm/is)
    expect(await call(root, script, '--colour')).toEqual([2, '', complaint])
  })

  // At b8f2a26 seven of eight died of an error code (G2).
  test('without packages it says what is missing, in one sentence', async ({ expect }) => {
    const sentence = 'The packages are not installed. Run `npm ci` first, then `npm run bench`.\n'
    expect(await call(bare, script)).toEqual([1, '', sentence])
  })
})

// Seen by the second new user: `npm run deploy --dry-run` deployed, since npm kept the flag. Siblings: an option with a value, another script, npm's own short form of --quiet.
test.each([
  ['deploy/main.ts', 'dry-run', 'true'],
  ['deploy/main.ts', 'env', 'staging'],
  ['deploy/secrets.ts', 'print', 'true'],
  ['connect/main.ts', 'hours', '8'],
])('%s does nothing where npm has kept --%s', (script, name, value) => {
  const url = script.startsWith('connect') ? ['https://example.com'] : []
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, 'scripts/run.mjs'), script, ...url],
    { encoding: 'utf8', env: { ...process.env, [`npm_config_${name.replaceAll('-', '_')}`]: value } },
  )
  expect([status, stdout]).toEqual([2, ''])
  expect(stderr).toContain(`npm kept --${name} for itself`)
  expect(stderr).toContain(`-- --${name}`)
})

// Seen by the second new user: usage without a reason, and Cloudflare asked before the number was looked at. Siblings: another script, two arguments, another wrong number.
test.each([
  ['connect/main.ts', [], 2, 'The argument is missing'],
  ['server-json/main.ts', [], 2, 'The argument is missing'],
  ['connect/main.ts', ['https://a.example', 'https://b.example'], 2, 'One argument is too many'],
  ['deploy/secrets.ts', ['--primary', 'x'], 1, '--primary takes the number of a master key'],
  ['deploy/secrets.ts', ['--primary', '0'], 1, '--primary takes the number of a master key'],
] as const)('%s %j says what is wrong', async (script, args, code, words) => {
  const [status, , stderr] = await call(root, script, ...args)
  expect([status, stderr]).toEqual([code, expect.stringContaining(words)])
})

// Seen on 2026-11-30: `--hour` was answered with Node's advice on arguments that begin with a dash.
test('an option that is nearly one is told which', async () => {
  const [status, , stderr] = await call(root, 'connect/main.ts', 'https://x.test', '--hour', '4')
  expect([status, stderr.split('\n')[0]]).toEqual([2, 'There is no option --hour: is --hours meant?'])
  const [, , far] = await call(root, 'connect/main.ts', 'https://x.test', '--colour')
  expect(far.split('\n')[0]).toBe('There is no option --colour.')
})
