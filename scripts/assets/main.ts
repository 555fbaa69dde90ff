/** `npm run assets`: makes the files beside the Worker again out of their sources. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describedApi } from '../local/described-api.ts'
import { optionsOf } from '../usage.ts'
import { ASSETS, builtCards, hashes, loadedFiles } from './build.ts'

optionsOf(
  "Usage: npm run assets\n\nBrings assets/ up to date: the cards in the chat, what the dashboard's pages load, and the description of the management API.",
  {},
)

/** Made first: it is bundled from what is there. */
const openapi = `${JSON.stringify(await describedApi(), null, 1)}\n`
const files = {
  ...(await builtCards()),
  ...loadedFiles(),
  'openapi.json': openapi,
}
rmSync(ASSETS, { recursive: true, force: true })
for (const [file, text] of Object.entries(files)) {
  const path = join(ASSETS, file)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}
const entries = Object.entries(hashes()).map(([name, hash]) => `'${name}': '${hash}'`)
writeFileSync(
  join(import.meta.dirname, '../../src/dashboard/assets/hashes.ts'),
  `/** Made by \`npm run assets\`: a checksum of each file of the dashboard. */
export const HASHES = { ${entries.join(', ')} }
`,
)
