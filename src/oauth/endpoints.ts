/**
 * The endpoints that clients call. `/oauth/token`: codes and refresh tokens become access tokens, and clients give tokens
 * back (RFC 7009). `/oauth/register`: clients that have no metadata document of their own introduce themselves (RFC 7591).
 */
import { accountObject, grantsOf } from '../account/account-stub.ts'
import { directoryObject } from '../account/directory-stub.ts'
import type { Env } from '../core/env.ts'
import { parseText } from '../core/json.ts'
import { digestOf } from '../core/keys.ts'
import { unservedCoding } from '../core/request.ts'
import { textOf as textIn } from '../core/text.ts'
import { originFor, readResources, resourceUrl } from '../identity/addresses.ts'
import { resourceIdOf } from '../rules/resource-id.ts'
import { readIssued, readProven } from './bearer.ts'
import { type ClientProof, clientProofIn, placedProof } from './client-proof.ts'
import { isDocumentUrl, lookAtDocument } from './documents.ts'
import { openToAll, refusal, sourceOf, textOf, unreadable } from './http.ts'
import { parameterFault } from './parameters.ts'
import { atOrigin, authorizationServer } from './provider.ts'
import { Records } from './records.ts'
import { isPlain, mayRedirectTo } from './redirects.ts'
import { BASELINE, GRANTABLE } from './scopes.ts'
import { exchange, refresh, revoke, type TokenRequest, unavailable } from './token-requests.ts'

/** Which parameter holds what was issued earlier. */
const HOLDERS: ReadonlyMap<string | null, string> = new Map([
  [null, 'token'],
  ['authorization_code', 'code'],
  ['refresh_token', 'refresh_token'],
])

const isForm = ({ headers }: Request): boolean =>
  /^application\/x-www-form-urlencoded\b/i.test(headers.get('content-type') ?? '')

const NO_CLIENT = () => refusal(401, 'invalid_client', 'Client not found.')

/**
 * Whether a client may be asked about at all. One that is known by its address is looked at only where the grant is its own, so that
 * strangers make us fetch nothing. Null: go on.
 */
const clientRefusal = async (id: string, grantClient: string, origin: string): Promise<Response | null> => {
  if (!isDocumentUrl(id)) return null
  const state = id === grantClient ? await lookAtDocument(id, origin) : 'gone'
  if (state === 'there') return null
  return state === 'gone' ? NO_CLIENT() : unavailable()
}

/** The credential where this client registered to send it; without a secret to place, the request stays as it is. */
const placed = async (
  asked: Pick<TokenRequest, 'headers' | 'form' | 'origin' | 'issued'>,
  proof: ClientProof,
  env: Env,
): Promise<{ headers: Headers; form: URLSearchParams }> => {
  const { headers, form, origin, issued } = asked
  if (form.has('client_assertion') || proof.id === '' || isDocumentUrl(proof.id)) return { headers, form }
  const api = authorizationServer({ origin, name: issued }).getOAuthApi(new Records(env, issued).env)
  const client = await api.lookupClient(proof.id)
  return placedProof({ headers, form }, proof, client?.tokenEndpointAuthMethod)
}

/** Asked first: for an unknown grant nothing is fetched from a client's own addresses. */
const forGrant = async (
  request: Request,
  env: Env,
  ctx: ExecutionContext,
  { form, holder }: { form: URLSearchParams; holder: string },
): Promise<Response> => {
  const origin = originFor(request, env)
  const { token, genuine } = await readProven(env, form.get(holder)!)
  const issued = readIssued(token)
  const grant =
    issued && (await grantsOf(accountObject(env, issued.accountId)).read(issued.serverId, issued.grantId))
  if (!issued || !grant)
    return holder === 'token'
      ? openToAll(new Response(null, { status: 200 }))
      : refusal(400, 'invalid_grant', 'This sign-in is not known or has ended. Sign in again.')
  form.set(holder, token)
  const name = readResources(origin, form.getAll('resource'))
  if (name && resourceIdOf(name) === resourceIdOf(issued)) form.set('resource', resourceUrl(origin, issued))
  const proof = clientProofIn(request.headers, form)
  if (!proof)
    return refusal(
      400,
      'invalid_request',
      'The Authorization header cannot be read, or it and the form name different clients or secrets.',
    )
  // Who signs its requests need not say who it is beside the signature.
  if (proof.id === '' && form.has('client_assertion')) form.set('client_id', grant.client_id)
  const refused = await clientRefusal(form.get('client_id') || proof.id, grant.client_id, origin)
  if (refused) return refused
  const ready = await placed({ headers: request.headers, form, origin, issued }, proof, env)
  const asked = { request, origin, ...ready, issued, clientId: grant.client_id }
  if (holder === 'token') return revoke(asked, env, ctx)
  return holder === 'code' ? exchange(asked, env, ctx) : refresh({ ...asked, genuine }, env, ctx)
}

