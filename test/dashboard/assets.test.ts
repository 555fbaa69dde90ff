import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ASSETS, DASHBOARD, hashes, loadedFiles } from '../../scripts/assets/build.ts'
import { assetAt, ICON_PATH, SCRIPT_PATH, STYLE_PATH } from '../../src/dashboard/assets/files.ts'
import { HASHES } from '../../src/dashboard/assets/hashes.ts'
import { script } from '../../src/dashboard/assets/script.ts'
import { style } from '../../src/dashboard/assets/style.ts'
import { assets } from '../support/assets.ts'

const env = { ASSETS: assets }

test('paths change with what they serve; otherwise run npm run assets', async () => {
  expect(HASHES).toEqual(hashes())
  for (const path of [STYLE_PATH, SCRIPT_PATH, ICON_PATH]) {
    expect(path).toMatch(/^\/dashboard\/assets\/[a-z]+\.[0-9a-f]{8}\.[a-z]+$/)
    const name = path.replace(/^.*\/|\.[0-9a-f]{8}(?=\.)/g, '') as keyof typeof DASHBOARD
    expect(await (await assetAt(path, env))?.text()).toBe(DASHBOARD[name])
  }
  expect(await assetAt('/dashboard/assets/constructor', env)).toBeNull()
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

test('the deployed files are what their sources make; otherwise run npm run assets', () => {
  for (const [file, text] of Object.entries(loadedFiles()))
    expect(readFileSync(join(ASSETS, file), 'utf8') === text, file).toBe(true)
})
