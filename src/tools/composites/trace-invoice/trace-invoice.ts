/** `trace_finexio_invoice`: did this invoice get paid? From the invoice to its payment, events, check image and drawdown. */
import * as z from 'zod'
import type { Resource } from '../../../../schemas/define.ts'
import { drawdownPayments } from '../../../../schemas/drawdown-payments.ts'
import { drawdowns } from '../../../../schemas/drawdowns.ts'
import { id, named, number } from '../../../../schemas/fields.ts'
import { invoices } from '../../../../schemas/invoices.ts'
import { paymentImages } from '../../../../schemas/payment-images.ts'
import { payments } from '../../../../schemas/payments.ts'
import { quoted } from '../../../core/text.ts'
import { readOne } from '../../derived/get.ts'
import { noted } from '../../derived/list-answer.ts'
import { isPathId, type Row, toolName } from '../../derived/request.ts'
import { type Scan, scansOf } from '../../reading/check-images.ts'
import type { FoundInvoices, Match, Sought } from '../../reading/invoices-in-drawdowns.ts'
import { partyNames } from '../../reading/parties.ts'
import { isCheck } from '../../reading/payment-means.ts'
import {
  askForOne,
  askForPage,
  failIfStopped,
  firstPageOnly,
  newReading,
  type Reading,
  stopWords,
} from '../../reading/reading.ts'
import { counted, report, reported, rows } from '../../reading/report.ts'
import { Refusal } from '../../refusal.ts'
import { defineTool, type ToolAnswer, type ToolContext } from '../../tool.ts'
import { waitingNote } from '../../writing/waiting-invoices.ts'
import { findInvoices, isSought } from './find-invoices.ts'
import { MOST_NUMBERS, paymentsOf, traceNumbers } from './several-numbers.ts'
import { answerOf, eventTable, type Followed, listedRow, matchTable, sentenceOf } from './trace-answer.ts'

// From an invoice on: its payment, the drawdown that funded it, the scan of its check, the supplier's name.

const IMAGES = toolName(paymentImages, 'get')

/** A record, or null where Finexio does not have it (any more), or it could not be read. */
const record = (reading: Reading, resource: Resource, id: unknown): Promise<Row | null> =>
  isPathId(id) ? askForOne(reading, resource, { id }) : Promise.resolve(null)

/** From a drawdown an invoice comes without its status, and with the payment made then, which need not be the latest. */
const wholeInvoice = async (reading: Reading, { invoice }: Match): Promise<Row> => {
  if (invoice.status !== undefined) return invoice
  const found = await record(reading, invoices, invoice.id)
  return found ? { ...invoice, ...found, payment_id: found.payment_id ?? invoice.payment_id } : invoice
}

/** Both at once; the payment again only when the invoice turns out to have a later one. */
const invoiceAndPayment = async (reading: Reading, match: Match) => {
  const [invoice, guessed] = await Promise.all([
    wholeInvoice(reading, match),
    record(reading, payments, match.invoice.payment_id),
  ])
  const isLatest = invoice.payment_id === match.invoice.payment_id
  return {
    invoice,
    payment: isLatest ? guessed : await record(reading, payments, invoice.payment_id),
  }
}

/** A payment does not name its drawdown, but drawdowns can be asked for a tracking id. */
const drawdownOf = async (reading: Reading, payment: Row | null, { funded }: Match): Promise<Row | null> => {
  if (funded && (payment === null || payment.id === funded.paymentId)) return funded.drawdown
  const tracking_id = payment?.tracking_id
  if (typeof tracking_id !== 'string' || tracking_id === '') return null
  const page = await askForPage(reading, drawdowns, { tracking_id })
  firstPageOnly(reading, page)
  return page?.rows[0] ?? null
}

const scanOf = async (reading: Reading, payment: Row | null): Promise<Scan | null> => {
  if (payment === null || !isCheck(payment) || !reading.context.sees(IMAGES)) return null
  const [scan] = await scansOf(reading, [payment])
  return scan ?? null
}

