/** `GET /oauth/authorize`: from a client's request to the page that asks a person. */
import {
  AuthorizationError,
  type AuthRequest,
  authorizationErrorRedirect,
  CimdFetchError,
  type OAuthHelpers,
} from '@cloudflare/workers-oauth-provider'
import { accountObject, serversOf } from '../account/account-stub.ts'
import type { Env } from '../core/env.ts'
import { originFor, readResource } from '../identity/addresses.ts'
import type { ResourceName } from '../rules/resource-id.ts'
import { effectiveConfig } from '../rules/server-settings.ts'
import { toolsFor } from '../tools/visible/view.ts'
import { consentPage, type Place } from './consent-page.tsx'
import { problemPage } from './page.tsx'
import { parameterFault } from './parameters.ts'
import { atOrigin, authorizationServer } from './provider.ts'

const NO_SERVER =
  'The program that sent you here names no MCP server that asks people to sign in. It may have ended, or its address may be wrong: ask the operator for the present one.'
const NO_CLIENT =
  'The program that sent you here could not be verified. Start again from it; if that does not help, tell its maker.'
const AGAIN = 'Start again from the program that sent you here.'

/** The MCP server that a sign-in is about. Null unless there is such a server and it asks to sign in. */
export const placeOf = async (env: Env, { accountId, serverId }: ResourceName): Promise<Place | null> => {
  const object = accountObject(env, accountId)
  const [account, server] = await Promise.all([object.readAccount(), serversOf(object).read(serverId)])
  if (!account || !server?.config.require_api_token_auth) return null
  const tools = toolsFor(effectiveConfig(server.config, account)).map(({ title, effect }) => ({
    title,
    effect,
  }))
  return { accountName: account.name, server: { name: server.name, expires_at: server.expires_at }, tools }
}

/** Back to the client without a page. The address was checked against those that the client registered. */
const sendBack = (location: string): Response =>
  new Response(null, {
    status: 302,
    headers: { location, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' },
  })

const sentence = ({ description }: AuthorizationError): string => description.replace(/\.?$/, '.')

/** @throws faults that the caller did not cause */
export const explained = (error: unknown): Response => {
  if (error instanceof AuthorizationError)
    return error.redirectTo ? sendBack(error.redirectTo) : problemPage(400, `${sentence(error)} ${AGAIN}`)
  if (error instanceof CimdFetchError) return problemPage(400, NO_CLIENT)
  throw error
}

/** Shows the page, with a form that works once and in this browser only. */
export const askFor = async (
  oauth: OAuthHelpers,
  asked: AuthRequest,
  place: Place,
  again?: { problem: string; ticked: boolean; headers: Headers },
): Promise<Response> => {
  const client = await oauth.describeConsent(asked)
  const { handle, headers } = await oauth.beginConsent(asked)
  for (const cookie of again?.headers.getSetCookie() ?? []) headers.append('set-cookie', cookie)
  // Whatever the client asks for, changes are the person's to tick.
  const ticked = again?.ticked ?? false
  return consentPage({ place, client, handle, headers, ticked, problem: again?.problem })
}

const WAIT_MS = 5_000

const isDocumentUrl = (clientId: string): boolean => /^https:\/\//i.test(clientId) && URL.canParse(clientId)

/**
 * Looks at a client's metadata document before the library fetches it. The library follows redirects, and a client that
 * is known by its domain must not be described by a page somewhere else that its domain merely forwards to.
 * @param own origin of this deployment, which describes no clients: an address below it could hold a token
 * @returns true as well for clients without a document; false when it is not there, or somewhere else
 */
const answersItself = async (clientId: string, own: string): Promise<boolean> => {
  if (!isDocumentUrl(clientId)) return true
  if (new URL(clientId).origin === own) return false
  try {
    const response = await fetch(clientId, {
      redirect: 'manual',
      headers: { accept: 'application/json' },
      signal: AbortSignal.timeout(WAIT_MS),
    })
    await response.body?.cancel()
    return response.ok
  } catch {
    return false
  }
}

/** The one value of a parameter; null when it is absent or repeated. */
const only = (params: URLSearchParams, name: string): string | null => {
  const values = params.getAll(name)
  return values.length === 1 ? values[0]! : null
}

/** The server is looked for first: who names none makes us fetch nothing. */
export const ask = async (request: Request, env: Env): Promise<Response> => {
  const origin = originFor(request, env)
  const params = new URL(request.url).searchParams
  const fault = parameterFault(params)
  if (fault !== null) return problemPage(400, `${fault} ${AGAIN}`)
  const name = readResource(origin, only(params, 'resource'))
  const place = name && (await placeOf(env, name))
  if (!name || !place) return problemPage(400, NO_SERVER)
  if (!(await answersItself(only(params, 'client_id') ?? '', origin))) return problemPage(400, NO_CLIENT)
  try {
    const oauth = authorizationServer({ origin, name }).getOAuthApi(env)
    const asked = await oauth.parseAuthRequest(atOrigin(request, origin))
    // The library lets clients with a secret do without.
    if (!asked.codeChallenge)
      return sendBack(authorizationErrorRedirect(asked, 'invalid_request', 'PKCE with S256 is required.'))
    return await askFor(oauth, asked, place)
  } catch (error) {
    return explained(error)
  }
}
