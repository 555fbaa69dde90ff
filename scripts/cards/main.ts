/** `npm run cards`: makes the documents again out of the cards' sources. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { optionsOf } from '../usage.ts'
import { ASSETS, builtCards } from './build.ts'

optionsOf(
  'Usage: npm run cards\n\nBrings assets/cards up to date with the sources of the cards in the chat.',
  {},
)
const documents = Object.entries(await builtCards())
rmSync(join(ASSETS, 'cards'), { recursive: true, force: true })
for (const [file, text] of documents) {
  const path = join(ASSETS, file)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}
