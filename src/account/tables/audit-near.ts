/** Rows of the trail around a moment: those of one request lie close together. Times are milliseconds since the epoch. */
import { entryIn } from '../audit/stored.ts'
import { auditExtent, checkpointOf, type TypedRow } from './audit.ts'
import { allRows } from './rows.ts'

export type { TypedRow } from './audit.ts'

/** A request takes no longer from its first row to its last, whichever way a clock was set meanwhile. */
export const NEAR_MS = 300_000

/** Rows of a type that a request left; its id in a text of another row, where anybody may write it, counts for nothing. */
export type Near = (type: string, requestId: string) => readonly TypedRow[]

const idOf = ({ entry }: TypedRow): string => String(entryIn(entry).request_id)

const rowsOf = (sql: SqlStorage, type: string, slice: readonly TypedRow[]): TypedRow[] =>
  allRows<TypedRow>(
    sql,
    `SELECT seq, at, entry, hash, type FROM audit INDEXED BY audit_by_type
       WHERE type <> 'mcp' AND type = ? AND at BETWEEN ? AND ?
         AND entry ->> '$.request_id' IN (SELECT value FROM json_each(?))`,
    ...[type, slice.at(-1)!.at - NEAR_MS, slice[0]!.at + NEAR_MS, JSON.stringify(slice.map(idOf))],
  )

/**
 * What else the requests of some rows left: the trail is looked through once for all of them, since others may have left very many
 * rows in these minutes.
 * @param slice newest first
 */
export const nearTo = (sql: SqlStorage, slice: readonly TypedRow[]): Near => {
  const own = slice.filter(({ type }) => type !== 'mcp')
  const found = new Map<string, Map<string, TypedRow[]>>()
  return (type, requestId) => {
    const known = found.get(type) ?? Map.groupBy(own.length > 0 ? rowsOf(sql, type, own) : [], idOf)
    found.set(type, known)
    return known.get(requestId) ?? []
  }
}

/** Since when no row is missing: the moment of the oldest where older ones went; 0: since the beginning. */
export const wholeSince = (sql: SqlStorage): number =>
  checkpointOf(sql).removed === 0 ? 0 : (auditExtent(sql).oldest_at ?? Number.MAX_SAFE_INTEGER)
