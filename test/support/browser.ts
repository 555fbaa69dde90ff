/** A headless Chromium for tests: the one from npm, or the one that CHROME_PATH names where that does not run. */
import sparticuz from '@sparticuz/chromium'
import type { Browser } from 'playwright-core'

/** The package's own arguments are not taken: they switch web security off and put all pages into one process. */
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--font-render-hinting=none',
]

/** Unpacks Chromium when it is not there yet: once before tests run, since two files that unpack it at once spoil it. */
export const chromiumPath = async (): Promise<string> =>
  process.env.CHROME_PATH ?? (await sparticuz.executablePath())

export const launchBrowser = async (): Promise<Browser> => {
  // Only now, so that `npm run picture -- --help` answers at once.
  const { chromium } = await import('playwright-core')
  return chromium.launch({ executablePath: await chromiumPath(), args: ARGUMENTS, headless: true })
}
