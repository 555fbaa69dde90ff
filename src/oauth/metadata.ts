/** What clients read before anybody signs in: about one MCP server (RFC 9728) and about the issuer (RFC 8414). */
import { accountObject, serversOf } from '../account/account-stub.ts'
import type { Env } from '../core/env.ts'
import {
  ISSUER_METADATA,
  issuerOf,
  originFor,
  resourceOfMetadata,
  resourceUrl,
  spellingOf,
} from '../identity/addresses.ts'
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
  const url = new URL(request.url)
  const name = resourceOfMetadata(url.pathname)
  if (!name || !['GET', 'HEAD', 'OPTIONS'].includes(request.method)) return null
  if (!(await asksToSignIn(env, name))) return null
  if (request.method === 'OPTIONS') return openToAll(preflight())
  const origin = originFor(request, env)
  return openToAll(
    Response.json({
      resource: resourceUrl(origin, name) + spellingOf(url),
      authorization_servers: [issuerOf(origin)],
      scopes_supported: BASELINE,
      bearer_methods_supported: ['header'],
      resource_name: 'Finexio accounts payable',
    }),
  )
}

/** Metadata of the issuer, the same for everyone: it names no server. */
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
