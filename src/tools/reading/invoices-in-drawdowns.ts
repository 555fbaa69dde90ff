/** Invoices of a number, through the drawdowns that paid them: the one search that Finexio offers by invoice number. */
import { drawdownPayments } from '../../../schemas/drawdown-payments.ts'
import { drawdowns } from '../../../schemas/drawdowns.ts'
import { cleanText } from '../../core/text.ts'
import { plural, verb } from '../../core/words.ts'
import { holdsName } from '../derived/names.ts'
import { folded, isPathId, type Row } from '../derived/request.ts'
import { isWhole, readWhole } from './read-list.ts'
import { askForPage, flawOf, type Reading } from './reading.ts'

export type Sought = { number: string | null; supplier: string | null; supplierId: string | null }

/** An invoice as far as it was found: `payment_id` leads on. */
export type Match = {
  invoice: Row
  /** The drawdown through which it was found, and the payment there: a later payment may have another one. */
  funded: { drawdown: Row; paymentId: unknown } | null
  supplierName: string | null
}

export type FoundInvoices = {
  matches: Match[]
  /** Invoices of that number whose supplier has another name than the one asked for. */
  others: Match[]
  /** What was searched, in a sentence. */
  looked: string
  /** Whether a matching invoice could be in what was not read. */
  complete: boolean
}

/** Drawdowns of one number that are looked into. */
const MOST_DRAWDOWNS = 10

/** Whether a payment is of the supplier asked for; of any, where none was. */
const isOfSupplier = ({ supplier, supplierId }: Sought, payment: Row): boolean =>
  (supplier === null || holdsName(payment.supplier_name, supplier)) &&
  (supplierId === null || payment.receiving_counterparty_id === supplierId)

const matchesIn = (payment: Row, drawdown: Row, { number }: Sought): Match[] => {
  const all = Array.isArray(payment.invoices) ? (payment.invoices as Row[]) : []
  return all
    .filter(({ invoice_number }) => folded(invoice_number) === folded(number))
    .map((invoice) => ({
      invoice: {
        ...invoice,
        payment_id: payment.id,
        amount_cents: invoice.payment_amount_cents,
        receiving_counterparty_id: payment.receiving_counterparty_id,
        originating_counterparty_id: payment.originating_counterparty_id,
      },
      funded: { drawdown, paymentId: payment.id },
      supplierName: typeof payment.supplier_name === 'string' ? cleanText(payment.supplier_name) : null,
    }))
}

/** Finds invoices of a number through the drawdowns that paid them. */
export const throughDrawdowns = async (reading: Reading, sought: Sought): Promise<FoundInvoices> => {
  const page = await askForPage(reading, drawdowns, { invoice_number: sought.number! })
  const all = (page?.rows ?? []).filter((drawdown) => isPathId(drawdown.processor_request_id))
  const found = all.slice(0, MOST_DRAWDOWNS)
  const looks = await Promise.all(
    found.map(async (drawdown) => {
      const path = { processor_request_id: drawdown.processor_request_id }
      const whole = await readWhole(reading, drawdownPayments, {}, null, path)
      const isOwn = (payment: Row) => isOfSupplier(sought, payment)
      const [own, others] = [whole.rows.filter(isOwn), whole.rows.filter((payment) => !isOwn(payment))].map(
        (rows) => rows.flatMap((payment) => matchesIn(payment, drawdown, sought)),
      )
      return { complete: isWhole(whole), matches: own!, others: others! }
    }),
  )
  const left = Math.max(page?.count ?? 0, all.length) - found.length
  const complete = page !== null && flawOf(page) === null
  const looked =
    left > 0
      ? `${plural(left, 'more drawdown')} ${verb(left, 'holds', 'hold')} this number and ${verb(left, 'was', 'were')} not looked into: list_all_finexio_drawdowns with invoice_number lists them all.`
      : ''
  return {
    matches: looks.flatMap(({ matches }) => matches),
    // Whoever is confined to one supplier by its id is told of no other.
    others: sought.supplierId === null ? looks.flatMap(({ others }) => others) : [],
    looked,
    complete: complete && left === 0 && looks.every((look) => look.complete),
  }
}
