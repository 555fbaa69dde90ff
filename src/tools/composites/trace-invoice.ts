/** `trace_finexio_invoice`: did this invoice get paid? From the invoice to its payment, events, check image and drawdown. */
import * as z from 'zod'
import { drawdownPayments } from '../../../schemas/drawdown-payments.ts'
import { drawdowns } from '../../../schemas/drawdowns.ts'
import { id, words } from '../../../schemas/fields.ts'
import { invoices } from '../../../schemas/invoices.ts'
import { paymentImages } from '../../../schemas/payment-images.ts'
import { payments } from '../../../schemas/payments.ts'
import { FinexioFailure } from '../../finexio/failure.ts'
import { type GetMethod, readOne } from '../get.ts'
import { pageOf } from '../list.ts'
import type { ListMethod } from '../list-shape.ts'
import { toolName } from '../name.ts'
import { present } from '../present.ts'
import { Refusal } from '../refusal.ts'
import type { ToolAnswer, ToolContext } from '../tool.ts'
import type { Row } from '../walk.ts'
import { isCheck, scansOf } from './check-images.ts'
import { composite, rows } from './composite.ts'
import { findInvoices, type Match } from './find-invoices.ts'
import { counted, noted } from './notes.ts'
import { judge, latestEvents, WORDS } from './paid.ts'
import { partyNames } from './party-names.ts'
import { failIfStopped, newReading, type Reading, stopWords } from './reading.ts'
import { report } from './report.ts'

const MOST_REQUESTS = 40
const MOST_EVENTS = 5
const MOST_LISTED = 50

const input = z.object({
  id: id.optional().describe('Invoice id.'),
  invoice_number: words.optional(),
  supplier_name: words.optional().describe('Or part of it.'),
  receiving_counterparty_id: id.optional().describe('Supplier id.'),
})
type Args = z.infer<typeof input>

/** A record, or null where Finexio does not have it (any more). */
const recordOrNone = async (method: GetMethod, args: Row, context: ToolContext): Promise<Row | null> => {
  try {
    return await readOne(method, args, context)
  } catch (failure) {
    if (failure instanceof FinexioFailure && failure.kind === 'not_found') return null
    throw failure
  }
}

const paymentOf = async (reading: Reading, { payment_id }: Row): Promise<Row | null> =>
  typeof payment_id === 'string' && payment_id !== ''
    ? reading.ask(() => recordOrNone(payments.methods.get as GetMethod, { id: payment_id }, reading.context))
    : null

/** A payment does not name its drawdown, but drawdowns can be asked for a tracking id. */
const drawdownOf = async (reading: Reading, payment: Row | null): Promise<Row | null> => {
  const tracking_id = payment?.tracking_id
  if (typeof tracking_id !== 'string' || tracking_id === '') return null
  const list = drawdowns.methods.list as ListMethod
  const page = await reading.ask(() => pageOf(list, reading.context, { tracking_id })(1))
  return page?.rows[0] ?? null
}

/** From a drawdown an invoice comes without its status. */
const wholeInvoice = async (reading: Reading, { invoice }: Match): Promise<Row> => {
  if (invoice.status !== undefined || typeof invoice.id !== 'string') return invoice
  const method = invoices.methods.get as GetMethod
  const found = await reading.ask(() => recordOrNone(method, { id: invoice.id }, reading.context))
  return found ? { ...invoice, ...found, payment_id: found.payment_id ?? invoice.payment_id } : invoice
}

const followed = async (reading: Reading, match: Match) => {
  const [invoice, payment] = await Promise.all([
    wholeInvoice(reading, match),
    paymentOf(reading, match.invoice),
  ])
  const looksForImage =
    payment !== null && isCheck(payment) && reading.context.sees(toolName(paymentImages, 'get'))
  const [drawdown, scans, names] = await Promise.all([
    match.drawdown ?? drawdownOf(reading, payment),
    looksForImage ? scansOf(reading, [payment]) : [],
    match.supplierName === null ? partyNames(reading, [invoice.receiving_counterparty_id]) : null,
  ])
  const supplierName = match.supplierName ?? names?.get(invoice.receiving_counterparty_id) ?? null
  return { invoice, payment, drawdown, scan: scans[0] ?? null, supplierName }
}

type Followed = Awaited<ReturnType<typeof followed>>

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

const picked = (row: Row | null, fields: readonly string[]): Row | null =>
  row &&
  present(
    Object.fromEntries(fields.filter((name) => row[name] !== undefined).map((name) => [name, row[name]])),
  )

const answerOf = ({ invoice, payment, drawdown, scan, supplierName }: Followed) => ({
  ...judge(invoice, payment),
  invoice: { ...picked(invoice, INVOICE_FIELDS), supplier_name: supplierName },
  payment: picked(payment, PAYMENT_FIELDS),
  events: payment ? latestEvents(payment, MOST_EVENTS).map((event) => picked(event, EVENT_FIELDS)!) : [],
  check: scan && { scanned: scan.scanned, check_image_url: scan.check_image_url },
  drawdown: picked(drawdown, DRAWDOWN_FIELDS),
})

