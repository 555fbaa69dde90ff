/** A trail within an object: filled as quickly as its chain allows, and what a call costs it. The tests use it as well. */
import { hashOf } from '../../src/account/audit/chain.ts'
import type { CallEntry } from '../../src/account/audit/entry.ts'
import { storedText } from '../../src/account/audit/stored.ts'
import { appendAudit, checkpointOf, headOf } from '../../src/account/tables/audit.ts'
import { awaitsCount, countCalls } from '../../src/account/tables/usage.ts'

const AT_ONCE = 1_000

/** A read call as a chat client makes it through a URL. */
export const readCall: CallEntry = {
  type: 'mcp',
  request_id: 'd616542c-286c-4a39-a992-60db757ffb5c',
  mcp_server_id: '0b0f4a5e-8a5e-4d3c-9d1e-5f8f0d9a7c11',
  mcp_server_name: 'Month-end close',
  mcp_method: 'tools/call',
  tool_name: 'list_all_finexio_payments',
  resource: 'payments',
  method: 'list',
  effect: 'read',
  outcome: 'succeeded',
  http_status_code: 200,
  http_method: 'GET',
  http_url: '/payments/',
  upstream_requests: 1,
  duration: 143,
  fetch_duration: 131,
  result_count: 50,
  client_name: 'claude-ai',
  client_version: '0.1.0',
  caller_id: null,
  caller_name: null,
  oauth_grant_id: null,
  oauth_client_id: null,
  oauth_client_name: null,
  arguments_digest: 'ab'.repeat(32),
  reason: null,
}

/**
 * Adds rows of calls after the newest row, with the hashes that they would have had.
 * @param first moment of the first of them, in milliseconds since the epoch @param step milliseconds from one to the next
 */
export const fillTrail = (sql: SqlStorage, count: number, first: number, step: number): void => {
  const entry = storedText(readCall)
  let last = headOf(sql) ?? checkpointOf(sql)
  for (let done = 0; done < count; done += AT_ONCE) {
    const from = { seq: last.seq + 1, at: first + done * step }
    const hashes = Array.from({ length: Math.min(AT_ONCE, count - done) }, (_, index) => {
      const row = { seq: from.seq + index, at: from.at + index * step, entry }
      last = { seq: row.seq, hash: hashOf(last.hash, row) }
      return last.hash
    })
    sql.exec(
      "INSERT INTO audit (seq, at, type, entry, hash) SELECT ? + key, ? + key * ?, 'mcp', ?, value FROM json_each(?)",
      ...[from.seq, from.at, step, entry, JSON.stringify(hashes)],
    )
  }
}

/** Rows that whatever `work` does is billed for. */
const billed = (sql: SqlStorage, work: (counting: SqlStorage) => void): number => {
  let written = 0
  work({
    exec: (...args: Parameters<SqlStorage['exec']>) => {
      const cursor = sql.exec(...args)
      const rows = cursor.toArray()
      written += cursor.rowsWritten
      return { toArray: () => rows, one: () => rows[0] }
    },
  } as unknown as SqlStorage)
  return written
}

/** Billed rows (the cursor's `rowsWritten`) and bytes (`databaseSize`) of one read call, its count included. */
export type CallCost = { rows: number; bytes: number }

/** The mean over so many calls. */
export const costOfCall = (sql: SqlStorage, calls: number): CallCost => {
  const before = sql.databaseSize
  let rows = 0
  for (let count = 0; count < calls; count++)
    rows += billed(sql, (counting) => {
      const now = 1_764_000_000_000 + count
      appendAudit(counting, readCall, now)
      if (awaitsCount(counting)) countCalls(counting, now)
    })
  return { rows: rows / calls, bytes: (sql.databaseSize - before) / calls }
}
