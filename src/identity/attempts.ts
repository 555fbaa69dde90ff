/** Rows about who came in, or tried to: with a key, by signing in, by consenting. No row holds what was typed. */
import { accountObject } from '../account/account-stub.ts'
import { issuedBy, type ManagementEntry, refusedFields } from '../account/audit/entry.ts'
import { directoryObject } from '../account/directory-stub.ts'
import type { Env } from '../core/env.ts'
import type { RefusedBy } from '../rules/sentences/refused-by.ts'
import type { Actor } from './actor.ts'

/** Adds a row to the trail of an account (null: of the deployment). What it is about goes on if the row cannot be written. */
export const recordRow = async (
  env: Env,
  accountId: string | null,
  entry: Omit<ManagementEntry, 'type'>,
): Promise<void> => {
  const row = { type: 'management', ...entry } as const
  try {
    if (accountId !== null) await accountObject(env, accountId).record([row])
    else await directoryObject(env).record([row])
  } catch (error) {
    console.error({ event: 'audit_gap', error: error instanceof Error ? error.name : typeof error })
  }
}

/** Somebody whose key opens nothing. */
const STRANGER = { id: 'unknown', name: 'nobody who is known here', kind: 'unknown' }

export type Attempt = {
  /** Null: nobody whom we know. */
  who: (Pick<Actor, 'id' | 'name' | 'kind'> & Partial<Pick<Actor, 'issuers' | 'issuerNames'>>) | null
  action: string
  status: number
  /** Null: the deployment's trail, where everything belongs that strangers try. */
  accountId?: string | null
  target?: string | null
  /** Which rule refused it; absent: none, or none that has a code. */
  by?: RefusedBy
}

/** Somebody who is known, whose roles do not reach what they tried. */
export const NO_ROLE: RefusedBy = { code: 'needs_role' }

export const recordAttempt = (env: Env, attempt: Attempt): Promise<void> => {
  const { who, action, status, accountId = null, target = null, by } = attempt
  const { id, name, kind } = who ?? STRANGER
  return recordRow(env, accountId, {
    request_id: crypto.randomUUID(),
    actor_id: id,
    actor_name: name,
    actor_kind: kind,
    action,
    target_id: target,
    changed: [],
    http_status_code: status,
    ...issuedBy(who?.issuers, who?.issuerNames),
    ...refusedFields(by),
  })
}
