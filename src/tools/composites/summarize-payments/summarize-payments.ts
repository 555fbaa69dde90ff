/** `summarize_finexio_payments`: counts and sums over a range of time, and the payments someone should look at. */
import * as z from 'zod'
import { since } from '../../../../schemas/fields.ts'
import { payments } from '../../../../schemas/payments.ts'
import { DAY_MS } from '../../../core/time.ts'
import { timeOf } from '../../../finexio/pages.ts'
import { type Row, toolName, withNulls, wordOf } from '../../derived/request.ts'
import { isBlank, present } from '../../present/present.ts'
import { isOf, type Names, noSuchParty, PARTY, partyArguments, partyNames } from '../../reading/parties.ts'
import { type Range, rangeOf } from '../../reading/range.ts'
import { decodeResume, encodeResume, readWhole, type Whole } from '../../reading/read-list.ts'
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
import { LEFT, STOPPED, tally, totalOf, UNDER_WAY } from '../../reading/tally.ts'
import { defineTool, type ToolAnswer, type ToolContext } from '../../tool.ts'

// Payments that someone should look at, each with its reasons. Pure.

/** A word that Finexio does not document could mean anything: someone has to look. */
const oddStatus = (status: string): string[] => {
  if (status === '') return ['without status']
  const isKnown = [UNDER_WAY, STOPPED, LEFT].some((words) => words.has(status))
  return isKnown ? [] : [`unknown status ${status}`]
}

/**
 * Why a payment is not an ordinary one; empty when it is.
 * @param stuckAfter days after which a payment still under way is an exception
 * @param now milliseconds since the epoch
 */
const exceptionsOf = (payment: Row, stuckAfter: number, now: number): string[] => {
  const status = wordOf(payment.status)
  const age = (now - (timeOf(payment.created) ?? now)) / DAY_MS
  const isStuck = UNDER_WAY.has(status) && age > stuckAfter
  return [
    ...(STOPPED.has(status) ? [status] : oddStatus(status)),
    ...(isBlank(payment.refund_timestamp) ? [] : ['refunded']),
    ...(isStuck ? [`${status} for ${Math.floor(age)} days`] : []),
  ]
}

const NAME = 'summarize_finexio_payments'
const DEFAULT_DAYS = 30
const MOST_REQUESTS = 60

const input = z.object({
  created_start: since.optional().describe(`Default: ${DEFAULT_DAYS} days before created_end.`),
  created_end: since.optional().describe('Default: now. A plain date means that whole day.'),
  group_by: z
    .array(z.enum(['status', 'method', 'supplier', 'buyer', 'month']))
    .min(1)
    .max(3)
    .default(['status']),
  ...partyArguments,
  stuck_after_days: z.int().min(1).max(365).default(10).describe('Still under way after that: an exception.'),
  limit: z.int().min(1).max(200).default(20).describe('Most groups and most exceptions listed.'),
  next_cursor: z.string().optional(),
})
type Args = z.infer<typeof input>
type Dimension = Args['group_by'][number]

/** A label that is not there must not look like a column that was left out. */
const NONE = '(none)'

const LABELS: Readonly<Record<Dimension, (payment: Row, names: Names) => Row>> = {
  status: ({ status }) => ({ status: wordOf(status) || NONE }),
  method: ({ payment_method }) => ({ payment_method: wordOf(payment_method) || NONE }),
  month: ({ created }) => ({ month: String(created ?? '').slice(0, 7) || NONE }),
  supplier: ({ receiving_counterparty_id: id }, names) => ({
    receiving_counterparty_id: id ?? null,
    supplier: id ? (names.get(id) ?? null) : NONE,
  }),
  buyer: ({ originating_counterparty_id: id }, names) => ({
    originating_counterparty_id: id ?? null,
    buyer: id ? (names.get(id) ?? null) : NONE,
  }),
}

const labelsBy =
  (dimensions: readonly Dimension[], names: Names) =>
  (payment: Row): Row =>
    Object.assign({}, ...dimensions.map((dimension) => LABELS[dimension](payment, names)))

