/** Who acts: the holder of the deployment's admin key, or of an API token; and the person behind a sign-in. */
import { apiTokenOf } from '../account/admission.ts'
import { directoryObject } from '../account/directory-stub.ts'
import type { ApiToken } from '../account/tables/api-tokens.ts'
import type { Env } from '../core/env.ts'
import { mayAct, type Scope } from '../rules/scopes.ts'

/** `created_by` of what the admin key made: it belongs to no person. */
const ADMIN_KEY_ID = '00000000-0000-0000-0000-000000000000'

/** Who calls the management API. `id` is that of the API token. */
export type Actor = {
  id: string
  name: string
  kind: 'admin_key' | 'person' | 'system'
  scopes: readonly Scope[]
}

export const ADMIN_KEY: Actor = { id: ADMIN_KEY_ID, name: 'admin key', kind: 'admin_key', scopes: ['admin'] }

const digest = (text: string) => crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))

/** Digests have one length, so the comparison says nothing about the key's. */
const same = async (given: string, known: string): Promise<boolean> =>
  crypto.subtle.timingSafeEqual(await digest(given), await digest(known))

/** An API token as the one who acts. */
export const actorOfToken = ({ id, name, kind, scopes }: ApiToken): Actor => ({ id, name, kind, scopes })

/** Whose key this is; null for nobody's. @param bearer the admin key or an API token */
export const actorOf = async (env: Env, bearer: string): Promise<Actor | null> => {
  if (env.ADMIN_API_KEY && (await same(bearer, env.ADMIN_API_KEY))) return ADMIN_KEY
  const token = await apiTokenOf(env, bearer)
  return token && actorOfToken(token)
}

/** Null unless the token is good as second factor on the account. */
const good = (token: ApiToken | null, accountId: string): ApiToken | null =>
  token && mayAct(token.scopes, 'mcp', accountId) ? token : null

/** @param text what a person typed; null unless it is an API token with the scope `mcp` for this account */
export const holderOf = async (env: Env, accountId: string, text: string): Promise<ApiToken | null> =>
  good(await apiTokenOf(env, text), accountId)

/** Who signed in earlier, unless the API token ended or lost this account since. */
export const livingHolder = async (env: Env, accountId: string, id: string): Promise<ApiToken | null> =>
  good(await directoryObject(env).useApiTokenById(id), accountId)