const nameOf = async (reading: Reading, invoice: Row, { supplierName }: Match): Promise<string | null> => {
  if (supplierName !== null) return supplierName
  const id = invoice.receiving_counterparty_id
  return (await partyNames(reading, [id])).get(id) ?? null
}

const follow = async (reading: Reading, match: Match): Promise<Followed> => {
  const { invoice, payment } = await invoiceAndPayment(reading, match)
  const [drawdown, scan, supplierName] = await Promise.all([
    drawdownOf(reading, payment, match),
    scanOf(reading, payment),
    nameOf(reading, invoice, match),
  ])
  const imageHidden = payment !== null && isCheck(payment) && !reading.context.sees(IMAGES)
  return { invoice, payment, drawdown, scan, supplierName, imageHidden }
}

const MOST_REQUESTS = 40
const MOST_LISTED = 50
/** Of several matches at most this many are completed, with a request each where the drawdown says too little. */
const MOST_COMPLETED = 10

const input = z.object({
  id: id.optional().describe('Invoice id.'),
  invoice_number: number().optional().describe('Or its end.'),
  invoice_numbers: z.array(number()).min(1).max(MOST_NUMBERS).optional().describe('Several in one call.'),
  supplier_name: named().optional().describe('Or part of it.'),
  receiving_counterparty_id: id.optional().describe('Supplier id.'),
})
type Args = z.infer<typeof input>

const ending = (reading: Reading, { looked, complete }: FoundInvoices, note: string | false = false) => ({
  requests: reading.requests,
  is_partial_response: stopWords(reading) !== null || !complete,
  ...noted([stopWords(reading), looked, note]),
})

const HIDDEN = 'This server shows no check images: none was looked for.'

const one = async (reading: Reading, match: Match, found: FoundInvoices): Promise<ToolAnswer> => {
  const followed = await follow(reading, match)
  const answer = answerOf(followed)
  const structured = {
    matches_count: 1,
    ...answer,
    ...ending(reading, found, followed.imageHidden && HIDDEN),
  }
  return report(sentenceOf(answer), [eventTable(answer)], structured, reading.context)
}

const completed = async (reading: Reading, matches: readonly Match[]): Promise<Match[]> => {
  const whole = await Promise.all(
    matches.map(async (match, at) =>
      at < MOST_COMPLETED ? { ...match, invoice: await wholeInvoice(reading, match) } : match,
    ),
  )
  const nameless = whole.filter(({ supplierName }) => supplierName === null)
  const names = await partyNames(
    reading,
    nameless.map(({ invoice }) => invoice.receiving_counterparty_id),
  )
  return whole.map((match) => ({
    ...match,
    supplierName: match.supplierName ?? names.get(match.invoice.receiving_counterparty_id) ?? null,
  }))
}

const several = async (reading: Reading, found: FoundInvoices): Promise<ToolAnswer> => {
  const { matches } = found
  const shown = await completed(reading, matches.slice(0, MOST_LISTED))
  // Of the others their own status tells, and no payment is asked for.
  const read = await paymentsOf(reading, shown.slice(0, MOST_COMPLETED))
  const listed = shown.map((match) => listedRow(match, read.get(match.invoice.payment_id) ?? null))
  const cut = `${listed.length} of ${matches.length} are listed; narrow by number or supplier.`
  const structured = {
    matches_count: matches.length,
    matches: listed,
    ...ending(reading, found, matches.length > listed.length && cut),
  }
  const head = `${counted(matches.length, 'invoice')} fit: none was picked. Repeat with the id of the one that is meant.`
  return report(head, [matchTable(listed)], structured, reading.context)
}

