/** `/api-token`: keys of people and systems, each with its scopes and its end. */
import type { Context } from 'hono'
import { Hono } from 'hono/tiny'
import * as z from 'zod'
import { accountObject } from '../account/account-stub.ts'
import { directoryObject } from '../account/directory-stub.ts'
import type { ApiToken } from '../account/tables/api-tokens.ts'
import type { Env } from '../core/env.ts'
import { digestOf } from '../core/keys.ts'
import { ExpiryInput } from '../rules/expiry.ts'
import { mintApiToken } from '../rules/mcp-token.ts'
import { accountsOf, ScopesInput } from '../rules/scopes.ts'
import { type App, actorIn, requireAdmin } from './auth.ts'
import { ApiError, invalid } from './errors.ts'
import { bodyOf, expiryOf, idOf, isoOf, NameInput, pageOf } from './input.ts'

/** Only people approve; a token without a word on it is a system's. */
export const NewApiToken = z
  .strictObject({
    name: NameInput,
    kind: z.enum(['person', 'system']).optional(),
    scopes: ScopesInput,
    expires_at: ExpiryInput.optional(),
  })
  .transform(({ kind, ...token }) => ({
    ...token,
    kind: kind ?? (token.scopes.includes('approve') ? 'person' : 'system'),
  }))
  .refine(({ kind, scopes }) => kind === 'person' || !scopes.includes('approve'), {
    path: ['kind'],
    message: 'must be person for the scope approve: a system cannot approve',
  })

const shown = ({ expires_at, last_used_at, created_at, ...token }: ApiToken) => ({
  ...token,
  expires_at: isoOf(expires_at),
  last_used_at: isoOf(last_used_at),
  created_at: isoOf(created_at),
})

/** A scope for an account that does not exist is a slip that would else be noticed much later. */
const checkAccounts = async (env: Env, ids: readonly string[]) => {
  const known = await Promise.all(ids.map((id) => accountObject(env, id).readAccount()))
  const missing = ids.filter((_, index) => known[index] === null)
  if (missing.length > 0)
    throw invalid(
      missing.map((id) => ({ path: 'scopes', message: `there is no integrated account with the id ${id}` })),
    )
}

const create = async (c: Context<App>) => {
  requireAdmin(c)
  const { name, kind, scopes, expires_at } = await bodyOf(c, NewApiToken)
  await checkAccounts(c.env, accountsOf(scopes) ?? [])
  const token = mintApiToken()
  const created = await directoryObject(c.env).createApiToken({
    id: crypto.randomUUID(),
    digest: await digestOf(c.env, token),
    name,
    kind,
    scopes,
    expires_at: expiryOf(expires_at) ?? null,
    created_by: actorIn(c).id,
  })
  if (!created)
    throw new ApiError(409, 'This deployment has as many API tokens as it can hold: revoke some first.')
  return c.json({ ...shown(created), token }, 201)
}

const list = async (c: Context<App>) => {
  requireAdmin(c)
  const { limit, before } = pageOf(c)
  const { tokens, next } = await directoryObject(c.env).listApiTokens(limit, before)
  return c.json({ result: tokens.map(shown), next_cursor: next === null ? null : String(next) })
}

const remove = async (c: Context<App>) => {
  requireAdmin(c)
  const id = idOf(c, 'token')
  if (id === null || !(await directoryObject(c.env).revokeApiToken(id)))
    throw new ApiError(
      404,
      'There is no API token with this id: it may have expired or been revoked. GET /api-token lists them.',
    )
  return c.json({ id })
}

export const apiTokenRoutes = new Hono<App>()
  .post('/api-token', create)
  .get('/api-token', list)
  .delete('/api-token/:token', remove)
