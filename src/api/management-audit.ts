/** Writes every management action into the audit trail, for all routes. */
import type { Context, MiddlewareHandler } from 'hono'
import { accountObject } from '../account/account-stub.ts'
import type { ManagementEntry } from '../account/audit/entry.ts'
import { directoryObject } from '../account/directory-stub.ts'
import type { App } from './auth.ts'
import { accountIn } from './input.ts'

/** What an answer names, by id or, where there is none, by name: what was made, changed or removed. */
const idIn = async (response: Response): Promise<string | null> => {
  if (!response.ok) return null
  const body = (await response
    .clone()
    .json()
    .catch(() => null)) as { id?: unknown; name?: unknown } | null
  const named = body?.id ?? body?.name
  return typeof named === 'string' ? named : null
}

const write = async (c: Context<App>, accountId: string | null, entry: ManagementEntry): Promise<void> => {
  try {
    if (accountId !== null) await accountObject(c.env, accountId).record([entry])
    else await directoryObject(c.env).record([entry])
  } catch (error) {
    console.error({ event: 'audit_gap', error: error instanceof Error ? error.name : typeof error })
  }
}

/** The deployment's own trail. */
const DEPLOYMENT = null

/** The trails in which a row is written. What somebody tried who has no role for an account does not reach its trail. */
const trailsOf = (c: Context<App>, named: string | null): (string | null)[] => {
  const rule = c.get('trail')
  if (rule === undefined) return [DEPLOYMENT]
  const account = rule === 'created_account' ? named : accountIn(c)
  return rule === 'deployment_too' && c.res.ok ? [account, DEPLOYMENT] : [account]
}

/**
 * Runs around every route that asked who calls. Reads leave no row; refusals of what a known caller tried do.
 */
export const recordManagement: MiddlewareHandler<App> = async (c, next) => {
  await next()
  const actor = c.get('actor')
  if (c.req.method === 'GET' || c.req.method === 'HEAD' || !actor) return
  const named = await idIn(c.res)
  const entry: ManagementEntry = {
    type: 'management',
    request_id: c.get('requestId'),
    actor_id: actor.id,
    actor_name: actor.name,
    actor_kind: actor.kind,
    action: `${c.req.method} ${c.get('template') ?? 'an unknown path'}`,
    target_id: named,
    changed: c.get('changed') ?? [],
    http_status_code: c.res.status,
  }
  await Promise.all(trailsOf(c, named).map((trail) => write(c, trail, entry)))
}
