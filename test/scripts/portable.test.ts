/**
 * Nothing that a script starts needs a shell of Unix. Seen at b8f2a26: `npm start` began with `exec` (G11). Siblings: `node_modules/.bin`,
 * whose files are shell scripts; `&&`, quotes and variables in package.json; `shell: true`.
 */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { scripts } from '../../package.json' with { type: 'json' }
import { installed } from '../../scripts/installed.ts'

const root = join(import.meta.dirname, '../..')

test.each(Object.entries(scripts))(
  'npm run %s is one command that every shell reads alike: %s',
  (_, command) => {
    expect(command).toMatch(/^(node scripts\/run\.mjs|vitest)( [\w./=-]+)*$/)
  },
)

test.each(globSync('scripts/**/*.{ts,mjs}', { cwd: root }))('%s starts no shell script', (file) => {
  const text = readFileSync(join(root, file), 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')
  expect(text).not.toMatch(/\.bin\/|\.bin'|shell: true|(['"`])(ba)?sh\1|\bexec\(['"`](?! ?CREATE)/)
})

test.each(['biome', 'tsc', 'knip', 'vitest', 'wrangler'])('%s is started as a script of Node', (name) => {
  const [node, script] = installed(name)
  expect(node).toBe(process.execPath)
  expect(readFileSync(script, 'utf8')).toMatch(/^#!\/usr\/bin\/env node/)
})
