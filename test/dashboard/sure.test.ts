/** What cannot be undone. Seen at 452f3913: "Revoke" beside an API token, and on the page of a server, acted at the first click. */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '../../src/dashboard')

/** Forms that ask in another way: a name that is typed, a reason that is given, a decision about what is shown. */
const ASKS = [
  'pages/settings.tsx',
  'pages/settings-drafts.tsx',
  'pages/writes/unknown-writes.tsx',
  'pages/writes/approval.tsx',
]

test('every button that is marked as dangerous is behind a first step', () => {
  const files = globSync('**/*.tsx', { cwd: root })
  const dangerous = files.filter((path) =>
    /tone="danger"|mini danger/.test(readFileSync(join(root, path), 'utf8')),
  )
  expect(dangerous.length).toBeGreaterThan(5)
  for (const path of dangerous.filter((path) => !ASKS.includes(path))) {
    const text = readFileSync(join(root, path), 'utf8')
    const outside = text.replaceAll(/<Sure [\s\S]*?<\/Sure>/g, '')
    expect(outside, path).not.toMatch(/tone="danger"|mini danger/)
  }
})
