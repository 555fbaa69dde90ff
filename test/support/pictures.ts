/** Pictures of pages, for people to look at; ignored by git. */
import { join } from 'node:path'
import type { Locator, Page } from 'playwright-core'

const FOLDER = join(import.meta.dirname, '../../screenshots')

/**
 * Takes one where PICTURES is set: no test reads it, and it costs as much as what tests look for in the page.
 * @param name within screenshots/, without its ending; folders are made
 */
export const picture = async (of: Page | Locator, name: string, options = {}): Promise<void> => {
  if (process.env.PICTURES) await of.screenshot({ path: join(FOLDER, `${name}.png`), ...options })
}
