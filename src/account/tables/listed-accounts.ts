/** The accounts of the deployment: a row each in the directory. */
import { firstRow, hasRow, type PageRequest, selectPage } from './rows.ts'

/** Named like the table that an account's object keeps; this one is the directory's. */
export const LISTED_ACCOUNT = `
  CREATE TABLE account (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    created_at INTEGER NOT NULL
  ) STRICT;
`

/** Set before anything of an account is erased: who starts to erase it may not come to the end. */
export const LISTED_ACCOUNT_ENDING = `
  ALTER TABLE account ADD COLUMN ending INTEGER NOT NULL DEFAULT 0 CHECK (ending IN (0, 1));
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

/** What it is called in the list; null: it is not there. */
export const listedName = (sql: SqlStorage, id: string): { name: string } | null =>
  firstRow<{ name: string }>(sql, 'SELECT name FROM account WHERE id = ?', id) ?? null

export const isListedAccount = (sql: SqlStorage, id: string): boolean =>
  sql.exec('SELECT 1 FROM account WHERE id = ?', id).toArray().length > 0

/** Takes an account out of the list of those that exist. */
export const endListedAccount = (sql: SqlStorage, id: string): void => {
  sql.exec('UPDATE account SET ending = 1 WHERE id = ?', id)
}

/** Ids of accounts of which the end began and was not completed. */
const endingAccounts = (sql: SqlStorage): string[] =>
  sql
    .exec<{ id: string }>('SELECT id FROM account WHERE ending = 1')
    .toArray()
    .map(({ id }) => id)

/** Returns false when the account was not listed. */
export const removeListedAccount = (sql: SqlStorage, id: string): boolean =>
  hasRow(sql, 'DELETE FROM account WHERE id = ? RETURNING id', id)

/** Newest first; `ending`: ids of all that are being erased. */
export const selectListedAccounts = (
  sql: SqlStorage,
  page: PageRequest,
): { accounts: ListedAccount[]; next: number | null; ending: string[] } => {
  const { rows, next } = selectPage<ListedAccount>(
    sql,
    'id, name, created_at',
    'account WHERE ending = 0',
    [],
    page,
  )
  return { accounts: rows, next, ending: endingAccounts(sql) }
}
