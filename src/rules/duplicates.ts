/** Whether invoices of a batch are there already, as far as was looked. Pure. */

import { canonicalId } from '../core/ids.ts'

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
