/** `llms.txt` (llmstxt.org): one heading, a summary, sections of links; every link leads somewhere, and every document is found. */
import { existsSync, globSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const text = readFileSync('llms.txt', 'utf8')
const links = [...text.matchAll(/^- \[[^\]]+\]\(([^)]+)\)/gm)].map(([, link]) => link!)

test('has the form of llmstxt.org', () => {
  expect(text).toMatch(/^# .+\n\n> .+\n\n/)
  for (const line of text.split('\n').filter((one) => one.startsWith('- ')))
    expect(line).toMatch(/^- \[[^\]]+\]\([\w./-]+\)(: .+)?$/)
})

test('leads to files that there are, and to every document for users', () => {
  for (const link of links) expect(existsSync(link), link).toBe(true)
  // For whoever changes the code; the README and the architecture lead there.
  const inner = new Set(['docs/README.md', 'docs/storage.md', 'docs/dependencies.md'])
  expect(globSync('docs/*.md').filter((file) => !links.includes(file) && !inner.has(file))).toEqual([])
})
