/** The chain of the audit trail: each row's hash covers the row and the hash before it, so that no row can be changed, moved or taken out unseen. */
import { sha256Hex } from '../../core/sha256.ts'
import type { AuditRow } from './entry.ts'

/** What the first row follows. */
export const GENESIS = '0'.repeat(64)

/** SHA-256 over the hash before, the number, the moment and the stored text of a row. */
export const hashOf = (before: string, { seq, at, entry }: Omit<AuditRow, 'hash'>): string =>
  sha256Hex(`${before}\n${seq}\n${at}\n${entry}`)

/** Number and hash of a row: what the next one follows. */
export type Link = { seq: number; hash: string }

/**
 * Follows the chain over rows in order.
 * @param before number and hash of the row before the first one
 * @returns the last row that fits, and the number of the first that does not, or null
 */
export const follow = (before: Link, rows: readonly AuditRow[]): { last: Link; brokenAt: number | null } => {
  let last = before
  for (const row of rows) {
    const fits = row.seq === last.seq + 1 && row.hash === hashOf(last.hash, row)
    if (!fits) return { last, brokenAt: row.seq }
    last = { seq: row.seq, hash: row.hash! }
  }
  return { last, brokenAt: null }
}