const exceptionRow = (payment: Row, why: string, names: Names): Row => ({
  id: payment.id,
  why,
  ...withNulls(payment, ['amount_cents', 'payment_method', 'tracking_id', 'receiving_counterparty_id']),
  supplier: names.get(payment.receiving_counterparty_id) ?? null,
  created: payment.created ?? null,
})

type Exception = { payment: Row; why: string }

const exceptionsIn = (found: readonly Row[], stuckAfter: number, now: number): Exception[] =>
  found.flatMap((payment) => {
    const reasons = exceptionsOf(payment, stuckAfter, now)
    return reasons.length > 0 ? [{ payment, why: reasons.join(', ') }] : []
  })

/** Ids that the answer will show, and so wants names for. */
const namedIds = (found: readonly Row[], listed: readonly Exception[], args: Args): unknown[] => [
  ...args.group_by.flatMap((dimension) => {
    if (dimension !== 'supplier' && dimension !== 'buyer') return []
    return found.map((payment) => payment[PARTY[dimension]])
  }),
  ...listed.map(({ payment }) => payment.receiving_counterparty_id),
]

type Found = { whole: Whole; found: readonly Row[]; exceptions: readonly Exception[] }

const figures = ({ found, exceptions }: Found, args: Args, names: Names) => {
  const groups = tally(found, labelsBy(args.group_by, names))
  return {
    ...totalOf(found),
    result: groups.slice(0, args.limit).map(present),
    groups_count: groups.length,
    exceptions: exceptions
      .slice(0, args.limit)
      .map(({ payment, why }) => present(exceptionRow(payment, why, names))),
    exceptions_count: exceptions.length,
  }
}
type Figures = ReturnType<typeof figures>

const REST = 'next_cursor summarizes the rest.'

const notesFor = ({ whole, found }: Found, shown: Figures, args: Args) => [
  ...amountNotes(found, 'payment'),
  noSuchParty(args, whole.rows.length, found.length, 'payment'),
  shownNote(shown.result.length, shown.groups_count, 'groups'),
  shownNote(shown.exceptions.length, shown.exceptions_count, 'exceptions'),
]

const answer = (structured: Figures & Range, scope: string, args: Args, context: ToolContext): ToolAnswer => {
  const { count, amount, created_start, created_end, exceptions_count } = structured
  const head = `${scope}${counted(count, 'payment')} created ${created_start} to ${created_end}: ${amount} USD together, whatever their status; ${counted(exceptions_count, 'exception')}.`
  const tables = [
    tableOf(`By ${args.group_by.join(', ')}`, structured.result),
    tableOf('Exceptions', structured.exceptions),
  ]
  return report(head, tables, structured, context)
}

const run = async (args: Args, context: ToolContext): Promise<ToolAnswer> => {
  const range = rangeOf(args.created_start, args.created_end, DEFAULT_DAYS, context.now())
  const start = await decodeResume(NAME, args, context)
  const reading = newReading(context, MOST_REQUESTS)
  const whole = await readWhole(reading, payments, range, start)
  if (whole.rows.length === 0) failIfStopped(reading)
  const stop = stopWords(reading)
  const found = whole.rows.filter(isOf(args))
  const exceptions = exceptionsIn(found, args.stuck_after_days, context.now())
  const names = await partyNames(reading, namedIds(found, exceptions.slice(0, args.limit), args))
  const all = { whole, found, exceptions }
  const shown = figures(all, args, names)
  const structured = {
    ...range,
    ...shown,
    next_cursor: await encodeResume(whole.next, NAME, args, context),
    ...ending(reading, { whole, stop, noun: 'payment', means: REST }, notesFor(all, shown, args)),
  }
  return answer(structured, scopeWords(whole, start), args, context)
}

export const summarizePayments = defineTool({
  name: NAME,
  title: 'Summarize payments',
  description:
    'Counts and totals of payments in a range of time, grouped; and the exceptions among them: failed, canceled, refunded, under way too long. Use it instead of adding up lists.',
  resource: 'payments',
  method: 'summarize',
  effect: 'read',
  needs: [toolName(payments, 'list')],
  input,
  output: reported({ count: z.int(), amount_cents: z.int(), result: rows, exceptions: rows }),
  run,
})
