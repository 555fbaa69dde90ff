/**
 * What an account's object has to know of the deployment before a write leaves: its kill switch, and what caller and approver
 * may do now. Read under the lease of lease.ts.
 */
import type { CallerRef } from '../rules/admission.ts'
import { holds } from '../rules/roles.ts'
import { readApiToken } from './tables/api-tokens.ts'
import { type Deployment, selectDeployment } from './tables/deployment.ts'
import { idsOf, type PersonKind, selectPerson } from './tables/people.ts'
import { heldSince } from './tables/roles-held.ts'

export type Asked = {
  accountId: string
  /** Whose word a call relies on; null: the URL alone. */
  caller: CallerRef | null
  /** Id of the person who decides on a draft; null: nobody does. */
  decider: string | null
}

/** Somebody who decides, as the directory knows them. */
export type KnownDecider = {
  kind: PersonKind
  name: string
  /** Every id under which they may have been recorded. */
  ids: string[]
  /** Since when without a gap they may approve here, in milliseconds since the epoch; null: they may not. */
  approvesSince: number | null
}

export type Authority = Deployment & {
  /** Whether the caller may still call servers of this account. */
  callerMayUse: boolean
  /** Null: nobody was asked about, or there is no such person, or they are disabled. */
  decider: KnownDecider | null
}

const mayUse = (sql: SqlStorage, { accountId, caller }: Asked, now: number): boolean => {
  if (!caller) return true
  if (caller.token !== null) {
    const token = readApiToken(sql, caller.token, now)
    return token !== null && holds(token.grants, 'use', accountId)
  }
  return caller.person !== null && heldSince(sql, caller.person, 'use', accountId, now) !== null
}

const deciderOf = (sql: SqlStorage, { accountId, decider }: Asked, now: number): KnownDecider | null => {
  const person = decider === null ? null : selectPerson(sql, decider)
  if (!person || person.disabled_at !== null) return null
  const { id, kind, name } = person
  return { kind, name, ids: idsOf(sql, id), approvesSince: heldSince(sql, id, 'approve', accountId, now) }
}

/** As the directory knows it. @param now milliseconds since the epoch */
export const authorityOf = (sql: SqlStorage, asked: Asked, now: number): Authority => ({
  ...selectDeployment(sql),
  callerMayUse: mayUse(sql, asked, now),
  decider: deciderOf(sql, asked, now),
})
