/** `prepare_finexio_invoices`: invoices in the user's own form become a checked body. Submits nothing. */

import * as z from 'zod'
import { named } from '../../../schemas/fields.ts'
import { invoices, MOST_INVOICES } from '../../../schemas/invoices.ts'
import { pasted } from '../../../schemas/meaning.ts'
import { decimalOf, dollars } from '../../core/money.ts'
import { plainTime } from '../../core/text.ts'
import { plural } from '../../core/words.ts'
import { explain } from '../../finexio/explain.ts'
import { FinexioFailure } from '../../finexio/failure.ts'
import { readNewest } from '../derived/list.ts'
import { flawWords } from '../derived/list-answer.ts'
import { type Row, toolName } from '../derived/request.ts'
import type { Walked } from '../derived/walk.ts'
import { type Found, LONGEST_NAME, partyKey } from '../pasted/parties.ts'
import { bytesIn, csvLines, LONGEST_ANSWER, present, withoutEmpty } from '../present/present.ts'
import { defineTool, type ToolAnswer, type ToolContext } from '../tool.ts'
import { check } from './check.ts'
import { MEANINGS } from './headings.ts'
import type { InvoiceRow } from './invoice-rows.ts'
import { payable } from './payable.ts'
import { referencesIn, resolve } from './resolve.ts'
import { readSheet, type Sheet } from './sheet.ts'
import { tableOf } from './table.ts'
import { runsText, type Told, toldOnce } from './told-once.ts'

// What a preparation says: what is ready, what is wrong with which row, and how far was looked.

const PreparedInvoices = z.object({
  body: z.array(z.looseObject({})),
  ready_count: z.int(),
  row_count: z.int(),
  total_cents: z.int(),
  total: z.string(),
  problems: z.array(z.looseObject({ row: z.int(), field: z.string(), problem: z.string() })),
  columns: z.looseObject({}),
  ignored_columns: z.array(z.string()),
  is_partial_response: z.boolean(),
  note: z.string(),
})

type Structured = z.infer<typeof PreparedInvoices>
type Prepared = Structured & { problems: Told[] }

/** Text is not shortened inside the body: half a batch looks like a whole one. */
const bodyText = (body: readonly Row[], room: number): string => {
  const text = JSON.stringify(body)
  return bytesIn(text) <= room
    ? `body: ${text}`
    : `body: too long for text (${text.length} characters); it is whole in structuredContent. For text give fewer rows a call.`
}

const problemsText = (problems: readonly Told[]): string[] =>
  problems.length === 0
    ? []
    : [
        'problems:',
        ...csvLines(
          ['row', ...(problems.some(({ line }) => line) ? ['line'] : []), 'field', 'problem'],
          problems.map(({ rows, lines, ...one }) => ({
            ...one,
            row: runsText(rows ?? [one.row]),
            ...(one.line !== undefined && { line: runsText(lines ?? [one.line]) }),
          })),
        ),
      ]

const leftOut = (ready: number, rows: number): string =>
  ready === rows
    ? ''
    : ` ${plural(rows - ready, 'row')} ${rows - ready === 1 ? 'has problems and is' : 'have problems and are'} left out of body.`

const summary = ({ ready_count: ready, row_count: rows, total_cents }: Structured): string =>
  `${ready} of ${plural(rows, 'invoice')} ${rows === 1 ? 'is' : 'are'} ready, ${dollars(total_cents)} in all.${leftOut(ready, rows)} Nothing was submitted.`

const asText = (structured: Prepared, doubt: string | null, format: 'csv' | 'json'): string => {
  const { body, problems, note, ignored_columns: ignored } = structured
  const json = JSON.stringify(withoutEmpty(structured))
  if (format === 'json' && bytesIn(json) <= LONGEST_ANSWER) return json
  const read = `Columns: ${Object.entries(structured.columns)
    .map(([heading, meaning]) => `${heading} → ${meaning}`)
    .join('; ')}.`
  const unread = ignored.length > 0 ? [`Columns not used: ${ignored.join(', ')}.`] : []
  const head = [
    ...(doubt === null ? [summary(structured), note] : [note, 'Nothing was submitted.']),
    read,
    ...unread,
    ...problemsText(problems),
  ].join('\n')
  return [head, ...(body.length > 0 ? [bodyText(body, LONGEST_ANSWER - bytesIn(head) - 100)] : [])].join('\n')
}

const SUBMITS = toolName(invoices, 'bulk_create')
const MOST_LETTERS = 1_000_000
/** Submitted invoices that new ones are compared with, and requests for them. */
const MOST_COMPARED = 1_000
const MOST_PAGES = 12

const party = named().max(LONGEST_NAME)

/** Said by the refusal of a wrong word alone: no sheet of a person has them, or they are spelled as they are. */
const RARE: ReadonlySet<string> = new Set([
  'amount_cents',
  'discount_amount_cents',
  'reconciliation_id',
  'accounting_id',
  'account_number',
  'payment_group_id',
  'metadata',
  'line_items',
])

const input = z.object({
  csv: pasted(z.string().max(MOST_LETTERS)).optional().describe('Text with a heading row.'),
  rows: pasted(
    z
      .array(z.record(z.string().max(LONGEST_NAME), z.unknown()))
      .min(1)
      .max(MOST_INVOICES),
  )
    .optional()
    .describe(
      'Instead of csv: objects such as {"vendor": "Acme", "invoice #": "A-1", "amount": "$1,250.00", "date": "11/23/2026"}.',
    ),
  supplier: party.optional().describe('Id, internal id or exact name, for rows that name none.'),
  buyer: party.optional().describe('The same for the buyer.'),
  columns: z
    .record(z.string(), z.enum(MEANINGS as [string, ...string[]]))
    .optional()
    .describe(
      `Only for headings that are not recognised: heading to ${MEANINGS.filter((one) => !RARE.has(one)).join(', ')}.`,
    ),
})

