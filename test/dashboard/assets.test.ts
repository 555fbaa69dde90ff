import { expect, test } from 'vitest'
import { assetAt, ICON_PATH, SCRIPT_PATH, STYLE_PATH } from '../../src/dashboard/assets/files.ts'
import { script } from '../../src/dashboard/assets/script.ts'
import { style } from '../../src/dashboard/assets/style.ts'

test('paths change with what they serve', () => {
  for (const path of [STYLE_PATH, SCRIPT_PATH, ICON_PATH]) {
    expect(path).toMatch(/^\/dashboard\/assets\/[a-z]+\.[0-9a-f]{8}\.[a-z]+$/)
    expect(assetAt(path)?.status).toBe(200)
  }
  expect(assetAt('/dashboard/assets/constructor')).toBeNull()
})

test('the script parses, stays small and touches neither HTML text nor code from text', () => {
  expect(() => new Function(script)).not.toThrow()
  expect(script.length).toBeLessThan(4_500)
  expect(script).not.toMatch(/innerHTML|outerHTML|insertAdjacent|document\.write|eval\(|setTimeout\('/)
})

test('the stylesheet is balanced, loads nothing and is plain ASCII', () => {
  expect(style.split('{').length).toBe(style.split('}').length)
  expect(style).not.toMatch(/url\(|@import|[^\x20-\x7e]/)
  expect(style.length).toBeLessThan(16_000)
})
