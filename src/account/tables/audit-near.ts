/** Rows of the trail around a moment: those of one request lie close together. Times are milliseconds since the epoch. */
import type { TypedRow } from './audit.ts'

export type { TypedRow } from './audit.ts'

/** A request takes no longer from its first row to its last, whichever way a clock was set meanwhile. */
const NEAR_MS = 300_000
/** A request about that many suppliers leaves a row for each. */
const MOST = 500

/** Rows of a type in whose text something stands, around a moment. */
export const rowsNear = (sql: SqlStorage, type: string, at: number, text: string): TypedRow[] =>
  sql
    .exec<TypedRow>(
      `SELECT seq, at, entry, hash, type FROM audit INDEXED BY audit_by_type
       WHERE type <> 'mcp' AND type = ? AND at BETWEEN ? AND ? AND instr(entry, ?) > 0 LIMIT ${MOST}`,
      ...[type, at - NEAR_MS, at + NEAR_MS, text],
    )
    .toArray()
