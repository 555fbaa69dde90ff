/** The table of figures in bench/README.md is made by a command, of the rows that the benchmark knows. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { figuresTable, MADE_BY, MARK } from '../../bench/report/document.ts'
import { LINES } from '../../bench/report/verdict.ts'
import { withTable } from '../../scripts/docs/marked.ts'

const readme = readFileSync(join(import.meta.dirname, '../../bench/README.md'), 'utf8')

/** The first cell of each row. */
const namesIn = (table: string) => [...table.matchAll(/^\| (?!row \|)(.+?) \|/gm)].map(([, name]) => name)

test('the README holds a row for each figure that the benchmark knows, between its marks', () => {
  expect(withTable(readme, MARK, 'THE TABLE', MADE_BY)).toContain('\n\nTHE TABLE\n\n')
  const table = readme.slice(readme.indexOf(`<!-- ${MARK}`), readme.indexOf(`<!-- /${MARK}`))
  expect(namesIn(table)).toEqual(LINES.map(({ what }) => what))
})

test('what was not measured is a dash, and what has no limit is for information', () => {
  const table = figuresTable(null, null)
  expect(namesIn(table)).toEqual(LINES.map(({ what }) => what))
  expect(table).toContain('Not measured yet.')
  expect(table).toContain('| tools/call: proxy with a trail / without | – | for information |')
})

test('each figure has a name of its own', () => {
  const names = LINES.map(({ what }) => what)
  expect(new Set(names).size).toBe(names.length)
})
