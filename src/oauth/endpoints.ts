/**
 * The endpoints that clients call. `/oauth/token`: codes and refresh tokens become access tokens, and clients give tokens
 * back (RFC 7009). `/oauth/register`: clients that have no metadata document of their own introduce themselves (RFC 7591).
 */
import { accountObject, grantsOf } from '../account/account-stub.ts'
import { directoryObject } from '../account/directory-stub.ts'
import type { Env } from '../core/env.ts'
import { originFor, resourceUrl } from '../identity/addresses.ts'
import { resourceIdOf } from '../rules/resource-id.ts'
import { type Issued, readIssued } from './bearer.ts'
import { openToAll, refusal, textOf, unreadable } from './http.ts'
import { parameterFault } from './parameters.ts'
import { atOrigin, authorizationServer } from './provider.ts'

/** Which parameter holds what was issued earlier. */
const HOLDERS: ReadonlyMap<string | null, string> = new Map([
  [null, 'token'],
  ['authorization_code', 'code'],
  ['refresh_token', 'refresh_token'],
])

const isForm = ({ headers }: Request): boolean =>
  /^application\/x-www-form-urlencoded\b/i.test(headers.get('content-type') ?? '')

/** Asked first: for an unknown grant nothing is fetched from a client's own addresses. */
const isKnown = (env: Env, { accountId, serverId, grantId }: Issued): Promise<boolean> =>
  grantsOf(accountObject(env, accountId)).has(serverId, grantId)

const endGrant = (env: Env, { accountId, serverId, grantId }: Issued): Promise<boolean> =>
  grantsOf(accountObject(env, accountId)).revoke(serverId, grantId)

type Asked = { request: Request; origin: string; text: string; issued: Issued }

const exchange = async ({ request, origin, text, issued }: Asked, env: Env, ctx: ExecutionContext) => {
  let replayed = false
  const onRefusal = (reason: string) => {
    replayed ||= reason === 'code_replayed'
  }
  const server = authorizationServer({ origin, name: issued, onRefusal })
  const response = await server.fetch(atOrigin(request, origin, text), env, ctx)
  // A code that comes twice was stolen, so what it gave ends as well.
  if (replayed) await endGrant(env, issued)
  return response
}

/** Giving back either token ends the sign-in: what is left of it would be of no use. */
const revoke = async ({ request, origin, text, issued }: Asked, env: Env, ctx: ExecutionContext) => {
  const server = authorizationServer({ origin, name: issued })
  const token = new URLSearchParams(text).get('token')!
  const accepts = async () => (await server.validateToken(resourceUrl(origin, issued), token, env)) !== null
  const key = `grant:${resourceIdOf(issued)}:${issued.grantId}`
  const before = await accepts()
  const response = await server.fetch(atOrigin(request, origin, text), env, ctx)
  const gone = (await env.OAUTH_KV.get(key)) === null || (before && !(await accepts()))
  if (gone) await endGrant(env, issued)
  return response
}

const post = async (request: Request, env: Env, ctx: ExecutionContext): Promise<Response> => {
  const origin = originFor(request, env)
  const text = await textOf(request)
  if (text === null) return unreadable()
  if (!isForm(request))
    return refusal(400, 'invalid_request', 'Send a form: application/x-www-form-urlencoded.')
  const fields = new URLSearchParams(text)
  const fault = parameterFault(fields)
  if (fault !== null) return refusal(400, 'invalid_request', fault)
  const grantType = fields.get('grant_type') || null
  const holder = HOLDERS.get(grantType)
  if (holder === undefined || !fields.has(holder))
    return holder === undefined
      ? refusal(400, 'unsupported_grant_type', 'Known are authorization_code and refresh_token.')
      : refusal(400, 'invalid_request', `The parameter ${holder} is missing.`)
  const issued = readIssued(fields.get(holder)!)
  if (issued && (await isKnown(env, issued)))
    return (grantType === null ? revoke : exchange)({ request, origin, text, issued }, env, ctx)
  if (grantType === null) return openToAll(new Response(null, { status: 200 }))
  return refusal(400, 'invalid_grant', 'This sign-in is not known or has ended. Sign in again.')
}

/** `/oauth/token` (RFC 6749, section 3.2; RFC 7009), any method. Errors are in OAuth's form (RFC 6749, section 5.2). */
export const tokenEndpoint = (request: Request, env: Env, ctx: ExecutionContext): Promise<Response> => {
  if (request.method === 'POST') return post(request, env, ctx)
  const origin = originFor(request, env)
  return authorizationServer({ origin, name: null }).fetch(atOrigin(request, origin), env, ctx)
}

/** `/oauth/register` (RFC 7591, section 3), any method. 429 with `retry-after` in seconds beyond the limit of registrations. */
export const registrationEndpoint = async (request: Request, env: Env, ctx: ExecutionContext) => {
  const origin = originFor(request, env)
  const server = authorizationServer({ origin, name: null })
  if (request.method !== 'POST') return server.fetch(atOrigin(request, origin), env, ctx)
  const text = await textOf(request)
  if (text === null) return unreadable()
  const verdict = await directoryObject(env).countRegistration()
  if (verdict.allowed) return server.fetch(atOrigin(request, origin, text), env, ctx)
  const response = refusal(429, 'temporarily_unavailable', `Try again in ${verdict.reset} seconds.`)
  response.headers.set('retry-after', String(verdict.reset))
  return response
}
