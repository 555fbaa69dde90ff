/** Rows that say how all settings were, so that they can be read back although older rows are gone. */
import { snapshotRows, type Target, type Values } from '../../rules/history/changes.ts'
import { wholeSnapshots } from '../../rules/history/rebuild.ts'
import { appendAudit, lastNumber } from '../tables/audit.ts'
import * as rows from '../tables/audit-settings.ts'
import type { SnapshotEntry } from './entry.ts'
import { settingsUpTo } from './history.ts'
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
 * Call this before rows are removed: keeps what they say of settings, as it was after the last of them.
 * @param upTo number of the last row that is to be removed
 * @param now milliseconds since the epoch
 * @returns number of the last row that may be removed
 */
export const keepSettings = (sql: SqlStorage, upTo: number, now: number): number => {
  const last = rows.endOfChange(sql, upTo)
  const known = wholeSnapshots(rows.snapshotHeads(sql)).filter(
    ({ from, as_of_seq }) => from > last && as_of_seq <= last,
  )
  const after = Math.max(...known.map(({ as_of_seq }) => as_of_seq), -1)
  if (after >= 0 && rows.changedRows(sql, { after, upTo: last }).length === 0) return last
  const settings = settingsUpTo(sql, last).all()
  const as_of = rows.momentOf(sql, last)
  if (settings.length > 0 && as_of !== null)
    write(sql, { why: 'retention', as_of, as_of_seq: last }, settings, now)
  return last
}
