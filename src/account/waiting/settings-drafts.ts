/** Changes of settings that wait, as the directory decides on them. Every decision is one transaction. */
import { endedSettingsWords } from '../../rules/sentences/ended.ts'
import { type Grant, holds, type Role } from '../../rules/who/roles.ts'
import {
  AGREE,
  type AgreeingKey,
  type Asker,
  agreementProblem,
  ROOT_ALONE_MS,
  rejectionProblem,
  rootActsAt,
  SETTINGS_DRAFT_MS,
  type SettingsDecider,
  type SettingsTarget,
} from '../../rules/who/settings-drafts.ts'
import * as bodies from '../tables/drafts/sealed-bodies.ts'
import * as rows from '../tables/drafts/settings-drafts.ts'
import * as ends from '../tables/drafts/settings-ends.ts'
import { readApiToken } from '../tables/principals/api-tokens.ts'
import { idsOf, selectPerson } from '../tables/principals/people.ts'
import { heldSince } from '../tables/principals/roles-held.ts'
import { allRows } from '../tables/rows.ts'
import type { Sealed } from '../vault/envelope.ts'

/** What somebody who asks in a loop may have waiting. */
const MOST_PENDING = 100

/** Who decides: id of the person, and who issued the key that they do it with (null: nobody). */
export type Deciding = { id: string; kind: Asker['kind']; name: string; issuers: string[] }

export type SettingsDecided =
  | { kind: 'decided'; draft: rows.SettingsDraft; sealed: Sealed | null }
  | { kind: 'unknown' }
  | { kind: 'refused'; why: string; forbidden: boolean }

const refused = (why: string, forbidden: boolean): SettingsDecided => ({ kind: 'refused', why, forbidden })

/** Since when somebody holds one of some roles for every account; null: they do not. @param accounts null: for all */
const heldForAll = (
  sql: SqlStorage,
  personId: string,
  roles: readonly Role[],
  accounts: readonly string[] | null,
  now: number,
): number | null => {
  const moments = (accounts ?? [null]).map((account) => {
    const since = roles
      .map((role) => heldSince(sql, personId, role, account, now))
      .filter((at) => at !== null)
    return since.length === 0 ? null : Math.min(...since)
  })
  return moments.includes(null) ? null : Math.max(...(moments as number[]))
}

const heldForAny = (
  sql: SqlStorage,
  personId: string,
  roles: readonly Role[],
  accounts: readonly string[] | null,
  now: number,
): boolean =>
  (accounts ?? [null]).some(
    (account) => heldForAll(sql, personId, roles, account === null ? null : [account], now) !== null,
  )

const deciderOf = (
  sql: SqlStorage,
  { id, kind, issuers }: Deciding,
  { accounts }: rows.SettingsDraft,
  now: number,
): SettingsDecider => ({
  kind,
  ids: idsOf(sql, id),
  issuers: issuers.flatMap((issuer) => idsOf(sql, issuer)),
  agreesSince: heldForAll(sql, id, AGREE, accounts, now),
  holdsAny: heldForAny(sql, id, AGREE, accounts, now),
  approvesAny: heldForAny(sql, id, ['approve'], accounts, now),
})

const askerOf = (sql: SqlStorage, { asker }: rows.SettingsDraft): Asker => ({
  kind: asker.kind,
  ids: idsOf(sql, asker.id),
  issuers: asker.issuers.flatMap((issuer) => idsOf(sql, issuer)),
})

/** Whether the API token that a change was asked for with is still good: whoever revokes a stolen one ends what was done with it. */
const keyLives = (sql: SqlStorage, { asker, roles, accounts }: rows.SettingsDraft, now: number): boolean => {
  if (asker.key === null) return true
  const grants = readApiToken(sql, asker.key, now)?.grants ?? []
  return (accounts ?? [null]).every((account) => roles.some((role) => holds(grants, role, account)))
}

