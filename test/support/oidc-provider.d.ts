/** What the tests use of the package, which brings no types; those on npm need ten packages more. */
declare module 'oidc-provider' {
  import type { IncomingMessage, ServerResponse } from 'node:http'

  type Context = {
    body: unknown
    oidc: {
      route?: string
      result?: object
      client: { clientId: string }
      session: { accountId?: string }
    }
  }

  export default class Provider {
    constructor(issuer: string, configuration: object)
    use(middleware: (context: Context, next: () => Promise<void>) => Promise<void>): void
    callback(): (request: IncomingMessage, response: ServerResponse) => void
    interactionFinished(request: IncomingMessage, response: ServerResponse, result: object): Promise<void>
    Grant: new (
      about: object,
    ) => { addOIDCScope(scope: string): void; save(): Promise<string> }
  }

  type Policy = { get(name: string): { checks: { add(check: object): void } } }

  export const interactionPolicy: {
    base(): Policy
    Check: new (
      reason: string,
      description: string,
      error: string,
      check: (context: Context) => boolean,
    ) => object
  }
}

declare module 'oidc-provider/lib/adapters/memory_adapter.js' {
  export const createMemoryAdapter: () => object
}
