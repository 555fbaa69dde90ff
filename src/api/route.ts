/**
 * A route of the management API as one value: from it follow its place in the app, who may call it, its row in the audit
 * trail and its description in `GET /openapi.json`.
 */
import type { Context } from 'hono'
import type * as z from 'zod'
import { accountsOf, type Scope } from '../rules/scopes.ts'
import { type App, actorIn, type TrailRule } from './auth.ts'
import { ApiError, unknownAccount, unknownDraft } from './errors.ts'
import { accountIn, bodyOf, queryOf } from './input.ts'

export type Verb = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/**
 * Who may call. `public`: anybody. `admin`: who manages the whole deployment. `manage`: who manages the account in the
 * path, or, where the path names none, any account. `decide`: they, and who decides on drafts.
 */
export type Role = 'public' | 'admin' | 'manage' | 'decide'

/** What a handler gets: everything was checked before. */
export type Asked<Query, Body> = {
  c: Context<App>
  /** UUID of the account in the path, in lower case; empty where the path names none. */
  accountId: string
  /** Accounts for which the caller has the role of the route; null for all. */
  accounts: readonly string[] | null
  query: Query
  body: Body
}

type Declared<Query extends z.ZodObject, Body extends z.ZodType> = {
  verb: Verb
  /** With `:names` where ids go: UUIDs, save those in `plain`. */
  path: string
  plain?: readonly string[]
  role: Role
  /** Summary for people, in `GET /openapi.json`. */
  says: string
  query?: Query
  body?: Body
  /** True where a request may come without a body. */
  bodyOptional?: true
  answer: z.ZodType
  /** HTTP status of success; 200 unless set. */
  status?: 200 | 201
  /** Media types other than JSON. */
  media?: readonly string[]
  /** `created_account`: that of the account in the answer. `deployment_too`: for an account that nobody lists any more. */
  trail?: TrailRule
  /** Gives what is answered as JSON, or a whole response. @throws ApiError */
  handler(asked: Asked<z.infer<Query>, z.infer<Body>>): unknown
}

export type Route = Omit<Declared<z.ZodObject, z.ZodType>, 'handler'> & {
  handler(asked: Asked<never, never>): unknown
}

export const route = <Query extends z.ZodObject = z.ZodObject, Body extends z.ZodType = z.ZodUndefined>(
  declared: Declared<Query, Body>,
): Route => declared

/** @throws ApiError 403 */
export const lacks = (scope: Scope) =>
  new ApiError(403, `This API token lacks the scope ${scope}.`, { missing_scopes: [scope] })

/** Accounts for which scopes give a role; null for all. */
const reachOf = (scopes: readonly Scope[], role: Role): readonly string[] | null => {
  if (scopes.includes('admin')) return null
  if (role === 'admin') return []
  const accounts = accountsOf(scopes)
  return role === 'decide' && scopes.includes('approve') ? accounts : (accounts ?? [])
}

/**
 * Asked before anything else of a request is read.
 * @throws ApiError 403; 404 for an account or draft of others, which is not said to exist
 */
const admitted = (c: Context<App>, role: Role): Pick<Asked<unknown, unknown>, 'accountId' | 'accounts'> => {
  if (role === 'public') return { accountId: '', accounts: [] }
  const accounts = reachOf(actorIn(c).scopes, role)
  const draft = c.req.param('approval')
  const named = draft ?? c.req.param('account')
  if ((role === 'admin' || named === undefined) && accounts?.length === 0) throw lacks('admin')
  if (named === undefined) return { accountId: '', accounts }
  const accountId = accountIn(c)
  if (accountId === null || accounts?.includes(accountId) === false)
    throw draft === undefined ? unknownAccount() : unknownDraft()
  return { accountId, accounts }
}

/** Answers a request to a route: who may, what was sent, then the handler. */
export const served =
  ({ path, role, trail, query, body, bodyOptional, status = 200, handler }: Route) =>
  async (c: Context<App>): Promise<Response> => {
    c.set('template', path)
    c.set('trail', trail)
    const asked = {
      c,
      ...admitted(c, role),
      query: query && queryOf(c, query),
      body: body && (await bodyOf(c, body, bodyOptional && {})),
    }
    const answer = await handler(asked as Asked<never, never>)
    return answer instanceof Response ? answer : c.json(answer as object, status)
  }
