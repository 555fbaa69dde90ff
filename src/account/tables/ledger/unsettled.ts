/** Writes of the ledger with all that is known of them, and those that nobody has settled. Times are milliseconds since the epoch. */
import { CLAIM_MS } from '../../../rules/ledger.ts'
import type { LastLook } from '../../../rules/unknown.ts'
import type { Earlier, Target } from '../../../rules/write-contract.ts'
import { allRows, countRows, firstRow } from '../rows.ts'
import { COLUMNS, earlierOf, IN_PART, type LedgerColumns } from './ledger.ts'
import { centsOf } from './reserved.ts'

/** A write as `resolve_finexio_write` needs it: what it was to make, in the order of its rows. */
export type Written = Earlier & {
  serverId: string
  /** Of the call that claimed it. */
  requestId: string
  target: Target
  subjects: Uint8Array[]
  /** Which record became of each subject, as Finexio's answer said; null: it did not. */
  records: (string | null)[]
  /** What each row of a batch was to pay, by its position, as far as that is kept. */
  sentCents: Map<number, number>
  claimedAt: number
  /** Null: nobody has looked since, or it was settled. */
  look: LastLook | null
  /** The first whole look that did not find it. */
  absentSince: number | null
  /** Null: version 0.1.0 did not keep it. */
  calledBy: string[] | null
}

type WrittenRow = LedgerColumns & {
  requestId: string
  target: string
  claimedAt: number
  look: string | null
  absentSince: number | null
  calledBy: string | null
}

const WRITTEN = `${COLUMNS}, request_id AS requestId, target, claimed_at AS claimedAt, look, absent_since AS absentSince, called_by AS calledBy`

const parsed = <Value>(text: string | null): Value | null => (text === null ? null : JSON.parse(text))

const writtenOf = (sql: SqlStorage, row: WrittenRow): Written => {
  const rows = allRows<{ digest: ArrayBuffer; record_id: string | null }>(
    sql,
    'SELECT digest, record_id FROM ledger_subject WHERE key = ? ORDER BY position',
    row.key,
  )
  const subjects = rows.map(({ digest }) => new Uint8Array(digest))
  const records = rows.map(({ record_id }) => record_id)
  const { serverId, requestId, target, claimedAt, look, absentSince, calledBy } = row
  return {
    ...earlierOf(row),
    ...{ serverId, requestId, target: JSON.parse(target), subjects, records, claimedAt, absentSince },
    sentCents: centsOf(sql, row.key, claimedAt),
    look: parsed<LastLook>(look),
    calledBy: parsed<string[]>(calledBy),
  }
}

/** Whether nobody knows what became of it, in whole or in part. */
export const isOpen = ({ state, kept }: Written): boolean =>
  state === 'unknown' || ((state === 'rejected' || state === 'succeeded') && kept?.partial === true)

/** Null when it was never made or is forgotten. */
export const selectWritten = (sql: SqlStorage, key: string): Written | null => {
  const row = firstRow<WrittenRow>(sql, `SELECT ${WRITTEN} FROM ledger WHERE key = ?`, key)
  return row ? writtenOf(sql, row) : null
}

/** Keeps what a look showed of a write that is not settled by it. @param requestId of the claim that was looked for */
export const noteLook = (
  sql: SqlStorage,
  { key, requestId }: Pick<Written, 'key' | 'requestId'>,
  look: LastLook,
  absentSince: number | null,
): void => {
  sql.exec(
    `UPDATE ledger SET look = ?, absent_since = ?
     WHERE key = ? AND request_id = ? AND (state IN ('claimed', 'unknown') OR (${IN_PART}))`,
    ...[JSON.stringify(look), absentSince, key, requestId],
  )
}

const UNSETTLED = `ledger WHERE state = 'unknown' OR (state = 'claimed' AND abs(? - claimed_at) >= ${CLAIM_MS}) OR (${IN_PART})`

/** How many there are of which nobody knows what became of them. */
export const countUnsettled = (sql: SqlStorage, now: number): number => countRows(sql, UNSETTLED, now)

/** Writes whose outcome is unknown, or that were refused in part, newest first. @param offset how many were read before */
export const selectUnsettled = (
  sql: SqlStorage,
  { limit, offset }: { limit: number; offset: number },
  now: number,
): { writes: Written[]; next: number | null } => {
  const rows = allRows<WrittenRow>(
    sql,
    `SELECT ${WRITTEN} FROM ${UNSETTLED} ORDER BY claimed_at DESC, key LIMIT ? OFFSET ?`,
    ...[now, limit + 1, offset],
  )
  const writes = rows.slice(0, limit).map((row) => writtenOf(sql, row))
  return { writes, next: rows.length > limit ? offset + limit : null }
}
