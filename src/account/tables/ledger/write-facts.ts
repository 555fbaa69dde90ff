/** What rows of the trail say of a write besides its key: whose it is, and how much money it is about. */
import type { AboutWrite, WriteEntry } from '../../audit/entry.ts'
import { entryIn } from '../../audit/stored.ts'
import { firstRow } from '../rows.ts'
import { type Change, readChange } from './changes.ts'

type Facts = Pick<WriteEntry, 'mcp_server_id' | 'tool_name'> & AboutWrite

type Row = Pick<Facts, 'mcp_server_id' | 'tool_name'> & {
  name: string | null
  cents: number | null
  suppliers: number
  claimed_at: number
  request_id: string
  change: string | null
}

/** Amounts of a write in the words of a row; nothing where it moves no money. @param name null: the server is gone */
export const aboutWrite = (name: string | null, cents: number, suppliers: number): AboutWrite => ({
  ...(name !== null && { mcp_server_name: name }),
  ...(cents > 0 && { cents, suppliers }),
})

/** Two are read at a glance; more are counted. */
const MOST_NAMED = 2

/** What whom it pays is called. @param names by id, as far as they were read */
export const namedSuppliers = (
  ids: ReadonlySet<string>,
  names: Readonly<Record<string, string>> = {},
): Pick<AboutWrite, 'supplier_names'> => {
  const named = [...ids].flatMap((id) => (Object.hasOwn(names, id) ? [names[id]!] : []))
  const isWhole = named.length === ids.size && named.length > 0 && named.length <= MOST_NAMED
  return isWhole ? { supplier_names: named } : {}
}

type Told = Pick<AboutWrite, 'person_id' | 'person_name' | 'supplier_names'>

/** Who stood behind a write, and whom it pays, as the row said that began it. @param at when it was drafted or claimed; nothing where that row is gone */
export const toldOf = (sql: SqlStorage, key: string, at: number): Told => {
  const row = firstRow<{ entry: string }>(
    sql,
    `SELECT entry FROM audit INDEXED BY audit_by_type WHERE type <> 'mcp' AND type = 'write' AND at = ?
       AND entry ->> '$.idempotency_key' = ? ORDER BY seq DESC LIMIT 1`,
    ...[at, key],
  )
  const { person_id, person_name, supplier_names } = (row ? entryIn(row.entry) : {}) as Told
  return {
    ...(person_id && { person_id }),
    ...(person_name && { person_name }),
    ...(supplier_names && { supplier_names }),
  }
}

/** A claim with what rows say of it, and with the change of a payee whose outcome it has still to tell. */
export type Claimed = { claimed_at: number; request_id: string; change: Change | null; facts: Facts }

/** Of the write under a key; asked before it is settled, which may release its money. Null when there is none. */
export const claimedUnder = (sql: SqlStorage, key: string): Claimed | null => {
  const row = firstRow<Row>(
    sql,
    `SELECT server_id AS mcp_server_id, tool AS tool_name, claimed_at, request_id, change,
       (SELECT name FROM server WHERE server.id = ledger.server_id) AS name, moved.cents, moved.suppliers
     FROM ledger, (SELECT sum(cents) AS cents, count(DISTINCT supplier) AS suppliers FROM movement
       WHERE key = ?1 AND at = (SELECT claimed_at FROM ledger WHERE key = ?1)) AS moved
     WHERE key = ?1`,
    key,
  )
  if (!row) return null
  const { name, cents, suppliers, claimed_at, request_id, change, ...of } = row
  const facts = { ...of, ...aboutWrite(name, cents ?? 0, suppliers), ...toldOf(sql, key, claimed_at) }
  return { claimed_at, request_id, change: readChange(change), facts }
}
