/** What one claim reserved of money, invoice by invoice: of a batch that Finexio took in part only that part was sent. */
import type { InvoicePart } from '../../../rules/limits.ts'
import { allRows } from '../rows.ts'

/** What a claim counts towards one supplier. `unsure`: 1 where an answer that accepted the write does not name it. */
export type Reserved = {
  supplier: string
  supplier_name: string | null
  cents: number
  count: number
  unsure: number
}

/** By supplier, in the order of the write. @param at when it was claimed */
export const reservedBy = (sql: SqlStorage, key: string, at: number): Reserved[] =>
  allRows<Reserved>(
    sql,
    `SELECT supplier, max(supplier_name) AS supplier_name, sum(cents) AS cents, sum(count) AS count, unsure
       FROM movement WHERE key = ? AND at = ? GROUP BY supplier, unsure ORDER BY min(rowid)`,
    ...[key, at],
  )

/** What each row of a claim was to pay, by its position, as far as it still counts. */
export const centsOf = (sql: SqlStorage, key: string, at: number): Map<number, number> =>
  new Map(
    allRows<{ invoices: string }>(
      sql,
      'SELECT invoices FROM movement WHERE key = ? AND at = ? AND invoices IS NOT NULL',
      ...[key, at],
    ).flatMap(({ invoices }) => JSON.parse(invoices) as InvoicePart[]),
  )

type Part = { rowid: number; cents: number; count: number; invoices: string | null }

const sumOf = (parts: readonly InvoicePart[]) => parts.reduce((sum, [, cents]) => sum + cents, 0)

/**
 * Takes invoices out of what a claim counts. Where a row does not say what it is made of, all of it is unsure.
 * @param then what becomes of those that were taken out of a row
 */
const takeOut = (
  sql: SqlStorage,
  key: string,
  at: number,
  positions: readonly number[],
  then: (taken: readonly InvoicePart[], from: Part) => void,
): void => {
  // What was unsure before is known now, unless it is named again.
  sql.exec('UPDATE movement SET unsure = 0 WHERE key = ? AND at = ? AND unsure = 1', key, at)
  if (positions.length === 0) return
  const wanted = new Set(positions)
  const rows = allRows<Part>(
    sql,
    'SELECT rowid, cents, count, invoices FROM movement WHERE key = ? AND at = ?',
    ...[key, at],
  )
  for (const row of rows) {
    if (row.invoices === null) {
      sql.exec('UPDATE movement SET unsure = 1 WHERE rowid = ?', row.rowid)
      continue
    }
    const parts = JSON.parse(row.invoices) as InvoicePart[]
    const taken = parts.filter(([position]) => wanted.has(position))
    if (taken.length === 0) continue
    then(taken, row)
    const rest = parts.filter(([position]) => !wanted.has(position))
    sql.exec(
      'UPDATE movement SET cents = ?, count = ?, invoices = ? WHERE rowid = ?',
      ...[sumOf(rest), rest.length, JSON.stringify(rest), row.rowid],
    )
  }
  sql.exec('DELETE FROM movement WHERE key = ? AND at = ? AND count = 0', key, at)
}

/** Positions of what an answer that accepted the claim did not confirm, as far as it is kept what a row is made of. */
export const unsureIn = (sql: SqlStorage, key: string, at: number): number[] =>
  allRows<{ invoices: string }>(
    sql,
    'SELECT invoices FROM movement WHERE key = ? AND at = ? AND unsure = 1 AND invoices IS NOT NULL',
    ...[key, at],
  ).flatMap(({ invoices }) => (JSON.parse(invoices) as InvoicePart[]).map(([position]) => position))

/** Stops counting single invoices of a claim. @param at its time @param positions among its subjects */
export const dropInvoices = (sql: SqlStorage, key: string, at: number, positions: readonly number[]): void =>
  takeOut(sql, key, at, positions, () => {})

/** Counts single invoices of a claim as unsure from now on, each as before. */
export const markUnsure = (sql: SqlStorage, key: string, at: number, positions: readonly number[]): void =>
  takeOut(sql, key, at, positions, (taken, { rowid }) => {
    sql.exec(
      `INSERT INTO movement (key, server_id, buyer, supplier, cents, count, at, approved, supplier_name, invoices, unsure)
         SELECT key, server_id, buyer, supplier, ?, ?, at, approved, supplier_name, ?, 1 FROM movement WHERE rowid = ?`,
      ...[sumOf(taken), taken.length, JSON.stringify(taken), rowid],
    )
  })
