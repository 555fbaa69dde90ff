/** What drafts ask for, sealed: of writes, and of changes of settings; and what was shown of them. */
import type { Sealed } from '../../vault/envelope.ts'
import { columnOf, firstRow, hasRow } from '../rows.ts'

/** Tables whose rows keep a wrapped key and a body: until they are decided, save the pages of drafts. */
export type SealedTable = 'draft' | 'draft_page' | 'settings_draft'

/** The body as it was sealed; null: there is none, or it was erased. */
export const selectSealed = (sql: SqlStorage, table: SealedTable, id: string): Sealed | null => {
  type Kept = { wrapped_key: ArrayBuffer | null; body: ArrayBuffer | null }
  const row = firstRow<Kept>(sql, `SELECT wrapped_key, body FROM ${table} WHERE id = ?`, id)
  return row?.wrapped_key && row.body
    ? { wrapped_key: new Uint8Array(row.wrapped_key), ciphertext: new Uint8Array(row.body) }
    : null
}

/** An object answers 32 MiB at most, and a page has up to 2. */
const MOST_BYTES = 8_000_000

/** What was shown of the first of these drafts, as far as it fits into one answer: of one at least. */
export const selectPages = (sql: SqlStorage, ids: readonly string[]): (Sealed | null)[] => {
  const pages: (Sealed | null)[] = []
  let bytes = 0
  for (const id of ids) {
    const page = selectSealed(sql, 'draft_page', id)
    pages.push(page)
    bytes += page?.ciphertext.byteLength ?? 0
    if (bytes > MOST_BYTES) break
  }
  return pages
}

/** Ids of drafts whose bodies are kept. */
export const sealedIds = (sql: SqlStorage, table: SealedTable): string[] =>
  columnOf<string>(sql, `SELECT id FROM ${table} WHERE body IS NOT NULL`)

/** Replaces what `from` wrapped; false when that was erased or replaced meanwhile. */
export const replaceSealed = (
  sql: SqlStorage,
  table: SealedTable,
  id: string,
  from: Uint8Array,
  { wrapped_key, ciphertext }: Sealed,
): boolean =>
  hasRow(
    sql,
    `UPDATE ${table} SET wrapped_key = ?, body = ? WHERE id = ? AND wrapped_key = ? RETURNING id`,
    ...[wrapped_key, ciphertext, id, from],
  )
