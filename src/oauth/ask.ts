/** `GET /oauth/authorize`: from a client's request to the page that asks a person. */
import {
  AuthorizationError,
  type AuthRequest,
  authorizationErrorRedirect,
  CimdFetchError,
  type OAuthHelpers,
} from '@cloudflare/workers-oauth-provider'
import { accountObject, grantsOf, serversOf } from '../account/account-stub.ts'
import type { Env } from '../core/env.ts'
import { originFor, readResources, resourceUrl } from '../identity/addresses.ts'
import { companyOf } from '../identity/company.ts'
import { companyPersonIn } from '../identity/session.ts'
import { zoneOfRequest } from '../identity/zone.ts'
import type { ResourceName } from '../rules/resource-id.ts'
import { effectiveConfig } from '../rules/server-settings.ts'
import { toolsFor } from '../tools/visible/view.ts'
import { lookAtDocument } from './documents.ts'
import { sealForm } from './form.ts'
import { sourceOf } from './http.ts'
import { consentPage, type Place } from './pages/consent-page.tsx'
import { problemPage } from './pages/page.tsx'
import { parameterFault } from './parameters.ts'
import { atOrigin, authorizationServer } from './provider.ts'
import { Records } from './records.ts'
import { isPrivateUse, mayRedirectTo } from './redirects.ts'

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
  { env, request, oauth }: { env: Env; request: Request; oauth: OAuthHelpers },
  asked: AuthRequest,
  place: Place,
  again?: { problem: string; ticked: boolean; headers: Headers },
): Promise<Response> => {
  const client = await oauth.describeConsent(asked)
  const { handle, headers } = await sealForm(env, asked)
  for (const cookie of again?.headers.getSetCookie() ?? []) headers.append('set-cookie', cookie)
  // Whatever the client asks for, changes are the person's to tick.
  const ticked = again?.ticked ?? false
  const person = await companyPersonIn(request, env)
  const company = {
    offered: companyOf(env).provider !== null,
    signedIn: person?.name ?? null,
    back: new URL(request.url).search.slice(1),
  }
  const zone = zoneOfRequest(request, env.LOCAL_DEVELOPMENT === 'true')
  return consentPage({ place, client, zone, handle, headers, ticked, problem: again?.problem, company })
}

const LATER =
  'The program that sent you here is described at an address that does not answer just now. Wait a minute, then start again from it.'
const SCHEME =
  'The program that sent you here takes its answers at an address that it may not use. Tell its maker.'

const tooMany = (seconds: number): Response => {
  const response = problemPage(429, `Too many sign-ins were started here. Try again in ${seconds} seconds.`)
  response.headers.set('retry-after', String(seconds))
  return response
}

/** The request under the one name of its server, however the client spelled it. */
const named = (request: Request, origin: string, name: ResourceName): Request => {
  const url = new URL(request.url)
  url.searchParams.delete('resource')
  url.searchParams.set('resource', resourceUrl(origin, name))
  return atOrigin(new Request(url, request), origin)
}

/** Why the page is not shown although the library would; null: it is. */
const obstacle = async (oauth: OAuthHelpers, asked: AuthRequest): Promise<Response | null> => {
  // The library lets clients with a secret do without.
  if (!asked.codeChallenge)
    return sendBack(authorizationErrorRedirect(asked, 'invalid_request', 'PKCE with S256 is required.'))
  if (!isPrivateUse(asked.redirectUri)) return null
  const client = await oauth.lookupClient(asked.clientId)
  const claims = { registered: client?.redirectUris ?? [], method: client?.tokenEndpointAuthMethod }
  return mayRedirectTo(asked.redirectUri, claims) ? null : problemPage(400, SCHEME)
}

/** What is asked for has a place, is asked for neither too often nor from an address that may not be fetched. */
const refusedBefore = async (
  request: Request,
  env: Env,
  name: ResourceName,
  clientId: string,
): Promise<Response | null> => {
  const grants = grantsOf(accountObject(env, name.accountId))
  const counted = await grants.countPage(name.serverId, sourceOf(request))
  if (counted && !counted.allowed) return tooMany(counted.reset)
  const document = await lookAtDocument(clientId, originFor(request, env))
  if (document === 'there') return null
  return document === 'gone' ? problemPage(400, NO_CLIENT) : problemPage(503, LATER)
}

/** The server is looked for first: who names none makes us fetch nothing. */
export const ask = async (request: Request, env: Env): Promise<Response> => {
  const origin = originFor(request, env)
  const params = new URL(request.url).searchParams
  const fault = parameterFault(params)
  if (fault !== null) return problemPage(400, `${fault} ${AGAIN}`)
  const name = readResources(origin, params.getAll('resource'))
  const place = name && (await placeOf(env, name))
  if (!name || !place) return problemPage(400, NO_SERVER)
  const refused = await refusedBefore(request, env, name, params.get('client_id') ?? '')
  if (refused) return refused
  try {
    const oauth = authorizationServer({ origin, name }).getOAuthApi(new Records(env, name).env)
    const asked = await oauth.parseAuthRequest(named(request, origin, name))
    return (await obstacle(oauth, asked)) ?? (await askFor({ env, request, oauth }, asked, place))
  } catch (error) {
    return explained(error)
  }
}
