/** `summarize_finexio_invoices`: what is unpaid and how long overdue, by status, due date and party. */
import * as z from 'zod'
import { invoices } from '../../../schemas/invoices.ts'
import { decimalOf } from '../money.ts'
import { toolName } from '../name.ts'
import { present } from '../present.ts'
import type { ToolAnswer, ToolContext } from '../tool.ts'
import type { Row } from '../walk.ts'
import { type Aged, agingTable, type Owed, overdueOf, owedBy, unpaidOf } from './aged.ts'
import { composite, rows } from './composite.ts'
import { isOf, partyArguments } from './parties.ts'
import { type Names, partyNames } from './party-names.ts'
import { wordOf } from './payment-exceptions.ts'
import { failIfStopped, newReading, stopWords } from './reading.ts'
import { counted, noted, report } from './report.ts'
import { openResume, sealResume } from './resume.ts'
import { tally, totalOf, withoutAmount } from './tally.ts'
import { readWhole, type Whole } from './whole-list.ts'

const NAME = 'summarize_finexio_invoices'
const MOST_REQUESTS = 60

const input = z.object({
  per: z.enum(['supplier', 'buyer']).optional().describe('Also what is owed party by party.'),
  ...partyArguments,
  limit: z.int().min(1).max(200).default(20).describe('Most overdue invoices and most parties listed.'),
  next_cursor: z.string().optional(),
})
type Args = z.infer<typeof input>

const PARTY = { supplier: 'receiving_counterparty_id', buyer: 'originating_counterparty_id' } as const

const overdueRow = ({ invoice, days }: Aged, names: Names): Row => ({
  id: invoice.id,
  invoice_number: invoice.invoice_number ?? null,
  amount_cents: invoice.amount_cents ?? null,
  status: invoice.status ?? null,
  invoice_due_date: invoice.invoice_due_date ?? null,
  days_overdue: days,
  receiving_counterparty_id: invoice.receiving_counterparty_id ?? null,
  supplier: names.get(invoice.receiving_counterparty_id) ?? null,
})

const partyRow = ({ id, unpaid, overdue, days }: Owed, column: string, names: Names): Row => ({
  [column]: id,
  name: names.get(id) ?? null,
  unpaid_count: unpaid.count,
  unpaid_cents: unpaid.amount_cents,
  unpaid: decimalOf(unpaid.amount_cents),
  overdue_count: overdue.count,
  overdue_cents: overdue.amount_cents,
  overdue: decimalOf(overdue.amount_cents),
  oldest_days_overdue: days,
})

const partialNote = (whole: Whole, stop: string | null) =>
  whole.next &&
  `${stop ?? 'Partial.'} ${whole.rows.length} of ${whole.count ?? 'an unknown number of'} invoices were read; next_cursor summarizes the rest.`

const NO_DUE_DATE = 'Invoices without a due date stand under no_due_date: their age is not guessed.'

const notesFor = (whole: Whole, found: readonly Row[], unpaid: readonly Aged[], stop: string | null) => [
  partialNote(whole, stop),
  whole.unreadable > 0 && `${whole.unreadable} rows of Finexio could not be read and are missing.`,
  withoutAmount(found) > 0 && `${withoutAmount(found)} invoices have no amount and add nothing to the sums.`,
  unpaid.some(({ days }) => days === null) && NO_DUE_DATE,
]

const listedNote = (shown: number, all: number, what: string) =>
  all > shown && `${shown} of ${all} ${what} are listed; raise limit for more.`

const partiesIn = async (unpaid: readonly Aged[], { per, limit }: Args) => {
  const column = per && PARTY[per]
  const all = column ? owedBy(unpaid, column) : []
  return { column, all, shown: all.slice(0, limit) }
}

const run = async (raw: Row, context: ToolContext): Promise<ToolAnswer> => {
  const args = raw as Args
  const start = await openResume(NAME, raw, context)
  const reading = newReading(context, MOST_REQUESTS)
  const whole = await readWhole(reading, invoices, {}, start)
  if (whole.rows.length === 0) failIfStopped(reading)
  const stop = stopWords(reading)
  const found = whole.rows.filter(isOf(args))
  const unpaid = unpaidOf(found, context.now())
  const overdue = overdueOf(unpaid)
  const listed = overdue.slice(0, args.limit)
  const parties = await partiesIn(unpaid, args)
  const names = await partyNames(reading, [
    ...listed.map(({ invoice }) => invoice.receiving_counterparty_id),
    ...parties.shown.map(({ id }) => id),
  ])
  const { amount_cents: unpaid_cents, amount: unpaid_amount } = totalOf(unpaid.map(({ invoice }) => invoice))
  const late = totalOf(overdue.map(({ invoice }) => invoice))
  const structured = {
    ...totalOf(found),
    unpaid_count: unpaid.length,
    unpaid_cents,
    unpaid: unpaid_amount,
    overdue_count: late.count,
    overdue_cents: late.amount_cents,
    overdue: late.amount,
    by_status: tally(found, ({ status }) => ({ status: wordOf(status) })).map(present),
    aging: agingTable(unpaid).map(present),
    parties: parties.shown.map((owed) => present(partyRow(owed, parties.column!, names))),
    overdue_invoices: listed.map((aged) => present(overdueRow(aged, names))),
    next_cursor: await sealResume(whole.next, NAME, raw, context),
    requests: reading.requests,
    is_partial_response: whole.next !== null || whole.unreadable > 0,
    ...noted([
      ...notesFor(whole, found, unpaid, stop),
      listedNote(listed.length, overdue.length, 'overdue invoices'),
      listedNote(parties.shown.length, parties.all.length, 'parties'),
    ]),
  }
  return report(headOf(structured), tablesOf(structured), structured, context)
}

type Told = {
  count: number
  amount: string | null
  unpaid_count: number
  unpaid: string | null
  overdue_count: number
  overdue: string | null
  by_status: Row[]
  aging: Row[]
  parties: Row[]
  overdue_invoices: Row[]
}

const headOf = (told: Told): string =>
  `${counted(told.count, 'invoice')} of ${told.amount} USD: ${told.unpaid_count} unpaid (${told.unpaid} USD), ${told.overdue_count} of them overdue (${told.overdue} USD). Unpaid: neither sent nor complete.`

const tableOf = (title: string, rows: readonly Row[]) => ({
  title,
  columns: Object.keys(rows[0] ?? {}),
  rows,
})

const tablesOf = (told: Told) => [
  tableOf('Unpaid by due date', told.aging),
  tableOf('By status', told.by_status),
  tableOf('By party', told.parties),
  tableOf('Overdue invoices', told.overdue_invoices),
]

export const summarizeInvoices = composite({
  name: NAME,
  title: 'Summarize invoices',
  says: 'Aging report: unpaid and overdue invoices by due date (1-30, 31-60, 61-90, over 90 days late; due later), totals by status, the longest overdue listed.',
  resource: 'invoices',
  method: 'summarize',
  needs: [toolName(invoices, 'list')],
  input,
  gives: { unpaid_cents: z.int(), overdue_cents: z.int(), aging: rows, overdue_invoices: rows },
  run,
})
