/** The sealed bodies of changes of settings that wait. */
import type { Sealed } from '../vault/envelope.ts'
import { firstRow, hasRow } from './rows.ts'

/** The body as it was sealed; null: there is none, or it was erased once decided. */
export const sealedSettings = (sql: SqlStorage, id: string): Sealed | null => {
  type Kept = { wrapped_key: ArrayBuffer | null; body: ArrayBuffer | null }
  const row = firstRow<Kept>(sql, 'SELECT wrapped_key, body FROM settings_draft WHERE id = ?', id)
  return row?.wrapped_key && row.body
    ? { wrapped_key: new Uint8Array(row.wrapped_key), ciphertext: new Uint8Array(row.body) }
    : null
}

/** Ids of drafts whose bodies are kept. */
export const sealedSettingsIds = (sql: SqlStorage): string[] =>
  sql
    .exec<{ id: string }>('SELECT id FROM settings_draft WHERE body IS NOT NULL')
    .toArray()
    .map(({ id }) => id)

/** Replaces what `from` wrapped; false when that was erased or replaced meanwhile. */
export const replaceSealedSettings = (
  sql: SqlStorage,
  id: string,
  from: Uint8Array,
  { wrapped_key, ciphertext }: Sealed,
): boolean =>
  hasRow(
    sql,
    'UPDATE settings_draft SET wrapped_key = ?, body = ? WHERE id = ? AND wrapped_key = ? RETURNING id',
    ...[wrapped_key, ciphertext, id, from],
  )
