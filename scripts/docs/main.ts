/** `npm run docs`: brings the tables of docs/tools.md and docs/clients.md, and docs/rest-reference.md, up to date. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describedApi } from '../local/described-api.ts'
import { optionsOf } from '../usage.ts'
import { type ApiDescription, restReference } from './rest-reference.ts'

optionsOf(
  'Usage: npm run docs\n\nBrings the tables in docs/tools.md and docs/clients.md, and the reference docs/rest-reference.md, up to date.',
  {},
)
const { documents } = await import('./tables.ts')
for (const { file, should } of documents()) writeFileSync(file, should)

writeFileSync(
  join(import.meta.dirname, '../../docs/rest-reference.md'),
  restReference((await describedApi()) as unknown as ApiDescription),
)
