/** The routes, in the order in which a request meets them. */
import { Hono } from 'hono/tiny'
import { admitToken } from './account/door/admission.ts'
import { managementApi } from './api/routes.ts'
import type { Env } from './core/env.ts'
import { VERSION } from './core/version.ts'
import { dashboard } from './dashboard/dashboard.tsx'
import { managementAs } from './dashboard/management.ts'
import { handleMcp } from './mcp/transport/handler.ts'
import { addressPage, notForPeople, wantsPage } from './oauth/pages/address.tsx'
import { oauthRoutes } from './oauth/routes.ts'
import { serverCard } from './oauth/server-card.ts'
import { signInWay } from './oauth/sign-in.ts'
import { toolLayer } from './tools/call/call.ts'

type App = { Bindings: Env }

const mcp = (request: Request, env: Env, ctx: Pick<ExecutionContext, 'waitUntil'>) =>
  handleMcp(request, env, ctx, {
    ...toolLayer,
    admit: (token, caller) => admitToken(env, token, caller),
    signIn: signInWay,
  })

const MCP = /^https?:\/\/[^/]+\/mcp(?:[/?]|$)/

/** The management API on behalf of somebody who signed in. */
export const dispatch = managementAs(managementApi)

export const app = new Hono<App>()

app.get('/', (c) => c.redirect('/dashboard', 303))
app.get('/health', (c) => c.json({ status: 'ok', version: VERSION }))
app.route('/', oauthRoutes())
app.route(
  '/',
  dashboard({
    dispatch,
    mcp: (c) => (request) => mcp(request, c.env, c.executionCtx),
  }),
)
app.route('/', managementApi())

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
