/** What a reader meets first. At b8f2a26 the README had 498 lines and no picture, and one row twice (G10). */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { WORKFLOWS } from '../../src/mcp/content/workflows.ts'

const root = join(import.meta.dirname, '../..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')

test('the README is about one screen of text, begins with a sentence, and shows a picture that is there', () => {
  const lines = read('README.md').split('\n')
  expect(lines.length).toBeLessThanOrEqual(150)
  expect(lines[2]).toMatch(/^An open, self-hosted MCP server/)
  const [, picture] = /!\[[^\]]{20,}\]\(([^)]+)\)/.exec(lines.slice(0, 10).join('\n'))!
  expect(globSync(picture!, { cwd: root })).toEqual([picture])
})

// Siblings: every document that is written by hand. The reference is generated, and repeats a field in each route.
const REFERENCE = 'docs/rest-reference.md'
const WRITTEN = ['README.md', ...globSync('docs/**/*.md', { cwd: root })].filter((path) => path !== REFERENCE)

test.each(WRITTEN)('%s says no row of a table twice', (path) => {
  for (const table of read(path).split('\n\n')) {
    const rows = table.split('\n').filter((line) => /^\| \S/.test(line) && line.length > 60)
    expect(rows.filter((row, at) => rows.indexOf(row) !== at)).toEqual([])
  }
})

// Seen by the first new user: the steps of ChatGPT were one paragraph of arrows.
test('whatever is set up by hand in a client is said in numbered steps', () => {
  const text = read('docs/clients.md')
  for (const heading of [
    'ChatGPT',
    'Claude',
    'With a sign-in instead of a secret in the URL',
    'Claude Code',
    'Cursor',
    'VS Code',
    'Clients that speak stdio only',
  ])
    expect(text.split(`### ${heading}\n`)[1]!.split('\n### ')[0], heading).toMatch(/^1\. [\s\S]*\n2\. /m)
})

// Seen by the fourth new user: check_for_fraud was left out.
test('docs/tools.md names every prompt', () => {
  const prompts = WORKFLOWS.map(({ name }) => name)
  expect(prompts.length).toBeGreaterThan(7)
  for (const name of prompts) expect(read('docs/tools.md')).toContain(`\`${name}\``)
})

// Seen by the fourth new user: the Inspector of an older Node posts without the token.
test('the Inspector is shown with the Node that it needs', () => {
  expect(read('docs/clients.md').split('### MCP Inspector\n')[1]!.split('\n## ')[0]).toMatch(/Node 22\.19/)
})

// Seen by the first new user: nothing said how long an upgrade takes, what becomes of what 0.1.0 stored, and how one goes back.
test('the upgrade says how long it takes, the command for staging, what stays, and the way back', () => {
  const section = read('docs/operations.md').split('## Upgrades and migrations\n')[1]!.split('\n## ')[0]!
  for (const words of [
    'minutes',
    'npm run deploy -- --env staging',
    '**From 0.1.0**',
    '**Back.**',
    'wrangler rollback',
  ])
    expect(section).toContain(words)
})
