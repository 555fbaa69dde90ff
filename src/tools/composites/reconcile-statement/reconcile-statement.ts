/** `reconcile_finexio_supplier_statement`: what of a supplier's statement is paid, under way or owed, line by line, and a reply. */
import * as z from 'zod'
import { counterparties } from '../../../../schemas/counterparties.ts'
import { drawdownPayments } from '../../../../schemas/drawdown-payments.ts'
import { drawdowns } from '../../../../schemas/drawdowns.ts'
import { named } from '../../../../schemas/fields.ts'
import { invoices } from '../../../../schemas/invoices.ts'
import { pasted } from '../../../../schemas/meaning.ts'
import { payments } from '../../../../schemas/payments.ts'
import { decimalOf, dollars } from '../../../core/money.ts'
import { oneLine } from '../../../core/text.ts'
import { noted } from '../../derived/list-answer.ts'
import { type Row, toolName } from '../../derived/request.ts'
import { firstRows } from '../../present/present.ts'
import { findSupplier, type Supplier } from '../../reading/find-supplier.ts'
import { meansOf } from '../../reading/payment-means.ts'
import { failIfStopped, newReading, stopWords } from '../../reading/reading.ts'
import { counted, report, reported, rows, tableOf } from '../../reading/report.ts'
import { defineTool, type ToolAnswer, type ToolContext } from '../../tool.ts'
import { isUncompared, sentUnder, uncomparedWords } from '../../writing/sent-invoices.ts'
import { byNumber, unreadWords, waitingUnder } from '../../writing/waiting-invoices.ts'
import { type Judged, judgeHere, judgeLines, VERDICTS, type Verdict } from './judge-lines.ts'
import { isPending, isRefundOfDuplicate, type OwnRecord, pendingWords } from './own-records.ts'
import { type Read, readOwn } from './read-own.ts'
import { replyTo, underWayWords } from './reply.ts'
import { readStatement, type Statement } from './statement-lines.ts'

const MOST_REQUESTS = 120
const MOST_LETTERS = 200_000
/** The rows of an answer, in bytes; the reply comes beside them. */
const MOST_BYTES = 55_000

const input = z.object({
  statement: pasted(z.string().max(MOST_LETTERS)).describe('As pasted: text, CSV or a table.'),
  supplier: named(200).describe('Id, internal id or exact name.'),
})

type Sums = { owed: number; underWay: number; refunded: number; short: number; unpaid: number }

const centsOf = ({ line }: Judged): number => line.cents ?? 0
const sum = (all: readonly Judged[], of: (one: Judged) => number = centsOf): number =>
  all.reduce((so, one) => so + of(one), 0)

const by = (judged: readonly Judged[], ...verdicts: Verdict[]) =>
  judged.filter(({ verdict }) => verdicts.includes(verdict))

/** In cents. */
export const sumsOf = (judged: readonly Judged[]): Sums => {
  const [unpaid, underWay, refunded] = (['unpaid', 'under_way', 'refunded'] as const).map((verdict) =>
    sum(by(judged, verdict)),
  ) as [number, number, number]
  const short = sum(judged, (one) => one.short ?? 0)
  return { unpaid, refunded, underWay, short, owed: unpaid + refunded }
}

const groupsOf = (judged: readonly Judged[]): Row[] =>
  VERDICTS.map((verdict) => by(judged, verdict))
    .filter((all) => all.length > 0)
    .map((all) => ({
      verdict: all[0]!.verdict,
      count: all.length,
      amount_cents: sum(all),
      amount: decimalOf(sum(all)),
    }))

const STATES: Readonly<Record<OwnRecord['state'], string>> = {
  paid: 'paid',
  under_way: 'payment under way',
  waiting: 'not paid yet',
  bounced: 'its payment did not arrive',
  stopped: 'not scheduled for payment',
  canceled: 'canceled',
  refunded: 'refunded',
  reissued: 'reissued',
  unclear: 'unclear',
}

const nearWords = (own: OwnRecord): string => {
  const { number, gross, state, since, payment } = own
  const on = since === null ? '' : ` ${oneLine(since, 10).slice(0, 10)}`
  const said = isPending(own)
    ? `payment ${pendingWords(since)}`
    : `${STATES[state]}${on}${payment ? ` by ${meansOf(payment)}` : ''}`
  return `${oneLine(number)} (${decimalOf(gross) ?? '?'}, ${said})`
}

