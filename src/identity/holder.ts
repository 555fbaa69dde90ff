/** The person behind a sign-in: they hold the role `use` for the account, by an API token or by the company's sign-in. */
import { apiTokenOf, callerOfToken } from '../account/admission.ts'
import type { SignedIn } from '../account/admit.ts'
import { directoryObject } from '../account/directory-stub.ts'
import type { ApiToken } from '../account/tables/api-tokens.ts'
import type { Env } from '../core/env.ts'
import { holds } from '../rules/roles.ts'

/** Whose word a sign-in rests on: an API token, or a person at the company's identity provider. */
export type Rests = { api_token_id: string } | { person_id: string }

const good = (token: ApiToken | null, accountId: string): ApiToken | null =>
  token && holds(token.grants, 'use', accountId) ? token : null

/** @param text what a person typed; null unless it is an API token with the role `use` for this account */
export const holderOf = async (env: Env, accountId: string, text: string): Promise<ApiToken | null> =>
  good(await apiTokenOf(env, text), accountId)

/** Who signed in earlier; null when the API token ended, or they lost the role `use` for this account since. */
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
  const { person_id: id } = rests
  const asked = { accountId, caller: { token: null, person: id }, decider: null }
  const [person, authority] = await Promise.all([directory.readPerson(id), directory.readAuthority(asked)])
  return person && authority.callerMayUse ? { kind: 'person', id, name: person.name } : null
}
