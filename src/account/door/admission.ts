/** From the token in a URL to what it may do: shape and checksum here, everything else in the account's object. */
import type { Env } from '../../core/env.ts'
import { digestOf } from '../../core/keys.ts'
import type { Caller, CallerInput, Verdict } from '../../rules/admission.ts'
import { isApiToken, readToken } from '../../rules/mcp-token.ts'
import { holds } from '../../rules/who/roles.ts'
import { accountObject } from '../account-stub.ts'
import { directoryObject } from '../directory-stub.ts'
import type { ApiToken } from '../tables/principals/api-tokens.ts'
import { ownLimits } from './limiter.ts'

/**
 * The API token behind a bearer. Another shape or a wrong checksum is refused without asking the directory.
 * @returns null for unknown, expired and revoked ones alike
 */
export const apiTokenOf = async (env: Env, bearer: string): Promise<ApiToken | null> =>
  isApiToken(bearer) ? directoryObject(env).useApiToken(await digestOf(env, bearer)) : null

/** Somebody who calls by an API token. */
export const callerOfToken = ({ id, name, holder, kind, issuers, issuer_names }: ApiToken) =>
  ({ kind: 'api_token', id, name, holder: { id: holder, kind }, issuers, issuer_names }) as const

const callerOf = async (env: Env, bearer: string | null, accountId: string): Promise<Caller> => {
  const token = bearer === null ? null : await apiTokenOf(env, bearer)
  return token && holds(token.grants, 'use', accountId) ? callerOfToken(token) : { kind: 'url' }
}

/**
 * Asks the account whether a token is let in. A wrong shape or checksum is refused without asking; else it is one request to
 * the account's object, and one more to the directory where an API token comes with it.
 * @throws ConfigurationFault
 */
export const admitToken = async (
  env: Env,
  token: string,
  { bearer, counts, asked }: CallerInput,
): Promise<Verdict> => {
  const read = readToken(token)
  if (!read) return { kind: 'unknown' }
  const limits = counts ? ownLimits(env) : null
  const [digest, caller] = await Promise.all([digestOf(env, token), callerOf(env, bearer, read.accountId)])
  return accountObject(env, read.accountId).admit(digest, limits, caller, asked)
}
