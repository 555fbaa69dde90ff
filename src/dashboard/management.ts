/** The management API as pages use it: in-process, as the person of the session. Whatever it decides holds here too. */
import type { Context, Hono, MiddlewareHandler } from 'hono'
import { directoryObject } from '../account/directory-stub.ts'
import { type App, authenticate, type IsListed } from '../api/auth.ts'
import type { Failure } from '../api/errors.ts'
import type { Env } from '../core/env.ts'
import type { Actor } from '../identity/actor.ts'
import type { Session } from '../identity/session.ts'
import { Refused } from './refused.ts'

/** The values that answers were made from: writing them into bodies and reading them back would double what a page costs here. */
const values = new WeakMap<Response, unknown>()

const keepValue = (c: Context): void => {
  const keeping = (value: unknown, status?: 200): Response => {
    const response = c.body(null, status)
    values.set(response, value)
    return response
  }
  c.json = keeping as typeof c.json
}

/**
 * On whose behalf something is asked; `isListed`: where what was asked before is known already; `readsValue`: of what is answered as
 * JSON the value is read, and no body.
 */
export type Asker = { actor: Actor; isListed?: IsListed; readsValue?: true }

/** One request to the API on somebody's behalf. */
export type Dispatch = (request: Request, asker: Asker, env: Env) => Promise<Response>

/**
 * The API, asked by whoever is named: nothing that comes from outside can name anybody.
 * @param make the API with this way of learning who calls
 */
export const managementAs = (make: (authenticate: MiddlewareHandler<App>) => Hono<App>): Dispatch => {
  const askers = new WeakMap<Request, Asker>()
  const bySession: MiddlewareHandler<App> = async (c, next) => {
    const asker = askers.get(c.req.raw)
    if (!asker) return authenticate(c, next)
    c.set('actor', asker.actor)
    if (asker.isListed) c.set('isListed', asker.isListed)
    if (asker.readsValue) keepValue(c)
    await next()
  }
  let api: Hono<App> | undefined
  return async (request, asker, env) => {
    askers.set(request, asker)
    // At a start its routes would cost a millisecond, and no MCP client asks for it.
    api ??= make(bySession)
    return api.fetch(request, env)
  }
}

type Query = Readonly<Record<string, string | undefined>>

type ErrorBody = { message?: string; details?: { failures?: Failure[] } }

const answerOf = async <Answer>(response: Response): Promise<Answer> => {
  const body = (values.get(response) ?? (await response.json())) as Answer & ErrorBody
  if (response.ok) return body
  const { message = 'The management API gave no reason.', details } = body
  throw new Refused(response.status, message, details?.failures ?? [], response.headers.get('retry-after'))
}

/** A path of the API, segment by segment: whatever a segment holds, it stays one segment. */
export type ApiPath = readonly string[]

/** Those that an address swallows, however they are encoded, and none at all. */
const NO_SEGMENT: ReadonlySet<string> = new Set(['', '.', '..'])

/** @throws Refused 404 for a segment that would reach another path */
const joined = (path: ApiPath): string =>
  path
    .map((segment) => {
      if (NO_SEGMENT.has(segment)) throw new Refused(404, 'There is nothing with such a name.')
      return `/${encodeURIComponent(segment)}`
    })
    .join('')

const pathWith = (segments: ApiPath, query: Query): string => {
  const path = joined(segments)
  const given = Object.entries(query).filter((entry): entry is [string, string] => Boolean(entry[1]))
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given)}`
}

/** The reads of one page ask the directory once for each account. @param known one that the session's read found */
const listedOnce = (env: Env, known: string | null): IsListed & { known(listed: unknown): void } => {
  const asked = new Map<string | null, Promise<boolean>>([[known, Promise.resolve(true)]])
  const isListed = (id: string) => {
    const answer = asked.get(id) ?? Promise.resolve(directoryObject(env).isListed(id))
    asked.set(id, answer)
    return answer
  }
  const note = (listed: unknown) => {
    for (const { id } of (listed as { result: { id: string }[] }).result) asked.set(id, Promise.resolve(true))
  }
  return Object.assign(isListed, { known: note })
}

/** @param base origin under which the browser reached the dashboard: URLs of new MCP servers start with it */
export const managementOf = (
  dispatch: Dispatch,
  base: string,
  { actor, account }: Pick<Session, 'actor' | 'account'>,
  env: Env,
) => {
  /** Id of a change that waits for another person since one of these calls. */
  let waiting: string | null = null
  const isListed = listedOnce(env, account)
  const noted = <Answer>(answer: Answer): Answer => {
    const id = (answer as { settings_draft_id?: unknown } | null)?.settings_draft_id
    if (typeof id === 'string') waiting = id
    return answer
  }
  const read = (path: ApiPath, query: Query, how: Pick<Asker, 'readsValue'> = {}) =>
    dispatch(new Request(base + pathWith(path, query)), { actor, isListed, ...how }, env)
  const change = (method: string, path: ApiPath, body: unknown) => {
    const text = body === undefined ? undefined : JSON.stringify(body)
    const headers = { 'content-type': 'application/json' }
    return dispatch(new Request(base + joined(path), { method, headers, body: text }), { actor }, env)
  }
  return {
    /** @throws Refused */
    get: async <Answer>(path: ApiPath, query: Query = {}) => {
      const answer = await answerOf<Answer>(await read(path, query, { readsValue: true }))
      // Accounts that were just listed need not be looked for one by one.
      if (path.join('/') === 'integrated-account') isListed.known(answer)
      return answer
    },
    /** @throws Refused */
    send: async <Answer>(method: 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: ApiPath, body?: unknown) =>
      noted(await answerOf<Answer>(await change(method, path, body))),
    /** Id of a change that waits for another person since one of these calls; null: nothing waits. */
    waiting: () => waiting,
    /** The answer as it comes, for what is passed on. */
    raw: (path: ApiPath, query: Query = {}) => read(path, query),
  }
}

export type Management = ReturnType<typeof managementOf>
