/** A headless Chromium for tests: the one from npm, or the one that CHROME_PATH names where that does not run. */
import sparticuz from '@sparticuz/chromium'
import { type Browser, chromium } from 'playwright-core'

/** The package's own arguments are not taken: they switch web security off and put all pages into one process. */
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--font-render-hinting=none',
]

export const launchBrowser = async (): Promise<Browser> => {
  const executablePath = process.env.CHROME_PATH ?? (await sparticuz.executablePath())
  return chromium.launch({ executablePath, args: ARGUMENTS, headless: true })
}
