/** Every shell block of the documents that is marked `bash` runs as it stands, beside a product that runs as `npm start` has it. At b8f2a26 they could not be run (G7). */
import { spawnSync } from 'node:child_process'
import { chmodSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { isolated, type Started, startAndWait } from '../start/spawned.ts'

const root = join(import.meta.dirname, '../..')
const BLOCK = /^( *)```bash\n([\s\S]*?)^ *```$/gm
/** What `npm start` and `npm test` are about is shown by other tests. */
const OTHERS = /^npm ci && npm (start|test)\n$/

/** Blocks of a document, in order, without the indent of a list. */
const blocksOf = (document: string): string[] =>
  [...readFileSync(join(root, document), 'utf8').matchAll(BLOCK)]
    .map(([, indent, text]) => text!.replaceAll(new RegExp(`^${indent}`, 'gm'), ''))
    .filter((text) => !OTHERS.test(text))

const DOCUMENTS = ['README.md', ...globSync('docs/**/*.md', { cwd: root }).sort()].filter(
  (document) => blocksOf(document).length > 0,
)

let folder: string
let started: Started

/** Machines without curl get as much of it as the documents use. */
const withCurl = (path: string): string => {
  if (spawnSync('curl', ['--version']).status === 0) return path
  const file = join(folder, 'bin/curl')
  mkdirSync(dirname(file))
  writeFileSync(file, `#!/bin/sh\nexec "${process.execPath}" "${join(root, 'test/support/curl.mjs')}" "$@"\n`)
  chmodSync(file, 0o700)
  return `${dirname(file)}:${path}`
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'finexio-mcp-blocks-'))
  started = await startAndWait({ ...(await isolated(folder)), DATA_DIR: join(folder, '.data') })
})
afterAll(async () => {
  process.kill(-started.npm.pid!, 'SIGINT')
  await started.ended
  rmSync(folder, { recursive: true })
})

const run = (script: string) => {
  const env = { ...process.env, PATH: withCurl(process.env.PATH!) }
  return spawnSync('bash', ['--norc', '-euo', 'pipefail', '-c', script], {
    cwd: folder,
    encoding: 'utf8',
    env,
  })
}

test('there are blocks to run, in the README among others', () => {
  expect(DOCUMENTS.length).toBeGreaterThan(2)
  expect(DOCUMENTS[0]).toBe('README.md')
})

test.each(DOCUMENTS)('the blocks of %s run, one after another', (document) => {
  for (const block of blocksOf(document)) {
    const { status, stdout, stderr } = run(block)
    expect([status, stderr], `${block}\n${stdout}`).toEqual([0, ''])
    expect(stdout).not.toMatch(/"isError":true|"error":/)
  }
})

test('after the five minutes of the README the trail holds an approved payment', () => {
  const { stdout } = run(
    '. .data/demo.env; curl -fsS "$BASE/log?log_type=write" -H "authorization: Bearer $ADMIN_API_KEY"',
  )
  const events = JSON.parse(stdout).result.map(({ event }: { event: string }) => event)
  for (const event of ['drafted', 'approved', 'concluded']) expect(events).toContain(event)
})

const DECIDING = DOCUMENTS.flatMap((document) =>
  blocksOf(document).flatMap((block) =>
    /\/(approve|reject)"/.test(block) ? [[document, block] as const] : [],
  ),
)

/** Asks that make no draft: an ask that was carried out already (as it stands), and three siblings. */
const REFUSED_ASKS: readonly (readonly [string, (block: string) => string])[] = [
  ['a repeat', (block) => block],
  ['a dry run', (block) => block.replace('"arguments": {', '"arguments": {"dry_run": true,')],
  ['a wrong argument', (block) => block.replace(/"amount_cents": \d+/, '"amount_cents": "x"')],
  ['an unknown supplier', (block) => block.replace(/"\d{4}"/, '"2901"').replace('sup_999', 'sup_nobody')],
]

// Seen by the fourth new user: with a draft over $7,777.00 waiting, the block approved and sent that one when its own ask was refused.
test.each(DECIDING)(
  'a block of %s decides on its own draft alone: where it made none, nothing',
  (_, block) => {
    const ask = blocksOf('README.md')
      .find((one) => one.includes('"2001"'))!
      .replace('"2001"', '"2101"')
      .replace('12500', '777700')
    expect(run(ask).stdout).toContain('"pending_approval"')
    for (const [, made] of REFUSED_ASKS) {
      const { status, stderr, stdout } = run(made(block))
      expect([status, stderr]).toEqual([
        expect.any(Number),
        expect.stringContaining('this ask made no draft'),
      ])
      expect(status, stdout).not.toBe(0)
    }
    const { stdout } = run(
      '. .data/demo.env; curl -fsS "$BASE/integrated-account/$ID/approval?state=pending" -H "authorization: Bearer $APPROVER"',
    )
    expect(stdout).toContain('777700')
  },
)

test('no block picks what it decides or changes out of a list', () => {
  expect(DECIDING.length).toBeGreaterThan(1)
  for (const document of DOCUMENTS)
    for (const block of blocksOf(document)) expect(block).not.toMatch(/head -n? ?1/)
})

// Seen by the first new user: the answers of docs/rest.md were glued together, ID was another account afterwards, and Acme stayed.
test('docs/rest.md leaves nothing behind, and its answers stand on lines of their own', () => {
  const block = blocksOf('docs/rest.md')[0]!
  const { stdout } = run(`${block}\necho "ID=$ID"; . .data/demo.env; echo "ID=$ID"`)
  const lines = stdout.trimEnd().split('\n')
  for (const line of lines.slice(0, -2)) expect(() => JSON.parse(line), line).not.toThrow()
  expect(lines.at(-1)).toBe(lines.at(-2))
  const names = run(
    '. .data/demo.env; curl -fsS "$BASE/integrated-account?limit=100" -H "authorization: Bearer $ADMIN_API_KEY"',
  )
  expect(names.stdout).not.toContain('"Acme"')
  // Seen by the second new user: the URL that the block made was never shown, and a refusal was a number of curl.
  expect(lines.some((line) => /"url":"[^"]+\/mcp\//.test(line))).toBe(true)
  const refused = run(`${block.split('# Connect an account.')[0]}api POST /integrated-account '{"nme": "x"}'`)
  expect(refused.status).not.toBe(0)
  expect(refused.stderr).toContain('nme')
})
