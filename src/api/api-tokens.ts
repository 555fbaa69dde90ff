/** `/api-token`: keys of people and systems, each with its scopes and its end. */
import * as z from 'zod'
import { accountObject } from '../account/account-stub.ts'
import { directoryObject } from '../account/directory-stub.ts'
import type { ApiToken } from '../account/tables/api-tokens.ts'
import type { Env } from '../core/env.ts'
import { digestOf } from '../core/keys.ts'
import { ExpiryInput } from '../rules/expiry.ts'
import { mintApiToken } from '../rules/mcp-token.ts'
import { accountsOf, ScopesInput } from '../rules/scopes.ts'
import { isoOf, pageAnswer, paged, Removed, time, uuid } from './answers.ts'
import { actorIn } from './auth.ts'
import { ApiError, invalid } from './errors.ts'
import { expiryOf, idOf, NameInput, Page } from './input.ts'
import { type Asked, route } from './route.ts'

export const ApiTokenAnswer = z.object({
  id: uuid,
  name: z.string(),
  kind: z.enum(['person', 'system']),
  scopes: z.array(z.string()),
  expires_at: time.nullable(),
  last_used_at: time.nullable().describe('To the minute.'),
  created_by: uuid,
  created_at: time,
})

export const NewApiTokenAnswer = ApiTokenAnswer.extend({ token: z.string().describe('Shown this once.') })

/** Only people approve; a token without a word on it is a system's. */
const NewApiToken = z
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

/** A scope for an account that does not exist is a mistake that would otherwise be noticed much later. */
const checkAccounts = async (env: Env, ids: readonly string[]) => {
  const known = await Promise.all(ids.map((id) => accountObject(env, id).readAccount()))
  const missing = ids.filter((_, index) => known[index] === null)
  if (missing.length > 0)
    throw invalid(
      missing.map((id) => ({ path: 'scopes', message: `there is no integrated account with the id ${id}` })),
    )
}

const create = async ({ c, body }: Asked<unknown, z.infer<typeof NewApiToken>>) => {
  const { name, kind, scopes, expires_at } = body
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
  return { ...shown(created), token }
}

const remove = async ({ c }: Asked<unknown, unknown>) => {
  const id = idOf(c, 'token')
  if (id === null || !(await directoryObject(c.env).revokeApiToken(id)))
    throw new ApiError(
      404,
      'There is no API token with this id: it may have expired or been revoked. GET /api-token lists them.',
    )
  return { id }
}

export const apiTokenRoutes = [
  route({
    verb: 'POST',
    path: '/api-token',
    role: 'admin',
    says: 'Create an API token for a person or system',
    body: NewApiToken,
    answer: NewApiTokenAnswer,
    status: 201,
    handler: create,
  }),
  route({
    verb: 'GET',
    path: '/api-token',
    role: 'admin',
    says: 'List API tokens',
    query: Page,
    answer: pageAnswer(ApiTokenAnswer),
    handler: async ({ c, query }) => {
      const { tokens, next } = await directoryObject(c.env).listApiTokens(query.limit, query.next_cursor)
      return paged(tokens, next, shown)
    },
  }),
  route({
    verb: 'DELETE',
    path: '/api-token/:token',
    role: 'admin',
    says: 'Revoke an API token at once',
    answer: Removed,
    handler: remove,
  }),
]
