/** `summarize_finexio_invoices`: what is unpaid and how long overdue, by status, due date and party. */
import * as z from 'zod'
import { invoices } from '../../../../schemas/invoices.ts'
import { type Row, toolName, withNulls, wordOf } from '../../derived/request.ts'
import { present } from '../../present/present.ts'
import { isOf, type Names, noSuchParty, PARTY, partyArguments, partyNames } from '../../reading/parties.ts'
import { decodeResume, encodeResume, readWhole } from '../../reading/read-list.ts'
import { failIfStopped, newReading, stopWords } from '../../reading/reading.ts'
import {
  amountNotes,
  counted,
  ending,
  report,
  reported,
  rows,
  scopeWords,
  shownNote,
  tableOf,
} from '../../reading/report.ts'
import { type Sum, tally, totalOf } from '../../reading/tally.ts'
import { defineTool, type ToolAnswer, type ToolContext } from '../../tool.ts'
import {
  type Aged,
  agingTable,
  NO_STATUS,
  type Owed,
  oddOf,
  overdueOf,
  owedBy,
  stoppedOf,
  unpaidOf,
} from './aging.ts'

const NAME = 'summarize_finexio_invoices'
const MOST_REQUESTS = 60

const input = z.object({
  per: z.enum(['supplier', 'buyer']).optional().describe('Also what is owed party by party.'),
  ...partyArguments,
  limit: z.int().min(1).max(200).default(20).describe('Most overdue invoices and most parties listed.'),
  next_cursor: z.string().optional(),
})
type Args = z.infer<typeof input>

const overdueRow = ({ invoice, days }: Aged, names: Names): Row => ({
  id: invoice.id,
  ...withNulls(invoice, ['invoice_number', 'amount_cents', 'status', 'invoice_due_date']),
  days_overdue: days,
  receiving_counterparty_id: invoice.receiving_counterparty_id ?? null,
  supplier: names.get(invoice.receiving_counterparty_id) ?? null,
})

/** A sum under a name of its own, since an answer has several. */
const named = ({ count, amount_cents, amount }: Sum, name: string): Row => ({
  [`${name}_count`]: count,
  [`${name}_cents`]: amount_cents,
  [name]: amount,
})

const partyRow = ({ id, unpaid, overdue, days }: Owed, column: string, names: Names): Row => ({
  [column]: id,
  name: names.get(id) ?? null,
  ...named(unpaid, 'unpaid'),
  ...named(overdue, 'overdue'),
  oldest_days_overdue: days,
})

const REST = 'next_cursor summarizes the rest.'
const NO_DUE_DATE = 'Invoices without a readable due date are under no_due_date: their age is not guessed.'

type Found = {
  /** How many were read, those of other parties included. */
  read: number
  found: readonly Row[]
  unpaid: readonly Aged[]
  parties: readonly Owed[]
}

const rowsOf = (aged: readonly Aged[]) => aged.map(({ invoice }) => invoice)

const figures = ({ found, unpaid, parties }: Found, { per, limit }: Args, names: Names) => ({
  ...totalOf(found),
  ...named(totalOf(rowsOf(unpaid)), 'unpaid'),
  ...named(totalOf(rowsOf(overdueOf(unpaid))), 'overdue'),
  ...named(totalOf(rowsOf(stoppedOf(unpaid))), 'stopped'),
  by_status: tally(found, ({ status }) => ({ status: wordOf(status) || NO_STATUS })).map(present),
  aging: agingTable(unpaid).map(present),
  parties: parties.slice(0, limit).map((owed) => present(partyRow(owed, PARTY[per!], names))),
  overdue_invoices: overdueOf(unpaid)
    .slice(0, limit)
    .map((aged) => present(overdueRow(aged, names))),
})
type Figures = ReturnType<typeof figures>

const oddNote = (unpaid: readonly Aged[]): string | false => {
  const odd = oddOf(unpaid)
  const words = [...new Set(odd.map(({ invoice }) => wordOf(invoice.status) || NO_STATUS))]
  return (
    odd.length > 0 &&
    `${counted(odd.length, 'invoice')} of a status that this server does not know (${words.slice(0, 5).join(', ')}) counted as unpaid.`
  )
}

const notesFor = ({ read, found, unpaid, parties }: Found, shown: Figures, args: Args) => [
  ...amountNotes(found, 'invoice'),
  noSuchParty(args, read, found.length, 'invoice'),
  oddNote(unpaid),
  unpaid.some(({ days }) => days === null) && NO_DUE_DATE,
  shownNote(shown.overdue_invoices.length, overdueOf(unpaid).length, 'overdue invoices'),
  shownNote(shown.parties.length, parties.length, 'parties'),
]

const answer = (shown: Figures & Row, scope: string, context: ToolContext): ToolAnswer => {
  const head = `${scope}${counted(shown.count, 'invoice')} of ${shown.amount} USD: ${shown.unpaid_count} unpaid (${shown.unpaid} USD), ${shown.overdue_count} of them overdue (${shown.overdue} USD). Unpaid is what is neither sent nor paid; ${shown.stopped_count} of them failed or were canceled (${shown.stopped} USD), and nothing pays those unless someone acts.`
  const tables = [
    tableOf('Unpaid by due date', shown.aging),
    tableOf('By status', shown.by_status),
    tableOf('By party', shown.parties),
    tableOf('Overdue invoices', shown.overdue_invoices),
  ]
  return report(head, tables, shown, context)
}

/** Ids that the answer will show. */
const namedIds = ({ unpaid, parties }: Found, limit: number): unknown[] => [
  ...rowsOf(overdueOf(unpaid).slice(0, limit)).map((invoice) => invoice.receiving_counterparty_id),
  ...parties.slice(0, limit).map(({ id }) => id),
]

const run = async (args: Args, context: ToolContext): Promise<ToolAnswer> => {
  const start = await decodeResume(NAME, args, context)
  const reading = newReading(context, MOST_REQUESTS)
  const whole = await readWhole(reading, invoices, {}, start)
  if (whole.rows.length === 0) failIfStopped(reading)
  const stop = stopWords(reading)
  const found = whole.rows.filter(isOf(args))
  const unpaid = unpaidOf(found, context.now())
  const read = whole.rows.length
  const all: Found = { read, found, unpaid, parties: args.per ? owedBy(unpaid, PARTY[args.per]) : [] }
  const names = await partyNames(reading, namedIds(all, args.limit))
  const shown = figures(all, args, names)
  const structured = {
    ...shown,
    next_cursor: await encodeResume(whole.next, NAME, args, context),
    ...ending(reading, { whole, stop, noun: 'invoice', means: REST }, notesFor(all, shown, args)),
  }
  return answer(structured, scopeWords(whole, start), context)
}

export const summarizeInvoices = defineTool({
  name: NAME,
  title: 'Summarize invoices',
  description:
    'Aging report: unpaid and overdue invoices by due date (1-30, 31-60, 61-90, over 90 days late; due later), totals by status, the longest overdue listed.',
  resource: 'invoices',
  method: 'summarize',
  effect: 'read',
  needs: [toolName(invoices, 'list')],
  input,
  output: reported({ unpaid_cents: z.int(), overdue_cents: z.int(), aging: rows, overdue_invoices: rows }),
  run,
})
