/** What a trace answers: of one invoice the verdict and what speaks for it, of several a list to choose from. Pure. */
import { plainTime } from '../../../core/text.ts'
import type { Row } from '../../derived/request.ts'
import { present } from '../../present/present.ts'
import type { Match } from '../../reading/invoices-in-drawdowns.ts'
import type { Followed } from './follow-invoice.ts'
import { type Judged, judge, latestEvents, WORDS } from './verdict.ts'

const MOST_EVENTS = 5

const INVOICE_FIELDS = [
  'id',
  'invoice_number',
  'amount_cents',
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
]
const DRAWDOWN_FIELDS = ['processor_request_id', 'amount_cents', 'status', 'created', 'funding_complete_date']
const EVENT_FIELDS = ['timestamp', 'event_name', 'status', 'stage', 'description']

const picked = (row: Row, fields: readonly string[]): Row =>
  present(
    Object.fromEntries(fields.filter((name) => row[name] !== undefined).map((name) => [name, row[name]])),
  )
const pickedOrNone = (row: Row | null, fields: readonly string[]): Row | null => row && picked(row, fields)

export const answerOf = ({ invoice, payment, drawdown, scan, supplierName }: Followed) => ({
  ...judge(invoice, payment),
  invoice: { ...picked(invoice, INVOICE_FIELDS), supplier_name: supplierName } as Row,
  payment: pickedOrNone(payment, PAYMENT_FIELDS),
  events: payment ? latestEvents(payment, MOST_EVENTS).map((event) => picked(event, EVENT_FIELDS)) : [],
  check: scan && { scanned: scan.scanned, check_image_url: scan.check_image_url },
  drawdown: pickedOrNone(drawdown, DRAWDOWN_FIELDS),
})
export type Answer = ReturnType<typeof answerOf>

const money = (row: Row): string => (row.amount ? `${row.amount} USD` : 'no readable amount')

const verdictWords = ({ verdict, since, why }: Judged): string =>
  `${WORDS[verdict]}${since ? ` since ${plainTime(since)}` : ''}, ${why}.`

const checkWords = ({ check }: Answer): string => {
  if (check === null) return ''
  if (check.scanned === null) return 'Its check image was not read.'
  return check.scanned ? `Check image: ${check.check_image_url}` : 'The check was not scanned yet.'
}

/** The answer in sentences. */
export const sentenceOf = (answer: Answer): string => {
  const { invoice, payment, drawdown } = answer
  const name = invoice.supplier_name ? ` of ${invoice.supplier_name}` : ''
  return [
    `Invoice ${invoice.invoice_number ?? invoice.id ?? ''}${name}, ${money(invoice)}: ${verdictWords(answer)}`,
    payment &&
      `Payment ${payment.id}, ${payment.payment_method ?? 'no method'}, ${money(payment)}, tracking ${payment.tracking_id ?? 'none'}.`,
    checkWords(answer),
    drawdown && `Drawdown ${drawdown.processor_request_id}, ${drawdown.status ?? 'without status'}.`,
  ]
    .filter(Boolean)
    .join(' ')
}

export const eventTable = ({ events }: Answer) => ({
  title: 'Latest events',
  columns: EVENT_FIELDS,
  rows: events,
})

/** One of several invoices. */
export const listedRow = ({ invoice, supplierName }: Match): Row => ({
  ...picked(invoice, [...INVOICE_FIELDS, 'payment_id']),
  supplier_name: supplierName,
})

export const matchTable = (rows: readonly Row[]) => ({
  title: 'Invoices',
  columns: [
    'id',
    'invoice_number',
    'amount_cents',
    'amount',
    'status',
    'payment_id',
    'supplier_name',
    'receiving_counterparty_id',
    'invoice_date',
    'created',
  ],
  rows,
})
