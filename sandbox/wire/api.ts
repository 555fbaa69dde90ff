/** One Finexio request from credentials to answer, in the order in which Finexio decides. Nothing here waits. */
import { catchUp, type Scope } from '../payments/advance.ts'
import { type Settings, settingsOf } from '../tenants/settings.ts'
import type { Db } from '../tenants/tables.ts'
import { openTenant, seedOnce, type TenantRow, tenantNow } from '../tenants/tenants.ts'
import { badCredentials, notFound, unreadableJson, wrongMediaType, wrongMethod } from './answers.ts'
import { type Credentials, isNeverAccepted } from './basic-auth.ts'
import type { SentBody } from './bodies.ts'
import type { Answer, Call } from './call.ts'
import { type Fault, faultResponse, takeFault } from './faults.ts'
import { countRequest, rateHeaders } from './rate-limit.ts'
import { matchPath } from './routes.ts'
import { isBodyUndeclared, successCode } from './status-codes.ts'

export type Sent = {
  method: string
  url: URL
  credentials: Credentials | null
  digest: string
  body: SentBody
  /** Real time in milliseconds. */
  wall: number
}

export type Home = {
  db: Db
  demoDigest: string
  /** Settings that the deployment's variables decide. */
  startWith: Partial<Settings>
}

export type Outcome = {
  response: Response
  /** Milliseconds to hold the answer back. */
  delay: number
  /** Whose webhooks may have become due; null where no tenant was opened. */
  scope: Scope | null
}

const WEBHOOKS = /\/webhooks(?:\/|$)/

const JSON_TYPE = { 'Content-Type': 'application/json' }

const responseOf = ({ status, body, headers }: Answer): Response =>
  body === undefined
    ? new Response(null, { status, headers })
    : new Response(JSON.stringify(body), { status, headers: { ...JSON_TYPE, ...headers } })

const isRefused = ({ credentials }: Sent) => !credentials || isNeverAccepted(credentials.password)

const tenantOf = (home: Home, sent: Sent): TenantRow | null =>
  isRefused(sent) ? null : openTenant(home.db, sent.credentials!.username, sent.digest, home.demoDigest)

/** Counts the request where a limit is set: headers for the answer, and whether it is refused. */
const rateOf = (home: Home, tenant: TenantRow, settings: Settings, wall: number) => {
  const { rateLimit } = settings
  if (rateLimit === 'off') return { headers: {}, refused: null }
  const { limit, window: seconds, dialect, status } = rateLimit
  const before = { start: tenant.window_start, used: tenant.window_count }
  const { window, count, refused } = countRequest(before, limit, seconds, tenantNow(tenant, wall))
  home.db.exec(
    'UPDATE tenants SET window_start = ?, window_count = ? WHERE id = ?',
    window.start,
    window.used,
    tenant.id,
  )
  const answer: Answer = { status, body: { detail: 'Too many requests.' } }
  return { headers: rateHeaders(dialect, count, refused), refused: refused ? answer : null }
}

const WITH_BODY = new Set(['POST', 'PUT', 'PATCH'])

const bodyProblem = (sent: Sent): Answer | null => {
  if (!WITH_BODY.has(sent.method)) return null
  if (sent.body.kind === 'wrong-type') return wrongMediaType(sent.body.type)
  return sent.body.kind === 'unreadable' ? unreadableJson : null
}

const withSuccessCode = (answer: Answer, name: string, settings: Settings): Answer => {
  if (answer.status >= 300 || answer.status === 204) return answer
  const status = successCode(name, settings.statusCodes)
  const bodyless = status === 204 || (settings.emptyWriteBodies && isBodyUndeclared(name))
  return { ...answer, status, body: bodyless ? undefined : answer.body }
}

const operate = (scope: Scope, sent: Sent): Answer => {
  const { settings } = scope
  const match = matchPath(sent.url.pathname, settings)
  if (!match) return notFound({ url: sent.url, settings })
  const found = match.verbs[sent.method]
  if (!found) return wrongMethod(sent.method)
  const problem = bodyProblem(sent)
  if (problem) return problem
  const [name, operation] = found
  const call: Call = {
    ...scope,
    url: sent.url,
    mount: match.mount,
    params: match.params,
    body: sent.body.kind === 'value' ? sent.body.value : {},
  }
  return withSuccessCode(operation(call), name, settings)
}

const answered = (home: Home, tenant: TenantRow, settings: Settings, sent: Sent, fault: Fault | null) => {
  const replaced = fault && faultResponse(fault)
  if (replaced && !fault.applied) return { response: replaced, scope: null }
  const rate = rateOf(home, tenant, settings, sent.wall)
  const headers = { ...rate.headers, ...fault?.headers }
  if (rate.refused) return { response: responseOf({ ...rate.refused, headers }), scope: null }
  // Checking credentials lists webhooks: of the accounts that tests make, many are never read.
  if (!WEBHOOKS.test(sent.url.pathname)) seedOnce(home.db, tenant, sent.wall)
  const scope: Scope = { db: home.db, tenant, settings, now: tenantNow(tenant, sent.wall) }
  catchUp(scope)
  const answer = operate(scope, sent)
  return { response: replaced ?? responseOf({ ...answer, headers }), scope }
}

/** Answers one request; credentials come before everything else, an unknown path included. */
export const answerRequest = (home: Home, sent: Sent): Outcome => {
  const tenant = tenantOf(home, sent)
  if (!tenant) return { response: responseOf(badCredentials), delay: 0, scope: null }
  const settings = settingsOf(home.db, tenant.username, home.startWith)
  const fault = takeFault(home.db, tenant.username, sent.method, sent.url.pathname)
  return { ...answered(home, tenant, settings, sent, fault), delay: fault?.delay_ms ?? 0 }
}
