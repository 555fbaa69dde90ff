/** Writes every management action into the trail, in one place: no route can forget it. */
import type { Context, MiddlewareHandler } from 'hono'
import { accountObject } from '../account/account-stub.ts'
import type { ManagementEntry } from '../account/audit/entry.ts'
import { directoryObject } from '../account/directory-stub.ts'
import { accountOfDraft } from '../rules/resource-id.ts'
import type { App } from './auth.ts'
import { idOf } from './input.ts'

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
    await (accountId === null ? directoryObject(c.env) : accountObject(c.env, accountId)).record([entry])
  } catch (error) {
    console.error({ event: 'audit_gap', error: error instanceof Error ? error.name : typeof error })
  }
}

/** The deployment's own trail. */
const DEPLOYMENT = null

/**
 * Whose trails an action belongs to: a new account's own, else that of the account in the path, else the deployment's.
 * That an account is gone stands in the deployment's as well: nobody lists the account any more, so nobody would look.
 */
const trailsOf = (c: Context<App>, made: string | null): (string | null)[] => {
  const drafted = accountOfDraft(c.req.path.split('/')[2] ?? '')
  const account = c.req.path === '/integrated-account' ? made : (drafted ?? idOf(c, 'account'))
  const removed =
    c.req.method === 'DELETE' && c.get('template') === '/integrated-account/:account' && c.res.ok
  return removed ? [account, DEPLOYMENT] : [account]
}

/**
 * Runs around every route that asked who calls. Reads leave no row; refusals of what a known caller tried do.
 */
export const recordManagement: MiddlewareHandler<App> = async (c, next) => {
  await next()
  const actor = c.get('actor')
  if (c.req.method === 'GET' || c.req.method === 'HEAD' || !actor) return
  const made = await idIn(c.res)
  const entry: ManagementEntry = {
    type: 'management',
    request_id: c.get('requestId'),
    actor_id: actor.id,
    actor_name: actor.name,
    actor_kind: actor.kind,
    action: `${c.req.method} ${c.get('template') ?? 'an unknown path'}`,
    target_id: made,
    changed: c.get('changed') ?? [],
    http_status_code: c.res.status,
  }
  await Promise.all(trailsOf(c, made).map((trail) => write(c, trail, entry)))
}
