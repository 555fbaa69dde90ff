/** Rows of the caller's table read as invoices: values converted, and what cannot be read reported by row. */

import { canonicalId } from '../../core/ids.ts'
import { readDollars } from '../../core/money.ts'
import { cut } from '../../core/text.ts'
import { LONGEST_NAME, PARTY_FIELDS } from './parties.ts'

// Cells as people write them, turned into Finexio's values: amounts into cents without floating point, dates into ISO.

type Reading<Value> = { value: Value } | { problem: string }

const CURRENCY = /^(?:US\$|USD|\$)\s*|\s*(?:USD|US\$|\$)$/gi

/** Longer than any amount or date: what follows is not looked at and makes the cell unreadable. */
const LONGEST = 40

const negative = (text: string): boolean => /^\(.*\)$|^-|-$/.test(text.replace(CURRENCY, '').trim())

/**
 * `$1,250.5` → 125050.
 * @param text a decimal amount in US dollars; thousands separators only where they belong
 */
export const centsOf = (text: string): Reading<number> => {
  const given = cut(text, LONGEST).trim()
  if (negative(given))
    return { problem: 'is negative: credits cannot be submitted; leave the row out or net it by hand' }
  const value = readDollars(given.replace(CURRENCY, ''))
  return value === null
    ? { problem: 'is not an amount in US dollars: write it as 1250.00 or $1,250.00' }
    : { value }
}

/** `125050` → 125050. */
export const wholeCentsOf = (text: string): Reading<number> =>
  /^\d{1,15}$/.test(text.trim())
    ? { value: Number(text) }
    : { problem: 'is not a whole number of US cents: $1,250.00 is 125000' }

const ISO = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ][\d:.]+(?:Z|[+-]\d\d:?\d\d)?)?$/
const US = /^(\d{1,2})([/-])(\d{1,2})\2(\d{4}|\d\d)$/

const calendarDate = (year: string, month: string, day: string): Reading<string> => {
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  const time = Date.parse(`${date}T00:00:00Z`)
  // A day beyond the month's end is carried into the next month by some engines.
  if (!Number.isNaN(time) && new Date(time).toISOString().startsWith(date)) return { value: date }
  return { problem: 'is not a day of the calendar when read as month/day/year: write it as YYYY-MM-DD' }
}

/** `2026-11-23`, `11/23/2026` and `11/23/26` → `2026-11-23`. Other orders are refused, not guessed. */
export const dateOf = (text: string): Reading<string> => {
  const given = cut(text, LONGEST).trim()
  const iso = ISO.exec(given)
  if (iso) return calendarDate(iso[1]!, iso[2]!, iso[3]!)
  const us = US.exec(given)
  if (us) return calendarDate(us[4]!.padStart(4, '20'), us[1]!, us[3]!)
  return { problem: 'is not a date: write it as YYYY-MM-DD or month/day/year' }
}

/** What a spreadsheet would compute instead of show is not an amount or number to pay by. */
export const textOf = (text: string): Reading<string> =>
  /^\s*[=@]/.test(text)
    ? { problem: 'begins like a spreadsheet formula: write the value that is meant' }
    : { value: text.trim() }

export type Problem = {
  /** The first row below the headings is 1. */
  row: number
  field: string
  problem: string
}

export type InvoiceRow = {
  row: number
  /** Fields in Finexio's names, as far as they could be read; parties are still missing. */
  invoice: Record<string, unknown>
  /** As the row or the argument names them. */
  supplier: string | null
  buyer: string | null
  problems: Problem[]
}

type Reader = { field: string; read(text: string): Reading<unknown> }

const nameOf = (text: string): Reading<string> =>
  text.length > LONGEST_NAME
    ? { problem: `is longer than ${LONGEST_NAME} characters: no such name` }
    : textOf(text)

const READERS: Readonly<Record<string, Reader>> = {
  amount: { field: 'amount_cents', read: centsOf },
  amount_cents: { field: 'amount_cents', read: wholeCentsOf },
  discount: { field: 'discount_amount_cents', read: centsOf },
  discount_amount_cents: { field: 'discount_amount_cents', read: wholeCentsOf },
  invoice_date: { field: 'invoice_date', read: dateOf },
  invoice_due_date: { field: 'invoice_due_date', read: dateOf },
  supplier: { field: PARTY_FIELDS.Supplier, read: nameOf },
  buyer: { field: PARTY_FIELDS.Buyer, read: nameOf },
}

const isBlank = (cell: unknown) =>
  cell === undefined || cell === null || (typeof cell === 'string' && cell.trim() === '')

/** Numbers print as the shortest decimal text that means them, so `1250.5` stays what was written. */
const readingOf = (meaning: string, cell: unknown): { field: string; reading: Reading<unknown> } => {
  const reader = READERS[meaning] ?? { field: meaning, read: textOf }
  const reading = typeof cell === 'object' ? { value: cell } : reader.read(String(cell))
  return { field: reader.field, reading }
}

const PARTIES: readonly string[] = ['supplier', 'buyer']

type Defaults = { supplier: string | null; buyer: string | null }

/** @param meanings what each cell means, by position */
const invoiceRowOf = (
  row: number,
  cells: readonly unknown[],
  meanings: readonly string[],
  all: Defaults,
): InvoiceRow => {
  const invoiceRow: InvoiceRow = { row, invoice: {}, ...all, problems: [] }
  if (cells.length > meanings.length)
    invoiceRow.problems.push({
      row,
      field: 'row',
      problem: `has ${cells.length} cells for ${meanings.length} headings: a value that holds the separator needs quotes`,
    })
  for (const [at, meaning] of meanings.entries()) {
    const cell = cells[at]
    if (meaning === 'ignore' || isBlank(cell)) continue
    const { field, reading } = readingOf(meaning, cell)
    if ('problem' in reading) invoiceRow.problems.push({ row, field, problem: reading.problem })
    else if (PARTIES.includes(meaning))
      invoiceRow[meaning as 'supplier' | 'buyer'] = canonicalId(String(reading.value))
    else invoiceRow.invoice[field] = reading.value
  }
  return invoiceRow
}

/** @param all parties for every row that names none */
export const invoiceRowsOf = (
  rows: readonly (readonly unknown[])[],
  meanings: readonly string[],
  all: Defaults,
): InvoiceRow[] => rows.map((cells, index) => invoiceRowOf(index + 1, cells, meanings, all))
