/** What drafts hold: their arguments, sealed. They are erased with the decision. */

/** Sealed arguments of a draft; null once they were erased. */
export const selectSealed = (
  sql: SqlStorage,
  id: string,
): { wrapped_key: Uint8Array; ciphertext: Uint8Array } | null => {
  const [row] = sql
    .exec<{ wrapped_key: ArrayBuffer | null; body: ArrayBuffer | null }>(
      'SELECT wrapped_key, body FROM draft WHERE id = ?',
      id,
    )
    .toArray()
  if (!row?.wrapped_key || !row.body) return null
  return { wrapped_key: new Uint8Array(row.wrapped_key), ciphertext: new Uint8Array(row.body) }
}

/** Replaces what `from` wrapped; false when that was erased or replaced meanwhile. */
export const replaceSealed = (
  sql: SqlStorage,
  id: string,
  from: Uint8Array,
  { wrapped_key, ciphertext }: { wrapped_key: Uint8Array; ciphertext: Uint8Array },
): boolean =>
  sql
    .exec(
      'UPDATE draft SET wrapped_key = ?, body = ? WHERE id = ? AND wrapped_key = ? RETURNING id',
      ...[wrapped_key, ciphertext, id, from],
    )
    .toArray().length > 0

export const sealedDrafts = (sql: SqlStorage): string[] =>
  sql
    .exec<{ id: string }>('SELECT id FROM draft WHERE body IS NOT NULL')
    .toArray()
    .map(({ id }) => id)
