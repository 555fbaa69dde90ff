/** What a trace answers: of one invoice the verdict and what speaks for it, of several a list to choose from. Pure. */
import { centsIn, decimalOf, dollars } from '../../../core/money.ts'
import { plainTime, quoted, textOrNull } from '../../../core/text.ts'
import { picked, type Row, wordOf } from '../../derived/request.ts'
import { present } from '../../present/present.ts'
import type { Scan } from '../../reading/check-images.ts'
import type { Match } from '../../reading/invoices-in-drawdowns.ts'
import { ARRIVED, eventsOf, invoicesOf, inWords, setbackWords } from '../../reading/payment-life.ts'
import { meansOf, reissueWords } from '../../reading/payment-means.ts'
import { STOPPED, UNDER_WAY } from '../../reading/tally.ts'

// Whether an invoice is paid, said in one word, with what speaks for it. Pure.

type Verdict = 'paid' | 'in_progress' | 'not_paid' | 'failed' | 'unknown'
type Judged = { verdict: Verdict; since: string | null; why: string }

const meaning = (words: Iterable<string>, verdict: Verdict) =>
  Object.fromEntries([...words].map((word) => [word, verdict]))

const BY_PAYMENT: Readonly<Record<string, Verdict>> = {
  ...meaning(ARRIVED, 'paid'),
  ...meaning([...UNDER_WAY, 'sent'], 'in_progress'),
  ...meaning(STOPPED, 'failed'),
}

const BY_INVOICE: Readonly<Record<string, Verdict>> = { ...BY_PAYMENT, pending: 'not_paid' }

/** Events of a payment, latest first. */
const latestEvents = (payment: Row, most: number): Row[] => eventsOf(payment).reverse().slice(0, most)

/** Since it was created a payment is under way; only an event or a change says when it ended. */
const sinceOf = (payment: Row, verdict: Verdict): string | null =>
  textOrNull(latestEvents(payment, 1)[0]?.timestamp) ??
  textOrNull(payment.updated) ??
  (verdict === 'in_progress' ? textOrNull(payment.created) : null)

const statusWords = (status: string): string => {
  if (status === '') return 'without a status'
  return Object.hasOwn(BY_PAYMENT, status)
    ? status
    : `${quoted(status)}, a word that this server does not know`
}

/** Invoice and payment can contradict each other: then both are said. */
const contradiction = (invoice: Row, verdict: Verdict): string => {
  const own = BY_INVOICE[wordOf(invoice.status)]
  const ended: readonly (Verdict | undefined)[] = ['paid', 'failed', 'not_paid']
  const differs = own !== verdict && ended.includes(own) && ended.includes(verdict)
  return differs && [own, verdict].includes('paid')
    ? `; the invoice itself says ${wordOf(invoice.status)}`
    : ''
}

const ofPayment = (invoice: Row, payment: Row): Judged => {
  const judged = asItStands(invoice, payment)
  const reissued = reissueWords(payment)
  return reissued === null ? judged : { ...judged, why: `${judged.why}, and ${reissued}` }
}

const asItStands = (invoice: Row, payment: Row): Judged => {
  const refunded = textOrNull(payment.refund_timestamp)
  if (refunded)
    return {
      verdict: 'not_paid',
      since: refunded,
      why: `the payment was refunded (${payment.refund_reason ? quoted(payment.refund_reason) : 'no reason given'})`,
    }
  const status = wordOf(payment.status)
  const verdict = BY_PAYMENT[status] ?? 'unknown'
  const why = `its payment is ${statusWords(status)}${contradiction(invoice, verdict)}`
  const setback = setbackWords(payment)
  if (setback !== null) return { verdict: 'unknown', since: null, why: `${why}, ${setback}` }
  return { verdict, since: sinceOf(payment, verdict), why }
}

const ofInvoice = (invoice: Row): Judged => {
  const status = wordOf(invoice.status)
  const verdict = BY_INVOICE[status] ?? 'unknown'
  const payment = textOrNull(invoice.payment_id)
  const made =
    payment === null
      ? 'Finexio has made no payment of it yet'
      : `its payment ${payment} could not be read and is not part of this`
  const is =
    invoice.status === undefined ? 'the invoice itself was not read' : `the invoice is ${statusWords(status)}`
  return {
    verdict,
    since: textOrNull(invoice.updated) ?? (verdict === 'not_paid' ? textOrNull(invoice.created) : null),
    why: `${is}; ${made}`,
  }
}

/** @param payment null where there is none, or it was not read */
export const judge = (invoice: Row, payment: Row | null): Judged =>
  payment ? ofPayment(invoice, payment) : ofInvoice(invoice)

const WORDS: Readonly<Record<Verdict, string>> = {
  paid: 'PAID',
  in_progress: 'IN PROGRESS',
  not_paid: 'NOT PAID',
  failed: 'FAILED',
  unknown: 'STATE UNKNOWN',
}

const MOST_EVENTS = 5

const INVOICE_FIELDS = [
  'id',
  'invoice_number',
  'amount_cents',
  'discount_amount_cents',
  'status',
  'invoice_date',
  'invoice_due_date',
  'receiving_counterparty_id',
  'originating_counterparty_id',
  'created',
]
const PAYMENT_FIELDS = [
  'id',
  'amount_cents',
  'status',
  'payment_method',
  'delivery_method',
  'tracking_id',
  'instrument_number',
  'created',
  'updated',
  'refund_timestamp',
  'refund_reason',
  'reissue_timestamp',
  'reissue_payment_method',
  'reissue_reason',
]
const DRAWDOWN_FIELDS = ['processor_request_id', 'amount_cents', 'status', 'created', 'funding_complete_date']
const EVENT_FIELDS = ['timestamp', 'event_name', 'status', 'stage', 'description']

