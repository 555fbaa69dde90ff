/** What the token endpoint does for a grant that lives: exchange a code, refresh, give back. */
import { accountObject, grantsOf } from '../account/account-stub.ts'
import type { Kept } from '../account/grants.ts'
import { GRANT_SECONDS } from '../account/tables/principals/grants.ts'
import type { Env } from '../core/env.ts'
import { type ResourceName, resourceIdOf } from '../rules/resource-id.ts'
import { type Issued, provenToken } from './bearer.ts'
import { isOutage } from './documents.ts'
import { openToAll, refusal } from './http.ts'
import { answerAgain, onceOf, type Used, usedDigest } from './once.ts'
import { atOrigin, authorizationServer } from './provider.ts'
import { Records } from './records.ts'

/** One request in order: its credential in one place, its server under one name. */
export type TokenRequest = {
  request: Request
  origin: string
  form: URLSearchParams
  headers: Headers
  issued: Issued
  /** Of the grant, and of the request. */
  clientId: string
}

const RETRY_SECONDS = 30

/** 503 where nobody can say just now who the client is: it keeps its sign-in and tries again (RFC 6749, section 4.1.2.1). */
export const unavailable = (): Response => {
  const response = refusal(
    503,
    'temporarily_unavailable',
    `The address that describes this client does not answer. Try again in ${RETRY_SECONDS} seconds.`,
  )
  response.headers.set('retry-after', String(RETRY_SECONDS))
  return response
}

const ended = () => refusal(400, 'invalid_grant', 'This sign-in is not known or has ended. Sign in again.')

const grantsFor = (env: Env, { accountId }: ResourceName) => grantsOf(accountObject(env, accountId))

type Answered = { response: Response; records: Records; reason: string; outage: boolean }

const fromLibrary = async (asked: TokenRequest, env: Env, ctx: ExecutionContext): Promise<Answered> => {
  const { request, origin, form, headers, issued } = asked
  const records = new Records(env, issued)
  let [reason, outage] = ['', false]
  const onRefusal = (refused: string, detail: unknown) => {
    reason = refused
    outage ||= isOutage(detail)
  }
  const server = authorizationServer({ origin, name: issued, onRefusal })
  const response = await server.fetch(
    atOrigin(request, origin, { body: form.toString(), headers }),
    records.env,
    ctx,
  )
  // A code that comes twice was stolen, so what it gave ends as well.
  if (records.removed) await grantsFor(env, issued).revoke(issued.serverId, issued.grantId)
  return { response, records, reason, outage: outage && !response.ok }
}

/** `authorization_code` (RFC 6749, section 4.1.3). */
export const exchange = async (asked: TokenRequest, env: Env, ctx: ExecutionContext): Promise<Response> => {
  const { response, records, outage } = await fromLibrary(asked, env, ctx)
  if (outage) return unavailable()
  if (!response.ok) return response
  const kept = await grantsFor(env, asked.issued).keep(
    asked.issued.serverId,
    asked.issued.grantId,
    records.written,
  )
  return kept.kind === 'kept' ? withProof(response, env) : ended()
}

/** Giving back either token ends the sign-in: what is left of it would be of no use (RFC 7009, section 2.1). */
export const revoke = async (asked: TokenRequest, env: Env, ctx: ExecutionContext): Promise<Response> => {
  const { response, outage } = await fromLibrary(asked, env, ctx)
  return outage ? unavailable() : response
}

const withProof = async (response: Response, env: Env): Promise<Response> => {
  const tokens = (await response.json()) as { refresh_token?: string }
  const refresh_token = tokens.refresh_token && (await provenToken(env, tokens.refresh_token))
  return new Response(JSON.stringify({ ...tokens, refresh_token }), response)
}

/** As the library gives tokens, with the same headers (RFC 6749, section 5.1). */
const sameAnswer = (text: string): Response =>
  openToAll(
    new Response(text, {
      headers: { 'content-type': 'application/json', 'cache-control': 'no-store', pragma: 'no-cache' },
    }),
  )

type Refreshing = TokenRequest & { genuine: boolean }

/** The same answer once more, for the client that got it. */
const answeredBefore = async (env: Env, used: Used, kept: Kept | null): Promise<Response | null> => {
  const text = kept?.kind === 'again' ? await answerAgain(env, used, kept.answer) : null
  return text === null ? null : sameAnswer(text)
}

/** One attempt; null: the grant changed between the library's look and the account's. */
const refreshOnce = async (asked: Refreshing, env: Env, ctx: ExecutionContext): Promise<Response | null> => {
  const { issued, form, clientId, genuine } = asked
  const { serverId, grantId } = issued
  const grants = grantsFor(env, issued)
  const used: Used = { kind: 'refresh token', text: form.get('refresh_token')!, by: clientId }
  const { response, records, reason, outage } = await fromLibrary(asked, env, ctx)
  if (outage) return unavailable()
  if (!response.ok) {
    if (reason !== 'refresh_token_mismatch') return response
    const before = await grants.answered(serverId, grantId, await usedDigest(env, used), genuine)
    return (await answeredBefore(env, used, before)) ?? response
  }
  const proven = await withProof(response, env)
  const text = await proven.clone().text()
  const once = await onceOf(env, used, text, Date.now() + GRANT_SECONDS * 1000)
  const seen = records.seen(`grant:${resourceIdOf(issued)}:${grantId}`)
  const kept = await grants.keepRefreshed(serverId, grantId, { written: records.written, once, seen })
  if (kept.kind === 'changed') return null
  return kept.kind === 'kept' ? proven : ((await answeredBefore(env, used, kept)) ?? ended())
}

const MOST_TIMES = 3

/**
 * `refresh_token` (RFC 6749, section 6). A token is used once. Who comes with it again within a minute gets the same answer, since
 * several processes of a client refresh at once; after that, or once the token that it gave was used and ten seconds went by, it was stolen,
 * before or now, and the grant ends (RFC 9700, section 4.14.2).
 * @param asked `genuine`: whether the token was surely issued here
 */
export const refresh = async (asked: Refreshing, env: Env, ctx: ExecutionContext): Promise<Response> => {
  for (let times = 0; times < MOST_TIMES; times++) {
    const answer = await refreshOnce(asked, env, ctx)
    if (answer) return answer
  }
  return unavailable()
}
