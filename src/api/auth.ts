/** Who calls the management API: the holder of the deployment's admin key, or of an API token. */
import type { Context, MiddlewareHandler } from 'hono'
import type { AboutTarget } from '../account/audit/entry.ts'
import type { Env } from '../core/env.ts'
import { adminKeyProblem } from '../core/keys.ts'
import { bearerIn } from '../core/request.ts'
import { type Actor, actorOf } from '../identity/actor.ts'
import { ApiError } from './errors.ts'

/** Where the row of a call in the audit trail goes. */
export type TrailRule = 'account_in_path' | 'created_account' | 'deployment_too'

/** A change of settings that waited and acts now. `by` null: by itself, when its time had come. */
export type Agreed = {
  draftId: string
  digest: string
  by: { id: string; name: string; reason: string | null } | null
  actor: Actor
}

/** Asks the API as somebody whose change was agreed to. Nothing that comes from outside can name anybody. */
export type Replay = (request: Request, agreed: Agreed, env: Env) => Promise<Response>

/** @param accountId UUID in lower case */
export type IsListed = (accountId: string) => Promise<boolean>

/** Variables of one request. For the audit trail: `changed`, names of what was sent; `template`, the route's path without ids. */
export type App = {
  Bindings: Env
  Variables: {
    actor?: Actor
    requestId: string
    changed?: string[]
    /** The body, so that none of its values gets into the trail with a refusal's reason. */
    sent?: unknown
    template?: string
    /** Set while a change of settings acts that was agreed to: then `actor` is who asked for it. */
    agreed?: Agreed
    replay: Replay
    /** Whether an account is in the directory, where several reads make one page; absent: each asks. */
    isListed?: IsListed
    /** The change of settings that a request made or decided on. */
    settingsDraft?: string
    /** Id of what was decided on, once it was found; its answer may be a refusal, which names nothing. */
    decidedOn?: string
    /** What the sentence of its row says, beside what the answer names. */
    about?: AboutTarget
    /** Absent while nobody was let in: what strangers tried is the deployment's to know. */
    trail?: TrailRule
  }
}

const refused = (message: string) => new ApiError(401, message, {}, { 'www-authenticate': 'Bearer' })
const NO_KEY = 'Send the admin key or an API token as "Authorization: Bearer <key>".'

/** The authenticated caller. @throws ApiError 401 on a route that authenticates nobody */
export const actorIn = (c: Context<App>): Actor => {
  const actor = c.get('actor')
  if (!actor) throw refused(NO_KEY)
  return actor
}

/** Authenticates the caller; each route then checks what they may do. @throws ApiError 401 */
export const authenticate: MiddlewareHandler<App> = async (c, next) => {
  const given = bearerIn(c.req.header('authorization'))
  const problem = adminKeyProblem(c.env)
  if (problem !== null) throw refused(problem)
  if (given === null) throw refused(NO_KEY)
  const actor = await actorOf(c.env, given)
  if (!actor) throw refused('This admin key or API token is not valid: it may have expired or been revoked.')
  c.set('actor', actor)
  await next()
}
