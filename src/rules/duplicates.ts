/** Whether invoices of a batch are there already, as far as was looked. Pure. */
import { canonicalId } from '../core/ids.ts'
import { foldNumber } from '../core/text.ts'

/** What makes an invoice the same invoice to Finexio: it upper-cases and trims numbers. */
export type InvoiceKey = { buyer: string; supplier: string; number: string }

/** As Finexio compares it. */
export const numberOf = ({ number }: Pick<InvoiceKey, 'number'>): string => number.trim().toUpperCase()

/** Equal for equal invoices only. */
export const invoiceIdentity = (invoice: InvoiceKey): readonly string[] => [
  canonicalId(invoice.buyer),
  canonicalId(invoice.supplier),
  numberOf(invoice),
]

const textOf = (invoice: InvoiceKey): string => JSON.stringify(invoiceIdentity(invoice))

/** Equal for numbers that one bill may have twice. */
const likeness = ({ buyer, supplier, number }: InvoiceKey): string =>
  JSON.stringify([canonicalId(buyer), canonicalId(supplier), foldNumber(number)])

/** An invoice whose number is nearly that of another one. `id`: under which Finexio has that; null: it is row `row` of the batch. */
export type Alike = { index: number; other: string } & ({ id: string } | { row: number })

/** Rows that may be meant as what is there already. They are not the same, so that none is left out for it. */
export const alikeAmong = (
  rows: readonly InvoiceKey[],
  seen: readonly (InvoiceKey & { id: string })[],
): Alike[] => {
  const known = Map.groupBy(seen, likeness)
  const first = new Map<string, number>()
  return rows.flatMap((row, index): Alike[] => {
    const [like, identity] = [likeness(row), textOf(row)]
    const there = known.get(like)?.find((one) => textOf(one) !== identity)
    const earlier = first.get(like)
    if (earlier === undefined) first.set(like, index)
    if (there) return [{ index, other: there.number, id: there.id }]
    return earlier !== undefined && textOf(rows[earlier]!) !== identity
      ? [{ index, other: rows[earlier]!.number, row: earlier }]
      : []
  })
}

/** @param rows those that were compared @param rowName how a row is called */
export const alikeWords = (
  { index, other, ...where }: Alike,
  rows: readonly InvoiceKey[],
  rowName: (index: number) => string = (at) => `body[${at}]`,
): string =>
  `${rowName(index)} ${JSON.stringify(rows[index]!.number)} is nearly ${JSON.stringify(other)}, which is ${'id' in where ? `there as invoice ${where.id}` : rowName(where.row)}: the same bill under two numbers is paid twice`

/** An invoice of Finexio. */
export type Seen = InvoiceKey & { id: string; status: string | null; can_be_resubmitted: boolean }

/** How far Finexio's invoices were read before the batch. */
export type Looked = {
  seen: readonly Seen[]
  /** All invoices of the account were read. */
  all: boolean
  /** Numbers that were asked for one by one, upper-cased. */
  asked: ReadonlySet<string>
}

/**
 * `clear`: not there, as far as was looked; `free`: ids under which Finexio has it and lets it come again.
 * `unchecked`: the requests allowed did not reach this row. The ledger is compared when the write is claimed.
 */
export type RowDecision =
  | { index: number; kind: 'clear'; free: string[] }
  | { index: number; kind: 'unchecked' }
  | { index: number; kind: 'exists'; id: string; status: string | null }
  /** The same invoice occurs twice in one batch. */
  | { index: number; kind: 'twice'; first: number }

/** Decides row by row; only `clear` rows may be sent without anybody's approval. */
export const duplicateDecisions = (rows: readonly InvoiceKey[], looked: Looked): RowDecision[] => {
  const seen = Map.groupBy(looked.seen, textOf)
  const first = new Map<string, number>()
  const decide = (row: InvoiceKey, index: number): RowDecision => {
    const identity = textOf(row)
    const earlier = first.get(identity)
    if (earlier !== undefined) return { index, kind: 'twice', first: earlier }
    first.set(identity, index)
    const known = seen.get(identity) ?? []
    const taken = known.find(({ can_be_resubmitted }) => !can_be_resubmitted)
    if (taken) return { index, kind: 'exists', id: taken.id, status: taken.status }
    const checked = known.length > 0 || looked.all || looked.asked.has(numberOf(row))
    return checked ? { index, kind: 'clear', free: known.map(({ id }) => id) } : { index, kind: 'unchecked' }
  }
  return rows.map(decide)
}
