/** `npm run cards`: generates the module again out of the cards' sources. */
import { writeFileSync } from 'node:fs'
import { optionsOf } from '../usage.ts'
import { BUILT, builtModule } from './build.ts'

optionsOf(
  'Usage: npm run cards\n\nBrings src/mcp/cards/built.ts up to date with the sources of the cards in the chat.',
  {},
)
writeFileSync(BUILT, await builtModule())
