/** `npm run cards`: generates the module again out of the cards' sources. */
import { writeFileSync } from 'node:fs'
import { BUILT, builtModule } from './build.ts'

writeFileSync(BUILT, await builtModule())
