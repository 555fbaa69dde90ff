/**
 * What an account's object has to know of the deployment before a write leaves: its kill switch, and what caller and approver
 * may do now. Read under the lease of lease.ts.
 */
import type { CallerRef } from '../rules/admission.ts'
import type { DecidedBy, Decider, Setting } from '../rules/who/four-eyes.ts'
import { holds } from '../rules/who/roles.ts'
import { type IssuedBy, issuedBy } from './audit/entry.ts'
import { type Deployment, onePersonActs, selectDeployment } from './tables/deployment.ts'
import type { StoredDraft } from './tables/drafts/drafts.ts'
import { readApiToken } from './tables/principals/api-tokens.ts'
import { identityChanges, idsOf, type PersonKind, selectPerson } from './tables/principals/people.ts'
import { heldSince } from './tables/principals/roles-held.ts'

export type Asked = {
  accountId: string
  /** Whose word a call relies on; null: the URL alone. */
  caller: CallerRef | null
  /** Who decides on a draft; null: nobody does. */
  decider: DecidedBy | null
  /** The person or system that works through a server that asks for no key; null: nobody is named. */
  holder?: string | null
}

/** Somebody who decides, as the directory knows them. */
export type KnownDecider = {
  kind: PersonKind
  name: string
  /** Every id under which they may have been recorded. */
  ids: string[]
  /** Who issued the API token that they decide by, and so on; empty: nobody but `root`, or they signed in. */
  issuers: readonly string[]
  /** The same for the trail, by their present ids and names. */
  issuedBy?: IssuedBy
  /** Since when without a gap they may approve here, in milliseconds since the epoch; null: they may not. */
  approvesSince: number | null
}

export type Authority = Deployment & {
  /** Whether the caller may still call servers of this account. */
  callerMayUse: boolean
  /** How often the identity of a caller who signed in was changed; null: there is none. */
  callerIdentity: number | null
  /** Who issued the API token of the caller, and so on; empty: `root`, or there is none. Drafts of version 0.1.0 did not keep it. */
  callerIssuers: readonly string[]
  /** Null: nobody was asked about, or there is no such person, or they are disabled. */
  decider: KnownDecider | null
}

/** A URL is dead for writes while whoever works through it is disabled, and once they were removed. */
const mayWork = (sql: SqlStorage, holder: string): boolean => selectPerson(sql, holder)?.disabled_at === null

const mayUse = (sql: SqlStorage, { accountId, caller, holder = null }: Asked, now: number): boolean => {
  if (holder !== null && !mayWork(sql, holder)) return false
  if (!caller) return true
  if (caller.token !== null) {
    const token = readApiToken(sql, caller.token, now)
    return token !== null && holds(token.grants, 'use', accountId)
  }
  return (
    identityChanges(sql, caller.person) === caller.identity &&
    heldSince(sql, caller.person, 'use', accountId, now) !== null
  )
}

/** Who issued the token that a decision is made by, if it still gives the role; null where it does not. */
const issuersOf = (
  sql: SqlStorage,
  { person, token }: DecidedBy,
  accountId: string,
  now: number,
): { people: readonly string[]; names: readonly string[]; since: number } | null => {
  if (token === null) return { people: [], names: [], since: 0 }
  const key = readApiToken(sql, token, now)
  if (!key || key.holder !== person || !holds(key.grants, 'approve', accountId)) return null
  // A key that another person made is as old as it is, however long its holder has had the role.
  return { people: key.issuers, names: key.issuer_names, since: key.issuers.length > 0 ? key.created_at : 0 }
}

const callerIssuersOf = (sql: SqlStorage, { caller }: Asked, now: number): readonly string[] =>
  caller?.token == null ? [] : (readApiToken(sql, caller.token, now)?.issuers ?? [])

/** Null: nobody is asked about, or they are no enabled person or system. */
export const deciderOf = (
  sql: SqlStorage,
  { accountId, decider }: Asked,
  now: number,
): KnownDecider | null => {
  const person = decider && selectPerson(sql, decider.person)
  if (!decider || !person || person.disabled_at !== null) return null
  const issuers = issuersOf(sql, decider, accountId, now)
  const { id, kind, name } = person
  const held = heldSince(sql, id, 'approve', accountId, now)
  const approvesSince = issuers === null || held === null ? null : Math.max(held, issuers.since)
  return {
    kind,
    name,
    ids: idsOf(sql, id),
    issuers: (issuers?.people ?? []).flatMap((issuer) => idsOf(sql, issuer)),
    issuedBy: issuedBy(issuers?.people, issuers?.names),
    approvesSince,
  }
}

const actingDeployment = (sql: SqlStorage): Deployment => {
  const deployment = selectDeployment(sql)
  return onePersonActs(sql, deployment) ? deployment : { ...deployment, one_person: null }
}

/** As the directory knows it. @param now milliseconds since the epoch */
export const authorityOf = (sql: SqlStorage, asked: Asked, now: number): Authority => ({
  ...actingDeployment(sql),
  callerMayUse: mayUse(sql, asked, now),
  callerIdentity: asked.caller?.person == null ? null : identityChanges(sql, asked.caller.person),
  callerIssuers: callerIssuersOf(sql, asked, now),
  decider: deciderOf(sql, asked, now),
})

/** With who issued the caller's token: version 0.1.0 did not keep that. */
export const withIssuer = (draft: StoredDraft | null, { callerIssuers }: Authority): StoredDraft | null =>
  draft && {
    ...draft,
    hands: { ...draft.hands, callerIssuers: [...new Set([...draft.hands.callerIssuers, ...callerIssuers])] },
  }

/** The one who decides, as the directory knows them. What it does not know may decide on nothing. */
export const deciderIn = ({ decider }: Authority, { person }: DecidedBy): Decider & { issuedBy?: IssuedBy } =>
  decider ?? { kind: 'system', ids: [person], issuers: [], name: person, approvesSince: null }

export const settingOf = (authority: Authority): Setting => ({
  secondPersonForSettings: authority.second_person_for_settings,
  onePerson: authority.one_person,
})
