/** `npm run cards`: brings the made module up to date with the cards' sources. */
import { writeFileSync } from 'node:fs'
import { BUILT, builtModule } from './build.ts'

writeFileSync(BUILT, await builtModule())
