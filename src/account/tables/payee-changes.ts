/** Who changed which payee through this product, as long as it keeps them from deciding on payments to it. Times are milliseconds since the epoch. */
import { DAY_MS } from '../../core/time.ts'

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

/** @param payee id of a supplier, buyer or counterparty, as its path named it */
export const notePayeeChange = (sql: SqlStorage, payee: string, personId: string, now: number): void => {
  sql.exec('DELETE FROM payee_change WHERE at <= ?', now - KEPT_MS)
  sql.exec('INSERT OR REPLACE INTO payee_change VALUES (?, ?, ?)', payee, personId, now)
}

/** Ids of those who changed one of these payees lately. */
export const payeeChangers = (sql: SqlStorage, payees: readonly string[], now: number): string[] =>
  sql
    .exec<{ person_id: string }>(
      'SELECT DISTINCT person_id FROM payee_change WHERE at > ? AND payee IN (SELECT value FROM json_each(?))',
      ...[now - KEPT_MS, JSON.stringify(payees)],
    )
    .toArray()
    .map(({ person_id }) => person_id)
