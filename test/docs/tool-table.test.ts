import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { toolTable, withTable } from '../../scripts/docs/tool-table.ts'
import { catalogue } from '../../src/tools/catalogue.ts'

test('docs/tools.md lists the tools that there are; otherwise run npm run docs', () => {
  const readme = readFileSync(join(import.meta.dirname, '../../docs/tools.md'), 'utf8')
  expect(withTable(readme, toolTable(catalogue))).toBe(readme)
})

test('a document without marks is refused by naming them', () => {
  expect(() => withTable('# Title', '')).toThrow('<!-- /tools -->')
})
