/** Settings at a moment, read back out of the trail of one object: no table of settings is looked at. Times are milliseconds since the epoch. */
import type { Target, Values } from '../../rules/history/changes.ts'
import { type ChangeRow, Settings, told, wholeSnapshots } from '../../rules/history/rebuild.ts'
import type { Difference } from '../../rules/who/loosens.ts'
import { checkpointOf } from '../tables/audit.ts'
import * as rows from '../tables/audit-settings.ts'
import type { ManagementEntry } from './entry.ts'

/** A change with who made it and who agreed. */
export type PastChange = {
  seq: number
  at: number
  target: Target & { name: string | null }
  made: ChangeRow['made']
  changes: Difference[]
  by: Pick<
    ManagementEntry,
    | 'request_id'
    | 'action'
    | 'actor_id'
    | 'actor_name'
    | 'actor_kind'
    | 'settings_draft_id'
    | 'agreed_by'
    | 'agreed_by_name'
    | 'agreed_reason'
  >
}

export type Past = {
  /** Everything that there was at the moment, also what had ended by itself; empty where the moment is not kept. */
  settings: (Target & { values: Values })[]
  /** Since when settings can be read back; null: not at all. */
  kept_since: number | null
  /** Rows that were lost before the moment. */
  gaps: { at: number; lost: number }[]
  /** Changes up to the moment, newest first, of one target where it was asked for. */
  changes: PastChange[]
}

type Row = ChangeRow & { entry: ManagementEntry }

const rowOf = ({ seq, at, entry }: rows.ChangedRow): Row => {
  const { target_kind, target_id, made, changes, part = 1, parts = 1 } = entry
  const id = target_id ?? 'deployment'
  return { seq, at, kind: target_kind!, id, made: made!, steps: changes!, part, parts, entry }
}

/** The newest snapshot that says how things were at a row or moment at the latest; before all of them: nothing. */
const baseOf = (sql: SqlStorage, fits: (snapshot: { as_of: number; as_of_seq: number }) => boolean) => {
  const whole = wholeSnapshots(rows.snapshotHeads(sql))
  const base = whole
    .filter(fits)
    .sort((a, b) => a.as_of_seq - b.as_of_seq)
    .at(-1)
  const settings = new Settings()
  if (base) settings.shoot(rows.snapshotTargets(sql, base.from, base.to))
  return { settings, since: base ?? null, whole }
}

/** Settings as they were after a row. */
export const settingsUpTo = (sql: SqlStorage, seq: number): Settings => {
  const { settings, since } = baseOf(sql, ({ as_of_seq }) => as_of_seq <= seq)
  told(settings, rows.changedRows(sql, { after: since?.as_of_seq ?? 0, upTo: seq }).map(rowOf))
  return settings
}

const keptSince = (sql: SqlStorage, whole: readonly { as_of: number }[]): number | null => {
  const first = checkpointOf(sql).removed === 0 ? rows.firstChange(sql) : null
  const known = [...whole.map(({ as_of }) => as_of), ...(first === null ? [] : [first])]
  return known.length === 0 ? null : Math.min(...known)
}

const isOf = ({ kind, id }: Target, target: Target | null): boolean =>
  target === null || (kind === target.kind && id === target.id)

const pastChange = ({ row, changes }: { row: Row; changes: Difference[] }): PastChange => {
  const { seq, at, kind, id, made, entry } = row
  const { request_id, action, actor_id, actor_name, actor_kind } = entry
  const { settings_draft_id, agreed_by, agreed_by_name, agreed_reason } = entry
  const agreed = { settings_draft_id, agreed_by, agreed_by_name, agreed_reason }
  const by = { request_id, action, actor_id, actor_name, actor_kind, ...agreed }
  return { seq, at, target: { kind, id, name: entry.target_name ?? null }, made, changes, by }
}

/**
 * @param at the moment
 * @param target whose changes are told, as far back as they are kept; null: of everything
 */
export const pastOf = (sql: SqlStorage, at: number, target: Target | null): Past => {
  const { settings, since, whole } = baseOf(sql, ({ as_of }) => as_of <= at)
  const after = since?.as_of_seq ?? 0
  const kept_since = keptSince(sql, whole)
  const isKept = kept_since !== null && kept_since <= at
  // What changed before the snapshot is told as far as its rows are there.
  const oldest = whole.toSorted((a, b) => a.as_of_seq - b.as_of_seq)[0]
  const older = new Settings()
  if (oldest && oldest.as_of_seq < after) older.shoot(rows.snapshotTargets(sql, oldest.from, oldest.to))
  const earlier = rows.changedRows(sql, { after: oldest?.as_of_seq ?? 0, upTo: after }).map(rowOf)
  const later = rows.changedRows(sql, { after, until: at }).map(rowOf)
  const changes = [...told(older, earlier), ...told(settings, later)].filter(({ row }) => isOf(row, target))
  return {
    settings: isKept ? settings.all() : [],
    kept_since,
    gaps: rows.gapsBetween(sql, after, at),
    changes: changes.map(pastChange).toReversed(),
  }
}
