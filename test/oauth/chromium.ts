/** A Chromium that comes from npm on Linux; elsewhere CHROME_PATH names one. */
import chromium from '@sparticuz/chromium'
import { type Browser, chromium as playwright } from 'playwright-core'

/** With its own defaults: the package's switch web security off, which is what the tests look at. */
export const openBrowser = async (): Promise<Browser> =>
  playwright.launch({
    executablePath: process.env.CHROME_PATH ?? (await chromium.executablePath()),
    args: ['--no-sandbox', '--disable-gpu'],
  })
