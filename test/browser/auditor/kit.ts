/** A browser that counts what a person presses, from the first page on. */
import type { Browser, Page } from 'playwright-core'

/** What an answer may cost. */
export const MOST_CLICKS = 3

export type Auditor = {
  page: Page
  /** Presses a link or a button. @param within a selector that it stands in */
  press(name: string | RegExp, within?: string): Promise<void>
  /** Fills a field or chooses in one: no click by itself, since nothing opens. */
  enter(label: string, value: string): Promise<void>
  /** Text of the page as a person sees it, without blanks that only the layout makes. */
  text(within?: string): Promise<string>
  /** A row of a table by a part of its text; of several the first. */
  row(part: string): Promise<string>
  /** Back to the first page. */
  home(): Promise<void>
  clicks(): number
}

const plain = (text: string): string => text.replaceAll(/\s+/g, ' ').trim()

const signedIn = async (chrome: Browser, baseURL: string, token: string): Promise<Page> => {
  const context = await chrome.newContext({ baseURL, viewport: { width: 1280, height: 900 } })
  context.setDefaultTimeout(20_000)
  const page = await context.newPage()
  await page.goto('/dashboard')
  await page.getByLabel('Admin key or API token').fill(token)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor()
  return page
}

export const newAuditor = async (chrome: Browser, baseURL: string, token: string): Promise<Auditor> => {
  const page = await signedIn(chrome, baseURL, token)
  let clicks = 0
  return {
    page,
    press: async (name, within = 'body') => {
      const exact = typeof name === 'string'
      const [link, button] = (['link', 'button'] as const).map((role) =>
        page.locator(within).getByRole(role, { name, exact }),
      )
      const drawer = page.locator(within).locator('summary').filter({ hasText: name })
      await link!.or(button!).or(drawer).first().click()
      await page.waitForLoadState()
      clicks += 1
    },
    enter: async (label, value) => {
      const field = page.getByLabel(label, { exact: true })
      const isChoice =
        (await field.evaluate((element) => (element as { tagName: string }).tagName)) === 'SELECT'
      await (isChoice ? field.selectOption({ label: value }) : field.fill(value))
    },
    text: async (within = 'main') => plain(await page.locator(within).first().innerText()),
    row: async (part) => plain(await page.locator('main tr').filter({ hasText: part }).first().innerText()),
    home: async () => {
      await page.goto('/dashboard')
      clicks = 0
    },
    clicks: () => clicks,
  }
}