/** Invoices of the number that was asked for, with whose they are; named only where the supplier was given by a name. */
const ofOthers = async (reading: Reading, found: FoundInvoices, sought: Sought): Promise<ToolAnswer> => {
  const shown = await completed(reading, found.others.slice(0, MOST_COMPLETED))
  const listed = shown.map((match) => listedRow(match, null))
  const structured = {
    matches_count: 0,
    matches: [],
    of_other_suppliers: listed,
    ...ending(reading, found),
  }
  const head = `No such invoice of ${quoted(sought.supplier)}; ${counted(found.others.length, 'invoice')} of this number ${found.others.length === 1 ? 'is' : 'are'} another supplier's: ${listed.map((row) => `${quoted(row.supplier_name ?? 'no name')} (${row.receiving_counterparty_id})`).join(', ')}.`
  return report(head, [matchTable(listed)], structured, reading.context)
}

/** @throws FinexioFailure when a failure is the reason that nothing was found */
const nothing = async (reading: Reading, found: FoundInvoices, sought: Sought): Promise<ToolAnswer> => {
  failIfStopped(reading)
  if (found.others.length > 0) return ofOthers(reading, found, sought)
  const numbers = sought.number === null ? [] : [sought.number]
  const waiting = await waitingNote(numbers, sought.supplierId, reading.context)
  const structured = { matches_count: 0, matches: [], ...ending(reading, found, waiting ?? false) }
  const what =
    found.complete && stopWords(reading) === null ? 'No invoice fits' : 'None of the invoices looked at fits'
  const head = `${what}: check the spelling, or give another of id, invoice_number and supplier_name.`
  return report(head, [], structured, reading.context)
}

const OTHER = 'The invoice with this id has another number or supplier than the one asked for.'

/** An invoice of another supplier than the one asked for (or fixed by the operator) does not count as found. */
const byId = async (reading: Reading, invoiceId: string, sought: Sought): Promise<FoundInvoices> => {
  const invoice = await reading.ask(() => readOne(invoices, { id: invoiceId }, reading.context))
  failIfStopped(reading)
  return invoice && isSought({ ...sought, supplier: null }, null)(invoice)
    ? { matches: [{ invoice, funded: null, supplierName: null }], others: [], looked: '', complete: true }
    : { matches: [], others: [], looked: OTHER, complete: true }
}

const soughtBy = (args: Args): Sought => {
  if (Object.values(args).every((value) => value === undefined))
    throw new Refusal('Give an invoice id, an invoice_number, or a supplier.')
  return {
    number: args.invoice_number ?? null,
    supplier: args.supplier_name ?? null,
    supplierId: args.receiving_counterparty_id ?? null,
  }
}

/** @throws Refusal where one invoice and several are asked for at once */
const numbersOf = ({ id: one, invoice_number, invoice_numbers = [] }: Args): string[] => {
  if (one !== undefined || invoice_number !== undefined)
    throw new Refusal('Give invoice_numbers, or one of id and invoice_number, not both.')
  return [...new Set(invoice_numbers)]
}

const run = async (args: Args, context: ToolContext): Promise<ToolAnswer> => {
  if (args.invoice_numbers) return traceNumbers(numbersOf(args), soughtBy(args), context)
  const sought = soughtBy(args)
  const reading = newReading(context, MOST_REQUESTS)
  const found =
    args.id === undefined ? await findInvoices(reading, sought) : await byId(reading, args.id, sought)
  const [only, ...others] = found.matches
  if (!only) return nothing(reading, found, sought)
  return others.length === 0 ? one(reading, only, found) : several(reading, found)
}

export const traceInvoice = defineTool({
  name: 'trace_finexio_invoice',
  title: 'Trace an invoice',
  description:
    'Whether and since when an invoice was paid: its payment (check or trace number, share of it), events, check image, drawdown. By id, number(s) or supplier; several matches are listed.',
  resource: 'invoices',
  method: 'trace',
  effect: 'read',
  needs: [
    toolName(invoices, 'get'),
    toolName(invoices, 'list'),
    toolName(payments, 'get'),
    toolName(drawdowns, 'list'),
    toolName(drawdownPayments, 'list'),
  ],
  input,
  output: reported({
    matches_count: z.int(),
    verdict: z.enum(['paid', 'in_progress', 'not_paid', 'failed', 'unknown']).optional(),
    since: z.string().nullable().optional(),
    matches: rows.optional(),
  }),
  run,
})
