/** Finding invoices by what people know of them. Finexio cannot search invoices: drawdowns can be asked for a number, the rest is read newest first. */
import { counterparties } from '../../../schemas/counterparties.ts'
import { drawdownPayments } from '../../../schemas/drawdown-payments.ts'
import { drawdowns } from '../../../schemas/drawdowns.ts'
import { invoices } from '../../../schemas/invoices.ts'
import { pageOf } from '../list.ts'
import type { ListMethod } from '../list-shape.ts'
import type { Row } from '../walk.ts'
import type { Reading } from './reading.ts'
import { readWhole } from './whole-list.ts'

export type Sought = { number: string | null; supplier: string | null; supplierId: string | null }

/** An invoice as far as it was found: `payment_id` leads on, `drawdown` is known where it came from there. */
export type Match = { invoice: Row; drawdown: Row | null; supplierName: string | null }

export type FoundInvoices = { matches: Match[]; looked: string }

/** Drawdowns of one number that are looked into. */
const MOST_DRAWDOWNS = 5

const plain = (value: unknown) =>
  String(value ?? '')
    .trim()
    .toLowerCase()
const holds = (name: unknown, part: string) => plain(name).includes(plain(part))

const matchesIn = (payment: Row, drawdown: Row, { number, supplier, supplierId }: Sought): Match[] => {
  if (supplier !== null && !holds(payment.supplier_name, supplier)) return []
  if (supplierId !== null && payment.receiving_counterparty_id !== supplierId) return []
  const all = Array.isArray(payment.invoices) ? (payment.invoices as Row[]) : []
  return all
    .filter(({ invoice_number }) => plain(invoice_number) === plain(number))
    .map((invoice) => ({
      invoice: {
        ...invoice,
        payment_id: payment.id,
        amount_cents: invoice.payment_amount_cents,
        receiving_counterparty_id: payment.receiving_counterparty_id,
        originating_counterparty_id: payment.originating_counterparty_id,
      },
      drawdown,
      supplierName: typeof payment.supplier_name === 'string' ? payment.supplier_name : null,
    }))
}

/** By its number through the drawdown that paid it. `whole`: every drawdown that holds the number was looked into. */
export const throughDrawdowns = async (
  reading: Reading,
  sought: Sought,
): Promise<{ matches: Match[]; whole: boolean }> => {
  const list = drawdowns.methods.list as ListMethod
  const page = await reading.ask(() => pageOf(list, reading.context, { invoice_number: sought.number! })(1))
  const found = (page?.rows ?? []).slice(0, MOST_DRAWDOWNS)
  const matches = await Promise.all(
    found.map(async (drawdown) => {
      const path = { processor_request_id: drawdown.processor_request_id }
      const { rows } = await readWhole(reading, drawdownPayments, {}, null, path)
      return rows.flatMap((payment) => matchesIn(payment, drawdown, sought))
    }),
  )
  const whole = page !== null && page.next === null && page.rows.length === found.length
  return { matches: matches.flat(), whole }
}

/** Ids and names of the suppliers whose name holds a text. */
const suppliersNamed = async (reading: Reading, name: string): Promise<Map<string, string>> => {
  const { rows } = await readWhole(reading, counterparties, { name, type: 'Supplier' })
  return new Map(
    rows
      .filter((row) => holds(row.name, name) && typeof row.id === 'string')
      .map((row) => [String(row.id), String(row.name)]),
  )
}

/** Among all invoices that Finexio lists, as far as the bound of one call lets look. */
const throughList = async (reading: Reading, sought: Sought): Promise<FoundInvoices> => {
  const named = sought.supplier === null ? null : await suppliersNamed(reading, sought.supplier)
  if (named?.size === 0)
    return { matches: [], looked: `No supplier's name holds ${JSON.stringify(sought.supplier)}.` }
  const { rows, count, next } = await readWhole(reading, invoices, {})
  const wanted = rows.filter(
    (row) =>
      (sought.number === null || plain(row.invoice_number) === plain(sought.number)) &&
      (sought.supplierId === null || row.receiving_counterparty_id === sought.supplierId) &&
      (named?.has(String(row.receiving_counterparty_id)) ?? true),
  )
  const matches = wanted.map((invoice) => ({
    invoice,
    drawdown: null,
    supplierName: named?.get(String(invoice.receiving_counterparty_id)) ?? null,
  }))
  const reach =
    next === null
      ? `all ${rows.length} invoices`
      : `${rows.length} of ${count ?? 'an unknown number of'} invoices`
  return { matches, looked: `Looked through ${reach}.` }
}

const unique = (matches: readonly Match[]): Match[] => [
  ...new Map(
    matches.map((match) => [String(match.invoice.id ?? JSON.stringify(match.invoice)), match]),
  ).values(),
]

/** Invoices that fit what is known, each once, and how far was looked. */
export const findInvoices = async (reading: Reading, sought: Sought): Promise<FoundInvoices> => {
  const direct = sought.number === null ? [] : (await throughDrawdowns(reading, sought)).matches
  if (direct.length > 0)
    return { matches: unique(direct), looked: 'Found through the drawdown that holds this invoice number.' }
  const listed = await throughList(reading, sought)
  return { ...listed, matches: unique(listed.matches) }
}
