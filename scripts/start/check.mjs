// Runs before `npm start` under whatever Node the machine has, so that a missing install is said in words.
import { existsSync } from 'node:fs'

const [major, minor] = process.versions.node.split('.').map(Number)
const modern = major > 22 || (major === 22 && minor >= 18)

if (!existsSync(new URL('../../node_modules/miniflare/package.json', import.meta.url))) {
  console.error('The packages are not installed. Run `npm ci` first, then `npm start`.')
  process.exit(1)
}
if (!modern) {
  console.error(
    `Node ${process.versions.node} is running this script, and it needs 22.18 or newer. \`npm ci\` installs one ` +
      'for npm scripts: if its install script was not allowed to run, run `npm rebuild node`, then `npm start`.',
  )
  process.exit(1)
}