const one = async (reading: Reading, match: Match, looked: string): Promise<ToolAnswer> => {
  const found = await followed(reading, match)
  const answer = answerOf(found)
  const structured = {
    matches_count: 1,
    ...answer,
    requests: reading.requests,
    is_partial_response: reading.stopped !== null,
    ...noted([stopWords(reading), looked]),
  }
  const { invoice, payment, drawdown, verdict, since, why, check } = answer
  const name = invoice.supplier_name ? ` of ${String(invoice.supplier_name)}` : ''
  const parts = [
    `Invoice ${String((invoice as Row).invoice_number ?? (invoice as Row).id ?? '')}${name}, ${String((invoice as Row).amount ?? 'no amount')} USD: ${WORDS[verdict]}${since ? ` since ${since}` : ''}, ${why}.`,
    payment &&
      `Payment ${payment.id}, ${payment.payment_method ?? 'no method'}, ${payment.amount ?? ''} USD, tracking ${payment.tracking_id ?? 'none'}.`,
    check && (check.scanned ? `Check image: ${check.check_image_url}` : 'The check was not scanned yet.'),
    drawdown && `Drawdown ${drawdown.processor_request_id}, ${drawdown.status ?? 'without status'}.`,
  ]
  const tables = [{ title: 'Latest events', columns: EVENT_FIELDS, rows: answer.events }]
  return report(parts.filter(Boolean).join(' '), tables, structured, reading.context)
}

const LISTED = [
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
]

const several = (reading: Reading, matches: readonly Match[], looked: string): ToolAnswer => {
  const listed = matches.slice(0, MOST_LISTED).map(({ invoice, supplierName }) => ({
    ...picked(invoice, [...INVOICE_FIELDS, 'payment_id']),
    supplier_name: supplierName,
  }))
  const structured = {
    matches_count: matches.length,
    matches: listed,
    requests: reading.requests,
    is_partial_response: reading.stopped !== null,
    ...noted([
      stopWords(reading),
      looked,
      matches.length > listed.length &&
        `${listed.length} of ${matches.length} are listed; narrow by number or supplier.`,
    ]),
  }
  const head =
    matches.length === 0
      ? 'No invoice fits.'
      : `${counted(matches.length, 'invoice')} fit: none was picked. Repeat with the id of the one that is meant.`
  return report(head, [{ title: 'Invoices', columns: LISTED, rows: listed }], structured, reading.context)
}

/** An invoice of another supplier than the one asked for (or fixed by the operator) is none. */
const byId = async (reading: Reading, invoiceId: string, supplierId: string | null): Promise<Match[]> => {
  const invoice = await reading.ask(() =>
    readOne(invoices.methods.get as GetMethod, { id: invoiceId }, reading.context),
  )
  failIfStopped(reading)
  const fits = invoice && (supplierId === null || invoice.receiving_counterparty_id === supplierId)
  return fits ? [{ invoice, drawdown: null, supplierName: null }] : []
}

const run = async (raw: Row, context: ToolContext): Promise<ToolAnswer> => {
  const args = raw as Args
  if (
    args.id === undefined &&
    args.invoice_number === undefined &&
    args.supplier_name === undefined &&
    args.receiving_counterparty_id === undefined
  )
    throw new Refusal('Give an invoice id, an invoice_number, or a supplier.')
  const reading = newReading(context, MOST_REQUESTS)
  const sought = {
    number: args.invoice_number ?? null,
    supplier: args.supplier_name ?? null,
    supplierId: args.receiving_counterparty_id ?? null,
  }
  const { matches, looked } =
    args.id === undefined
      ? await findInvoices(reading, sought)
      : { matches: await byId(reading, args.id, sought.supplierId), looked: '' }
  if (matches.length === 0) failIfStopped(reading)
  const [only] = matches
  return only && matches.length === 1 ? one(reading, only, looked) : several(reading, matches, looked)
}

export const traceInvoice = composite({
  name: 'trace_finexio_invoice',
  title: 'Trace an invoice',
  says: 'Whether an invoice was paid, and since when: its payment, latest events, check image and drawdown. By id, or by invoice number and supplier name; several matches are listed.',
  resource: 'invoices',
  method: 'trace',
  needs: [
    toolName(invoices, 'get'),
    toolName(invoices, 'list'),
    toolName(payments, 'get'),
    toolName(drawdowns, 'list'),
    toolName(drawdownPayments, 'list'),
  ],
  input,
  gives: {
    matches_count: z.int(),
    verdict: z.enum(['paid', 'in_progress', 'not_paid', 'failed', 'unknown']).optional(),
    since: z.string().nullable().optional(),
    matches: rows.optional(),
  },
  run,
})
