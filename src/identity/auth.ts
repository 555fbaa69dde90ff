/** Who may manage: the holder of the deployment's admin key, and API tokens as far as their scopes go. */
import type { Context, MiddlewareHandler } from 'hono'
import { apiTokenOf } from '../account/admission.ts'
import type { ApiToken } from '../account/tables/api-tokens.ts'
import { ApiError } from '../api/errors.ts'
import type { Env } from '../core/env.ts'
import { accountsOf, mayManage, type Scope } from '../rules/scopes.ts'

/** `created_by` of what the admin key made: it belongs to no person. */
const ADMIN_KEY_ID = '00000000-0000-0000-0000-000000000000'

/** Who calls the management API. `id` is that of the API token. */
export type Actor = {
  id: string
  name: string
  kind: 'admin_key' | 'person' | 'system'
  scopes: readonly Scope[]
}

const refused = (message: string) => new ApiError(401, message, {}, { 'www-authenticate': 'Bearer' })

/** `changed`: names of what the caller sent, for the audit trail. */
export type App = { Bindings: Env; Variables: { actor?: Actor; requestId: string; changed?: string[] } }

/** Who was let in. @throws ApiError 401 on a route that asked nobody */
export const actorIn = (c: Context<App>): Actor => {
  const actor = c.get('actor')
  if (!actor) throw refused('Send the admin key or an API token as "Authorization: Bearer <key>".')
  return actor
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

/** Lets in whoever has a key at all; what they may do, routes ask below. */
export const authenticate: MiddlewareHandler<App> = async (c, next) => {
  const given = /^Bearer +(\S+)$/i.exec(c.req.header('authorization') ?? '')?.[1]
  if (!c.env.ADMIN_API_KEY)
    throw refused('This deployment has no ADMIN_API_KEY yet, so nobody can be let in.')
  if (given === undefined)
    throw refused('Send the admin key or an API token as "Authorization: Bearer <key>".')
  const actor = await actorOf(c.env, given)
  if (!actor) throw refused('This admin key or API token is not valid: it may have expired or been revoked.')
  c.set('actor', actor)
  await next()
}

const lacks = (scope: string) =>
  new ApiError(403, `This API token lacks the scope ${scope}.`, { missing_scopes: [scope] })

/** @throws ApiError 403 unless the caller manages the whole deployment */
export const requireAdmin = (c: Context<App>): void => {
  if (!actorIn(c).scopes.includes('admin')) throw lacks('admin')
}

/** Accounts that the caller may manage; null for all. @throws ApiError 403 for none */
export const managedAccounts = (c: Context<App>): readonly string[] | null => {
  const { scopes } = actorIn(c)
  if (scopes.includes('admin')) return null
  const accounts = accountsOf(scopes)
  if (!accounts) throw lacks('admin')
  return accounts
}

/** Accounts whose names the caller may know: those it manages, and those on whose drafts it may decide. Null for all. */
export const knownAccounts = (c: Context<App>): readonly string[] | null => {
  const { scopes } = actorIn(c)
  return scopes.includes('approve') && !scopes.includes('admin') ? accountsOf(scopes) : managedAccounts(c)
}

/** Whether the caller may manage an account. What it may not, it is not told to exist. */
export const manages = (c: Context<App>, accountId: string): boolean =>
  mayManage(actorIn(c).scopes, accountId)
