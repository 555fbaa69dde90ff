/**
 * A route of the management API as one value: from it follow its place in the app, who may call it, its row in the audit
 * trail and its description in `GET /openapi.json`.
 */
import type { Context } from 'hono'
import type * as z from 'zod'
import { directoryObject } from '../account/directory-stub.ts'
import type { Actor } from '../identity/actor.ts'
import { accountsWith, holds, ROLES, type Role } from '../rules/who/roles.ts'
import { type App, actorIn, type TrailRule } from './auth.ts'
import { type ApiError, lacksRole, unknownAccount, unknownDraft } from './errors.ts'
import { accountIn, bodyOf, queryOf } from './input.ts'
import { guarded, guardOf, noted } from './loosening/guarded.ts'
import type { Judged } from './loosening/judged.ts'

export type Verb = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** Who may call: anybody, or whoever has one of these roles for the account in the path; where it names none, for any account. */
export type RouteRole = 'public' | Role | readonly Role[]

/** What a handler gets: everything was checked before. */
export type Asked<Query, Body> = {
  c: Context<App>
  /** UUID of the account in the path, in lower case; empty where the path names none. */
  accountId: string
  /** Accounts for which the caller has a role of the route; null for all. */
  accounts: readonly string[] | null
  query: Query
  body: Body
  /** What a judgement about loosening was based on; null: there was none, or nothing to base it on. */
  present: unknown
  /** Id of the change of settings until which what is made sleeps; null: it is awake. */
  asleep: string | null
}

type Declared<Query extends z.ZodObject, Body extends z.ZodType> = {
  /** Ids of the path that are no UUIDs. */
  plain?: readonly string[]
  role: RouteRole
  /** True where the role has to be for the whole deployment. */
  whole?: true
  /** Its summary, for people. */
  says: string
  query?: Query
  body?: Body
  /** A body as people send it. */
  example?: z.input<Body>
  /** HTTP statuses of its refusals, beside those that follow from its form. */
  fails?: readonly number[]
  /** True where a request may come without a body. */
  bodyOptional?: true
  answer: z.ZodType
  /** HTTP status of success; 200 unless set. */
  status?: 200 | 201
  /** Media types other than JSON. */
  media?: readonly string[]
  /** Also of an account that was disconnected. */
  ended?: true
  /** `created_account`: that of the account in the answer. `deployment_too`: for an account that nobody lists any more. */
  trail?: TrailRule
  /** Asked where loosening takes a second person, after the input was checked. @throws ApiError for what could not be done */
  loosens?(asked: Asked<z.infer<Query>, z.infer<Body>>): Promise<Judged>
  /** Gives what is answered as JSON, or a whole response. @throws ApiError */
  handler(asked: Asked<z.infer<Query>, z.infer<Body>>): unknown
}

export type Route = Omit<Declared<z.ZodObject, z.ZodType>, 'handler' | 'loosens'> & {
  loosens?(asked: Asked<never, never>): Promise<Judged>
  handler(asked: Asked<never, never>): unknown
  verb: Verb
  path: string
  id: string
}

/** Routes by the heading under which people look for them. */
export type Grouped = Readonly<Record<string, readonly Route[]>>

/**
 * @param path with `:names` where ids go: UUIDs, save those in `plain`
 * @param id its name in words, for programs
 */
export const route = <Query extends z.ZodObject = z.ZodObject, Body extends z.ZodType = z.ZodUndefined>(
  verb: Verb,
  path: string,
  id: string,
  declared: Declared<Query, Body>,
): Route => ({ verb, path, id, ...declared })

/** Nobody but a person can hold `approve`: whoever is none is not told to get it. */
const NEVER: Readonly<Partial<Record<Actor['kind'], string>>> = {
  root: 'The admin key cannot approve, and never holds the role approve: a person who has it must do this, with an API token of their own (POST /api-token) or in the dashboard.',
  system:
    'A system cannot approve, and never holds the role approve: a person who has it must do this, with an API token of their own or in the dashboard.',
}

/** @param roles of which one is needed */
const lacks = (c: Context<App>, roles: readonly Role[], where: string) => {
  const never = roles.every((role) => role === 'approve') ? NEVER[actorIn(c).kind] : undefined
  const words = never ?? `This needs the role ${roles.join(' or ')} for ${where}.`
  return lacksRole(roles, words)
}

