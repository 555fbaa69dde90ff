/** What somebody vouched for of each payee, and what voided it since. Times are milliseconds since the epoch. */
import type { Vouched } from '../../rules/payees/verified.ts'
import { allRows, firstRow } from './rows.ts'

export const PAYEE = `
  CREATE TABLE payee (
    supplier TEXT PRIMARY KEY,
    version INTEGER NOT NULL,
    vouch TEXT,
    vouched TEXT,
    voided TEXT,
    updated_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  ALTER TABLE account ADD COLUMN payees TEXT NOT NULL DEFAULT 'open' CHECK (payees IN ('open', 'verified'));
  ALTER TABLE account ADD COLUMN payees_set_by TEXT;
  ALTER TABLE account ADD COLUMN payees_accepted TEXT;
`

/** Who vouched: by a call, or by accepting the present for all. */
export type Vouch = {
  kind: 'called_back' | 'accepted'
  at: number
  /** Ids of who vouched, the present one first, and their name. */
  by: readonly string[]
  name: string
  called?: string
  called_at?: number
  number_from?: string
  source?: string | null
  note?: string | null
}

/**
 * `key`: of the write through this product that voided it, null for what was seen at Finexio; `also`: of others since. `unpaid`:
 * whether an invoice of it was unpaid by then, null where that could not be found out; missing where nobody asked.
 */
export type Voided = {
  at: number
  key: string | null
  also?: readonly string[]
  unpaid?: boolean | null
}

export type PayeeRow = {
  supplier: string
  /** Counts everything that vouches or voids: a claim names the one that it relies on. */
  version: number
  vouch: Vouch | null
  vouched: Vouched | null
  voided: Voided | null
  updated_at: number
}

type Stored = {
  [Key in keyof PayeeRow]: PayeeRow[Key] extends string | number ? PayeeRow[Key] : string | null
}

const parsed = (text: string | null) => (text === null ? null : JSON.parse(text))

const rowOf = ({ vouch, vouched, voided, ...row }: Stored): PayeeRow => ({
  ...row,
  vouch: parsed(vouch),
  vouched: parsed(vouched),
  voided: parsed(voided),
})

const COLUMNS = 'supplier, version, vouch, vouched, voided, updated_at'

/** Null: nobody ever vouched for it, and nothing changed it through this product. */
export const selectPayee = (sql: SqlStorage, supplier: string): PayeeRow | null => {
  const row = firstRow<Stored>(sql, `SELECT ${COLUMNS} FROM payee WHERE supplier = ?`, supplier)
  return row ? rowOf(row) : null
}

/** A page in the order of their ids. @param after id of the last one seen @param changed only those that were voided */
export const selectPayees = (sql: SqlStorage, limit: number, after: string, changed: boolean): PayeeRow[] =>
  allRows<Stored>(
    sql,
    `SELECT ${COLUMNS} FROM payee WHERE supplier > ?${changed ? ' AND voided IS NOT NULL' : ''} ORDER BY supplier LIMIT ?`,
    ...[after, limit],
  ).map(rowOf)

export const putVouch = (
  sql: SqlStorage,
  supplier: string,
  vouch: Vouch,
  vouched: Vouched,
  now: number,
): void => {
  sql.exec(
    `INSERT INTO payee VALUES (?, 1, ?, ?, NULL, ?) ON CONFLICT (supplier) DO UPDATE SET
       version = version + 1, vouch = excluded.vouch, vouched = excluded.vouched, voided = NULL, updated_at = excluded.updated_at`,
    ...[supplier, JSON.stringify(vouch), JSON.stringify(vouched), now],
  )
}

/** What a later reading knew beyond what was vouched for; the vouch itself stays. */
export const refreshVouched = (sql: SqlStorage, supplier: string, vouched: Vouched): void => {
  sql.exec('UPDATE payee SET vouched = ? WHERE supplier = ?', JSON.stringify(vouched), supplier)
}

/** Also of a payee for whom nobody vouched yet: an acceptance of the present does not cover it then. An earlier voiding stays. */
export const voidPayee = (sql: SqlStorage, supplier: string, voided: Voided, now: number): void => {
  sql.exec(
    `INSERT INTO payee VALUES (?, 1, NULL, NULL, ?, ?) ON CONFLICT (supplier) DO UPDATE SET version = version + 1,
       voided = CASE WHEN voided IS NULL THEN excluded.voided
         ELSE json_insert(voided, '$.also', json('[]'), '$.also[#]', excluded.voided ->> '$.key') END,
       updated_at = excluded.updated_at`,
    ...[supplier, JSON.stringify(voided), now],
  )
}

/** Those whose change was seen while an invoice of them was, or may be, unpaid; until somebody vouches anew. */
export const countAlarmed = (sql: SqlStorage): number =>
  sql
    .exec<{ count: number }>(
      "SELECT count(*) AS count FROM payee WHERE json_type(voided, '$.unpaid') IN ('true', 'null')",
    )
    .one().count

/** Takes back what a write voided that was not carried out; what others voided meanwhile stays so. */
export const unvoidPayees = (sql: SqlStorage, key: string): void => {
  sql.exec(
    `UPDATE payee SET version = version + 1, voided = (
       SELECT CASE WHEN min(others.value) IS NULL THEN NULL
         ELSE json_object('at', payee.voided ->> '$.at', 'key', min(others.value), 'also', json_group_array(others.value)) END
       FROM json_each(json_insert(coalesce(payee.voided -> '$.also', '[]'), '$[#]', payee.voided ->> '$.key')) AS others
       WHERE others.value != ?1)
     WHERE voided ->> '$.key' IS NOT NULL
       AND ?1 IN (SELECT value FROM json_each(json_insert(coalesce(voided -> '$.also', '[]'), '$[#]', voided ->> '$.key')))`,
    key,
  )
}

/** When the present was accepted for all payees, and by whom. */
export type Acceptance = { at: number; by: readonly string[]; name: string }

export const selectAcceptance = (sql: SqlStorage): Acceptance | null =>
  parsed(
    firstRow<{ accepted: string | null }>(sql, 'SELECT payees_accepted AS accepted FROM account')?.accepted ??
      null,
  )

export const putAcceptance = (sql: SqlStorage, acceptance: Acceptance): void => {
  sql.exec('UPDATE account SET payees_accepted = ?', JSON.stringify(acceptance))
}
