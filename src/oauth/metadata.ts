/** What clients read before anybody signs in: about one MCP server (RFC 9728), about the issuer (RFC 8414), or that there is nothing. */
import { accountObject, serversOf } from '../account/account-stub.ts'
import type { Env } from '../core/env.ts'
import {
  ISSUER_METADATA,
  issuerOf,
  originFor,
  resourceOfMetadata,
  resourceUrl,
} from '../identity/addresses.ts'
import { dress } from '../mcp/transport/headers.ts'
import { originAllowed } from '../mcp/transport/origin.ts'
import type { ResourceName } from '../rules/resource-id.ts'
import { openToAll } from './http.ts'
import { authorizationServer } from './provider.ts'
import { BASELINE } from './scopes.ts'

const asksToSignIn = async (env: Env, { accountId, serverId }: ResourceName): Promise<boolean> => {
  const server = await serversOf(accountObject(env, accountId)).read(serverId)
  return server?.config.require_api_token_auth === true
}

const preflight = () =>
  new Response(null, { status: 204, headers: { 'access-control-allow-headers': 'MCP-Protocol-Version' } })

/** Null where no server asks to sign in: to its clients there is no OAuth at all. */
export const resourceMetadata = async (request: Request, env: Env): Promise<Response | null> => {
  const name = resourceOfMetadata(new URL(request.url).pathname)
  if (!name || !['GET', 'HEAD', 'OPTIONS'].includes(request.method)) return null
  if (!(await asksToSignIn(env, name))) return null
  if (request.method === 'OPTIONS') return openToAll(preflight())
  const origin = originFor(request, env)
  return openToAll(
    Response.json({
      resource: resourceUrl(origin, name),
      authorization_servers: [issuerOf(origin)],
      scopes_supported: BASELINE,
      bearer_methods_supported: ['header'],
      resource_name: 'Finexio accounts payable',
    }),
  )
}

/** The same for everyone: it names no server. */
export const issuerMetadata = async (
  request: Request,
  env: Env,
  ctx: ExecutionContext,
): Promise<Response> => {
  const origin = originFor(request, env)
  const { method, headers } = request
  const asked = new Request(origin + ISSUER_METADATA[0], { method, headers })
  const response = await authorizationServer({ origin, name: null }).fetch(asked, env, ctx)
  if (!response.ok || method !== 'GET') return openToAll(new Response(response.body, response))
  // The library lists the resources it was made with, which here are placeholders.
  const { protected_resources: _, ...metadata } = (await response.json()) as Record<string, unknown>
  return openToAll(Response.json(metadata))
}

/**
 * For paths below `/.well-known/` that belong to no server which asks to sign in, any method: a JSON 404, or clients that
 * look there for OAuth metadata try to sign in.
 */
export const noOauthMetadata = (request: Request, env: Env): Response => {
  const origin = request.headers.get('origin')
  const response = Response.json(
    { error: 'not_found', message: 'There is nothing to sign in to at this path.' },
    { status: 404 },
  )
  return dress(response, originAllowed(origin, env) ? origin : null)
}
