/**
 * A route of the management API as one value: from it follow its place in the app, who may call it, its row in the trail
 * and its description in `GET /openapi.json`.
 */
import type { Context } from 'hono'
import type * as z from 'zod'
import { accountOfDraft } from '../rules/resource-id.ts'
import { mayAct, mayManage } from '../rules/scopes.ts'
import { type App, actorIn, requireAdmin } from './auth.ts'
import { unknownAccount, unknownDraft } from './errors.ts'
import { bodyOf, idOf, queryOf } from './input.ts'

export type Verb = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/**
 * Who may call. `public`: anybody. `key`: whoever has a valid key; the handler answers what that key may see. `admin`: the
 * whole deployment's. `manage`: whoever manages the account in the path. `decide`: they, and who decides on its drafts.
 */
export type Role = 'public' | 'key' | 'admin' | 'manage' | 'decide'

/** What a handler gets: everything was checked before. */
export type Asked<Query, Body> = {
  c: Context<App>
  /** UUID of the account in the path, in lower case; empty where the path names none. */
  accountId: string
  query: Query
  body: Body
}

type Declared<Query extends z.ZodObject, Body extends z.ZodType> = {
  verb: Verb
  /** With `:names` where ids go. */
  path: string
  role: Role
  /** Its summary, for people. */
  says: string
  query?: Query
  body?: Body
  /** True where a request may come without a body. */
  bodyOptional?: true
  answer: z.ZodType
  /** Of success; 200 unless said. */
  status?: 200 | 201
  /** Media types other than JSON. */
  media?: readonly string[]
  /** Gives what is answered as JSON, or a whole response. @throws ApiError */
  handler(asked: Asked<z.infer<Query>, z.infer<Body>>): unknown
}

export type Route = Omit<Declared<z.ZodObject, z.ZodType>, 'handler'> & {
  handler(asked: Asked<never, never>): unknown
}

export const route = <Query extends z.ZodObject = z.ZodObject, Body extends z.ZodType = z.ZodUndefined>(
  declared: Declared<Query, Body>,
): Route => declared

/**
 * Asked before anything else of a request is read.
 * @returns the account in the path, or the one of the draft in it
 * @throws ApiError 403; 404 for an account or draft of others, which is not said to exist
 */
const admitted = (c: Context<App>, role: Role): string => {
  if (role === 'admin') requireAdmin(c)
  const draft = c.req.param('approval')
  const accountId = draft === undefined ? idOf(c, 'account') : accountOfDraft(draft)
  if (role === 'public' || role === 'key' || role === 'admin') return accountId ?? ''
  const { scopes } = actorIn(c)
  const may =
    accountId !== null &&
    (mayManage(scopes, accountId) || (role === 'decide' && mayAct(scopes, 'approve', accountId)))
  if (!may) throw draft === undefined ? unknownAccount() : unknownDraft()
  return accountId
}

/** Answers a request to a route: who may, what was sent, then the handler. */
export const served =
  ({ role, query, body, bodyOptional, status = 200, handler }: Route) =>
  async (c: Context<App>): Promise<Response> => {
    const accountId = admitted(c, role)
    const asked = {
      c,
      accountId,
      query: query && queryOf(c, query),
      body: body && (await bodyOf(c, body, bodyOptional && {})),
    }
    const answer = await handler(asked as Asked<never, never>)
    return answer instanceof Response ? answer : c.json(answer as object, status)
  }
