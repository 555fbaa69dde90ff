/** Invoices that left through one MCP server and that the ledger still has. Times are milliseconds since the epoch. */
import { presentState } from '../../../rules/ledger.ts'
import type { Earlier, WriteState } from '../../../rules/write-contract.ts'
import { allRows, firstRow } from '../rows.ts'
import { COLUMNS, earlierOf, IN_PART, type LedgerColumns } from './ledger.ts'

export type PaidPair = { buyer: string; supplier: string }

/** Who paid whom in writes that the ledger has, newest first. @param supplier null: whoever */
export const selectPairs = (
  sql: SqlStorage,
  serverId: string,
  { supplier, most }: { supplier: string | null; most: number },
): PaidPair[] =>
  allRows<PaidPair>(
    sql,
    `SELECT buyer, supplier FROM movement
       JOIN ledger ON ledger.key = movement.key AND ledger.claimed_at = movement.at
     WHERE movement.server_id = ? AND at >= (SELECT min(claimed_at) FROM ledger) AND supplier = coalesce(?, supplier)
     GROUP BY buyer, supplier ORDER BY max(at) DESC LIMIT ?`,
    ...[serverId, supplier, most],
  )

/** A write that was to make a record. `unknown`: nobody knows whether Finexio has it, also where it took only others of that write. */
export type SentRecord = Pick<Earlier, 'key' | 'tool'> & {
  claimedAt: number
  state: Extract<WriteState, 'claimed' | 'succeeded' | 'unknown'>
}

type Row = LedgerColumns & { claimedAt: number; unnamed: 0 | 1 }

const stateOf = (row: Row, now: number): SentRecord['state'] => {
  const { state } = presentState(earlierOf(row), now)
  return state === 'claimed' || (state === 'succeeded' && row.unnamed === 0) ? state : 'unknown'
}

/** By which write a record left, one of unknown outcome before the latest; null: by none. */
export const selectSent = (
  sql: SqlStorage,
  serverId: string,
  digest: Uint8Array,
  now: number,
): SentRecord | null => {
  const row = firstRow<Row>(
    sql,
    `SELECT ${COLUMNS}, claimed_at AS claimedAt,
         record_id IS NULL AND EXISTS (
           SELECT 1 FROM movement WHERE movement.key = ledger.key AND at = claimed_at AND unsure = 1) AS unnamed
       FROM ledger_subject JOIN ledger USING (key)
       WHERE digest = ? AND server_id = ? AND (state IN ('claimed', 'unknown', 'succeeded') OR (${IN_PART}))
       ORDER BY state = 'succeeded', claimed_at DESC LIMIT 1`,
    ...[digest, serverId],
  )
  return row ? { key: row.key, tool: row.tool, claimedAt: row.claimedAt, state: stateOf(row, now) } : null
}
