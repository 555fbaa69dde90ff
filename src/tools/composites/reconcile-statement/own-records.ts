/** What Finexio knows of one invoice, in one word with the amounts that were paid. Pure. */
import { centsIn } from '../../../core/money.ts'
import { oneLine, textOrNull } from '../../../core/text.ts'
import type { Row } from '../../derived/request.ts'
import { wordOf } from '../../derived/request.ts'
import { ARRIVED, paymentLife, setbackWords } from '../../reading/payment-life.ts'
import { reissueWords } from '../../reading/payment-means.ts'
import { STOPPED, UNDER_WAY } from '../../reading/tally.ts'

/**
 * `under_way`: money left or is being prepared. `bounced`: its payment failed. `stopped`: there will be no payment as it stands.
 * `reissued`: its payment came back, and another one that Finexio does not name may have paid it.
 * `canceled`: the invoice itself was withdrawn, without a payment.
 */
export type State =
  | 'paid'
  | 'under_way'
  | 'waiting'
  | 'bounced'
  | 'stopped'
  | 'canceled'
  | 'refunded'
  | 'reissued'
  | 'unclear'

export type OwnRecord = {
  invoice: Row
  number: string
  buyer: string
  state: State
  /** In words, for whatever is not paid. */
  why: string
  gross: number | null
  /** Gross without the discount. */
  net: number | null
  discount: number
  /** What its payment paid of it; null where that is not known, or there is none. */
  paid: number | null
  /** When the state began, as Finexio writes it; null where nothing tells. */
  since: string | null
  payment: Row | null
}

/**
 * What a payment paid of an invoice. Whether Finexio's amount of an invoice within a payment has its discount taken off is said
 * nowhere: what the payment comes to decides, and where it decides nothing nobody knows.
 */
const paidOf = (invoice: Row, payment: Row, all: ReadonlyMap<unknown, Row>): number | null => {
  const parts = Array.isArray(payment.invoices) ? (payment.invoices as Row[]) : []
  const part = parts.find(({ id }) => id === invoice.id)
  const amounts = parts.map(({ payment_amount_cents }) => centsIn(payment_amount_cents))
  const total = centsIn(payment.amount_cents)
  if (!part || total === null || amounts.includes(null)) return null
  const sum = (values: readonly number[]) => values.reduce((so, one) => so + one, 0)
  if (sum(amounts as number[]) === total) return centsIn(part.payment_amount_cents)
  const discounts = parts.map(({ id }) => centsIn(all.get(id)?.discount_amount_cents ?? 0))
  if (discounts.includes(null) || parts.some(({ id }) => !all.has(id))) return null
  const less = sum(discounts as number[])
  return sum(amounts as number[]) - less === total
    ? centsIn(part.payment_amount_cents)! - (centsIn(invoice.discount_amount_cents) ?? 0)
    : null
}

type Judged = Pick<OwnRecord, 'state' | 'why' | 'since'>

const refundWords = ({ refund_reason }: Row): string => {
  const reason = oneLine(refund_reason, 80)
  return reason === '' ? 'its payment was refunded' : `its payment was refunded (${reason})`
}

/** The bill was paid twice, says whoever refunded it: the other payment may stand. */
export const isRefundOfDuplicate = (payment: Row | null): boolean =>
  /duplicat|twice|double/i.test(String(payment?.refund_reason ?? ''))

/** What came back and was reissued may be paid by now: whoever counts it as owed pays it twice. */
const byPayment = (invoice: Row, payment: Row): Judged => {
  const judged = asItStands(invoice, payment)
  const reissued = reissueWords(payment)
  if (reissued === null) return judged
  if (judged.state === 'bounced' || judged.state === 'refunded')
    return { ...judged, state: 'reissued', why: `${judged.why}, and ${reissued}` }
  return { ...judged, why: [judged.why, reissued].filter(Boolean).join(', and ') }
}

const dayOf = (stamp: string | null): string => oneLine(stamp, 10).slice(0, 10)

/** Of a payment that Finexio only prepares nothing is under way: nobody knows yet when it leaves, nor by what. */
export const isPending = ({ state, payment }: Pick<OwnRecord, 'state' | 'payment'>): boolean =>
  state === 'under_way' && wordOf(payment?.status) === 'pending'

/** `pending since 2026-11-20`. */
export const pendingWords = (since: string | null): string =>
  `pending${since === null ? '' : ` since ${dayOf(since)}`}`

const asItStands = (invoice: Row, payment: Row): Judged => {
  const life = paymentLife(payment)
  const status = wordOf(payment.status)
  const own = wordOf(invoice.status)
  if (life.refunded_at !== null)
    return { state: 'refunded', why: refundWords(payment), since: life.refunded_at }
  const setback = setbackWords(payment)
  if (setback !== null)
    return { state: 'unclear', why: `its payment is ${status}, ${setback}`, since: life.settled_at }
  if (ARRIVED.has(status))
    return STOPPED.has(own)
      ? { state: 'unclear', why: `its payment is ${status}, the invoice itself ${own}`, since: null }
      : { state: 'paid', why: '', since: life.settled_at }
  if (UNDER_WAY.has(status) || status === 'sent') {
    const since = textOrNull(payment.created)
    const how = isPending({ state: 'under_way', payment }) ? pendingWords(since) : 'under way'
    return { state: 'under_way', why: `its payment is ${how}`, since }
  }
  if (STOPPED.has(status)) {
    const why = `its payment ${status === 'failed' ? 'failed' : 'was canceled'}${life.failure_reason ? ` (${life.failure_reason})` : ''}`
    return { state: 'bounced', why, since: life.ended_at }
  }
  return { state: 'unclear', why: `its payment has the status "${status}"`, since: null }
}

const byInvoice = (invoice: Row): Judged => {
  const status = wordOf(invoice.status)
  if (textOrNull(invoice.payment_id) !== null)
    return { state: 'unclear', why: 'its payment was not read', since: null }
  if (status === 'pending' || status === 'in-progress')
    return { state: 'waiting', why: 'no payment was made of it yet', since: textOrNull(invoice.created) }
  if (STOPPED.has(status))
    return {
      state: status === 'canceled' ? 'canceled' : 'stopped',
      why: `the invoice is ${status}`,
      since: textOrNull(invoice.updated),
    }
  return { state: 'unclear', why: `the invoice is "${status}" without a payment`, since: null }
}

/**
 * @param payments those that were read, by id
 * @param all invoices that were read, by id: for the discounts of others in the same payment
 */
export const ownRecord = (
  invoice: Row,
  payments: ReadonlyMap<unknown, Row>,
  all: ReadonlyMap<unknown, Row>,
): OwnRecord => {
  const payment = payments.get(invoice.payment_id) ?? null
  const gross = centsIn(invoice.amount_cents)
  const discount = centsIn(invoice.discount_amount_cents) ?? 0
  return {
    invoice,
    number: String(invoice.invoice_number ?? ''),
    buyer: String(invoice.originating_counterparty_id ?? ''),
    ...(payment ? byPayment(invoice, payment) : byInvoice(invoice)),
    gross,
    net: gross === null ? null : gross - discount,
    discount,
    paid: payment && paidOf(invoice, payment, all),
    payment,
  }
}
