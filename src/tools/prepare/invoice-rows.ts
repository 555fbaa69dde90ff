/** Rows of the caller's table read as invoices: values converted, and what cannot be read or speaks against it reported by row. */
import { canonicalId } from '../../core/ids.ts'
import { decimalOf } from '../../core/money.ts'
import { plural } from '../../core/words.ts'
import { centsOf, wholeCentsOf } from '../pasted/amounts.ts'
import { dateOf, daysAfter, daysOfTerms } from '../pasted/dates.ts'
import type { Dialect } from '../pasted/dialect.ts'
import { damageOf } from '../pasted/identifiers.ts'
import { LONGEST_NAME, PARTY_FIELDS } from '../pasted/parties.ts'
import { type Reading, textOf } from '../pasted/reading.ts'
import { currencyProblem, holdProblem, statusProblem, stopIn, typeProblem } from './against.ts'
import type { Column } from './headings.ts'
import { isBlank, type SheetRow } from './table.ts'

export type Problem = {
  /** Below the headings, blank rows counted; the first is 1. */
  row: number
  /** Of the text; absent for rows given as objects. */
  line?: number
  field: string
  problem: string
}

export type InvoiceRow = {
  row: number
  line?: number
  /** Fields in Finexio's names, as far as they could be read; parties are still missing. */
  invoice: Record<string, unknown>
  /** As the row or the argument names them. */
  supplier: string | null
  buyer: string | null
  problems: Problem[]
  /** The same as an earlier row in every cell. */
  isCopy?: true
  /** Whether what is open of it is less than the amount, or more as the column has it. */
  open?: 'less' | 'more'
  /** Its cells are not those of the headings. */
  isBroken?: true
  /** What was worked out and not only read, in one sentence. */
  note?: string
}

export type Defaults = { supplier: string | null; buyer: string | null }

/** Where a problem stands. */
export const placeOf = ({ row, line }: { row: number; line?: number | null }) => ({
  row,
  ...(line ? { line } : {}),
})

const nameOf = (text: string): Reading<string> =>
  text.length > LONGEST_NAME
    ? { problem: `is longer than ${LONGEST_NAME} characters: no such name` }
    : textOf(text)

type Values = {
  amount?: number
  open?: number
  paid?: number
  /** Of a date that the terms give where the sheet names none. */
  days?: number
  isPartly: boolean
}
type State = { invoiceRow: InvoiceRow; values: Values }

const FIELDS: Readonly<Record<string, string>> = {
  amount: 'amount_cents',
  open_amount: 'amount_cents',
  paid_amount: 'amount_cents',
  discount: 'discount_amount_cents',
  supplier: PARTY_FIELDS.Supplier,
  buyer: PARTY_FIELDS.Buyer,
}

const readValue = (cell: unknown, at: number, meaning: string, dialect: Dialect): Reading<unknown> => {
  const text = String(cell)
  const isText = typeof cell === 'string'
  const clash = isText ? dialect.clashes[at] : undefined
  if (clash !== undefined) return { problem: clash }
  if (meaning === 'amount_cents' || meaning === 'discount_amount_cents') return wholeCentsOf(text)
  // Numbers of JSON print as the shortest decimal text that means them, so `1250.5` stays what was written.
  if (['amount', 'open_amount', 'paid_amount', 'discount'].includes(meaning))
    return centsOf(text, isText ? dialect.marks[at] : '.')
  if (meaning === 'invoice_date' || meaning === 'invoice_due_date') return dateOf(text, dialect.orders[at])
  if (meaning === 'supplier' || meaning === 'buyer') return nameOf(text)
  if (meaning === 'invoice_number') {
    const damage = damageOf(cell)
    if (damage !== null) return { problem: damage }
  }
  return typeof cell === 'object' ? { value: cell } : textOf(text)
}

const PARTLY = /^(?:partial(?:ly)?|part(?:ly)?)[ -]?(?:paid)?$/i

