/** Rows of the caller's table as drafts of invoices: values converted, what cannot be read said by row. */
import { LONGEST_NAME, PARTY_FIELDS } from './parties.ts'
import { centsOf, dateOf, type Reading, textOf, wholeCentsOf } from './values.ts'

export type Problem = {
  /** The first row below the headings is 1. */
  row: number
  field: string
  problem: string
}

export type Draft = {
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
const draftOf = (
  row: number,
  cells: readonly unknown[],
  meanings: readonly string[],
  all: Defaults,
): Draft => {
  const draft: Draft = { row, invoice: {}, ...all, problems: [] }
  if (cells.length > meanings.length)
    draft.problems.push({
      row,
      field: 'row',
      problem: `has ${cells.length} cells for ${meanings.length} headings: a value that holds the separator needs quotes`,
    })
  for (const [at, meaning] of meanings.entries()) {
    const cell = cells[at]
    if (meaning === 'ignore' || isBlank(cell)) continue
    const { field, reading } = readingOf(meaning, cell)
    if ('problem' in reading) draft.problems.push({ row, field, problem: reading.problem })
    else if (PARTIES.includes(meaning)) draft[meaning as 'supplier' | 'buyer'] = String(reading.value)
    else draft.invoice[field] = reading.value
  }
  return draft
}

/** @param all parties for every row that names none */
export const draftsOf = (
  rows: readonly (readonly unknown[])[],
  meanings: readonly string[],
  all: Defaults,
): Draft[] => rows.map((cells, index) => draftOf(index + 1, cells, meanings, all))
