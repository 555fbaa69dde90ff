/** Whether invoices of a batch are there already, as far as was looked. Pure. */

/** What makes an invoice the same invoice to Finexio: it upper-cases and trims numbers. */
export type InvoiceKey = { buyer: string; supplier: string; number: string }

/** Equal for equal invoices only. */
export const invoiceIdentity = ({ buyer, supplier, number }: InvoiceKey): readonly string[] => [
  'invoice',
  buyer,
  supplier,
  number.trim().toUpperCase(),
]

const textOf = (invoice: InvoiceKey): string => JSON.stringify(invoiceIdentity(invoice))

/** An invoice of Finexio. */
export type Seen = InvoiceKey & { id: string; status: string | null; can_be_resubmitted: boolean }

/** A write of the ledger that holds the same invoice and may have been executed. */
export type InLedger = InvoiceKey & {
  key: string
  state: 'claimed' | 'succeeded' | 'unknown'
  /** Of the invoice it made; null when that was not recorded. */
  id: string | null
}

/** How far Finexio's invoices were read before the batch. */
export type Looked = {
  seen: readonly Seen[]
  ledger: readonly InLedger[]
  /** All invoices of the account were read. */
  all: boolean
  /** Numbers that were asked for one by one, upper-cased. */
  asked: ReadonlySet<string>
}

/** `clear`: not there, as far as was looked. `unchecked`: the requests allowed did not reach this row. */
export type RowDecision =
  | { index: number; kind: 'clear' }
  | { index: number; kind: 'unchecked' }
  | { index: number; kind: 'exists'; id: string; status: string | null }
  | { index: number; kind: 'in_ledger'; key: string; state: InLedger['state'] }
  /** The same invoice stands twice in one batch. */
  | { index: number; kind: 'twice'; first: number }

const byIdentity = <T extends InvoiceKey>(all: readonly T[]): Map<string, T[]> => Map.groupBy(all, textOf)

/**
 * Decides row by row; only `clear` rows may be sent without anybody's approval.
 * What Finexio lets be resubmitted is free; a success of the ledger is so only when it is that very invoice.
 */
export const duplicateDecisions = (rows: readonly InvoiceKey[], looked: Looked): RowDecision[] => {
  const seen = byIdentity(looked.seen)
  const ledger = byIdentity(looked.ledger)
  const first = new Map<string, number>()
  const decide = (row: InvoiceKey, index: number): RowDecision => {
    const identity = textOf(row)
    const earlier = first.get(identity)
    if (earlier !== undefined) return { index, kind: 'twice', first: earlier }
    first.set(identity, index)
    const known = seen.get(identity) ?? []
    const taken = known.find(({ can_be_resubmitted }) => !can_be_resubmitted)
    if (taken) return { index, kind: 'exists', id: taken.id, status: taken.status }
    const isRefunded = ({ state, id }: InLedger) =>
      state === 'succeeded' && id !== null && known.some((invoice) => invoice.id === id)
    const written = ledger.get(identity)?.find((entry) => !isRefunded(entry))
    if (written) return { index, kind: 'in_ledger', key: written.key, state: written.state }
    const checked = known.length > 0 || looked.all || looked.asked.has(row.number.trim().toUpperCase())
    return { index, kind: checked ? 'clear' : 'unchecked' }
  }
  return rows.map(decide)
}
