/** The management REST API: paths and fields as Truto has them. */
import type { MiddlewareHandler } from 'hono'
import { Hono } from 'hono/tiny'
import { VaultFault } from '../account/vault/vault.ts'
import { ConfigurationFault } from '../core/keys.ts'
import type { ToolBook } from '../tools/visible/book.ts'
import { accountRoutes } from './accounts.ts'
import { apiTokenRoutes } from './api-tokens.ts'
import { approvalRoutes, type DraftDesk } from './approvals.ts'
import { type App, authenticate as byBearer } from './auth.ts'
import { ApiError, answerOf } from './errors.ts'
import { grantRoutes } from './grants.ts'
import { keyRoutes } from './keys.ts'
import { logRoutes } from './logs.ts'
import { recordManagement } from './management-audit.ts'
import { openApi } from './openapi.ts'
import { METHODS } from './route-table.ts'
import { secretRoutes } from './secrets.ts'
import { serverRoutes } from './servers.ts'
import { toolRoutes } from './tools.ts'
import { usageRoutes } from './usage.ts'
import { writeRoutes } from './writes.ts'

const standingHeaders: MiddlewareHandler<App> = async (c, next) => {
  c.set('requestId', crypto.randomUUID())
  await next()
  // c.header would make a new response for each of them.
  const { headers } = c.res
  headers.set('X-Request-Id', c.get('requestId'))
  headers.set('Cache-Control', 'no-store')
  headers.set('X-Content-Type-Options', 'nosniff')
  headers.set('Referrer-Policy', 'no-referrer')
}

const nothingHere = () => new ApiError(404, 'There is nothing at this path.')

/** One spelling only: the router itself would take a slash at the end. */
const oneSpelling: MiddlewareHandler<App> = async (c, next) => {
  if (c.req.path.endsWith('/')) throw nothingHere()
  await next()
}

/** Of a fault of ours only the kind is logged: a message could hold what the caller sent. Settings are named, never shown. */
const asApiError = (error: Error): ApiError => {
  if (error instanceof ApiError) return error
  if (error instanceof ConfigurationFault || error instanceof VaultFault)
    return new ApiError(500, error.message)
  console.error({ event: 'api_fault', error: error.name })
  return new ApiError(
    500,
    'A fault on the side of this server. Read the present state before repeating the call.',
  )
}

/**
 * The API as an app to be mounted at `/`, after every other route: what it does not know is a 404.
 * @param authenticate how it learns who calls: sets `actor`, or throws
 */
export const managementApi = (book: ToolBook, drafts: DraftDesk, authenticate = byBearer): Hono<App> => {
  const api = new Hono<App>()
  api.onError((error) => answerOf(asApiError(error)))
  api.use('*', standingHeaders)
  for (const path of [
    '/integrated-account/*',
    '/api-token/*',
    '/key/*',
    '/writes',
    '/log/*',
    '/approval/*',
  ]) {
    api.use(path, recordManagement)
    api.use(path, authenticate)
  }
  api.use('*', oneSpelling)
  api.route('/', accountRoutes)
  api.route('/', serverRoutes(book))
  api.route('/', grantRoutes)
  api.route('/', toolRoutes(book))
  api.route('/', apiTokenRoutes)
  api.route('/', keyRoutes)
  api.route('/', writeRoutes)
  api.route('/', approvalRoutes(drafts))
  api.route('/', secretRoutes)
  api.route('/', logRoutes)
  api.route('/', usageRoutes)
  api.get('/openapi.json', openApi)
  for (const [path, methods] of METHODS)
    api.all(path, () => answerOf(new ApiError(405, `Allowed here: ${methods}.`, {}, { allow: methods })))
  // The path is not repeated: it could be a mistyped MCP URL.
  api.all('*', () => answerOf(nothingHere()))
  return api
}
