/** Writes every management action into the audit trail, for all routes. */
import type { Context, MiddlewareHandler } from 'hono'
import { accountObject } from '../account/account-stub.ts'
import type { ManagementEntry } from '../account/audit/entry.ts'
import { directoryObject } from '../account/directory-stub.ts'
import type { App } from './auth.ts'
import { accountIn } from './input.ts'

type Named = { id?: unknown; name?: unknown; settings_draft_id?: unknown }

/** Of an answer: the id or, where there is none, the name of what was made, changed or removed; and the change that waits. */
const namesIn = async (response: Response): Promise<{ named: string | null; waits: string | null }> => {
  const body = response.ok
    ? ((await response
        .clone()
        .json()
        .catch(() => null)) as Named | null)
    : null
  const text = (value: unknown) => (typeof value === 'string' ? value : null)
  return { named: text(body?.id ?? body?.name), waits: text(body?.settings_draft_id) }
}

/** Which change of settings a call made, decided on, or is; and who agreed to it. */
const aboutSettings = (c: Context<App>, waits: string | null) => {
  const agreed = c.get('agreed')
  const id = agreed?.draftId ?? c.get('settingsDraft') ?? waits
  return {
    ...(id && { settings_draft_id: id }),
    ...(agreed?.by && { agreed_by: agreed.by.id, agreed_by_name: agreed.by.name }),
  }
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
  const { named, waits } = await namesIn(c.res)
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
    ...aboutSettings(c, waits),
  }
  await Promise.all(trailsOf(c, named).map((trail) => write(c, trail, entry)))
}
