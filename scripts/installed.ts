/** Commands of the project's packages, run by this Node: what `node_modules/.bin` holds is a shell script, which Windows cannot start. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export const root = join(import.meta.dirname, '..')

/** The package of a command, where its name is another one. */
const PACKAGES: Readonly<Record<string, string>> = { biome: '@biomejs/biome', tsc: 'typescript' }

/** What starts a command: Node and the script that the package names for it. @param name such as `wrangler` */
export const installed = (name: string): [node: string, script: string] => {
  const folder = join(root, 'node_modules', PACKAGES[name] ?? name)
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    bin: Record<string, string>
  }
  return [process.execPath, join(folder, bin[name]!)]
}
