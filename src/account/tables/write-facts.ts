/** What rows of the trail say of a write besides its key: whose it is, and how much money it is about. */
import type { AboutWrite, WriteEntry } from '../audit/entry.ts'
import { firstRow } from './rows.ts'

type Facts = Pick<WriteEntry, 'mcp_server_id' | 'tool_name'> & AboutWrite

type Row = Pick<Facts, 'mcp_server_id' | 'tool_name'> & {
  name: string | null
  cents: number | null
  suppliers: number
}

/** Amounts of a write in the words of a row; nothing where it moves no money. @param name null: the server is gone */
export const aboutWrite = (name: string | null, cents: number, suppliers: number): AboutWrite => ({
  ...(name !== null && { mcp_server_name: name }),
  ...(cents > 0 && { cents, suppliers }),
})

/** Of the write under a key; asked before it is settled, which may release its money. Null when there is none. */
export const writeFacts = (sql: SqlStorage, key: string): Facts | null => {
  const row = firstRow<Row>(
    sql,
    `SELECT server_id AS mcp_server_id, tool AS tool_name,
       (SELECT name FROM server WHERE server.id = ledger.server_id) AS name, moved.cents, moved.suppliers
     FROM ledger, (SELECT sum(cents) AS cents, count(DISTINCT supplier) AS suppliers FROM movement
       WHERE key = ?1 AND at = (SELECT claimed_at FROM ledger WHERE key = ?1)) AS moved
     WHERE key = ?1`,
    key,
  )
  if (!row) return null
  const { name, cents, suppliers, ...of } = row
  return { ...of, ...aboutWrite(name, cents ?? 0, suppliers) }
}
