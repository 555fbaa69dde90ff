/** Making an MCP server as a person does: a template, the details, what it may do, the URL; with the keyboard alone, at every width. */
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Stack } from '../../scripts/local/stack.ts'
import { launchBrowser } from '../support/browser.ts'
import { startBuilt } from '../support/stack.ts'
import { newTenant } from '../support/tenant.ts'
import { ALL_SIZES, look } from './look.ts'

// Of its own: the form lists people, whom other files add to the shared one, and its weight is measured.
let stack: Stack
let chrome: Browser
let context: BrowserContext
let page: Page
let account: string

beforeAll(async () => {
  ;[stack, chrome] = await Promise.all([startBuilt(), launchBrowser()])
  account = `/dashboard/accounts/${(await newTenant(stack)).accountId}`
})
afterAll(async () => {
  await chrome.close()
  await stack.stop()
})
beforeEach(async () => {
  context = await chrome.newContext({
    baseURL: stack.baseUrl,
    viewport: { width: 1280, height: 900 },
    timezoneId: 'Australia/Darwin',
  })
  context.setDefaultTimeout(10_000)
  page = await context.newPage()
  await page.goto('/dashboard')
  await page.getByLabel('Admin key or API token').fill(stack.adminApiKey)
  await page.keyboard.press('Enter')
  await page.getByRole('navigation', { name: 'Main' }).waitFor()
  return () => context.close()
})

const textOf = async (selector: string) => (await page.textContent(selector)) ?? ''

/** As long as it takes, as whoever has no mouse does. */
const tabTo = async (selector: string) => {
  for (let step = 0; step < 120; step++) {
    if (await page.evaluate(`document.activeElement.matches(${JSON.stringify(selector)})`)) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`nothing leads to ${selector}`)
}

/** Presses what has the focus, and waits for the page that follows. */
const press = async (key: string) => {
  const before = await page.evaluate('performance.timeOrigin')
  await page.keyboard.press(key)
  // The pages' policy forbids what waitForFunction does in them, and a page that is leaving answers nothing.
  const isThere = () =>
    page
      .evaluate(`performance.timeOrigin !== ${before} && document.readyState === 'complete'`)
      .catch(() => false)
  while (!(await isThere())) await page.waitForTimeout(20)
}

// Seen at b8f2a26: every setting at once, no sentence, times in UTC alone, and names of tools broken between any two letters.
test('with the keyboard alone: a template, a name, what it may do, the URL, the page of the server', async () => {
  await page.goto(`${account}/servers/new`)
  await look(page, 'server-form', ALL_SIZES)
  await tabTo('button[value=pay]')
  await press('Enter')
  expect(await page.getAttribute('button[value=pay]', 'aria-pressed')).toBe('true')
  expect(await textOf('#preview')).toContain('up to $10,000.00 for each invoice')
  await look(page, 'server-form-pay', ALL_SIZES)
  await tabTo('#name')
  await page.keyboard.type('Weekly run')
  // Enter in a field looks at what was entered, and does not choose the first template instead.
  await press('Enter')
  expect(await textOf('h1')).toBe('Create Weekly run')
  expect(await textOf('main')).toMatch(/Ends \d+ \w+ 20\d\d, \d\d:\d\d GMT\+9:30\./)
  await look(page, 'server-review', ALL_SIZES)
  await tabTo('button[value=create]')
  await press('Enter')
  expect(await textOf('#mcp-url')).toMatch(/fxmcp_/)
  await page.getByRole('link', { name: 'I have copied it' }).focus()
  await press('Enter')
  expect(await textOf('main')).toContain('a first payment to a supplier')
  await look(page, 'server-page', ALL_SIZES)
  expect(await page.locator('time[title$="UTC"]', { hasText: 'GMT+9:30' }).count()).toBeGreaterThan(0)
})

test('the sentences follow the fields; times follow what the reader chose', async () => {
  await page.goto(`${account}/servers/new`)
  await page.getByLabel('Write', { exact: false }).first().check()
  await page.locator('#preview', { hasText: 'Every write waits for another person.' }).waitFor()
  await page.locator('input[name=approval][value=none]').check()
  await page.locator('#preview', { hasText: 'No other person is asked' }).waitFor()
  await page.getByRole('link', { name: 'Times: Australia/Darwin' }).click()
  await page.getByLabel('Another one').check()
  await page.getByLabel('Name of the zone').fill('America/New_York')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByRole('link', { name: 'Times: America/New_York' }).waitFor()
  await look(page, 'times', ALL_SIZES)
})