const shown = (row: Row, fields: readonly string[]): Row => present(picked(row, fields))

export type Followed = {
  invoice: Row
  payment: Row | null
  drawdown: Row | null
  /** Null where the payment is no check, or the server shows no images. */
  scan: Scan | null
  supplierName: string | null
  /** True when it is a check whose image this server does not show. */
  imageHidden: boolean
}

/** The answer about one invoice; null and empty where there is no payment, drawdown or scan. */
export const answerOf = ({ invoice, payment, drawdown, scan, supplierName }: Followed) => ({
  ...judge(invoice, payment),
  invoice: { ...shown(invoice, INVOICE_FIELDS), supplier_name: supplierName } as Row,
  payment: payment && paymentOf(invoice, payment),
  events: payment
    ? latestEvents(payment, MOST_EVENTS).map((event) =>
        shown({ ...event, description: inWords(event) }, EVENT_FIELDS),
      )
    : [],
  check: scan && { scanned: scan.scanned, check_image_url: scan.check_image_url },
  drawdown: drawdown && shown(drawdown, DRAWDOWN_FIELDS),
})
type Answer = ReturnType<typeof answerOf>

/** What of a payment was for an invoice, in cents; null where its parts do not add up to it. */
const shareOf = (invoice: Row, payment: Row): number | null => {
  const parts = invoicesOf(payment)
  const own = parts.filter(({ id }) => id === invoice.id)
  const sum = parts.reduce((so, { payment_amount_cents: cents }) => so + Number(cents), 0)
  return own.length === 1 && sum === payment.amount_cents ? Number(own[0]!.payment_amount_cents) : null
}

const paymentOf = (invoice: Row, payment: Row): Row => {
  const share = shareOf(invoice, payment)
  return {
    ...shown(payment, PAYMENT_FIELDS),
    share_cents: share,
    share: decimalOf(share),
    invoices_count: invoicesOf(payment).length,
  }
}

const money = (row: Row): string => dollars(row.amount_cents)

/** Nothing happened yet to what is not paid and was not refunded: the time is that of its submission. */
const verdictWords = ({ verdict, since, why }: Judged, { payment, invoice }: Answer): string => {
  if (verdict === 'not_paid' && payment === null)
    return `NOT PAID YET${invoice.created ? `, submitted ${plainTime(invoice.created)}` : ''}: ${why}.`
  return `${WORDS[verdict]}${since ? ` since ${plainTime(since)}` : ''}: ${why}.`
}

const checkWords = ({ check }: Answer): string => {
  if (check === null) return ''
  if (check.scanned === null) return 'Its check image was not read.'
  return check.scanned ? `Check image: ${check.check_image_url}` : 'The check was not scanned yet.'
}

/** An invoice by what third parties wrote of it, in quotation marks. */
const invoiceWords = (invoice: Row): string =>
  `Invoice ${invoice.invoice_number ? quoted(invoice.invoice_number) : (invoice.id ?? '')}${invoice.supplier_name ? ` of ${quoted(invoice.supplier_name)}` : ''}, ${money(invoice)}`

/** Said only where a payment is for more than this invoice. */
const shareWords = ({ share, invoices_count }: Row): string =>
  Number(invoices_count) > 1 && share !== null ? ` of which $${share} for this invoice` : ''

/** A payment that paid less of an invoice than is due, by what Finexio lists. */
const shortWords = ({ invoice, payment, verdict }: Answer): string => {
  if (!payment || (verdict !== 'paid' && verdict !== 'in_progress')) return ''
  const [due, share] = [centsIn(invoice.amount_cents), centsIn(payment.share_cents)]
  const less =
    due === null || share === null ? 0 : due - (centsIn(invoice.discount_amount_cents) ?? 0) - share
  return less > 0
    ? `It pays ${dollars(share)} of it, ${dollars(less)} less than its amount after discount: Finexio names one payment of an invoice, and another may have paid the rest.`
    : ''
}

/** The answer in sentences, the verdict first: what follows is quoted from third parties. */
export const sentenceOf = (answer: Answer): string => {
  const { invoice, payment, drawdown } = answer
  return [
    verdictWords(answer, answer),
    `${invoiceWords(invoice)}.`,
    payment &&
      `Payment ${payment.id}, ${payment.payment_method ? meansOf(payment) : 'no method'}, ${money(payment)}${shareWords(payment)}, tracking ${payment.tracking_id ? quoted(payment.tracking_id) : 'none'}.`,
    shortWords(answer),
    checkWords(answer),
    drawdown && `Drawdown ${drawdown.processor_request_id}, ${drawdown.status ?? 'without status'}.`,
  ]
    .filter(Boolean)
    .join(' ')
}

/** Events of the payment as a table of the text. */
export const eventTable = ({ events }: Answer) => ({
  title: 'Latest events',
  columns: EVENT_FIELDS,
  rows: events,
})

export const MEANS = ['payment_method', 'instrument_number', 'tracking_id']

/** One of several invoices. @param payment null where there is none, or it was not read */
export const listedRow = ({ invoice, supplierName }: Match, payment: Row | null): Row => {
  const { verdict, since } = judge(invoice, payment)
  return {
    ...{ verdict, since },
    ...shown(invoice, [...INVOICE_FIELDS, 'payment_id']),
    ...shown(payment ?? {}, MEANS),
    supplier_name: supplierName,
  }
}

/** Several invoices as a table of the text. */
export const matchTable = (rows: readonly Row[]) => ({
  title: 'Invoices',
  columns: [
    'id',
    'invoice_number',
    'amount',
    'verdict',
    'since',
    'payment_method',
    'instrument_number',
    'payment_id',
    'supplier_name',
    'receiving_counterparty_id',
    'invoice_date',
    'created',
  ],
  rows,
})
