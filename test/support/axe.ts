/** A checker for accessibility, as text that a page runs: minified, since each page compiles it anew. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)

export const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')
