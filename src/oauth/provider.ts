/** The authorization server, made for one request: its one resource is the MCP server that the request is about. */
import {
  OAuthAuthorizationServer,
  OAuthError,
  type TokenExchangeCallbackOptions,
} from '@cloudflare/workers-oauth-provider'
import { accountObject, grantsOf } from '../account/account-stub.ts'
import { GRANT_SECONDS } from '../account/tables/principals/grants.ts'
import type { Env } from '../core/env.ts'
import { AUTHORIZE, issuerOf, REGISTER, resourceUrl, TOKEN } from '../identity/addresses.ts'
import { livingHolder, type Rests } from '../identity/holder.ts'
import { type ResourceName, readResourceId } from '../rules/resource-id.ts'
import { GRANTABLE } from './scopes.ts'

/** What travels sealed in a token. */
export type Props = Rests

const ACCESS_SECONDS = 3600
/** A client that is not used in this time has to register again; use renews it. */
const CLIENT_SECONDS = 365 * 24 * 3600

/** Needed by the library where no resource is known; no server has it, and two of them leave none as default. */
const noResources = (origin: string) => [`${origin}/mcp/s/0`, `${origin}/mcp/s/1`]

const ended = () => new OAuthError('invalid_grant', { description: 'This sign-in has ended. Sign in again.' })

/** Asks the account at each fetch of tokens: it decides, whatever a record says. */
const checkFetch = async ({ grantType, userId, grantId, props, env }: TokenExchangeCallbackOptions<Env>) => {
  const name = readResourceId(userId)
  if (!name || !(await livingHolder(env, name.accountId, props as Props))) throw ended()
  const fetching = grantType === 'authorization_code' ? 'code' : 'refresh'
  if (!(await grantsOf(accountObject(env, name.accountId)).fetchTokens(name.serverId, grantId, fetching)))
    throw ended()
}

type Options = {
  origin: string
  /** Null: the request is about none. */
  name: ResourceName | null
  /** Gets the reason of a refusal, in words of the library, and what it says beside it. */
  onRefusal?(reason: string, detail: unknown): void
  /** Asked before a client is registered that is in order: null lets it in. */
  onRegistration?(metadata: Record<string, unknown>): Promise<RegistrationRefusal | null>
}

type RegistrationRefusal = { code: string; description: string; status: number }

/** @throws TypeError for an origin that is neither https nor loopback, which `originFor` never gives */
export const authorizationServer = ({ origin, name, onRefusal, onRegistration }: Options) =>
  new OAuthAuthorizationServer<Env>({
    issuer: issuerOf(origin),
    authorizeEndpoint: AUTHORIZE,
    tokenEndpoint: TOKEN,
    clientRegistrationEndpoint: REGISTER,
    resources: name ? [resourceUrl(origin, name)] : noResources(origin),
    scopesSupported: GRANTABLE,
    clientIdMetadataDocumentEnabled: true,
    allowPrivateUseRedirectUris: true,
    accessTokenTTL: ACCESS_SECONDS,
    refreshTokenTTL: GRANT_SECONDS,
    refreshTokenIdleTTL: GRANT_SECONDS,
    clientRegistrationTTL: CLIENT_SECONDS,
    tokenExchangeCallback: checkFetch,
    clientRegistrationCallback: async ({ clientMetadata }) =>
      (await onRegistration?.(clientMetadata as Record<string, unknown>)) ?? undefined,
    onError: ({ internal }) => {
      console.warn({ event: 'oauth_refused', reason: internal.reason })
      onRefusal?.(internal.reason, internal.detail)
    },
  })

/** The request as the library has to see it: under the origin that clients know, its body read within bounds. */
export const atOrigin = (
  request: Request,
  origin: string,
  { body, headers = request.headers }: { body?: BodyInit; headers?: Headers } = {},
): Request => {
  const { pathname, search } = new URL(request.url)
  const { method } = request
  return new Request(`${origin}${pathname}${search}`, { method, headers, body })
}
