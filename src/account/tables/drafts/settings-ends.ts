/** How changes of settings that wait end: decided, lapsed or out of time, each with a row in the trail. */
import { DAY_MS } from '../../../core/time.ts'
import type { SettingsState } from '../../../rules/who/settings-drafts.ts'
import type { SettingsEntry } from '../../audit/own-entries.ts'
import { appendAudit } from '../audit.ts'
import { allRows, earliestOf } from '../rows.ts'
import { COLUMNS, draftOf, type Row, type SettingsDraft, selectSettingsDraft } from './settings-drafts.ts'

/** Decided ones are kept so long; the trail keeps who decided. */
const KEPT_MS = 400 * DAY_MS

type End = { state: SettingsState; reason: string | null; by: { id: string; name: string } | null }

/** The row of a change that ended without anybody's decision. */
const recordEnd = (
  sql: SqlStorage,
  { id, action, target, loosens, asker, accounts }: SettingsDraft,
  outcome: SettingsEntry['outcome'],
  reason: string | null,
  now: number,
): void => {
  const about = { settings_draft_id: id, action, target_id: target.id, target_name: target.name }
  const changed = loosens.map(({ key }) => key)
  const who = { asked_by: asker.id, asked_by_name: asker.name, reached: accounts }
  appendAudit(sql, { type: 'settings', request_id: null, outcome, ...about, changed, reason, ...who }, now)
}

/** Ends a draft that cannot act any more, with a row in the trail. */
export const lapseSettings = (sql: SqlStorage, id: string, reason: string, now: number): void => {
  const draft = selectSettingsDraft(sql, id, now)
  endSettingsDraft(sql, id, { state: 'lapsed', reason, by: null }, now)
  if (draft) recordEnd(sql, draft, 'lapsed', reason, now)
}

/** Rows of changes that ended so, written after row number `seq`. */
export const endsSince = (sql: SqlStorage, seq: number): SettingsEntry[] =>
  allRows<{ entry: string }>(
    sql,
    "SELECT entry FROM audit WHERE seq > ? AND type = 'settings' ORDER BY seq",
    seq,
  ).map(({ entry }) => JSON.parse(entry) as SettingsEntry)

/** Ends a draft that waits, and erases its body unless it is about to act. */
export const endSettingsDraft = (
  sql: SqlStorage,
  id: string,
  { state, reason, by }: End,
  now: number,
): void => {
  sql.exec(
    `UPDATE settings_draft SET state = ?, reason = coalesce(?, reason), decided_at = ?, decided_by = coalesce(?, decided_by),
       decider_name = coalesce(?, decider_name) WHERE id = ?`,
    ...[state, reason, now, by?.id ?? null, by?.name ?? null, id],
  )
  sql.exec('UPDATE settings_draft SET wrapped_key = NULL, body = NULL WHERE id = ?', id)
}

/** Erases what was decided long ago, and ends what nobody decided in time. */
export const tidySettings = (sql: SqlStorage, now: number): void => {
  sql.exec('DELETE FROM settings_draft WHERE created_at <= ?', now - KEPT_MS)
  const expired = sql.exec<Row>(
    `UPDATE settings_draft SET state = 'expired', decided_at = expires_at, wrapped_key = NULL, body = NULL
     WHERE state = 'pending' AND expires_at <= ? RETURNING ${COLUMNS}`,
    now,
  )
  for (const row of expired.toArray()) recordEnd(sql, draftOf(row, now), 'expired', null, now)
}

/** When `tidySettings` has something to end next; null: nothing waits. */
export const nextSettingsEnd = (sql: SqlStorage): number | null =>
  earliestOf(sql, "SELECT min(expires_at) AS at FROM settings_draft WHERE state = 'pending'")
