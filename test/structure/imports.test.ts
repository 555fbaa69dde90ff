/** The linter refuses a cycle, types included, and an import against the order of the rooms. Planted beside the real rules. */
import { spawnSync } from 'node:child_process'
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')
const folders: string[] = []

/** Lints invented files under the project's own rules. */
const lint = (files: Record<string, string>): { refused: boolean; output: string } => {
  const folder = mkdtempSync(join(tmpdir(), 'finexio-mcp-lint-'))
  folders.push(folder)
  const rules = JSON.parse(readFileSync(join(root, 'biome.json'), 'utf8'))
  const { $schema: _, vcs: __, ...own } = rules
  const all = { 'biome.json': JSON.stringify(own), ...files }
  for (const [name, text] of Object.entries(all)) {
    mkdirSync(join(folder, dirname(name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  const biome = join(root, 'node_modules/.bin/biome')
  const { status, stdout, stderr } = spawnSync(biome, ['lint', '--colors=off', '.'], { cwd: folder })
  return { refused: status !== 0, output: `${stdout}${stderr}` }
}

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

const value = (from: string) => `import { one } from '${from}'\n\nexport const two = one\n`

describe('the direction of imports', () => {
  const upward: [room: string, from: string][] = [
    ['core', '../account/rows.ts'],
    ['finexio', '../rules/limits.ts'],
    ['rules', '../account/rows.ts'],
    ['account', '../tools/tool.ts'],
    ['tools', '../mcp/transport/gate.ts'],
    ['mcp', '../account/rows.ts'],
    ['identity', '../api/errors.ts'],
    ['api', '../dashboard/page.ts'],
    ['oauth', '../api/errors.ts'],
    ['dashboard', '../oauth/endpoints.ts'],
  ]

  it.each(upward)('%s may not import %s', (room, from) => {
    const { refused, output } = lint({ [`src/${room}/planted.ts`]: value(from) })
    expect(refused).toBe(true)
    expect(output).toContain('noRestrictedImports')
  })

  it('the same in a subfolder, and for a type alone', () => {
    const planted = `import type { Two } from '../../../mcp/server/serve.ts'\n\nexport type One = Two\n`
    expect(lint({ 'src/tools/call/deep/planted.ts': planted }).output).toContain('noRestrictedImports')
  })

  it('along the direction nothing is said', () => {
    expect(lint({ 'src/tools/planted.ts': value('../account/rows.ts') }).output).not.toContain(
      'noRestrictedImports',
    )
  })
})

describe('cycles', () => {
  const cycleOf = (word: string) => ({
    'src/core/first.ts': `import ${word}{ second } from './second.ts'\n\nexport const first = 1 as unknown as typeof second\n`,
    'src/core/second.ts': `import ${word}{ first } from './first.ts'\n\nexport const second = 2 as unknown as typeof first\n`,
  })

  it.each(['', 'type '])('are refused: import %s', (word) => {
    const { refused, output } = lint(cycleOf(word))
    expect(refused).toBe(true)
    expect(output).toContain('noImportCycles')
  })

  let sources: string[] = []
  beforeAll(() => {
    sources = globSync('{src,schemas}/**/*.{ts,tsx}', { cwd: root })
  })

  it('no import("…") type hides one from the linter', () => {
    expect(sources.length).toBeGreaterThan(200)
    const hidden = sources.filter((name) =>
      /(?<!await )\b(?:typeof )?import\(\s*['"]/.test(readFileSync(join(root, name), 'utf8')),
    )
    expect(hidden).toEqual([])
  })
})
