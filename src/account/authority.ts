/**
 * What an account's object has to know of the deployment before a write leaves: its kill switch, and what caller and approver
 * may do now. Read under the lease of lease.ts.
 */
import type { CallerRef } from '../rules/admission.ts'
import { type DecidedBy, ROOT_ID } from '../rules/four-eyes.ts'
import { holds } from '../rules/roles.ts'
import { readApiToken } from './tables/api-tokens.ts'
import { type Deployment, selectDeployment } from './tables/deployment.ts'
import { idsOf, onlyPerson, type PersonKind, selectPerson } from './tables/people.ts'
import { heldSince } from './tables/roles-held.ts'

export type Asked = {
  accountId: string
  /** Whose word a call relies on; null: the URL alone. */
  caller: CallerRef | null
  /** Who decides on a draft; null: nobody does. */
  decider: DecidedBy | null
  /** The person or system that works through the server which a bare URL leads to; null: nobody is named. */
  holder?: string | null
}

/** Somebody who decides, as the directory knows them. */
export type KnownDecider = {
  kind: PersonKind
  name: string
  /** Every id under which they may have been recorded. */
  ids: string[]
  /** Who issued the API token that they decide by; null: nobody but `root`, or they signed in. */
  issuer: string | null
  /** Since when without a gap they may approve here, in milliseconds since the epoch; null: they may not. */
  approvesSince: number | null
}

export type Authority = Deployment & {
  /** Whether the caller may still call servers of this account. */
  callerMayUse: boolean
  /** Who issued the API token of the caller; null: `root`, or there is none. Drafts of version 0.1.0 did not keep it. */
  callerIssuer: string | null
  /** Null: nobody was asked about, or there is no such person, or they are disabled. */
  decider: KnownDecider | null
}

/** A URL is dead for writes while whoever works through it is disabled. */
const isDisabled = (sql: SqlStorage, holder: string): boolean => {
  const person = selectPerson(sql, holder)
  return person !== null && person.disabled_at !== null
}

const mayUse = (sql: SqlStorage, { accountId, caller, holder = null }: Asked, now: number): boolean => {
  if (holder !== null && isDisabled(sql, holder)) return false
  if (!caller) return true
  if (caller.token !== null) {
    const token = readApiToken(sql, caller.token, now)
    return token !== null && holds(token.grants, 'use', accountId)
  }
  return caller.person !== null && heldSince(sql, caller.person, 'use', accountId, now) !== null
}

/** Who issued the token that a decision is made by, if it still gives the role; undefined where it does not. */
const issuerOf = (
  sql: SqlStorage,
  { person, token }: DecidedBy,
  accountId: string,
  now: number,
): string | null | undefined => {
  if (token === null) return null
  const key = readApiToken(sql, token, now)
  if (!key || key.holder !== person || !holds(key.grants, 'approve', accountId)) return undefined
  return notRoot(key.created_by)
}

/** `root` is no person, and binds nobody. */
const notRoot = (id: string | undefined): string | null => (id === undefined || id === ROOT_ID ? null : id)

const callerIssuerOf = (sql: SqlStorage, { caller }: Asked, now: number): string | null =>
  caller?.token == null ? null : notRoot(readApiToken(sql, caller.token, now)?.created_by)

const deciderOf = (sql: SqlStorage, { accountId, decider }: Asked, now: number): KnownDecider | null => {
  const person = decider && selectPerson(sql, decider.person)
  if (!decider || !person || person.disabled_at !== null) return null
  const issuer = issuerOf(sql, decider, accountId, now)
  const { id, kind, name } = person
  const approvesSince = issuer === undefined ? null : heldSince(sql, id, 'approve', accountId, now)
  return { kind, name, ids: idsOf(sql, id), issuer: issuer ?? null, approvesSince }
}

/** One-person mode sleeps while anybody else is enabled. */
const presentDeployment = (sql: SqlStorage): Deployment => {
  const deployment = selectDeployment(sql)
  const { one_person } = deployment
  return {
    ...deployment,
    one_person: one_person !== null && onlyPerson(sql) === one_person ? one_person : null,
  }
}

/** As the directory knows it. @param now milliseconds since the epoch */
export const authorityOf = (sql: SqlStorage, asked: Asked, now: number): Authority => ({
  ...presentDeployment(sql),
  callerMayUse: mayUse(sql, asked, now),
  callerIssuer: callerIssuerOf(sql, asked, now),
  decider: deciderOf(sql, asked, now),
})
