/** Rows that say how all settings were, so that they can be read back although older rows are gone. */
import { snapshotRows, type Target, type Values } from '../../rules/history/changes.ts'
import { wholeSnapshots } from '../../rules/history/rebuild.ts'
import { appendAudit, type KeepSettings, lastNumber } from '../tables/audit.ts'
import * as rows from '../tables/audit-settings.ts'
import { settingsUpTo } from './history.ts'
import type { SnapshotEntry } from './own-entries.ts'
import { allSettings } from './settings-now.ts'

type Moment = Pick<SnapshotEntry, 'why' | 'as_of' | 'as_of_seq'>

const write = (
  sql: SqlStorage,
  moment: Moment,
  settings: readonly (Target & { values: Values })[],
  now: number,
): void => {
  const parts = snapshotRows(settings)
  for (const [at, targets] of parts.entries())
    appendAudit(sql, { type: 'snapshot', ...moment, part: at + 1, parts: parts.length, targets }, now)
}

/** How everything is stored now. For an object whose tables were just brought up to date. */
export const snapshotOfNow = (sql: SqlStorage, now: number): void => {
  const settings = allSettings(sql)
  if (settings.length === 0) return
  write(sql, { why: 'migration', as_of: now, as_of_seq: lastNumber(sql) }, settings, now)
}

/**
 * Keeps what rows say of settings before they are removed: as it was after the last row that will go, so that one snapshot serves
 * all slices of a day.
 */
export const keepSettings: KeepSettings = (sql, { upTo, outlived, now }) => {
  const last = outlived === null ? upTo : Math.max(upTo, rows.lastUntil(sql, outlived))
  const end = rows.endOfChange(sql, last)
  const known = wholeSnapshots(rows.snapshotHeads(sql)).filter(
    ({ from, as_of_seq }) => from > upTo && as_of_seq <= end,
  )
  const after = Math.max(...known.map(({ as_of_seq }) => as_of_seq), -1)
  if (after >= 0 && rows.changedRows(sql, { after, upTo: end }).length === 0) return Math.min(upTo, end)
  const settings = settingsUpTo(sql, end).all()
  const as_of = rows.momentOf(sql, end)
  if (settings.length > 0 && as_of !== null)
    write(sql, { why: 'retention', as_of, as_of_seq: end }, settings, now)
  return Math.min(upTo, end)
}
