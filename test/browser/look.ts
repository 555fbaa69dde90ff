/** Looks at a page as people do: wide and narrow, light and dark, with a checker for accessibility, keeping a picture. */
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { AXE } from '../support/axe.ts'
import { picture } from '../support/pictures.ts'
import { times } from '../support/size.ts'

const SIZES = [
  { width: 1280, height: 900, scheme: 'light' },
  { width: 390, height: 844, scheme: 'dark' },
] as const
type Size = { width: number; height: number; scheme: 'light' | 'dark' }

/** Every width that people have, light and dark in turn; at full size both at each. */
export const ALL_SIZES: Size[] = [390, 768, 1280, 1600].flatMap((width, index) =>
  (['dark', 'light'] as const)
    .filter((_, scheme) => times(index % 2, scheme) === scheme)
    .map((scheme) => ({ width, height: 900, scheme })),
)

/** What a page and all that it loads may weigh. */
const MOST_BYTES = 40 * 1024

/** Runs in the page: what axe finds serious. Types of the DOM are not known here. */
const SERIOUS = `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
  violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html.slice(0, 160)).join(' | ')))`

const weightOf = (page: Page): Promise<number> =>
  page.evaluate(
    `[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
      .filter(({ initiatorType }) => initiatorType !== 'fetch')
      .reduce((sum, { decodedBodySize }) => sum + decodedBodySize, 0)`,
  )

/** Runs in the page: parts of names and routes that are broken within, and tables that are cut off at the right. */
const BROKEN = `[
  ...[...document.querySelectorAll('code')].flatMap((code) => [...code.childNodes]).filter((node) => {
    // Browsers break at blanks and hyphens, as people do.
    if (/[-\\s]/.test(node.textContent)) return false
    const range = document.createRange()
    range.selectNodeContents(node)
    return new Set([...range.getClientRects()].map(({ top }) => top)).size > 1
  }).map(({ textContent }) => textContent),
  ...[...document.querySelectorAll('.sheet')].filter((sheet) => sheet.scrollWidth > sheet.clientWidth).map(() => 'a table'),
]`

/** Wide and narrow; at full size every page at every width. */
const USUAL: readonly Size[] = times(0, 1) === 1 ? ALL_SIZES : SIZES

/** @param name of the pictures; the page stays as it is */
export const look = async (page: Page, name: string, sizes = USUAL): Promise<void> => {
  const weight = await weightOf(page)
  expect([name, weight]).toEqual([name, Math.min(weight, MOST_BYTES)])
  for (const { width, height, scheme } of sizes) {
    await page.setViewportSize({ width, height })
    await page.emulateMedia({ colorScheme: scheme })
    await picture(page, `${name}-${width}${sizes === SIZES ? '' : `-${scheme}`}`, { fullPage: true })
    expect([name, width, await page.evaluate('document.documentElement.scrollWidth <= innerWidth')]).toEqual([
      name,
      width,
      true,
    ])
    expect([name, width, await page.evaluate(BROKEN)]).toEqual([name, width, []])
    if (!(await page.evaluate('"axe" in window'))) await page.evaluate(AXE)
    expect([name, width, await page.evaluate(SERIOUS)]).toEqual([name, width, []])
  }
  await page.setViewportSize(SIZES[0])
  await page.emulateMedia({ colorScheme: 'light' })
}
