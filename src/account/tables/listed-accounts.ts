/** The accounts of the deployment: a row each in the directory. */
import type { Stop } from './deployment.ts'
import { allRows, columnOf, firstRow, hasRow, type PageRequest, selectPage } from './rows.ts'

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

/** How many drafts wait in each account, as its object last said: for the menu. */
export const LISTED_ACCOUNT_WAITING = 'ALTER TABLE account ADD COLUMN waiting INTEGER NOT NULL DEFAULT 0;'

/** JSON: who stopped the writes of an account, when and why, for pages of whoever may see it; the account's object decides. */
export const LISTED_ACCOUNT_STOP = `
  ALTER TABLE account ADD COLUMN stop TEXT;
  CREATE INDEX account_stopped ON account (seq) WHERE stop IS NOT NULL;
`

/** An account whose writes are stopped. */
export type StoppedAccount = Pick<ListedAccount, 'id' | 'name'> & { stop: Stop }

/** Who stopped the writes of an account; null: nobody is known to have. */
export const selectStop = (sql: SqlStorage, id: string): Stop | null =>
  JSON.parse(
    firstRow<{ stop: string | null }>(sql, 'SELECT stop FROM account WHERE id = ?', id)?.stop ?? 'null',
  )

const MOST_STOPPED = 100

/** Accounts whose writes are stopped, the newest hundred. Those that version 0.1.0 stopped are not known here. */
export const selectStopped = (sql: SqlStorage): StoppedAccount[] =>
  allRows<Pick<ListedAccount, 'id' | 'name'> & { stop: string }>(
    sql,
    `SELECT id, name, stop FROM account WHERE stop IS NOT NULL AND ending = 0 ORDER BY seq DESC LIMIT ${MOST_STOPPED}`,
  ).map(({ stop, ...account }) => ({ ...account, stop: JSON.parse(stop) }))

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
  hasRow(sql, 'SELECT 1 FROM account WHERE id = ?', id)

/** `ending`: whoever lists next ends what is left of it. `stop`: who stopped its writes first; null: they may leave again. */
export type AccountNote = { ending: true } | { stop: Stop | null }

/** Keeps what every page has to know of an account. */
export const noteAccount = (sql: SqlStorage, id: string, note: AccountNote): void => {
  if ('ending' in note) sql.exec('UPDATE account SET ending = 1 WHERE id = ?', id)
  else if (note.stop === null) sql.exec('UPDATE account SET stop = NULL WHERE id = ?', id)
  else sql.exec('UPDATE account SET stop = coalesce(stop, ?) WHERE id = ?', JSON.stringify(note.stop), id)
}

/** Ids of accounts of which the end began and was not completed. */
const endingAccounts = (sql: SqlStorage): string[] =>
  columnOf<string>(sql, 'SELECT id FROM account WHERE ending = 1')

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

export type Waiting = { id: string; waiting: number }

/** @param count of drafts that wait for a person in this account */
export const noteWaiting = (sql: SqlStorage, id: string, count: number): void => {
  sql.exec('UPDATE account SET waiting = ? WHERE id = ? AND waiting IS NOT ?', count, id, count)
}

/** Accounts in which something waits. */
export const selectWaiting = (sql: SqlStorage): Waiting[] =>
  allRows<Waiting>(sql, 'SELECT id, waiting FROM account WHERE waiting > 0 AND ending = 0')

// Accounts that were disconnected while their trail is kept: the directory knows where it lies.

const ENDED_ACCOUNT = `
  CREATE TABLE ended_account (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    name TEXT,
    ended_at INTEGER NOT NULL,
    emptied INTEGER NOT NULL DEFAULT 0 CHECK (emptied IN (0, 1))
  ) STRICT;
`

/** Those that were disconnected before this table was there, as far as the trail of the deployment says so. */
export const endedBefore = (sql: SqlStorage): void => {
  sql.exec(`
    ${ENDED_ACCOUNT}
    INSERT OR IGNORE INTO ended_account (id, name, ended_at)
      SELECT entry ->> '$.target_id', entry ->> '$.target_name', at FROM audit
      WHERE type = 'management' AND entry ->> '$.target_kind' = 'integrated_account'
        AND entry ->> '$.made' = 'removed' AND entry ->> '$.target_id' NOT IN (SELECT id FROM account)
      ORDER BY seq;
  `)
}

export type EndedAccount = { id: string; name: string | null; ended_at: number }

export const putEndedAccount = (sql: SqlStorage, { id, name, ended_at }: EndedAccount): void => {
  sql.exec(
    'INSERT OR IGNORE INTO ended_account (id, name, ended_at) VALUES (?, ?, ?)',
    ...[id, name, ended_at],
  )
}

export const hasEnded = (sql: SqlStorage, id: string): boolean =>
  hasRow(sql, 'SELECT 1 FROM ended_account WHERE id = ?', id)

/** Those whose trail has rows, newest first. */
export const selectEnded = (sql: SqlStorage, page: PageRequest) =>
  selectPage<EndedAccount>(sql, 'id, name, ended_at', 'ended_account WHERE emptied = 0', [], page)

/** Accounts whose trails one request reads, newest first: those that there are, then those that ended, as far as `limit` goes. */
export const selectTrails = (sql: SqlStorage, limit: number) => {
  const page = { limit, before: Number.MAX_SAFE_INTEGER }
  const { accounts, next } = selectListedAccounts(sql, page)
  const gone = selectEnded(sql, { ...page, limit: Math.max(1, limit - accounts.length) })
  const ended = gone.rows.slice(0, limit - accounts.length)
  return { accounts, ended, next, more: gone.next !== null || gone.rows.length > ended.length }
}

export const anyEnded = (sql: SqlStorage): boolean =>
  hasRow(sql, 'SELECT 1 FROM ended_account WHERE emptied = 0 LIMIT 1')

/** Retention took the last row of its trail: it has no head any more. */
export const noteEmptied = (sql: SqlStorage, id: string): void => {
  sql.exec('UPDATE ended_account SET emptied = 1 WHERE id = ?', id)
}
