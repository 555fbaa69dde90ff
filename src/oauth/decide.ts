/** `POST /oauth/authorize`: what the person decided, and who the person is. */
import type { AuthRequest } from '@cloudflare/workers-oauth-provider'
import { accountObject, grantsOf } from '../account/account-stub.ts'
import { apiTokenOf } from '../account/admission.ts'
import type { ApiToken } from '../account/tables/api-tokens.ts'
import type { Env } from '../core/env.ts'
import { actorOfToken } from '../identity/actor.ts'
import { AUTHORIZE, originFor, readResource } from '../identity/addresses.ts'
import { recordAttempt, recordRow } from '../identity/attempts.ts'
import { holderOf } from '../identity/holder.ts'
import { type ResourceName, resourceIdOf } from '../rules/resource-id.ts'
import { accountsWith, ROLES } from '../rules/roles.ts'
import { askFor, explained, placeOf } from './ask.ts'
import { readIssued } from './bearer.ts'
import { type Place, shownName } from './consent-page.tsx'
import { textOf } from './http.ts'
import { leavingPage, problemPage } from './page.tsx'
import { authorizationServer, type Props } from './provider.ts'
import { grantedScopes } from './scopes.ts'

const FOREIGN = 'This form was not sent by the sign-in page. Start again from the program that sent you here.'
const GONE = 'This MCP server has ended or no longer asks people to sign in. Ask the operator.'
const FULL =
  'This account has as many sign-ins as it can hold. Ask the operator to revoke some, then start again.'
const WRONG_TOKEN =
  'This API token does not open this account. It may have ended, or it lacks the role use. Ask the operator for one.'

type Decision = {
  origin: string
  name: ResourceName
  place: Place
  asked: AuthRequest
  holder: ApiToken
  ticked: boolean
}

const apiOf = (env: Env, origin: string, name: ResourceName | null) =>
  authorizationServer({ origin, name }).getOAuthApi(env)

const ACTION = `POST ${AUTHORIZE}`

/** The trail of the account says who let which client in. */
const record = (env: Env, { name, holder }: Decision, grantId: string, scopes: string[]): Promise<void> =>
  recordRow(env, name.accountId, {
    request_id: crypto.randomUUID(),
    actor_id: holder.holder,
    actor_name: holder.name,
    actor_kind: holder.kind,
    action: ACTION,
    target_id: grantId,
    changed: scopes,
    http_status_code: 200,
  })

/** A sign-in that was refused; what strangers to an account tried does not reach its trail. */
const recordRefused = async (
  env: Env,
  { accountId, serverId }: ResourceName,
  typed: string,
): Promise<void> => {
  const token = await apiTokenOf(env, typed)
  const known = token !== null && accountsWith(token.grants, ROLES)?.includes(accountId) !== false
  await recordAttempt(env, {
    who: token && actorOfToken(token),
    action: ACTION,
    status: 403,
    ...(known && { accountId, target: serverId }),
  })
}

/** The grant is in the account before the client learns its code. Null when the account takes no more. */
const letIn = async (env: Env, decision: Decision): Promise<string | null> => {
  const { origin, name, place, asked, holder, ticked } = decision
  const oauth = apiOf(env, origin, name)
  const canWrite = place.tools.some(({ effect }) => effect !== 'read')
  const scope = grantedScopes(asked.scope, { ticked, canWrite })
  const { clientName } = await oauth.describeConsent(asked)
  const props: Props = { api_token_id: holder.id }
  const { redirectTo } = await oauth.completeAuthorization({
    request: asked,
    userId: resourceIdOf(name),
    metadata: null,
    scope,
    props,
    // The account replaces earlier ones, and it decides.
    revokeExistingGrants: false,
  })
  const { grantId } = readIssued(new URL(redirectTo).searchParams.get('code')!)!
  const opened = await grantsOf(accountObject(env, name.accountId)).open({
    id: grantId,
    server_id: name.serverId,
    person_id: holder.holder,
    person_name: holder.name,
    api_token_id: holder.id,
    client_id: asked.clientId,
    client_name: shownName(clientName),
    redirect_uri: asked.redirectUri,
    scopes: scope,
  })
  if (!opened) return null
  await record(env, decision, grantId, scope)
  return redirectTo
}

const hostOf = (uri: string): string => new URL(uri).host

const deny = async (request: Request, env: Env, origin: string, handle: string): Promise<Response> => {
  const denied = await apiOf(env, origin, null).denyConsent(request, handle)
  denied.headers.delete('location')
  // Whoever opened the page may say no: nobody knows who it was.
  await recordAttempt(env, { who: null, action: ACTION, status: 403 })
  return leavingPage(denied.redirectTo, hostOf(denied.request.redirectUri), denied.headers)
}

const allow = async (
  request: Request,
  env: Env,
  origin: string,
  form: URLSearchParams,
): Promise<Response> => {
  const handle = form.get('handle') ?? ''
  const { request: asked, headers } = await apiOf(env, origin, null).approveConsent(request, handle)
  const name = readResource(origin, asked.resource ?? null)
  const place = name && (await placeOf(env, name))
  if (!name || !place) return problemPage(410, GONE, headers)
  const typed = (form.get('api_token') ?? '').trim()
  const holder = await holderOf(env, name.accountId, typed)
  const ticked = form.get('write') === 'yes'
  if (!holder) {
    await recordRefused(env, name, typed)
    return askFor(apiOf(env, origin, name), asked, place, { problem: WRONG_TOKEN, ticked, headers })
  }
  const next = await letIn(env, { origin, name, place, asked, holder, ticked })
  return next === null ? problemPage(409, FULL, headers) : leavingPage(next, hostOf(next), headers)
}

/** The library's handle and cookie bind the form to the browser; the Origin says that it was our page. */
export const decide = async (request: Request, env: Env): Promise<Response> => {
  const origin = originFor(request, env)
  if (request.headers.get('origin') !== origin) return problemPage(403, FOREIGN)
  const text = await textOf(request)
  if (text === null) return problemPage(400, FOREIGN)
  const form = new URLSearchParams(text)
  try {
    return form.get('decision') === 'allow'
      ? await allow(request, env, origin, form)
      : await deny(request, env, origin, form.get('handle') ?? '')
  } catch (error) {
    return explained(error)
  }
}
