/** The chain of the audit trail: each row's hash covers the row and the hash before it, so that no row can be changed, moved or taken out unseen. */
import { hexOf } from '../../core/bytes.ts'
import type { AuditRow } from './entry.ts'

/** What the first row follows. */
export const GENESIS = '0'.repeat(64)

/** SHA-256 over the hash before, the number, the moment and the text of a row. */
const hashOf = async (before: string, { seq, at, entry }: Omit<AuditRow, 'hash'>): Promise<string> => {
  const text = new TextEncoder().encode(`${before}\n${seq}\n${at}\n${entry}`)
  return hexOf(new Uint8Array(await crypto.subtle.digest('SHA-256', text)))
}

/** Gives rows that follow `before` their hashes. */
export const sealed = async (before: string, rows: readonly AuditRow[]): Promise<AuditRow[]> => {
  const out: AuditRow[] = []
  let last = before
  for (const row of rows) {
    last = await hashOf(last, row)
    out.push({ ...row, hash: last })
  }
  return out
}

/**
 * Follows the chain over rows in order.
 * @param before hash of the row before the first one
 * @returns the last hash, and the number of the first row that does not fit, or null
 */
export const follow = async (
  before: { seq: number; hash: string },
  rows: readonly AuditRow[],
): Promise<{ last: { seq: number; hash: string }; brokenAt: number | null }> => {
  let last = before
  for (const row of rows) {
    const fits = row.seq === last.seq + 1 && row.hash === (await hashOf(last.hash, row))
    if (!fits) return { last, brokenAt: row.seq }
    last = { seq: row.seq, hash: row.hash! }
  }
  return { last, brokenAt: null }
}
