/** `npm run docs`: brings the tables of docs/tools.md and docs/clients.md, and docs/rest-reference.md, up to date. */
import { writeFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { join } from 'node:path'
import { optionsOf } from '../usage.ts'
import { type ApiDescription, restReference } from './rest-reference.ts'

optionsOf(
  'Usage: npm run docs\n\nBrings the tables in docs/tools.md and docs/clients.md, and the reference docs/rest-reference.md, up to date.',
  {},
)
const { documents } = await import('./tables.ts')
for (const { file, should } of documents()) writeFileSync(file, should)

/** What workerd has built in and nothing of the description uses. */
const STUB = `data:text/javascript,${['DurableObject', 'RpcTarget', 'WorkerEntrypoint'].map((name) => `export class ${name} {}`).join(';')}`
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'cloudflare:workers' ? { url: STUB, shortCircuit: true } : next(specifier, context),
})
const { describe } = await import('../../src/api/routes.ts')
writeFileSync(
  join(import.meta.dirname, '../../docs/rest-reference.md'),
  restReference(describe('') as unknown as ApiDescription),
)
