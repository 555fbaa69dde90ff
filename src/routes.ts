/** The routes of everything but tool calls, in the order in which a request meets them. */
import { Hono } from 'hono/tiny'
import { managementApi } from './api/routes.ts'
import type { Env } from './core/env.ts'
import { VERSION } from './core/version.ts'
import { dashboard } from './dashboard/dashboard.tsx'
import { managementAs } from './dashboard/management.ts'
import { mcp } from './mcp.ts'
import { oauthRoutes } from './oauth/routes.ts'

type App = { Bindings: Env }

/** The management API on behalf of somebody who signed in. */
export const dispatch = managementAs(managementApi)

const routed = (): Hono<App> => {
  const routes = new Hono<App>()
  routes.get('/', (c) => c.redirect('/dashboard', 303))
  routes.get('/health', (c) => c.json({ status: 'ok', version: VERSION }))
  routes.route('/', oauthRoutes())
  routes.route(
    '/',
    dashboard({
      dispatch,
      mcp: (c) => (request) => mcp(request, c.env, c.executionCtx),
    }),
  )
  routes.route('/', managementApi())
  return routes
}

export const routes: Hono<App> = routed()
