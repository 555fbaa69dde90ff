/** Rows of the trail that say what settings were: changes of them, and snapshots. */
import type { SnapshotRow } from '../../rules/history/rebuild.ts'
import type { ManagementEntry } from '../audit/entry.ts'
import type { SnapshotEntry } from '../audit/own-entries.ts'
import { allRows, columnOf, firstRow } from './rows.ts'

/** Rows of a type, by the index that leaves out calls, which are most rows. */
const of = (type: 'management' | 'snapshot' | 'gap') =>
  `audit INDEXED BY audit_by_type WHERE type <> 'mcp' AND type = '${type}'`
const CHANGES = `${of('management')} AND entry ->> '$.target_kind' IS NOT NULL`

/** Far enough back to find what a request wrote a moment ago. */
const LATEST = 50

/** Entries of the newest actions. */
export const latestManagement = (sql: SqlStorage): string[] =>
  columnOf<string>(sql, `SELECT entry FROM ${of('management')} ORDER BY at DESC, seq DESC LIMIT ${LATEST}`)

/** Bounds of rows: after the one, up to the other, and up to a moment in milliseconds since the epoch. */
export type Within = { after: number; upTo?: number; until?: number }

export type ChangedRow = { seq: number; at: number; entry: ManagementEntry }

type Row = { seq: number; at: number; entry: string }

/** Rows of changes in order. */
export const changedRows = (
  sql: SqlStorage,
  { after, upTo = Number.MAX_SAFE_INTEGER, until = Number.MAX_SAFE_INTEGER }: Within,
): ChangedRow[] =>
  allRows<Row>(
    sql,
    `SELECT seq, at, entry FROM ${CHANGES} AND seq > ? AND seq <= ? AND at <= ? ORDER BY seq`,
    ...[after, upTo, until],
  ).map(({ seq, at, entry }) => ({ seq, at, entry: JSON.parse(entry) }))

/** When the first change was recorded; null: none was. */
export const firstChange = (sql: SqlStorage): number | null =>
  firstRow<{ at: number }>(sql, `SELECT at FROM ${CHANGES} ORDER BY seq LIMIT 1`)?.at ?? null

/** Rows of snapshots in order, without what they hold. */
export const snapshotHeads = (sql: SqlStorage) =>
  allRows<Omit<SnapshotRow, 'targets'>>(
    sql,
    `SELECT seq, entry ->> '$.why' AS why, entry ->> '$.as_of' AS as_of, entry ->> '$.as_of_seq' AS as_of_seq, entry ->> '$.part' AS part,
         entry ->> '$.parts' AS parts FROM ${of('snapshot')} ORDER BY seq`,
  )

/** What the rows of one snapshot hold, in order. @param from number of its first row @param to of its last */
export const snapshotTargets = (sql: SqlStorage, from: number, to: number): SnapshotEntry['targets'] =>
  allRows<{ entry: string }>(
    sql,
    `SELECT entry FROM ${of('snapshot')} AND seq >= ? AND seq <= ? ORDER BY seq`,
    ...[from, to],
  ).flatMap(({ entry }) => (JSON.parse(entry) as SnapshotEntry).targets)

/** Rows that could not be written, between a row and a moment. */
export const gapsBetween = (sql: SqlStorage, after: number, until: number): { at: number; lost: number }[] =>
  allRows<{ at: number; lost: number }>(
    sql,
    `SELECT at, entry ->> '$.lost' AS lost FROM ${of('gap')} AND seq > ? AND at <= ? ORDER BY seq`,
    ...[after, until],
  )

/** The row that a retention reaches to: one in the middle of a change would tear it. */
export const endOfChange = (sql: SqlStorage, seq: number): number => {
  const row = firstRow<{ part: number | null; parts: number | null; type: string }>(
    sql,
    "SELECT type, entry ->> '$.part' AS part, entry ->> '$.parts' AS parts FROM audit WHERE seq = ?",
    seq,
  )
  return row?.type === 'management' && row.part !== null && row.part !== row.parts ? seq - row.part : seq
}

/** Number of the newest row up to a moment, in milliseconds since the epoch; 0: there is none. */
export const lastUntil = (sql: SqlStorage, until: number): number =>
  firstRow<{ seq: number }>(
    sql,
    'SELECT seq FROM audit WHERE at <= ? ORDER BY at DESC, seq DESC LIMIT 1',
    until,
  )?.seq ?? 0

/** When a row was written; null: it is not there. */
export const momentOf = (sql: SqlStorage, seq: number): number | null =>
  firstRow<{ at: number }>(sql, 'SELECT at FROM audit WHERE seq = ?', seq)?.at ?? null
