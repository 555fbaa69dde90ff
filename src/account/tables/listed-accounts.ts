/** The accounts of the deployment: a row each in the directory. */
import { hasRow, type PageRequest, selectPage } from './rows.ts'

/** Named like the table that an account's object keeps; this one is the directory's. */
export const LISTED_ACCOUNT = `
  CREATE TABLE account (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    created_at INTEGER NOT NULL
  ) STRICT;
`

/** `created_at` in milliseconds since the epoch. */
export type ListedAccount = { id: string; name: string; created_at: number }

/** Adds an account, or renames the one that is there. */
export const putListedAccount = (sql: SqlStorage, { id, name, created_at }: ListedAccount): void => {
  sql.exec(
    `INSERT INTO account (id, name, created_at) VALUES (?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET name = excluded.name`,
    ...[id, name, created_at],
  )
}

export const isListedAccount = (sql: SqlStorage, id: string): boolean =>
  sql.exec('SELECT 1 FROM account WHERE id = ?', id).toArray().length > 0

/** Returns false when the account was not listed. */
export const removeListedAccount = (sql: SqlStorage, id: string): boolean =>
  hasRow(sql, 'DELETE FROM account WHERE id = ? RETURNING id', id)

/** Newest first. */
export const selectListedAccounts = (
  sql: SqlStorage,
  page: PageRequest,
): { accounts: ListedAccount[]; next: number | null } => {
  const { rows, next } = selectPage<ListedAccount>(
    sql,
    'id, name, created_at',
    'account WHERE TRUE',
    [],
    page,
  )
  return { accounts: rows, next }
}