const post = async (request: Request, env: Env, ctx: ExecutionContext): Promise<Response> => {
  const unserved = unservedCoding(request)
  if (unserved !== null) return refusal(415, 'invalid_request', unserved)
  const text = await textOf(request)
  if (text === null) return unreadable()
  if (!isForm(request))
    return refusal(400, 'invalid_request', 'Send a form: application/x-www-form-urlencoded.')
  const form = new URLSearchParams(text)
  const fault = parameterFault(form)
  if (fault !== null) return refusal(400, 'invalid_request', fault)
  const holder = HOLDERS.get(form.get('grant_type') || null)
  if (holder === undefined)
    return refusal(400, 'unsupported_grant_type', 'Known are authorization_code and refresh_token.')
  if (!form.get(holder)) return refusal(400, 'invalid_request', `The parameter ${holder} is missing.`)
  return forGrant(request, env, ctx, { form, holder })
}

/** `/oauth/token` (RFC 6749, section 3.2; RFC 7009), any method. Errors are in OAuth's form (RFC 6749, section 5.2). */
export const tokenEndpoint = (request: Request, env: Env, ctx: ExecutionContext): Promise<Response> => {
  if (request.method === 'POST') return post(request, env, ctx)
  const origin = originFor(request, env)
  return authorizationServer({ origin, name: null }).fetch(atOrigin(request, origin), env, ctx)
}

const NO_ADDRESS =
  'None of the redirect_uris can be used: https, http on this computer, or without a secret (token_endpoint_auth_method none) a scheme of the program’s own.'

const notPlain = (at: number): string =>
  `redirect_uris[${at}] is no plain address: give it whole, as https://host/path, without *, backslashes and blanks.`

/** Some clients ask for what their registration says, so it says what can be had. */
const scopeFor = (asked: string): string => {
  const known = [...new Set(asked.split(' '))].filter((scope) => GRANTABLE.includes(scope))
  return (known.length > 0 ? known : BASELINE).join(' ')
}

const withScope = async (response: Response, scope: unknown): Promise<Response> => {
  const registered = (await response.json()) as object
  return new Response(JSON.stringify({ ...registered, scope: scopeFor(textIn(scope)) }), response)
}

/** Null: the client may use one of its addresses. What the library checked before is in order. */
const addressRefusal = ({ redirect_uris, token_endpoint_auth_method }: Record<string, unknown>) => {
  const registered = redirect_uris as string[]
  const ambiguous = registered.findIndex((uri) => !isPlain(uri))
  if (ambiguous >= 0) return { code: 'invalid_redirect_uri', description: notPlain(ambiguous), status: 400 }
  const claims = { registered, method: textIn(token_endpoint_auth_method) }
  return registered.some((uri) => mayRedirectTo(uri, claims))
    ? null
    : { code: 'invalid_redirect_uri', description: NO_ADDRESS, status: 400 }
}

/** `/oauth/register` (RFC 7591, section 3), any method. 429 with `retry-after` in seconds beyond the limit of registrations. */
export const registrationEndpoint = async (request: Request, env: Env, ctx: ExecutionContext) => {
  const origin = originFor(request, env)
  const source = sourceOf(request)
  let wait = 0
  let scope: unknown
  // Counted once the registration is in order: what is refused costs nothing and takes no place of others.
  const onRegistration = async (metadata: Record<string, unknown>) => {
    scope = metadata.scope
    const refused = addressRefusal(metadata)
    if (refused) return refused
    const verdict = await directoryObject(env).countRegistration(source)
    if (verdict.allowed) return null
    wait = verdict.reset
    const description = `Try again in ${wait} seconds.`
    return { code: 'temporarily_unavailable', description, status: 429 }
  }
  const server = authorizationServer({ origin, name: null, onRegistration })
  if (request.method !== 'POST') return server.fetch(atOrigin(request, origin), env, ctx)
  const unserved = unservedCoding(request)
  if (unserved !== null) return refusal(415, 'invalid_request', unserved)
  const body = await textOf(request)
  if (body === null) return unreadable()
  const read = parseText(body)
  if (!read.ok && read.repeated !== undefined) return refusal(400, 'invalid_request', read.message)
  const digest = (await digestOf(env, `registration from ${source}`)) as Uint8Array<ArrayBuffer>
  const records = new Records(env, null, digest)
  const response = await server.fetch(atOrigin(request, origin, { body }), records.env, ctx)
  if (response.ok) return withScope(response, scope)
  if (wait > 0) response.headers.set('retry-after', String(wait))
  return response
}