type Input = z.infer<typeof input>

type Compared = Pick<Walked, 'rows' | 'next' | 'stopped' | 'unreadable' | 'flaw'>
const NOTHING_COMPARED: Compared = { rows: [], next: null, stopped: null, unreadable: 0, flaw: null }

const compare = (context: ToolContext, startedAt: number): Promise<Walked> =>
  readNewest(invoices, {}, { limit: MOST_COMPARED, mostPages: MOST_PAGES, startedAt }, context)

const comparedNote = ({ rows, next, stopped, unreadable, flaw }: Compared): string => {
  if (flaw !== null) return `Compared with ${plural(rows.length, 'submitted invoice')}. ${flawWords(flaw)}`
  const last = rows.at(-1)
  const reach =
    next === null && stopped === null && unreadable === 0
      ? 'all that Finexio has'
      : `the newest ones${last?.created ? `, back to ${plainTime(present(last).created)}; older ones were not looked at` : ''}`
  const lost = unreadable > 0 ? ` ${unreadable} could not be read.` : ''
  return `Compared with ${plural(rows.length, 'submitted invoice')}: ${reach}.${lost}`
}

/** The bound is part of what is promised; time, failures and unreadable rows are not. */
const isCutShort = ({ stopped, unreadable, flaw }: Compared): boolean =>
  (stopped !== null && stopped !== 'bound') || unreadable > 0 || flaw !== null

const stopNote = (stopped: Walked['stopped'], what: string): string[] => {
  if (stopped === null || stopped === 'bound') return []
  const why = stopped instanceof FinexioFailure ? explain(stopped) : 'time for one call ran out.'
  return [`${what} ended early: ${why}`]
}

const shape = ({ csv, rows, columns = {}, supplier, buyer }: Input): Sheet =>
  readSheet(tableOf(csv, rows, Object.keys(columns)), columns, {
    supplier: supplier ?? null,
    buyer: buyer ?? null,
  })

const isUnread = (found: ReadonlyMap<string, Found>): boolean =>
  [...found.values()].some((one) => 'unread' in one)

/** Whom an id in the body means, for people. */
const namesIn = (found: ReadonlyMap<string, Found>): Record<string, string> =>
  Object.fromEntries(
    [...found.values()].flatMap((one) => ('id' in one && one.name !== null ? [[one.id, one.name]] : [])),
  )

const suppliersOf = (invoiceRows: readonly InvoiceRow[], found: ReadonlyMap<string, Found>): string[] => [
  ...new Set(
    invoiceRows.flatMap(({ supplier }) => {
      const one = supplier === null ? undefined : found.get(partyKey('Supplier', supplier))
      return one && 'id' in one ? [one.id] : []
    }),
  ),
]

const run = async (args: Input, context: ToolContext): Promise<ToolAnswer> => {
  const startedAt = context.now()
  const { invoiceRows, columns, ignored, problems: ofSheet, notes: read, doubt } = shape(args)
  const { found, stopped } = await resolve(referencesIn(invoiceRows), context, startedAt)
  // After a step that failed none follows.
  const { problemOf, stop } = await payable(stopped === null ? suppliersOf(invoiceRows, found) : [], context)
  const goesOn = stopped === null && stop === null
  const compared = goesOn ? await compare(context, startedAt) : NOTHING_COMPARED
  const submitted = compared.rows.map((row): Row => present(row))
  const notes = [
    ...read,
    ...stopNote(stopped, 'Looking for suppliers and buyers'),
    ...(stop === null ? [] : [`Looking whether suppliers can be paid: ${stop}`]),
    goesOn ? comparedNote(compared) : 'Not compared with submitted invoices.',
    ...stopNote(compared.stopped, 'Comparing'),
  ]
  const checked = await check(invoiceRows, {
    found,
    problemOf,
    submitted,
    waiting: () => context.writes().waitingInvoices(null),
    now: startedAt,
  })
  const { problems: ofRows, doubts, unread } = checked
  if (unread) notes.push(unread)
  const body = doubt === null ? checked.body : []
  const cents = body.reduce((sum, { amount_cents }) => sum + Number(amount_cents), 0)
  const structured = {
    body,
    ready_count: body.length,
    row_count: invoiceRows.length,
    total_cents: cents,
    total: decimalOf(cents)!,
    problems: toldOnce([...ofSheet, ...ofRows]),
    columns,
    ignored_columns: ignored,
    is_partial_response: !goesOn || isCutShort(compared) || isUnread(found) || unread !== null,
    note: [...(doubt === null ? [] : [doubt]), ...notes, ...doubts.map((words) => `${words}.`)].join(' '),
  }
  return {
    structured,
    text: asText(structured, doubt, context.textFormat),
    extra: { names: namesIn(found), submits: context.sees(SUBMITS) },
  }
}

export const prepareInvoices = defineTool({
  name: 'prepare_finexio_invoices',
  title: 'Prepare invoices',
  description:
    "Turns a sheet of invoices (rows or CSV text) into a checked body for finexio_invoices_bulk_create, with its total: finds supplier and buyer, applies Finexio's rules, compares with submitted invoices. Rows with problems, also those of suppliers that cannot be paid, are listed and left out. Submits nothing.",
  resource: 'invoices',
  method: 'prepare',
  effect: 'read',
  needs: [
    'list_all_finexio_counterparties',
    'get_single_finexio_counterparty_by_id',
    'list_all_finexio_invoices',
    'list_all_finexio_suppliers',
    'get_single_finexio_supplier_by_id',
  ],
  input,
  output: PreparedInvoices,
  run,
})
