/** `npm run docs`: brings the table of docs/tools.md and docs/rest-reference.md up to date. */
import { readFileSync, writeFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { join } from 'node:path'
import { catalogue } from '../../src/tools/catalogue.ts'
import { optionsOf } from '../usage.ts'
import { type ApiDescription, restReference } from './rest-reference.ts'
import { toolTable, withTable } from './tool-table.ts'

optionsOf(
  'Usage: npm run docs\n\nBrings the table of tools in docs/tools.md and the reference docs/rest-reference.md up to date.',
  {},
)

const pathTo = (name: string) => join(import.meta.dirname, '../../docs', name)
const tools = pathTo('tools.md')
writeFileSync(tools, withTable(readFileSync(tools, 'utf8'), toolTable(catalogue)))

/** What workerd has built in and nothing of the description uses. */
const STUB = `data:text/javascript,${['DurableObject', 'RpcTarget', 'WorkerEntrypoint'].map((name) => `export class ${name} {}`).join(';')}`
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'cloudflare:workers' ? { url: STUB, shortCircuit: true } : next(specifier, context),
})
const { describe } = await import('../../src/api/routes.ts')
writeFileSync(pathTo('rest-reference.md'), restReference(describe('') as unknown as ApiDescription))
