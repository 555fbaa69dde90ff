/** Rows of the trail around a moment: those of one request lie close together. Times are milliseconds since the epoch. */
import { auditExtent, checkpointOf, type TypedRow } from './audit.ts'

export type { TypedRow } from './audit.ts'

/** A request takes no longer from its first row to its last, whichever way a clock was set meanwhile. */
export const NEAR_MS = 300_000
/** A request about that many suppliers leaves a row for each. */
const MOST = 500

/** Rows of a type that one request left, around a moment. Its id in a text of another row, where anybody may write it, counts for nothing. */
export const rowsNear = (sql: SqlStorage, type: string, at: number, requestId: string): TypedRow[] =>
  sql
    .exec<TypedRow>(
      `SELECT seq, at, entry, hash, type FROM audit INDEXED BY audit_by_type
       WHERE type <> 'mcp' AND type = ? AND at BETWEEN ? AND ? AND instr(entry, ?) > 0
         AND entry ->> '$.request_id' = ? LIMIT ${MOST}`,
      ...[type, at - NEAR_MS, at + NEAR_MS, requestId, requestId],
    )
    .toArray()

/** Since when no row is missing: the moment of the oldest where older ones went; 0: since the beginning. */
export const wholeSince = (sql: SqlStorage): number =>
  checkpointOf(sql).removed === 0 ? 0 : (auditExtent(sql).oldest_at ?? Number.MAX_SAFE_INTEGER)
