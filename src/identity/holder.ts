/** The person behind a sign-in: they hold the role `use` for the account, by an API token or by the company's sign-in. */
import { type IssuedBy, issuedBy } from '../account/audit/entry.ts'
import { directoryObject } from '../account/directory-stub.ts'
import { apiTokenOf, callerOfToken } from '../account/door/admission.ts'
import type { SignedIn } from '../account/door/admit.ts'
import type { ApiToken } from '../account/tables/principals/api-tokens.ts'
import type { Person } from '../account/tables/principals/people.ts'
import type { Env } from '../core/env.ts'
import { holds } from '../rules/who/roles.ts'

/**
 * Whose word a sign-in rests on: an API token, or a person at the company's identity provider. `identity`: how often theirs had been
 * changed; absent: never.
 */
export type Rests = { api_token_id: string } | { person_id: string; identity?: number }

const good = (token: ApiToken | null, accountId: string): ApiToken | null =>
  token && holds(token.grants, 'use', accountId) ? token : null

/** @param text what a person typed; null unless it is an API token with the role `use` for this account */
export const holderOf = async (env: Env, accountId: string, text: string): Promise<ApiToken | null> =>
  good(await apiTokenOf(env, text), accountId)

/** Who lets a client in, and what their sign-in will rest on. */
export type Agreeing = {
  id: string
  name: string
  kind: 'person' | 'system'
  rests: Rests
  issuedBy: IssuedBy
}

export const agreeingByToken = ({ id, holder, name, kind, issuers, issuer_names }: ApiToken): Agreeing => ({
  id: holder,
  name,
  kind,
  rests: { api_token_id: id },
  issuedBy: issuedBy(issuers, issuer_names),
})

/** Somebody who is signed in at the company's identity provider; null unless they hold the role `use` for the account. */
export const agreeingByCompany = async (
  env: Env,
  accountId: string,
  { id, name }: Person,
): Promise<Agreeing | null> => {
  const asked = { accountId, caller: { token: null, person: id, identity: 0 }, decider: null }
  const identity = (await directoryObject(env).readAuthority(asked)).callerIdentity ?? 0
  const rests = { person_id: id, identity }
  return (await livingHolder(env, accountId, rests)) && { id, name, kind: 'person', rests, issuedBy: {} }
}

/** Who signed in earlier; null when the API token ended, or since then they lost the role `use` for this account or that identity. */
export const livingHolder = async (
  env: Env,
  accountId: string,
  rests: Rests,
): Promise<SignedIn['who'] | null> => {
  const directory = directoryObject(env)
  if ('api_token_id' in rests) {
    const token = good(await directory.useApiTokenById(rests.api_token_id), accountId)
    return token && callerOfToken(token)
  }
  const { person_id: id, identity = 0 } = rests
  const asked = { accountId, caller: { token: null, person: id, identity }, decider: null }
  const [person, authority] = await Promise.all([directory.readPerson(id), directory.readAuthority(asked)])
  return person && authority.callerMayUse ? { kind: 'person', id, name: person.name, identity } : null
}
