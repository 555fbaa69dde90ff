import { expect, test } from 'vitest'
import { answerSettings, type ServerConfig } from '../../src/rules/server-settings.ts'
import { DUPLICATE_GUARD_DEFAULT, loosenedKeys, loosens } from '../../src/rules/who/loosens.ts'

const loosened = (before: ServerConfig, after: ServerConfig) => {
  const reach = (config: ServerConfig) => ({ config, tools: [], expires_at: null, holder: null })
  const keys = loosenedKeys(reach(before), reach(after))
  expect(loosens(reach(before), reach(after))).toBe(keys.length > 0)
  return keys
}

test('how a server answers loosens nothing', () => {
  const answers: ServerConfig = { reply: 'sse', text_format: 'json', upstream_429: 'http' }
  expect(Object.keys(answers).toSorted()).toEqual(Object.keys(answerSettings).toSorted())
  expect([loosened({}, answers), loosened(answers, {})]).toEqual([[], []])
})

const REHEARSES = { '*': { dry_run: true } }

test.each<[string, ServerConfig['fixed'], string[]]>([
  ['the same', REHEARSES, []],
  ['one argument more', { '*': { dry_run: true, reason: 'x' } }, []],
  ['let go', undefined, ['fixed']],
  ['turned', { '*': { dry_run: false } }, ['fixed']],
  ['excepted for one tool', { ...REHEARSES, finexio_invoices_bulk_create: { dry_run: false } }, ['fixed']],
  [
    'excepted by its pointer',
    { ...REHEARSES, finexio_invoices_bulk_create: { '/dry_run': false } },
    ['fixed'],
  ],
])('a fixed dry_run: %s', (_, fixed, keys) => {
  expect(loosened({ fixed: REHEARSES }, { ...(fixed && { fixed }) })).toEqual(keys)
})

test('a default that is spelled out loosens nothing, less than it does', () => {
  const guard = (requests: number): ServerConfig => ({ duplicate_guard: { requests } })
  expect(loosened({}, guard(DUPLICATE_GUARD_DEFAULT))).toEqual([])
  expect(loosened({}, guard(DUPLICATE_GUARD_DEFAULT - 1))).toEqual(['duplicate_guard'])
})
