/** The management API as its routes describe themselves, outside of workerd. */
import { registerHooks } from 'node:module'
import type { JsonObject } from '../../src/core/json.ts'

/** What workerd has built in and nothing of the description uses. */
const STUB = `data:text/javascript,${['DurableObject', 'RpcTarget', 'WorkerEntrypoint'].map((name) => `export class ${name} {}`).join(';')}`

/** @returns an OpenAPI 3.1 document for no origin yet */
export const describedApi = async (): Promise<JsonObject> => {
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === 'cloudflare:workers' ? { url: STUB, shortCircuit: true } : next(specifier, context),
  })
  const { GROUPS } = await import('../../src/api/routes.ts')
  const { description } = await import('../../src/api/openapi.ts')
  return description(GROUPS)
}