const rowOf = ({ line, verdict, why, own, near }: Judged): Row => ({
  line: line.line,
  number: oneLine(line.numbers[0]),
  amount_cents: line.cents,
  amount: decimalOf(line.cents),
  verdict,
  why: oneLine(why, 200),
  since: own?.since ?? null,
  by: own?.payment && !isPending(own) ? meansOf(own.payment) : null,
  payment_id: own?.payment?.id ?? null,
  invoice_id: own?.invoice.id ?? null,
  near: near.map(nearWords),
})

const SAID: readonly (readonly [Verdict, string])[] = [
  ['canceled', 'canceled'],
  ['short', 'paid short'],
  ['differs', 'of another amount here'],
  ['unknown', 'not known'],
  ['awaiting_approval', 'waiting here for an approval'],
  ['sent', 'sent and not shown by Finexio yet'],
  ['someone_elses', "under another supplier's number"],
  ['repeated', 'repeated'],
  ['undecided', 'UNDECIDED'],
]

/** Of another amount than was received, and not paid either: what is owed of it nobody knows. */
const isOpenDiffering = ({ verdict, own }: Judged): boolean =>
  verdict === 'differs' && own?.state !== 'paid' && own?.state !== 'under_way'

/** Of a statement that was read in part nothing is said to be owed in all. */
const owedWords = (to: string, judged: readonly Judged[], { owed }: Sums, isPartial: boolean): string => {
  const undecided = by(judged, 'undecided').length
  const differing = judged.filter(isOpenDiffering).length
  if (undecided + differing === 0 && !isPartial)
    return `Owed to ${to} by what Finexio knows: ${dollars(owed)}`
  const known = owed > 0 ? `, of which ${dollars(owed)} is known` : ''
  const open = [
    (undecided > 0 || differing === 0) && `${counted(undecided, 'line')} undecided`,
    differing > 0 && `${counted(differing, 'line')} unpaid and of another amount here`,
  ]
  return `What is owed to ${to} is not settled${known}: ${open.filter(Boolean).join(', ')}`
}

/** Whether the total of the statement is that of its lines. */
const totalWords = ({ total, sums }: Statement): string => {
  if (total === null) return ''
  const [sum] = sums
  return sum === undefined || sums.includes(total)
    ? ` The statement says ${dollars(total)}.`
    : ` The total of the statement is WRONG: it says ${dollars(total)}, its lines come to ${dollars(sum)}, ${dollars(Math.abs(total - sum))} ${total > sum ? 'less' : 'more'}.`
}

const headOf = (
  { name, id }: Supplier,
  statement: Statement,
  judged: readonly Judged[],
  sums: Sums,
  isPartial: boolean,
): string => {
  const claimed = judged.filter(({ line }) => line.kind === 'invoice')
  const others = SAID.flatMap(([verdict, words]) => {
    const all = by(judged, verdict)
    return all.length === 0 ? [] : [`${all.length} ${words} (${dollars(sum(all))})`]
  })
  return [
    `${isPartial ? 'PARTLY READ. ' : ''}${owedWords(oneLine(name ?? id), judged, sums, isPartial)} (unpaid ${dollars(sums.unpaid)}, refunded ${dollars(sums.refunded)}); ${dollars(sums.underWay)} more is ${underWayWords(judged)}, ${dollars(sums.short)} was paid short.`,
    `Of ${counted(claimed.length, 'invoice line')} (${dollars(sum(claimed))}) ${by(judged, 'paid').length} are paid (${dollars(sum(by(judged, 'paid')))}), ${by(judged, 'under_way').length} ${underWayWords(judged)}, ${by(judged, 'unpaid').length} unpaid, ${by(judged, 'refunded').length} refunded${others.length > 0 ? `, ${others.join(', ')}` : ''}.${totalWords(statement)}`,
  ].join(' ')
}

