/** `POST /oauth/authorize`: what the person decided, and who the person is. */
import { AuthorizationError, authorizationErrorRedirect } from '@cloudflare/workers-oauth-provider'
import { accountObject, grantsOf } from '../account/account-stub.ts'
import { apiTokenOf } from '../account/door/admission.ts'
import type { NewGrant } from '../account/tables/principals/grants.ts'
import type { Env } from '../core/env.ts'
import { unservedCoding } from '../core/request.ts'
import { actorOfToken } from '../identity/actor.ts'
import { AUTHORIZE, originFor, readResource } from '../identity/addresses.ts'
import { recordAttempt, recordRow } from '../identity/attempts.ts'
import { type Agreeing, agreeingByCompany, agreeingByToken, holderOf } from '../identity/holder.ts'
import { companyPersonIn } from '../identity/session.ts'
import { type ResourceName, resourceIdOf } from '../rules/resource-id.ts'
import { accountsWith, ROLES } from '../rules/who/roles.ts'
import { askFor, explained, placeOf } from './ask.ts'
import { readIssued } from './bearer.ts'
import { type OpenForm, openForm } from './form.ts'
import { textOf } from './http.ts'
import { answerAgain, onceOf } from './once.ts'
import { type Place, shownName } from './pages/consent-page.tsx'
import { leavingPage, problemPage } from './pages/page.tsx'
import { authorizationServer, type Props } from './provider.ts'
import { keepClient, Records } from './records.ts'
import { placeOfRedirect } from './redirects.ts'
import { grantedScopes } from './scopes.ts'

const FOREIGN = 'This form was not sent by the sign-in page. Start again from the program that sent you here.'
const GONE = 'This MCP server has ended or no longer asks people to sign in. Ask the operator.'
const FULL =
  'This account has as many sign-ins as it can hold. Ask the operator to revoke some, then start again.'
const WRONG_TOKEN =
  'This API token does not open this account. It may have ended, or it lacks the role use. Ask the operator for one.'

const OLD =
  'This page was open for more than ten minutes, or was not opened in this browser. Start again from the program that sent you here.'
const UNKNOWN = { description: 'The program that sent you here is not known any more.' }
const USED = 'This page was used already. Start again from the program that sent you here.'

type Decision = {
  origin: string
  name: ResourceName
  place: Place
  form: OpenForm
  /** The form as it was sent. */
  handle: string
  holder: Agreeing
  ticked: boolean
}

const apiOf = (records: Records, origin: string, name: ResourceName | null) =>
  authorizationServer({ origin, name }).getOAuthApi(records.env)

const ACTION = `POST ${AUTHORIZE}`

/** The trail of the account says who let which client in. */
const record = (
  env: Env,
  { name, holder }: Decision,
  { id: grantId, scopes, client_name }: NewGrant,
): Promise<void> =>
  recordRow(env, name.accountId, {
    request_id: crypto.randomUUID(),
    actor_id: holder.id,
    actor_name: holder.name,
    actor_kind: holder.kind,
    ...holder.issuedBy,
    action: ACTION,
    target_id: grantId,
    target_name: client_name,
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
    ...(token && { by: { code: 'needs_role', facts: { id: 'use' } } }),
    ...(known && { accountId, target: serverId }),
  })
}

/** What the library makes of a decision: where the browser goes with a code, and the grant as the account lists it. */
const granted = async (
  records: Records,
  { origin, name, place, form: { request: asked }, holder, ticked }: Decision,
): Promise<{ redirectTo: string; grant: NewGrant }> => {
  const oauth = apiOf(records, origin, name)
  const canWrite = place.tools.some(({ effect }) => effect !== 'read')
  const scope = grantedScopes(asked.scope, { ticked, canWrite })
  if (!(await oauth.lookupClient(asked.clientId))) throw new AuthorizationError('invalid_request', UNKNOWN)
  const { clientName } = await oauth.describeConsent(asked)
  const props: Props = holder.rests
  const { redirectTo } = await oauth.completeAuthorization({
    request: asked,
    userId: resourceIdOf(name),
    metadata: null,
    scope,
    props,
    // The account replaces earlier ones, and it decides.
    revokeExistingGrants: false,
  })
  const grant = {
    id: readIssued(new URL(redirectTo).searchParams.get('code')!)!.grantId,
    server_id: name.serverId,
    person_id: holder.id,
    person_name: holder.name,
    api_token_id: 'api_token_id' in holder.rests ? holder.rests.api_token_id : null,
    client_id: asked.clientId,
    client_name: shownName(clientName),
    redirect_uri: asked.redirectUri,
    scopes: scope,
  }
  return { redirectTo, grant }
}

