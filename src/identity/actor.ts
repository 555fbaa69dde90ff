/** Who acts: a person or a system, by an API token or a session, or the holder of the deployment's admin key. */
import { apiTokenOf } from '../account/door/admission.ts'
import type { ApiToken } from '../account/tables/principals/api-tokens.ts'
import type { Person } from '../account/tables/principals/people.ts'
import type { Env } from '../core/env.ts'
import { adminKeyProblem } from '../core/keys.ts'
import { type PrincipalKind, ROOT_ID } from '../rules/who/four-eyes.ts'
import type { Grant } from '../rules/who/roles.ts'

/** Who calls the management API. `id` is that of the person or system, never of a token. */
export type Actor = {
  id: string
  name: string
  kind: PrincipalKind
  grants: readonly Grant[]
  /** Id of the API token that they act by; null: the admin key, or a sign-in at the company's identity provider. */
  token: string | null
  /** Who issued that token, or the key that it was issued with, and so has seen it; empty: nobody but `root`, or there is none. */
  issuers: readonly string[]
  /** Their names, in the same order. */
  issuerNames?: readonly string[]
}

/** Ids of all who may be behind what somebody does: whoever issued their API token has seen it. */
export const handsOf = ({ id, issuers }: Actor): string[] => [...new Set([id, ...issuers])]

/** For setting up and breaking glass: holds what `admin` holds, and decides on nothing. */
export const ROOT: Actor = {
  id: ROOT_ID,
  name: 'admin key',
  kind: 'root',
  grants: ['admin'],
  token: null,
  issuers: [],
}

const digest = (text: string) => crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))

/** Digests have one length, so the comparison says nothing about the key's. */
const same = async (given: string, known: string): Promise<boolean> =>
  crypto.subtle.timingSafeEqual(await digest(given), await digest(known))

/** The holder of an API token, with what this token may do. */
export const actorOfToken = ({ id, holder, name, kind, grants, issuers, issuer_names }: ApiToken): Actor => ({
  id: holder,
  name,
  kind,
  grants,
  token: id,
  issuers,
  issuerNames: issuer_names,
})

/** Somebody who signed in at the company's identity provider. @param grants what they had at that sign-in */
export const actorOfPerson = ({ id, name, kind }: Person, grants: readonly Grant[]): Actor => ({
  id,
  name,
  kind,
  grants,
  token: null,
  issuers: [],
})

/** Whose key this is, and the id of the API token (null: the admin key); null for nobody's. @param bearer what was presented */
export const holderOfKey = async (
  env: Env,
  bearer: string,
): Promise<{ actor: Actor; tokenId: string | null } | null> => {
  // Whoever pipes a key into a setting leaves a line break behind it.
  if (adminKeyProblem(env) === null && (await same(bearer, env.ADMIN_API_KEY.trim())))
    return { actor: ROOT, tokenId: null }
  const token = await apiTokenOf(env, bearer)
  return token && { actor: actorOfToken(token), tokenId: token.id }
}

/** Whose key this is; null for nobody's. @param bearer the admin key or an API token */
export const actorOf = async (env: Env, bearer: string): Promise<Actor | null> =>
  (await holderOfKey(env, bearer))?.actor ?? null
