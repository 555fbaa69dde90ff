/** The management REST API: paths and fields as Truto has them. */
import type { Context, MiddlewareHandler } from 'hono'
import { Hono } from 'hono/tiny'
import { VaultFault } from '../account/vault/vault.ts'
import { configurationProblem } from '../core/keys.ts'
import { accountRoutes } from './accounts/accounts.ts'
import { type Agreed, type App, authenticate as byBearer, type Replay } from './auth.ts'
import { descriptionRoute } from './description.ts'
import { ApiError, answerOf } from './errors.ts'
import { accountHistoryRoute } from './history/account.ts'
import { accountsAtRoute } from './history/accounts.ts'
import { serverHistoryRoute } from './history/server.ts'
import { keyRoutes } from './keys.ts'
import { logRoutes } from './log/routes.ts'
import { verifyRoutes } from './log/verify.ts'
import { recordManagement } from './management-audit.ts'
import { nearPath } from './near-path.ts'
import { overviewRoute } from './overview.ts'
import { callBackRoute } from './payees/call-backs.ts'
import { payeeReviewRoutes } from './payees/review.ts'
import { payeeRoutes } from './payees/routes.ts'
import { apiTokenRoutes } from './people/api-tokens.ts'
import { grantRoutes } from './people/grants.ts'
import { personRoutes } from './people/people.ts'
import { type Grouped, type Route, served, type Verb } from './route.ts'
import { secretRoutes } from './secrets.ts'
import { serverRoutes } from './servers.ts'
import { deploymentRoutes } from './settings/deployment.ts'
import { settingsDraftRoutes } from './settings/settings-drafts.ts'
import { toolRoutes } from './tools.ts'
import { usageRoutes } from './usage.ts'
import { approvalRoutes } from './writes/approvals.ts'
import { unknownWriteRoutes } from './writes/unknown-writes.ts'
import { writeRoutes } from './writes/writes.ts'

const commonHeaders: MiddlewareHandler<App> = async (c, next) => {
  c.set('requestId', crypto.randomUUID())
  await next()
  // c.header would make a new response for each of them.
  const { headers } = c.res
  headers.set('X-Request-Id', c.get('requestId'))
  headers.set('Cache-Control', 'no-store')
  headers.set('X-Content-Type-Options', 'nosniff')
  headers.set('Referrer-Policy', 'no-referrer')
}

const nothingHere = (hint = '.') => new ApiError(404, `There is nothing at this path${hint}`)

/** Refuses a trailing slash, which the router itself would accept. */
const oneSpelling: MiddlewareHandler<App> = async (c, next) => {
  if (c.req.path.endsWith('/')) throw nothingHere(': leave the slash at its end away.')
  await next()
}

/** Only the class of an internal error is logged: its message could hold what the caller sent. Settings are named, never shown. */
const asApiError = (error: Error): ApiError => {
  if (error instanceof ApiError) return error
  const message = error instanceof VaultFault ? error.message : configurationProblem(error)
  if (message !== null) return new ApiError(500, message)
  console.error({ event: 'api_fault', error: error.name })
  return new ApiError(
    500,
    'A fault on the side of this server. Read the present state before repeating the call.',
  )
}

/** Every route by its heading, in the order in which the description lists them. */
export const GROUPS: Grouped = {
  Accounts: [
    ...accountRoutes,
    accountHistoryRoute,
    accountsAtRoute,
    overviewRoute,
    ...usageRoutes,
    ...toolRoutes,
  ],
  'MCP servers': [...serverRoutes, serverHistoryRoute, ...grantRoutes],
  'Approvals and writes': [...approvalRoutes, ...unknownWriteRoutes, ...writeRoutes],
  Payees: [...payeeReviewRoutes, callBackRoute, ...payeeRoutes],
  'Webhook secrets': secretRoutes,
  'People and keys': [...personRoutes, ...apiTokenRoutes],
  Settings: [...deploymentRoutes, ...settingsDraftRoutes, ...keyRoutes],
  'Audit trail': [...logRoutes, ...verifyRoutes],
  Description: [descriptionRoute],
}

export const ROUTES: readonly Route[] = Object.values(GROUPS).flat()

const VERBS: readonly Verb[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']

const PATHS = [...Map.groupBy(ROUTES, ({ path }) => path)]
const KNOWN = PATHS.map(([path]) => path)

/** Every path below these needs a key, even one that does not exist. */
const GUARDED = new Set(
  ROUTES.filter(({ role }) => role !== 'public').map(({ path }) => `/${path.split('/')[1]}/*`),
)

const wrongVerb = (path: string, routes: readonly Route[]) => {
  const allow = VERBS.filter((one) => routes.some(({ verb }) => verb === one)).join(', ')
  return (c: Context<App>) => {
    c.set('template', path)
    return answerOf(new ApiError(405, `Allowed here: ${allow}.`, {}, { allow }))
  }
}

type Made = { api: Hono<App>; replay: Replay }

/** @param authenticate how the API learns who calls */
const made = (authenticate: MiddlewareHandler<App>): Made => {
  const api = new Hono<App>()
  const agreed = new WeakMap<Request, Agreed>()
  const replay: Replay = async (request, one, env) => {
    agreed.set(request, one)
    return api.fetch(request, env)
  }
  const knowing: MiddlewareHandler<App> = async (c, next) => {
    c.set('replay', replay)
    const one = agreed.get(c.req.raw)
    if (!one) return authenticate(c, next)
    c.set('agreed', one)
    c.set('actor', one.actor)
    await next()
  }
  api.onError((error) => answerOf(asApiError(error)))
  api.use('*', commonHeaders)
  for (const path of GUARDED) {
    api.use(path, recordManagement)
    api.use(path, knowing)
  }
  api.use('*', oneSpelling)
  for (const [path, routes] of PATHS) {
    for (const one of routes) api.on(one.verb, path, served(one))
    api.all(path, wrongVerb(path, routes))
  }
  // The path is not repeated: it could be a mistyped MCP URL.
  api.all('*', (c) => {
    const near = nearPath(c.req.path, KNOWN)
    return answerOf(nothingHere(near === null ? '.' : `: did you mean ${near}?`))
  })
  return { api, replay }
}

/**
 * The API as an app to be mounted at `/`, after every other route: what it does not know is a 404.
 * @param authenticate how it learns who calls: sets `actor`, or throws
 */
export const managementApi = (authenticate = byBearer): Hono<App> => made(authenticate).api

/** Lets a change act that waited, where no request is at hand. */
export const replay: Replay = (...asked) => made(byBearer).replay(...asked)