/** What a column says of being owed; null: nothing against it. */
const objection = ({ meaning, heading, kind }: Column, text: string): string | null => {
  if (meaning === 'type') return typeProblem(text)
  if (meaning === 'status') return statusProblem(text, heading)
  if (meaning === 'hold') return holdProblem(text, heading)
  if (meaning === 'currency') return currencyProblem(text)
  if (kind === 'told' && meaning === 'ignore') return null
  if (!['ignore', 'note', 'terms', 'invoice_number', 'account_number'].includes(meaning)) return null
  const stop = stopIn(text)
  return stop === null ? null : `${JSON.stringify(heading)} says ${JSON.stringify(stop)}`
}

const DECIDING: readonly string[] = ['type', 'status', 'hold']

const keep = ({ invoiceRow, values }: State, meaning: string, value: unknown): void => {
  if (meaning === 'supplier' || meaning === 'buyer') invoiceRow[meaning] = canonicalId(String(value))
  else if (meaning === 'open_amount') values.open = Number(value)
  else if (meaning === 'paid_amount') values.paid = Number(value)
  else if (meaning === 'amount' || meaning === 'amount_cents') values.amount = Number(value)
  else if (meaning === 'note') invoiceRow.invoice.note ??= value
  else invoiceRow.invoice[FIELDS[meaning] ?? meaning] = value
}

/** What a column decides without being a field of its own. @returns whether the cell is done with */
const decide = ({ invoiceRow, values }: State, text: string, meaning: string, isFine: boolean): boolean => {
  if (meaning === 'terms') {
    const days = daysOfTerms(text)
    if (days !== null) values.days = days
  }
  if (meaning === 'currency' && isFine) invoiceRow.invoice.currency = 'USD'
  return ['ignore', 'terms', 'currency', ...DECIDING].includes(meaning)
}

const readCell = (state: State, cell: unknown, at: number, column: Column, dialect: Dialect): void => {
  const { invoiceRow, values } = state
  const { meaning } = column
  const place = placeOf(invoiceRow)
  const text = typeof cell === 'object' ? '' : String(cell)
  values.isPartly ||= meaning === 'status' && PARTLY.test(text.trim())
  const against = text === '' || (meaning === 'status' && values.isPartly) ? null : objection(column, text)
  if (against !== null)
    invoiceRow.problems.push({ ...place, field: meaning === 'ignore' ? 'row' : meaning, problem: against })
  if (decide(state, text, meaning, against === null)) return
  const reading = readValue(cell, at, meaning, dialect)
  if ('problem' in reading)
    invoiceRow.problems.push({ ...place, field: FIELDS[meaning] ?? meaning, problem: reading.problem })
  else keep(state, meaning, reading.value)
}

const money = (cents: number) => decimalOf(cents)!

type Owed = { cents?: number; problem?: string; note?: string }

const stillOpen = (open: number, amount: number): Owed =>
  open === amount
    ? { cents: open }
    : { cents: open, note: `${money(open)} is still open of ${money(amount)}` }

/** Of a row in a sheet that has a column of open amounts. */
const openOf = ({ amount, open, paid }: Values): Owed => {
  if (open === undefined) return { problem: 'is not known, since the open amount is blank' }
  if (open === 0) return { problem: 'is 0.00: nothing is owed of it' }
  if (amount === undefined) return { cents: open }
  if (open > amount)
    return {
      problem: `is not clear: ${money(open)} is open of ${money(amount)}. Where that column is a running balance, set it to "ignore" in columns`,
    }
  return paid !== undefined && open + paid !== amount
    ? { problem: `is not clear: ${money(amount)} less ${money(paid)} paid is not ${money(open)}` }
    : stillOpen(open, amount)
}

/** What is owed of a row, with a sentence where it was worked out; or why that is not known. */
const owedOf = (values: Values, hasOpen: boolean): Owed => {
  const { amount, paid = 0, isPartly } = values
  if (hasOpen) return openOf(values)
  if (amount === undefined) return {}
  if (paid >= amount && paid > 0) return { problem: `is paid: ${money(paid)} of ${money(amount)}` }
  return isPartly && paid === 0
    ? { problem: 'is partly paid, and no column says what is still open' }
    : stillOpen(amount - paid, amount)
}

