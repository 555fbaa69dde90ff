/** The person behind a sign-in: the holder of an API token that is good as second factor on the account. */
import { apiTokenOf } from '../account/admission.ts'
import { directoryObject } from '../account/directory-stub.ts'
import type { ApiToken } from '../account/tables/api-tokens.ts'
import type { Env } from '../core/env.ts'
import { mayAct } from '../rules/scopes.ts'

const good = (token: ApiToken | null, accountId: string): ApiToken | null =>
  token && mayAct(token.scopes, 'mcp', accountId) ? token : null

/** @param text what a person typed; null unless it is an API token with the scope `mcp` for this account */
export const holderOf = async (env: Env, accountId: string, text: string): Promise<ApiToken | null> =>
  good(await apiTokenOf(env, text), accountId)

/** Who signed in earlier, unless the API token ended or lost this account since. */
export const livingHolder = async (env: Env, accountId: string, id: string): Promise<ApiToken | null> =>
  good(await directoryObject(env).useApiTokenById(id), accountId)