/** Whether who asked may still do what they asked for, by that key and by a role that they held without a gap since. */
const askerHolds = (sql: SqlStorage, draft: rows.SettingsDraft, now: number): boolean => {
  if (draft.asker.kind === 'root') return true
  const person = selectPerson(sql, draft.asker.id)
  if (!person || person.disabled_at !== null || !keyLives(sql, draft, now)) return false
  const since = heldForAll(sql, person.id, draft.roles, draft.accounts, now)
  return since !== null && since <= draft.created_at
}

/** People who hold `approve` for an account that is reached: they are told, and can cancel what the admin key loosens. */
export const approversFor = (sql: SqlStorage, accounts: readonly string[] | null, now: number) =>
  allRows<{ id: string; name: string; email: string | null }>(
    sql,
    "SELECT id, name, email FROM person WHERE kind = 'person' AND disabled_at IS NULL",
  ).filter(({ id }) =>
    accounts === null
      ? heldAnywhere(sql, id, 'approve', now)
      : accounts.some((account) => heldSince(sql, id, 'approve', account, now) !== null),
  )

const heldAnywhere = (sql: SqlStorage, personId: string, role: Role, now: number): boolean =>
  allRows<{ grant: Grant }>(
    sql,
    'SELECT grant FROM role_held WHERE person_id = ? AND (ends_at IS NULL OR ends_at > ?)',
    ...[personId, now],
  ).some(({ grant }) => grant === role || grant.startsWith(`${role}:`))

/** Keys of enabled people with which a change for all accounts can be asked for or agreed to. */
export const agreeingKeys = (sql: SqlStorage, now: number): AgreeingKey[] => {
  const can = (text: string) => AGREE.some((role) => holds(JSON.parse(text) as Grant[], role, null))
  type Key = { person: string; issuers: string; grants: string }
  return allRows<Key>(
    sql,
    `SELECT person.id AS person, api_token.issuers, api_token.grants FROM api_token JOIN person ON person.id = holder
         WHERE kind = 'person' AND disabled_at IS NULL AND asleep IS NULL AND (expires_at IS NULL OR expires_at > ?)
       UNION ALL SELECT id, '[]', grants FROM person WHERE kind = 'person' AND disabled_at IS NULL AND person.issuer IS NOT NULL`,
    now,
  )
    .filter(({ grants }) => can(grants))
    .map(({ person, issuers }) => ({ person, issuers: JSON.parse(issuers) as string[] }))
}

export type Proposed = { kind: 'waits'; draft: rows.SettingsDraft; isNew: boolean } | { kind: 'too_many' }

/** Keeps a change that waits; the same one asked for twice by the same is one. @param sealed of the body */
export const propose = (sql: SqlStorage, draft: rows.NewSettingsDraft, now: number): Proposed => {
  const { asker, target, digest, accounts } = draft
  const equal = rows
    .pendingFor(sql, target, now)
    .find((other) => other.digest === digest && other.asker.id === asker.id && !draft.wakes)
  if (equal) return { kind: 'waits', draft: equal, isNew: false }
  ends.tidySettings(sql, now)
  if (rows.countPendingSettings(sql, asker.id, now) >= MOST_PENDING) return { kind: 'too_many' }
  const acts_at = asker.kind === 'root' ? rootActsAt(now, approversFor(sql, accounts, now).length > 0) : null
  const waits = acts_at === null ? SETTINGS_DRAFT_MS : ROOT_ALONE_MS + SETTINGS_DRAFT_MS
  const expires_at = Math.min(now + waits, draft.until ?? Number.MAX_SAFE_INTEGER)
  rows.insertSettingsDraft(sql, { ...draft, acts_at }, { created_at: now, expires_at })
  return { kind: 'waits', draft: rows.selectSettingsDraft(sql, draft.id, now)!, isNew: true }
}

const lapse = (sql: SqlStorage, id: string, reason: string, now: number): SettingsDecided => {
  ends.lapseSettings(sql, id, reason, now)
  return refused(`This change lapsed: ${reason} Whoever wants it asks anew.`, false)
}

