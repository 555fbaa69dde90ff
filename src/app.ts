/** Where a request goes. */
import type { Env } from './core/env.ts'
import { mcp } from './mcp.ts'
import { addressPage, notForPeople, wantsPage } from './oauth/pages/address.tsx'
import { serverCard } from './oauth/server-card.ts'

const MCP = /^https?:\/\/[^/]+\/mcp(?:[/?]|$)/

/** Everything but tool calls. It is a module of its own (scripts/local/bundle.ts), loaded by the first request that meets it: a Worker that is woken by a call needs none of it. */
export const app = {
  fetch: async (request: Request, env: Env, ctx?: ExecutionContext): Promise<Response> =>
    (await import('./routes.ts')).routes.fetch(request, env, ctx),
}

const REFUSED: readonly number[] = [401, 403, 404, 405]

/** Programs get JSON; a person who opens such an address in a browser gets a page. */
const forReader = (request: Request, response: Response): Response =>
  REFUSED.includes(response.status) &&
  wantsPage(request) &&
  response.headers.get('content-type')?.startsWith('application/json')
    ? notForPeople(response.status)
    : response

/** Tool calls go straight to their endpoint; everything else meets the routes above. */
export const handler: ExportedHandler<Env> = {
  fetch: async (request, env, ctx) => {
    const card = serverCard(request, env)
    if (card) return card
    if (!MCP.test(request.url)) return forReader(request, await app.fetch(request, env, ctx))
    return wantsPage(request) ? addressPage() : mcp(request, env, ctx)
  },
}
