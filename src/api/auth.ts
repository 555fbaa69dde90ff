/** Who may manage: the holder of the deployment's admin key, and API tokens as far as their scopes go. */

import type { Context, MiddlewareHandler } from 'hono'
import type { Env } from '../core/env.ts'
import { bearerIn } from '../core/request.ts'
import { type Actor, actorOf } from '../identity/actor.ts'
import { accountsOf, mayManage } from '../rules/scopes.ts'
import { ApiError } from './errors.ts'

const refused = (message: string) => new ApiError(401, message, {}, { 'www-authenticate': 'Bearer' })

/** Of one request. For the audit trail: `changed`, names of what was sent; `template`, the path of the route without its ids. */
export type App = {
  Bindings: Env
  Variables: { actor?: Actor; requestId: string; changed?: string[]; template?: string }
}

/** Who was let in. @throws ApiError 401 on a route that asked nobody */
export const actorIn = (c: Context<App>): Actor => {
  const actor = c.get('actor')
  if (!actor) throw refused('Send the admin key or an API token as "Authorization: Bearer <key>".')
  return actor
}

/** Lets in whoever has a key at all; what they may do, each route says. */
export const authenticate: MiddlewareHandler<App> = async (c, next) => {
  const given = bearerIn(c.req.header('authorization'))
  if (!c.env.ADMIN_API_KEY)
    throw refused('This deployment has no ADMIN_API_KEY yet, so nobody can be let in.')
  if (given === null) throw refused('Send the admin key or an API token as "Authorization: Bearer <key>".')
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