/**
 * @param accountId null: of the whole deployment
 * @throws ApiError 403
 */
export const requireRole = (c: Context<App>, role: Role, accountId: string | null): void => {
  if (!holds(actorIn(c).grants, role, accountId))
    throw lacks(c, [role], accountId === null ? 'the whole deployment' : 'this account')
}

type Admitted = Pick<Asked<unknown, unknown>, 'accountId' | 'accounts'>

/** Of an account, or of a draft: both are unknown to strangers. */
const unknownHere = (c: Context<App>): ApiError =>
  c.req.param('approval') === undefined ? unknownAccount() : unknownDraft()

/** Whoever has any role for an account may know that it exists; to others it is unknown. */
const refusalFor = async (
  c: Context<App>,
  roles: readonly Role[],
  accountId: string | null,
): Promise<ApiError> => {
  const known = accountsWith(actorIn(c).grants, ROLES)
  if (accountId === null || known?.includes(accountId) === false) return unknownHere(c)
  if (await isListed(c, accountId)) c.set('trail', 'account_in_path')
  return lacks(c, roles, 'this account')
}

const isListed = (c: Context<App>, accountId: string): Promise<boolean> =>
  c.get('isListed')?.(accountId) ?? Promise.resolve(directoryObject(c.env).isListed(accountId))

/** @param ended whether one that was disconnected counts */
const isKnown = async (c: Context<App>, accountId: string, ended = false): Promise<boolean> =>
  (await isListed(c, accountId)) || (ended && (await directoryObject(c.env).hasEnded(accountId)))

/**
 * Asked before anything else of a request is read. No object is made for an account that does not exist.
 * @throws ApiError 403; 404 for an account or draft of others, which is not said to exist, and for one that does not
 */
const admitted = async (c: Context<App>, { role, whole, ended }: Route): Promise<Admitted> => {
  if (role === 'public') return { accountId: '', accounts: [] }
  const roles = typeof role === 'string' ? [role] : role
  const accounts = accountsWith(actorIn(c).grants, roles)
  if ((c.req.param('approval') ?? c.req.param('account')) === undefined) {
    if (whole ? accounts !== null : accounts?.length === 0)
      throw lacks(c, roles, whole ? 'the whole deployment' : 'an account')
    return { accountId: '', accounts }
  }
  const accountId = accountIn(c)
  if (accountId === null || accounts?.includes(accountId) === false)
    throw await refusalFor(c, roles, accountId)
  if (!(await isKnown(c, accountId, ended))) throw unknownHere(c)
  return { accountId, accounts }
}

const outcomeOf = async (route: Route, asked: Asked<unknown, unknown>): Promise<unknown> => {
  const { handler, loosens, role, status = 200 } = route
  const act = (body: unknown, given: Partial<Asked<unknown, unknown>> = {}) =>
    handler({ ...asked, body, ...given } as Asked<never, never>)
  const guard = loosens ? await guardOf(asked.c) : 'none'
  if (!loosens || guard === 'none') return act(asked.body)
  const judged = await loosens(asked as Asked<never, never>)
  if (guard === 'noted') return noted(asked.c, judged, async () => act(asked.body))
  const roles = [role].flat() as Role[]
  return guarded(asked.c, judged, roles, {
    act: async (...args) => act(...args),
    body: asked.body,
    status: status === 201 ? 201 : 200,
  })
}

/** Answers a request to a route: who may, what was sent, then the handler. */
export const served =
  (route: Route) =>
  async (c: Context<App>): Promise<Response> => {
    const { path, trail, query, body, bodyOptional, status = 200 } = route
    c.set('template', path)
    const place = await admitted(c, route)
    c.set('trail', trail ?? 'account_in_path')
    const asked = {
      c,
      ...place,
      query: query && queryOf(c, query),
      body: body && (await bodyOf(c, body, bodyOptional && {})),
      present: null,
      asleep: null,
    }
    const answer = await outcomeOf(route, asked)
    return answer instanceof Response ? answer : c.json(answer as object, status)
  }
