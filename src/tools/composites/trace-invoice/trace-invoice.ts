/** `trace_finexio_invoice`: did this invoice get paid? From the invoice to its payment, events, check image and drawdown. */
import * as z from 'zod'
import { drawdownPayments } from '../../../../schemas/drawdown-payments.ts'
import { drawdowns } from '../../../../schemas/drawdowns.ts'
import { id, words } from '../../../../schemas/fields.ts'
import { invoices } from '../../../../schemas/invoices.ts'
import { payments } from '../../../../schemas/payments.ts'
import { type GetMethod, readOne } from '../../derived/get.ts'
import { toolName } from '../../derived/name.ts'
import type { FoundInvoices, Match, Sought } from '../../reading/invoices-in-drawdowns.ts'
import { counted, noted } from '../../reading/notes.ts'
import { partyNames } from '../../reading/parties.ts'
import { failIfStopped, newReading, type Reading, stopWords } from '../../reading/reading.ts'
import { report, reported, rows } from '../../reading/report.ts'
import { Refusal } from '../../refusal.ts'
import { defineTool, type ToolAnswer, type ToolContext } from '../../tool.ts'
import { findInvoices, isSought } from './find-invoices.ts'
import { follow, wholeInvoice } from './follow-invoice.ts'
import { answerOf, eventTable, listedRow, matchTable, sentenceOf } from './trace-answer.ts'

const MOST_REQUESTS = 40
const MOST_LISTED = 50
/** Of several matches so many are completed, a request each where a drawdown says too little. */
const MOST_COMPLETED = 10

const input = z.object({
  id: id.optional().describe('Invoice id.'),
  invoice_number: words.optional(),
  supplier_name: words.optional().describe('Or part of it.'),
  receiving_counterparty_id: id.optional().describe('Supplier id.'),
})
type Args = z.infer<typeof input>

const ending = (reading: Reading, { looked, complete }: FoundInvoices, note: string | false = false) => ({
  requests: reading.requests,
  is_partial_response: reading.stopped !== null || !complete,
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
  const listed = shown.map(listedRow)
  const cut = `${listed.length} of ${matches.length} are listed; narrow by number or supplier.`
  const structured = {
    matches_count: matches.length,
    matches: listed,
    ...ending(reading, found, matches.length > listed.length && cut),
  }
  const head = `${counted(matches.length, 'invoice')} fit: none was picked. Repeat with the id of the one that is meant.`
  return report(head, [matchTable(listed)], structured, reading.context)
}

/** @throws FinexioFailure when a failure is the reason that nothing was found */
const nothing = (reading: Reading, found: FoundInvoices): ToolAnswer => {
  failIfStopped(reading)
  const structured = { matches_count: 0, matches: [], ...ending(reading, found) }
  const what =
    found.complete && reading.stopped === null ? 'No invoice fits' : 'None of the invoices looked at fits'
  const head = `${what}: check the spelling, or give another of id, invoice_number and supplier_name.`
  return report(head, [], structured, reading.context)
}

const OTHER = 'The invoice with this id has another number or supplier than the one asked for.'

/** An invoice of another supplier than the one asked for (or fixed by the operator) is none. */
const byId = async (reading: Reading, invoiceId: string, sought: Sought): Promise<FoundInvoices> => {
  const invoice = await reading.ask(() =>
    readOne(invoices.methods.get as GetMethod, { id: invoiceId }, reading.context),
  )
  failIfStopped(reading)
  return invoice && isSought({ ...sought, supplier: null }, null)(invoice)
    ? { matches: [{ invoice, funded: null, supplierName: null }], looked: '', complete: true }
    : { matches: [], looked: OTHER, complete: true }
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

const run = async (args: Args, context: ToolContext): Promise<ToolAnswer> => {
  const sought = soughtBy(args)
  const reading = newReading(context, MOST_REQUESTS)
  const found =
    args.id === undefined ? await findInvoices(reading, sought) : await byId(reading, args.id, sought)
  const [only, ...others] = found.matches
  if (!only) return nothing(reading, found)
  return others.length === 0 ? one(reading, only, found) : several(reading, found)
}

export const traceInvoice = defineTool({
  name: 'trace_finexio_invoice',
  title: 'Trace an invoice',
  description:
    'Whether an invoice was paid, and since when: its payment, latest events, check image and drawdown. By id, or by invoice number and supplier name; several matches are listed.',
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
