/** One Chromium for all browser tests of a file, as strict as people's own. */
import sparticuz from '@sparticuz/chromium'
import { type Browser, chromium } from 'playwright-core'

/**
 * Not the package's own list, which is made for scraping: it switches off web security, which pages and their attackers
 * must not have switched off, and runs everything in one process, which ends with the first closed context.
 */
const ARGS = [
  '--no-sandbox',
  '--font-render-hinting=none',
  '--disable-background-networking',
  '--disable-gpu',
]

/** `CHROME_PATH` names another Chromium, where this one does not run. */
export const launchChrome = async (): Promise<Browser> =>
  chromium.launch({
    executablePath: process.env.CHROME_PATH ?? (await sparticuz.executablePath()),
    args: ARGS,
    headless: true,
  })