const leaving = (next: string, headers: Headers): Response =>
  leavingPage(next, placeOfRedirect(next), headers)

/** The grant is in the account before the client learns its code. A second click within a minute gives the same page. */
const letIn = async (env: Env, decision: Decision): Promise<Response> => {
  const { name, form, handle, holder } = decision
  const { headers } = form
  const records = new Records(env, name)
  const { redirectTo, grant } = await granted(records, decision)
  const used = {
    kind: 'form',
    text: handle,
    by: 'api_token_id' in holder.rests ? holder.rests.api_token_id : holder.id,
  } as const
  const once = await onceOf(env, used, redirectTo, form.until)
  const opened = await grantsOf(accountObject(env, name.accountId)).open(grant, records.written, once)
  switch (opened.kind) {
    case 'kept':
      await record(env, decision, grant)
      await keepClient(env, grant.client_id)
      return leaving(redirectTo, headers)
    case 'again': {
      const before = await answerAgain(env, used, opened.answer)
      return before === null ? problemPage(400, USED, headers) : leaving(before, headers)
    }
    case 'full':
      return problemPage(409, FULL, headers)
    case 'ended':
      return problemPage(410, GONE, headers)
    default:
      return problemPage(400, USED, headers)
  }
}

/** By the API token that was typed, else as the person who is signed in at the company in this browser. */
const agreeing = async (env: Env, request: Request, accountId: string, typed: string) => {
  const token = typed === '' ? null : await holderOf(env, accountId, typed)
  if (typed !== '') return token && agreeingByToken(token)
  const person = await companyPersonIn(request, env)
  return person && agreeingByCompany(env, accountId, person)
}

const deny = async (env: Env, { request, headers }: OpenForm): Promise<Response> => {
  // Whoever opened the page may say no: nobody knows who it was.
  await recordAttempt(env, { who: null, action: ACTION, status: 403, by: { code: 'user_declined' } })
  return leaving(authorizationErrorRedirect(request, 'access_denied'), headers)
}

const allow = async (
  env: Env,
  request: Request,
  origin: string,
  fields: URLSearchParams,
  { handle, form }: Pick<Decision, 'handle' | 'form'>,
): Promise<Response> => {
  const { request: asked, headers } = form
  const name = readResource(origin, String(asked.resource))
  const place = name && (await placeOf(env, name))
  if (!name || !place) return problemPage(410, GONE, headers)
  const typed = (fields.get('api_token') ?? '').trim()
  const holder = await agreeing(env, request, name.accountId, typed)
  const ticked = fields.get('write') === 'yes'
  if (holder) return letIn(env, { origin, name, place, form, handle, holder, ticked })
  await recordRefused(env, name, typed)
  const oauth = apiOf(new Records(env, name), origin, name)
  return askFor({ env, request, oauth }, asked, place, { problem: WRONG_TOKEN, ticked, headers })
}

/** The seal and the cookie bind the form to the browser; the Origin says that it was our page. */
export const decide = async (request: Request, env: Env): Promise<Response> => {
  const origin = originFor(request, env)
  if (request.headers.get('origin') !== origin) return problemPage(403, FOREIGN)
  const unserved = unservedCoding(request)
  if (unserved !== null) return problemPage(415, unserved)
  const text = await textOf(request)
  if (text === null) return problemPage(400, FOREIGN)
  const fields = new URLSearchParams(text)
  const handle = fields.get('handle') ?? ''
  const form = await openForm(env, request, handle)
  if (!form) return problemPage(400, OLD)
  try {
    return fields.get('decision') === 'allow'
      ? await allow(env, request, origin, fields, { handle, form })
      : await deny(env, form)
  } catch (error) {
    return explained(error)
  }
}
