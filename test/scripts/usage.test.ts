import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { times } from '../support/size.ts'

const root = join(import.meta.dirname, '../..')
const call = (script: string, ...args: string[]) =>
  spawnSync(process.execPath, [join(root, 'scripts/run.mjs'), script, ...args], { encoding: 'utf8' })

/** Every script of package.json that is ours. */
const SCRIPTS = [
  ...new Set(
    Object.values<string>(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).scripts).flatMap(
      (command) => /^node scripts\/run\.mjs (\S+)/.exec(command)?.[1] ?? [],
    ),
  ),
]

/** A process each, of which most time goes into loading what all scripts share: few where one function answers for all. */
const few = (...scripts: string[]) => (times(0, 1) === 1 ? SCRIPTS : scripts)

test('all scripts are asked', () => expect(SCRIPTS.length).toBeGreaterThan(12))

test.each(few('check.ts', 'start/main.ts', 'server-json/main.ts'))(
  '%s --help says how it is used and does nothing',
  (script) => {
    const { status, stdout } = call(script, '--help')
    expect([status, stdout]).toEqual([0, expect.stringMatching(/^Usage: npm (run|test|start)/)])
  },
)

test.each(SCRIPTS)('%s refuses an option that it does not know, with its usage', (script) => {
  const { status, stdout, stderr } = call(script, '--colour')
  expect([status, stdout]).toEqual([2, ''])
  expect(stderr).toMatch(/--colour.*Usage: npm/is)
})

// At b8f2a26 seven of eight died of an error code (G2).
test.each(few('test.ts', '../bench/main.ts'))(
  'without packages %s says what is missing, in one sentence',
  (script) => {
    const folder = mkdtempSync(join(tmpdir(), 'finexio-mcp-bare-'))
    cpSync(join(root, 'scripts'), join(folder, 'scripts'), { recursive: true })
    const env = { ...process.env, npm_lifecycle_event: 'bench' }
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [join(folder, 'scripts/run.mjs'), script],
      {
        encoding: 'utf8',
        env,
      },
    )
    rmSync(folder, { recursive: true })
    expect([status, stdout, stderr]).toEqual([
      1,
      '',
      'The packages are not installed. Run `npm ci` first, then `npm run bench`.\n',
    ])
  },
)

// Seen by the second new user: `npm run deploy --dry-run` deployed, since npm kept the flag. Siblings: an option with a value, another script, npm's own short form of --quiet.
test.each([
  ['deploy/main.ts', 'dry-run', 'true'],
  ['deploy/main.ts', 'env', 'staging'],
  ['deploy/secrets.ts', 'print', 'true'],
  ['connect/main.ts', 'hours', '8'],
])('%s does nothing where npm has kept --%s', (script, name, value) => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, 'scripts/run.mjs'), script, ...(script.startsWith('connect') ? ['https://example.com'] : [])],
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
] as const)('%s %j says what is wrong', (script, args, code, words) => {
  const { status, stderr } = call(script, ...args)
  expect([status, stderr]).toEqual([code, expect.stringContaining(words)])
})