const endingOf = (judged: readonly Judged[], shown: number, statement: Statement, read: Read) => {
  const unlisted = judged.length - shown
  const credits = by(judged, 'credit', 'payment')
  return [
    read.looked,
    ...statement.notes,
    credits.length > 0 &&
      `${counted(credits.length, 'credit or payment line')} (${dollars(sum(credits))}) not taken off: Finexio holds no credits.`,
    by(judged, 'refunded').some(({ own }) => own !== null && isRefundOfDuplicate(own.payment)) &&
      'Of what was refunded as a duplicate the other payment may stand: find_possible_duplicate_finexio_invoices with include_refunded shows it. Look before paying again.',
    by(judged, 'someone_elses').length > 0 &&
      'Do not tell the supplier whose number it is; the reply does not.',
    unlisted > 0 &&
      `${shown} of ${judged.length} lines are listed; the sums are of all. Give the rest by itself.`,
  ]
}

/** The account is asked only where Finexio lacks something. */
const withOwn = async (
  judged: readonly Judged[],
  { id: supplier }: Supplier,
  { writes }: ToolContext,
): Promise<{ judged: readonly Judged[]; unread: (string | null)[] }> => {
  const numbers = by(judged, 'unknown').flatMap(({ line }) => line.numbers)
  if (numbers.length === 0) return { judged, unread: [] }
  const waiting = await writes().waitingInvoices({ numbers, supplier })
  const known = byNumber(waiting)
  const here = {
    waits: (own: readonly string[]) => waitingUnder(known, own, supplier).length > 0,
    sent: (own: readonly string[]) => sentUnder(waiting.sent, own),
    uncompared: (own: readonly string[]) => isUncompared(waiting.sent, own),
  }
  return { judged: judgeHere(judged, here), unread: [unreadWords(waiting), uncomparedWords(waiting.sent)] }
}

const run = async (
  { statement: pastedText, supplier: given }: z.infer<typeof input>,
  context: ToolContext,
): Promise<ToolAnswer> => {
  const statement = readStatement(pastedText)
  const reading = newReading(context, MOST_REQUESTS)
  const supplier = await findSupplier(reading, given)
  const read = await readOwn(reading, statement.lines, supplier.id)
  if (read.own.length === 0 && read.others.size === 0) failIfStopped(reading)
  const { judged, unread } = await withOwn(judgeLines(statement.lines, read), supplier, context)
  const sums = sumsOf(judged)
  const all = judged.map(rowOf)
  const shown = firstRows(all, MOST_BYTES)
  const isUnfound = by(judged, 'undecided').some(({ own }) => own === null)
  const isPartial = stopWords(reading) !== null || (!read.isWhole && isUnfound)
  const reply = replyTo(supplier.name, judged, sums)
  const structured = {
    supplier_id: supplier.id,
    supplier_name: supplier.name === null ? null : oneLine(supplier.name),
    owed_cents: sums.owed,
    owed: decimalOf(sums.owed),
    under_way_cents: sums.underWay,
    short_cents: sums.short,
    verdicts: groupsOf(judged),
    lines: shown,
    reply,
    requests: reading.requests,
    is_partial_response: isPartial,
    ...noted([stopWords(reading), ...unread, ...endingOf(judged, shown.length, statement, read)]),
  }
  const tables = [tableOf('Lines', shown)]
  const answer = report(headOf(supplier, statement, judged, sums, isPartial), tables, structured, context)
  return context.textFormat === 'json'
    ? answer
    : { ...answer, text: `${answer.text}\n\nReply to the supplier:\n${reply}` }
}

export const reconcileStatement = defineTool({
  name: 'reconcile_finexio_supplier_statement',
  title: 'Reconcile a supplier statement',
  description:
    "Compares a supplier's pasted statement line by line: paid (when, by which check or trace), unpaid (why), refunded, paid short, unknown, another supplier's; what is really owed; a reply ready to send.",
  resource: 'invoices',
  method: 'reconcile_statement',
  effect: 'read',
  needs: [
    toolName(counterparties, 'list'),
    toolName(counterparties, 'get'),
    toolName(invoices, 'list'),
    toolName(invoices, 'get'),
    toolName(payments, 'list'),
    toolName(payments, 'get'),
    toolName(drawdowns, 'list'),
    toolName(drawdownPayments, 'list'),
  ],
  input,
  output: reported({ owed_cents: z.int(), lines: rows, reply: z.string() }),
  run,
})
