/** Signing in (OAuth 2.1): what clients read, what people see, where tokens are fetched. */
import { Hono } from 'hono/tiny'
import { assetOf } from '../core/assets.ts'
import type { Env } from '../core/env.ts'
import { configurationProblem } from '../core/keys.ts'
import { AUTHORIZE, ISSUER_METADATA, REGISTER, STYLE, TOKEN } from '../identity/addresses.ts'
import { ask } from './ask.ts'
import { decide } from './decide.ts'
import { registrationEndpoint, tokenEndpoint } from './endpoints.ts'
import { noOauthMetadata, refusal } from './http.ts'
import { issuerMetadata, resourceMetadata } from './metadata.ts'
import { problemPage } from './pages/page.tsx'

type App = { Bindings: Env }

const FAULT = 'A fault on the side of this server. Start again from the program that sent you here.'

const styleHeaders = { 'content-type': 'text/css; charset=utf-8', 'x-content-type-options': 'nosniff' }

/** Everything else below `/.well-known/` is a 404, so that nobody is asked to sign in where no sign-in is needed. */
export const oauthRoutes = (): Hono<App> => {
  const routes = new Hono<App>()
  routes.onError((error, { req }) => {
    const message = configurationProblem(error)
    console.error({ event: 'oauth_fault', error: error.name, ...(message && { message }) })
    const text = message ?? FAULT
    return req.path === AUTHORIZE ? problemPage(500, text) : refusal(500, 'server_error', text)
  })
  for (const path of ISSUER_METADATA)
    routes.all(path, ({ req, env, executionCtx }) =>
      issuerMetadata(req.raw, env, executionCtx as ExecutionContext),
    )
  routes.all(
    '/.well-known/*',
    async ({ req, env }) => (await resourceMetadata(req.raw, env)) ?? noOauthMetadata(req.raw, env),
  )
  routes.get(AUTHORIZE, ({ req, env }) => ask(req.raw, env))
  routes.post(AUTHORIZE, ({ req, env }) => decide(req.raw, env))
  routes.all(TOKEN, ({ req, env, executionCtx }) =>
    tokenEndpoint(req.raw, env, executionCtx as ExecutionContext),
  )
  routes.all(REGISTER, ({ req, env, executionCtx }) =>
    registrationEndpoint(req.raw, env, executionCtx as ExecutionContext),
  )
  routes.get(STYLE, async (c) =>
    c.body(await (await assetOf(c.env, 'oauth/style.css')).text(), 200, {
      ...styleHeaders,
      'cache-control': 'public, max-age=300',
    }),
  )
  return routes
}
