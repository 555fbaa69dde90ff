/** What those who decide on a draft are shown: masked, sealed, kept as long as the draft, and erased with it. */
import type { Sealed } from '../../vault/envelope.ts'

export const DRAFT_PAGE = `
  CREATE TABLE draft_page (
    id TEXT PRIMARY KEY REFERENCES draft (id) ON DELETE CASCADE,
    wrapped_key BLOB NOT NULL,
    body BLOB NOT NULL
  ) STRICT;
`

/** Keeps the page of a draft in place of the one before. @param id of a draft that is there */
export const putPage = (sql: SqlStorage, id: string, { wrapped_key, ciphertext }: Sealed): void => {
  sql.exec(
    `INSERT INTO draft_page (id, wrapped_key, body) VALUES (?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET wrapped_key = excluded.wrapped_key, body = excluded.body`,
    ...[id, wrapped_key, ciphertext],
  )
}
