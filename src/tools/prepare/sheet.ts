/** A sheet as its own author means it: decided for the whole of it, then for each column, then row by row. */
import { MOST_INVOICES } from '../../../schemas/invoices.ts'
import type { Dialect } from '../pasted/dialect.ts'
import { Refusal } from '../refusal.ts'
import { billsOf } from './bills.ts'
import { dialectOf, questionIn } from './columns-read.ts'
import { type Column, columnsOf } from './headings.ts'
import { type Defaults, type InvoiceRow, invoiceRowOf, type Problem, placeOf } from './invoice-rows.ts'
import { type Sorted, signedCents, sortRows } from './rows-sorted.ts'
import type { Table } from './table.ts'
import { type AmountColumn, readerOf, readWholeCents, totalsSaid } from './totals.ts'

export type Sheet = {
  invoiceRows: InvoiceRow[]
  /** Heading to meaning, of the columns that are read. */
  columns: Record<string, string>
  ignored: string[]
  /** Of the sheet and not of a bill: totals that its rows do not come to. */
  problems: Problem[]
  /** What was assumed, proven, added up and left out, in sentences. */
  notes: string[]
  /** Why nothing of the sheet may be called ready before a person has said what holds; null: nothing speaks against it. */
  doubt: string | null
}

const positionsIn = (columns: readonly Column[]) => {
  const at = (meaning: string) => columns.findIndex((column) => column.meaning === meaning)
  return { number: at('invoice_number'), date: at('invoice_date') }
}

/** Before the columns are known a total is told by its word alone. */
const groupsIn = (table: Table): boolean => sortRows(table, { number: -1, date: -1 }).hasGroups

const readColumns = (table: Table, told: Readonly<Record<string, string>>, defaults: Defaults): Column[] => {
  const given = [
    ...(defaults.supplier !== null || groupsIn(table) ? ['supplier'] : []),
    ...(defaults.buyer !== null ? ['buyer'] : []),
  ]
  const columns = columnsOf(table.headings, told, given)
  if (typeof columns === 'string')
    throw new Refusal(`${table.rows[0]?.line === null ? 'rows' : 'csv'}: ${columns}.`)
  return columns
}

const amountsAmong = (columns: readonly Column[], marks: Dialect['marks']): AmountColumn[] => {
  const hasOpen = columns.some(({ meaning }) => meaning === 'open_amount')
  return columns.flatMap(({ meaning }, at): AmountColumn[] => {
    const decides = hasOpen ? meaning === 'open_amount' : meaning === 'amount' || meaning === 'amount_cents'
    if (meaning === 'amount_cents') return [{ at, read: readWholeCents, decides }]
    return marks[at] === undefined ? [] : [{ at, read: readerOf(marks[at]), decides }]
  })
}

const leftOut = ({ others, totals }: Sorted, areGroups: boolean): string[] => {
  const unused = areGroups ? others.filter(({ heads }) => !heads) : others
  const lines = [...unused.map(({ row }) => row), ...totals].map(({ row }) => row)
  return lines.length === 0
    ? []
    : [`Left out as no bills: rows ${lines.slice(0, 20).join(', ')}${lines.length > 20 ? ', …' : ''}.`]
}

const MOST_NOTES = 10

const workedSaid = (invoiceRows: readonly InvoiceRow[]): string[] => {
  const worked = invoiceRows.flatMap(({ row, note }) => (note ? [`Row ${row}: ${note}.`] : []))
  const more = worked.length - MOST_NOTES
  return [
    ...worked.slice(0, MOST_NOTES),
    ...(more > 0 ? [`${more} more rows were worked out the same way.`] : []),
  ]
}

/** A column that somewhere holds more than the amount of its row, or adds the rows up, is no column of what is open. */
const isRunning = (bills: Sorted['bills'], columns: readonly Column[], marks: Dialect['marks']): boolean => {
  const [amount, open] = ['amount', 'open_amount'].map((meaning) =>
    columns.findIndex((column) => column.meaning === meaning),
  ) as [number, number]
  const centsAt = (cells: readonly unknown[], at: number) =>
    at < 0 ? null : signedCents(cells[at], marks[at] ?? '.')
  const pairs = bills.flatMap(({ cells }) => {
    const [said, left] = [centsAt(cells, amount), centsAt(cells, open)]
    return said === null || left === null ? [] : [{ said: Math.abs(said), left: Math.abs(left) }]
  })
  // Programs print the sign of a credit in one column, in both or in none.
  const steps = pairs
    .slice(1)
    .map(({ said, left }, at) => [pairs[at]!.left + said, Math.abs(pairs[at]!.left - said)].includes(left))
  return pairs.some(({ said, left }) => left > said) || (steps.length > 0 && steps.every(Boolean))
}

/** Where it is none, it is not even where it holds less. */
const doubtBalances = (rows: readonly InvoiceRow[]): void => {
  for (const row of rows.filter(({ open }) => open === 'less'))
    row.problems.push({
      ...placeOf(row),
      field: 'amount_cents',
      problem:
        'is not clear: in other rows the column of what is open holds more than the amount, as a running balance does. If it is one, set it to "ignore" in columns',
    })
}

/** @throws Refusal where the sheet as a whole waits for a word */
export const readSheet = (
  table: Table,
  told: Readonly<Record<string, string>>,
  defaults: Defaults,
): Sheet => {
  const columns = readColumns(table, told, defaults)
  const sorted = sortRows(table, positionsIn(columns))
  const areGroups = defaults.supplier === null && !columns.some(({ meaning }) => meaning === 'supplier')
  const question = questionIn(table, columns, sorted, areGroups)
  if (question !== null) throw new Refusal(`${table.rows[0]?.line === null ? 'rows' : 'csv'}: ${question}.`)
  if (sorted.bills.length > MOST_INVOICES)
    throw new Refusal(`csv: more than ${MOST_INVOICES} rows. Give the rest in further calls.`)
  const dialect = dialectOf(columns, sorted.bills)
  const rows = sorted.bills.map((row) =>
    invoiceRowOf(
      row,
      columns,
      dialect,
      { ...defaults, supplier: areGroups ? row.group : defaults.supplier },
      table.commas,
    ),
  )
  if (isRunning(sorted.bills, columns, dialect.marks)) doubtBalances(rows)
  const totals = totalsSaid(table, sorted, rows, amountsAmong(columns, dialect.marks))
  const invoiceRows = billsOf(sorted.bills, rows, columns)
  return {
    invoiceRows,
    columns: Object.fromEntries(
      columns.filter(({ meaning }) => meaning !== 'ignore').map(({ heading, meaning }) => [heading, meaning]),
    ),
    ignored: columns
      .filter(({ heading, meaning }) => heading !== '' && meaning === 'ignore')
      .map(({ heading }) => heading),
    problems: totals.problems,
    doubt: totals.doubt,
    notes: [
      ...dialect.notes,
      ...(areGroups ? ['Suppliers are taken from the lines above their bills.'] : []),
      ...leftOut(sorted, areGroups),
      ...totals.notes,
      ...workedSaid(invoiceRows),
    ],
  }
}