const dateProblem = (due: string, date: string): string | null => {
  if (due < date) return `is before the invoice date (${date})`
  return due > daysAfter(date, MOST_DAYS_DUE)
    ? `is more than ${MOST_DAYS_DUE} days after the invoice date (${date})`
    : null
}

const settle = ({ invoiceRow, values }: State, hasOpen: boolean): void => {
  const { invoice, problems } = invoiceRow
  const object = (field: string, problem: string | null | undefined) => {
    if (problem) problems.push({ ...placeOf(invoiceRow), field, problem })
  }
  const isUnread = problems.some(({ field }) => field === 'amount_cents')
  const { cents, problem, note } = isUnread ? {} : owedOf(values, hasOpen)
  const { amount = cents, open: said = cents } = values
  if (amount !== undefined && said !== undefined && said !== amount)
    invoiceRow.open = said < amount ? 'less' : 'more'
  object('amount_cents', problem)
  if (cents !== undefined) invoice.amount_cents = cents
  if (note) invoiceRow.note = note
  const { invoice_date: date, invoice_due_date: due, discount_amount_cents: discount } = invoice
  if (typeof date === 'string' && due === undefined && values.days !== undefined)
    invoice.invoice_due_date = daysAfter(date, values.days)
  if (typeof date === 'string' && typeof due === 'string') object('invoice_due_date', dateProblem(due, date))
  if (typeof discount === 'number' && cents !== undefined && discount >= cents)
    object('discount_amount_cents', `is not below the amount (${money(cents)})`)
}

/** No supplier waits longer; a later date is a slip of the century or the year. */
const MOST_DAYS_DUE = 730

const cameApart = (cells: readonly unknown[], columns: readonly Column[]): boolean =>
  columns.some(({ meaning }, at) => {
    const next = columns[at + 1]
    if (
      !['amount', 'open_amount', 'discount'].includes(meaning) ||
      next === undefined ||
      /amount|cents/.test(next.meaning)
    )
      return false
    const [one, other] = [cells[at], cells[at + 1]].map((cell) => String(cell ?? '').trim()) as [
      string,
      string,
    ]
    if (!/^[-(]*\s*(?:US)?\$?\s*\d+$/.test(one)) return false
    const isThousands = /(?:^|\D)\d{1,3}$/.test(one) && /^\d{3}(?:\.\d{1,2})?\)?$/.test(other)
    const areCents = /^\d\d(?:\s*(?:\$|USD)|\)|-)/i.test(other) || /^0\d$/.test(other)
    // A cell too many, though a blank one, says that the row was moved.
    return isThousands || areCents || (/^\d\d$/.test(other) && cells.length > columns.length)
  })

/**
 * @param commas whether an unquoted amount can have come apart at its comma
 * @param all parties for rows that name none
 */
export const invoiceRowOf = (
  { row, line, cells }: SheetRow,
  columns: readonly Column[],
  dialect: Dialect,
  all: Defaults,
  commas: boolean,
): InvoiceRow => {
  const invoiceRow: InvoiceRow = { ...placeOf({ row, line }), invoice: {}, ...all, problems: [] }
  const state: State = { invoiceRow, values: { isPartly: false } }
  const tooMany = cells.slice(columns.length).some((cell) => !isBlank(cell))
  if (tooMany || (commas && cameApart(cells, columns))) {
    invoiceRow.isBroken = true
    invoiceRow.problems.push({
      ...placeOf({ row, line }),
      field: 'row',
      problem: tooMany
        ? `has ${plural(cells.length, 'cell')} for ${plural(columns.length, 'heading')}: a value that holds the separator needs quotes`
        : 'has an amount that goes on in the next cell: a value that holds the separator needs quotes',
    })
  }
  for (const [at, column] of columns.entries())
    if (!isBlank(cells[at])) readCell(state, cells[at], at, column, dialect)
  settle(
    state,
    columns.some(({ meaning }) => meaning === 'open_amount'),
  )
  return invoiceRow
}