const ASKER_LOST = 'who asked for it may not do it any more, or the key that they asked with has ended.'
const KEY_CHANGED = 'the admin key that asked for it was changed.'

/** Takes a draft that waits for acting: from here on nobody else can. */
const taken = (
  sql: SqlStorage,
  draft: rows.SettingsDraft,
  by: Deciding | null,
  reason: string | null,
  now: number,
): SettingsDecided => {
  if (!askerHolds(sql, draft, now)) return lapse(sql, draft.id, ASKER_LOST, now)
  const sealed = bodies.selectSealed(sql, 'settings_draft', draft.id)
  ends.endSettingsDraft(sql, draft.id, { state: 'agreed', reason, by }, now)
  return { kind: 'decided', draft: rows.selectSettingsDraft(sql, draft.id, now)!, sealed }
}

/** Agrees to a change, or stops it. @param how what is decided */
export const decide = (
  sql: SqlStorage,
  id: string,
  { how, by, reason }: { how: 'agree' | 'reject'; by: Deciding; reason: string | null },
  now: number,
): SettingsDecided => {
  const draft = rows.selectSettingsDraft(sql, id, now)
  if (!draft) return { kind: 'unknown' }
  if (draft.state !== 'pending') return refused(endedSettingsWords(draft), false)
  const [asker, decider] = [askerOf(sql, draft), deciderOf(sql, by, draft, now)]
  const problem =
    how === 'agree' ? agreementProblem(asker, decider, draft.created_at) : rejectionProblem(asker, decider)
  if (problem) return refused(problem, true)
  if (how === 'agree') return taken(sql, draft, by, reason, now)
  const state = asker.ids.includes(by.id) || draft.asker.kind === 'root' ? 'canceled' : 'rejected'
  ends.endSettingsDraft(sql, id, { state, reason, by }, now)
  return { kind: 'decided', draft: rows.selectSettingsDraft(sql, id, now)!, sealed: null }
}

/** Why somebody may not agree; null: they may. */
export const problemFor = (
  sql: SqlStorage,
  draft: rows.SettingsDraft,
  by: Deciding,
  now: number,
): string | null => agreementProblem(askerOf(sql, draft), deciderOf(sql, by, draft, now), draft.created_at)

/** Why somebody may not stop it; null: they may. */
export const stopProblemFor = (
  sql: SqlStorage,
  draft: rows.SettingsDraft,
  by: Deciding,
  now: number,
): string | null => rejectionProblem(askerOf(sql, draft), deciderOf(sql, by, draft, now))

/**
 * Takes what the admin key loosened and whose time has come; null: somebody was faster, or it waits for longer.
 * @param adminKey digest of the admin key as it is now
 */
export const takeDue = (
  sql: SqlStorage,
  id: string,
  adminKey: string,
  now: number,
): SettingsDecided | null => {
  const draft = rows.selectSettingsDraft(sql, id, now)
  if (draft?.state !== 'pending' || draft.acts_at === null || draft.acts_at > now) return null
  if (draft.asker.key !== null && draft.asker.key !== adminKey) return lapse(sql, id, KEY_CHANGED, now)
  const actsAt = rootActsAt(draft.created_at, approversFor(sql, draft.accounts, now).length > 0)
  if (actsAt <= now) return taken(sql, draft, null, null, now)
  rows.postponeSettings(sql, id, actsAt, actsAt + SETTINGS_DRAFT_MS)
  return null
}

/** Ends what waits for keys that have just changed. @param keys null: all @param except the draft that changed them */
export const touch = (
  sql: SqlStorage,
  target: Pick<SettingsTarget, 'kind' | 'id'>,
  keys: readonly string[] | null,
  except: string | null,
  now: number,
): void => {
  for (const { id, loosens } of rows.pendingFor(sql, target, now)) {
    const hit = loosens.filter(({ key }) => keys?.includes(key) ?? true).map(({ key }) => key)
    if (id !== except && hit.length > 0)
      lapse(sql, id, `${hit.join(', ')} changed since it was asked for.`, now)
  }
}
