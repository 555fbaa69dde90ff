import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { marked } from '../../scripts/structure/marked.ts'
import { structureOf } from '../../scripts/structure/measure.ts'
import { parseAll } from '../../scripts/structure/parse.ts'
import { printed } from '../../scripts/structure/print.ts'
import { BELOW, importable } from '../../scripts/structure/rooms.ts'

const made: string[] = []

/** Writes an invented tree into a folder of its own. */
const madeOf = (tree: Record<string, string>): string => {
  const repo = mkdtempSync(join(tmpdir(), 'structure-'))
  made.push(repo)
  for (const [path, text] of Object.entries({ 'src/index.ts': '', 'schemas/index.ts': '', ...tree })) {
    mkdirSync(dirname(join(repo, path)), { recursive: true })
    writeFileSync(join(repo, path), text)
  }
  return repo
}

const measured = (tree: Record<string, string>) => structureOf(madeOf(tree))

afterEach(() => {
  for (const repo of made.splice(0)) rmSync(repo, { recursive: true })
})

test('a cycle through types is found', () => {
  const { cycles } = measured({
    'src/core/a.ts': "import type { B } from './b.ts'\nexport type A = { b: B }\n",
    'src/core/b.ts': "export type { A } from './c.ts'\nexport type B = string\n",
    'src/core/c.ts': "import { type A as Other } from './a.ts'\nexport type A = Other\n",
    'src/core/d.ts': "export { a } from './a.ts'\n",
  })
  expect(cycles).toEqual([['src/core/a.ts', 'src/core/b.ts', 'src/core/c.ts']])
})

test("a cycle through an import('…') type is found, and such types are counted", () => {
  const { cycles, importTypes } = measured({
    'src/core/a.ts': "export type A = import('./b.ts').B\n",
    'src/core/b.ts': "import type { A } from './a.ts'\nexport type B = A[]\n",
  })
  expect(cycles).toEqual([['src/core/a.ts', 'src/core/b.ts']])
  expect(importTypes).toBe(1)
})

test('an import() is an import, and what only looks like one is none', () => {
  const { cycles } = measured({
    'src/core/a.ts': "export const a = () => import('./b.ts')\n",
    'src/core/b.ts': "import { a } from './a.ts'\nexport const b = a\n",
    'src/core/c.ts': "// import './d.ts'\nexport const text = \"import './d.ts'\"\n",
    'src/core/d.ts': "import { text } from './c.ts'\nexport const d = text\n",
  })
  expect(cycles).toEqual([['src/core/a.ts', 'src/core/b.ts']])
})

test('an arrow against the direction is found, one along it is not', () => {
  const { against, unjudged, roomCycles } = measured({
    'src/core/money.ts': "import type { Rule } from '../rules/rule.ts'\nexport type Money = Rule\n",
    'src/rules/rule.ts': "import type { Money } from '../core/money.ts'\nexport type Rule = Money\n",
    'src/dashboard/page.ts': "import { rule } from '../rules/rule.ts'\nexport const page = rule\n",
    'src/attic/box.ts': "import { page } from '../dashboard/page.ts'\nexport const box = page\n",
  })
  const imports = ['src/core/money.ts → src/rules/rule.ts']
  expect(against).toEqual([{ from: 'core', to: 'rules', imports }])
  expect(unjudged).toMatchObject([{ from: 'attic', to: 'dashboard' }])
  expect(roomCycles).toEqual([['core', 'rules']])
})

test('the directions themselves have no circle, and name only rooms', () => {
  for (const room of Object.keys(BELOW)) {
    expect(Object.keys(BELOW)).toEqual(expect.arrayContaining([...importable(room)]))
    for (const below of importable(room)) expect(importable(below)).not.toContain(room)
  }
})

test('a function is as long as from its first line to its last', () => {
  const { functionLines, longFunctions } = measured({
    'src/core/a.ts': [
      '/** Not counted. */',
      'export const one = (a: number) => a',
      'export const curried = (a: number) => (b: number) => {',
      '  const text = `}',
      '  `',
      '  return text + a + b',
      '}',
      'export class Five {',
      '  five() {',
      '    return () => {',
      '      one(1)',
      '    }',
      '  }',
      '}',
      `export function long() {${'\n'.repeat(45)}}`,
    ].join('\n'),
  })
  expect(functionLines).toEqual({ count: 4, median: 5, p95: 46, longest: 46 })
  expect(longFunctions).toEqual([{ place: 'src/core/a.ts:15', lines: 46 }])
})

test('lines of code are neither blank nor comment only, and what is generated is left out', () => {
  const { rooms, total } = measured({
    'src/tools/read/a.tsx': [
      '/* a',
      '   b */',
      '',
      "export const url = 'https://a' // said",
      '  // not this',
      'export const glob = /[/*]/',
      'export const page = <p>https://b /* text */</p>',
      'export const text = `',
      '// text',
      '`',
      '',
    ].join('\n'),
    'src/tools/b.css': '/* one\n two */\na {\n  color: red;\n}\n',
    'src/mcp/built.ts': 'export const built = 1\n',
  })
  expect(rooms).toContainEqual({ name: 'tools', files: 2, lines: 15, code: 9 })
  expect(rooms).toContainEqual({ name: '  tools/read', files: 1, lines: 10, code: 6 })
  expect(total).toMatchObject({ files: 4, code: 9 })
})

test('a folder of more than twenty files is pointed at', () => {
  const files = Array.from({ length: 21 }, (_, index) => [`src/core/f${index}.ts`, ''] as const)
  expect(printed(measured(Object.fromEntries(files)))).toMatch(/src\/core +21 +more than 20/)
})

test('each function that is executed says so, and the rest stays as it was', () => {
  const path = 'src/core/a.ts'
  const text = [
    'const curried = (a: number) => (b: number) => ({ sum: a + b })',
    'class Box {',
    '  get full() { return curried(1)(2) }',
    '  never = () => { throw new Error() }',
    '}',
    'export const result = new Box().full',
  ].join('\n')
  const [code] = parseAll(madeOf({ [path]: text }), [path], marked)
  const mark = `__ran("${path}")`
  expect(code!.split('\n')).toEqual([
    `const curried = (a: number) => (${mark}, (b: number) => (${mark}, ({ sum: a + b })))`,
    'class Box {',
    `  get full() {${mark}; return curried(1)(2) }`,
    `  never = () => {${mark}; throw new Error() }`,
    '}',
    'export const result = new Box().full',
  ])
})
