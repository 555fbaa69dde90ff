/** Every shell block of the documents that is marked `bash` runs as it stands, beside a product that runs as `npm start` has it. */
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
  for (const event of ['drafted', 'approved', 'settled']) expect(events).toContain(event)
})
