/** `npm run docs`: brings the tables of docs/tools.md and docs/clients.md up to date. */
import { writeFileSync } from 'node:fs'
import { optionsOf } from '../usage.ts'
import { documents } from './tables.ts'

optionsOf(
  'Usage: npm run docs\n\nBrings the tables of tools in docs/tools.md and of clients in docs/clients.md up to date.',
  {},
)
for (const { file, should } of documents()) writeFileSync(file, should)
