/** Who changed which payee through this product, as long as it keeps them from deciding on payments to it. Times are milliseconds since the epoch. */
import { canonicalId } from '../../core/ids.ts'
import { DAY_MS } from '../../core/time.ts'
import { columnOf } from './rows.ts'

export const PAYEE_CHANGE = `
  CREATE TABLE payee_change (
    payee TEXT NOT NULL,
    person_id TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (payee, person_id)
  ) STRICT, WITHOUT ROWID;
`

/** As long as a change of a payee calls for care where no rule says otherwise. */
const KEPT_MS = 30 * DAY_MS

/** Stands for the payee that a write makes until Finexio has said its id. @param key of the write */
export const unnamedPayee = (key: string): string => `made by ${key}`

/** Who made a payee has set all of it. @param key of the write that made it */
export const nameNewPayee = (sql: SqlStorage, key: string, payee: string): void => {
  sql.exec(
    'INSERT OR REPLACE INTO payee_change SELECT ?, person_id, at FROM payee_change WHERE payee = ?',
    canonicalId(payee),
    unnamedPayee(key),
  )
}

/** @param payee id of a supplier, buyer or counterparty, as its path named it */
export const notePayeeChange = (sql: SqlStorage, payee: string, personId: string, now: number): void => {
  sql.exec('DELETE FROM payee_change WHERE at <= ?', now - KEPT_MS)
  sql.exec('INSERT OR REPLACE INTO payee_change VALUES (?, ?, ?)', canonicalId(payee), personId, now)
}

/** Ids of those who changed one of these payees lately. */
export const payeeChangers = (sql: SqlStorage, payees: readonly string[], now: number): string[] =>
  columnOf<string>(
    sql,
    'SELECT DISTINCT person_id FROM payee_change WHERE at > ? AND payee IN (SELECT value FROM json_each(?))',
    ...[now - KEPT_MS, JSON.stringify(payees.map(canonicalId))],
  )
