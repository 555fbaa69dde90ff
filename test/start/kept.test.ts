import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readKept, writeKept } from '../../scripts/start/kept.ts'

let path: string
beforeEach(() => {
  path = join(mkdtempSync(join(tmpdir(), 'finexio-mcp-kept-')), 'demo.json')
})
afterEach(() => rmSync(join(path, '..'), { recursive: true }))

test('what was written is read, by its owner alone; nothing is nothing', () => {
  expect(readKept(path, [])).toBeNull()
  writeKept(path, { a: 1 })
  writeKept(path, { a: 2 })
  expect(readKept<{ a: number }>(path, ['a'])).toEqual({ a: 2 })
  expect(statSync(path).mode & 0o777).toBe(0o600)
})

// At b8f2a26 a start that was cut off while it wrote ended every later one with "Unexpected end of JSON input".
// Of another value the start made a second demo, or ended with "Cannot read properties of undefined". Siblings: a list, null, an object without what is needed.
test.each(['', '{"accountId": "7b', '\0\0\0', 'null,', '[]', 'null', '{}', '{"tokens":{}}'])(
  'a file that holds %j is named, and kept',
  (text) => {
    writeFileSync(path, text)
    expect(() => readKept<{ accountId: string }>(path, ['accountId'])).toThrow(
      /demo\.json cannot be read.*Remove it/,
    )
    expect(readFileSync(path, 'utf8')).toBe(text)
  },
)
