// Runs a script of this folder: `node scripts/run.mjs <script> […]`. Plain JavaScript, so that whatever Node the machine has can say what is missing.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const here = import.meta.dirname ?? new URL('.', import.meta.url).pathname
const [major, minor] = process.versions.node.split('.').map(Number)
const modern = major > 22 || (major === 22 && minor >= 18)

/** A sentence in the place of a stack. */
const refuse = (sentence) => {
  console.error(sentence)
  process.exit(1)
}

const command = process.env.npm_lifecycle_event ?? 'start'
const again = command === 'start' || command === 'test' ? `npm ${command}` : `npm run ${command}`
if (!existsSync(join(here, '../node_modules/miniflare/package.json')))
  refuse(`The packages are not installed. Run \`npm ci\` first, then \`${again}\`.`)
if (!modern)
  refuse(
    `Node ${process.versions.node} is running this script, and it needs 22.18 or newer. \`npm ci\` installs one ` +
      `for npm scripts: if its install script was not allowed to run, run \`npm rebuild node\`, then \`${again}\`.`,
  )

const script = join(here, process.argv[2])
process.argv.splice(1, 2, script)
await import(pathToFileURL(script).href)
