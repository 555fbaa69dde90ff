/** Several trails as one: rows newest first, and where the next page begins. */
import type { FoldedRow } from '../../account/audit/folded.ts'
import type { AuditCursor, AuditPage } from '../../account/audit/trail.ts'

export type Placed = FoldedRow & { account: string }

/** Newest first; rows of one moment by account, then the later one first. */
const inOrder = (a: AuditCursor, b: AuditCursor): number =>
  b.at - a.at || (a.account < b.account ? -1 : a.account > b.account ? 1 : b.seq - a.seq)

/** How far every trail was read: nothing older may be shown yet. Null: all of them to the end. */
const horizonOf = (pages: ReadonlyMap<string, AuditPage>): AuditCursor | null => {
  const stops = [...pages].flatMap(([account, { stopped }]) => (stopped ? [{ account, ...stopped }] : []))
  return stops.sort(inOrder)[0] ?? null
}

/**
 * @param pages of each trail, by its id; of `limit` + 1 rows where there are so many
 * @returns at most `limit` rows, none where the trails were read as far as one request reads and nothing fitted; `next`: null at the end
 */
export const merged = (
  pages: ReadonlyMap<string, AuditPage>,
  limit: number,
): { rows: Placed[]; next: AuditCursor | null } => {
  const horizon = horizonOf(pages)
  const all = [...pages].flatMap(([account, { rows }]) => rows.map((row) => ({ ...row, account })))
  const known = all.filter((row) => !horizon || inOrder(row, horizon) <= 0).sort(inOrder)
  const rows = known.slice(0, limit)
  if (known.length <= limit) return { rows, next: horizon }
  const { at, account, seq } = rows.at(-1)!
  return { rows, next: { at, account, seq } }
}
