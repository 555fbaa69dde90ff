/** Verification of a whole trail in the background, and how the trail stands. Times are milliseconds since the epoch. */
import type { Env } from '../../core/env.ts'
import { type PushStatus, pushStatus } from '../push/pusher.ts'
import * as rows from '../tables/audit.ts'
import type { Trail } from './trail.ts'

export type TrailStatus = rows.AuditSize & {
  rows: number
  oldest_at: number | null
  /** Rows that went, of age or for want of room. */
  removed: number
  fullness: rows.Fullness
  /** Null: there never was one. */
  verification: rows.Verification | null
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
    verification: rows.readVerification(sql),
    push: pushStatus(sql, env),
  }
}

/** Whether some of the trail waits to be verified. */
export const isVerifying = (sql: SqlStorage): boolean => rows.readVerification(sql)?.ended_at === null

/** Begins at the checkpoint, unless one is under way. */
export const beginVerification = (sql: SqlStorage, now: number): void => {
  if (isVerifying(sql)) return
  const { rows: rows_in_all } = rows.auditExtent(sql)
  const nothing = { ended_at: null, checked: 0, broken_at: null, last: null }
  rows.writeVerification(sql, { started_at: now, rows_in_all, ...nothing })
}

/** Verifies the next rows, where a verification is under way. */
export const goOnVerifying = async (sql: SqlStorage, trail: Trail): Promise<void> => {
  const before = rows.readVerification(sql)
  if (before?.ended_at !== null) return
  const { rows: checked, rows_in_all, broken_at, last, next } = await trail.verify(before.last)
  rows.writeVerification(sql, {
    started_at: before.started_at,
    ended_at: next ? null : Date.now(),
    checked: before.checked + checked,
    rows_in_all,
    broken_at,
    last,
  })
}
