/** Verification of a whole trail in the background, and how the trail stands. Times are milliseconds since the epoch. */
import type { Env } from '../../core/env.ts'
import { type PushStatus, pushStatus } from '../push/pusher.ts'
import * as rows from '../tables/audit.ts'
import type { Link } from './chain.ts'
import type { Trail } from './trail.ts'

/** A verification that runs in the background, or the last that did. Times are milliseconds since the epoch. */
export type Verification = {
  started_at: number
  /** Null: it is under way. */
  ended_at: number | null
  /** Rows checked so far, and of the whole trail by then. */
  checked: number
  rows_in_all: number
  broken_at: number | null
  /** The last row that was checked; null: none was. */
  last: Link | null
}

/** Null: there never was one. */
const readVerification = (sql: SqlStorage): Verification | null =>
  JSON.parse(
    sql.exec<{ verification: string | null }>('SELECT verification FROM audit_state').one().verification ??
      'null',
  )

const writeVerification = (sql: SqlStorage, verification: Verification): void => {
  sql.exec('UPDATE audit_state SET verification = ?', JSON.stringify(verification))
}

export type TrailStatus = rows.AuditSize & {
  rows: number
  oldest_at: number | null
  /** Rows that went, of age or for want of room. */
  removed: number
  fullness: rows.Fullness
  /** Null: there never was one. */
  verification: Verification | null
  /** Null: rows are sent to no collector. */
  push: PushStatus | null
}

export const trailStatus = (sql: SqlStorage, env: Env): TrailStatus => {
  const size = rows.auditSize(sql)
  return {
    ...size,
    ...rows.auditExtent(sql),
    removed: rows.checkpointOf(sql).removed,
    fullness: rows.fullnessOf(size),
    verification: readVerification(sql),
    push: pushStatus(sql, env),
  }
}

/** Whether some of the trail waits to be verified. */
export const isVerifying = (sql: SqlStorage): boolean => readVerification(sql)?.ended_at === null

/** Begins at the checkpoint, unless one is under way. */
export const beginVerification = (sql: SqlStorage, now: number): void => {
  if (isVerifying(sql)) return
  const { rows: rows_in_all } = rows.auditExtent(sql)
  const nothing = { ended_at: null, checked: 0, broken_at: null, last: null }
  writeVerification(sql, { started_at: now, rows_in_all, ...nothing })
}

/** Verifies the next rows, where a verification is under way. */
export const goOnVerifying = async (sql: SqlStorage, trail: Trail): Promise<void> => {
  const before = readVerification(sql)
  if (before?.ended_at !== null) return
  const { rows: checked, rows_in_all, broken_at, last, next } = await trail.verify(before.last)
  writeVerification(sql, {
    started_at: before.started_at,
    ended_at: next ? null : Date.now(),
    checked: before.checked + checked,
    rows_in_all,
    broken_at,
    last,
  })
}
