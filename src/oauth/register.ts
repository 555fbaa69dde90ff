/** `/oauth/register`: clients that have no metadata document of their own introduce themselves (RFC 7591). */
import { directoryObject } from '../account/directory-stub.ts'
import type { Env } from '../core/env.ts'
import { originFor } from '../identity/addresses.ts'
import { refusal, textOf, unreadable } from './endpoint.ts'
import { atOrigin, authorizationServer } from './provider.ts'

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
