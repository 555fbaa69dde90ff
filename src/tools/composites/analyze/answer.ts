/** What an analysis answers: a sentence, the groups, rows where they were asked for, and what has to be said beside. Pure. */
import { dollars } from '../../../core/money.ts'
import { oneLine } from '../../../core/text.ts'
import { verb } from '../../../core/words.ts'
import type { Row } from '../../derived/request.ts'
import { present } from '../../present/present.ts'
import { byMoney, moneyWords, type Part, partOf } from '../../reading/money-state.ts'
import { NO_REPLACEMENT } from '../../reading/payment-life.ts'
import { counted } from '../../reading/report.ts'
import { LEFT, STOPPED, UNDER_WAY } from '../../reading/tally.ts'
import { UNPAID_WORDS, type UnpaidMeans } from './aging.ts'
import type { Subject } from './columns.ts'
import type { Measure } from './figures.ts'
import { flagWords } from './flags.ts'
import { thresholdWords } from './form-1099.ts'
import { type Period, yearOf } from './periods.ts'
import type { Condition } from './where.ts'

/** Columns of rows that are listed, before those that were asked about. */
export const LISTED: Readonly<Record<Subject, readonly string[]>> = {
  payments: [
    'id',
    'amount_cents',
    'status',
    'method',
    'receiving_counterparty_id',
    'supplier',
    'created',
    'failure_reason',
  ],
  invoices: [
    'id',
    'invoice_number',
    'amount_cents',
    'status',
    'receiving_counterparty_id',
    'supplier',
    'invoice_due_date',
    'days_overdue',
  ],
  drawdowns: ['processor_request_id', 'amount_cents', 'status', 'buyer', 'created', 'funding_complete_date'],
  suppliers: ['id', 'name', 'method', 'status', 'amount_cents', 'payments_count', 'last_paid_at', 'flag'],
}

/** What says how urgent a row is, where its amount does not. */
const AGES: Readonly<Partial<Record<Subject, string>>> = {
  payments: 'waiting_days',
  invoices: 'days_overdue',
}

const numberOf = (value: unknown): number => (typeof value === 'number' ? value : Number.NEGATIVE_INFINITY)

/** Columns of listed rows: those named, or the useful ones with those that were asked about. */
const shownOf = ({ over, columns }: Asked, fields: readonly string[] | undefined): string[] => {
  const age = AGES[over]
  const shown = fields ?? [...LISTED[over], ...(columns.includes('flag') && age ? [age] : []), ...columns]
  // Dollars come beside the cents by themselves.
  return [...new Set(shown.map((name) => (name === 'amount' ? 'amount_cents' : name)))]
}

/**
 * @param fields their columns, where they were named
 * @returns the oldest first where age was asked about, else the largest
 */
export const listedRows = (
  rows: readonly Row[],
  asked: Asked,
  most: number,
  fields: readonly string[] | undefined,
): Row[] => {
  const age = AGES[asked.over]
  const shown = shownOf(asked, fields)
  const isAged = age !== undefined && shown.includes(age)
  const sorted = rows.toSorted(
    (a, b) =>
      (isAged ? numberOf(b[age]) - numberOf(a[age]) || 0 : 0) ||
      numberOf(b.amount_cents) - numberOf(a.amount_cents) ||
      0,
  )
  return sorted
    .slice(0, most)
    .map((row) => present(Object.fromEntries(shown.map((name) => [name, row[name] ?? null]))))
}

/** Parts of the rows that every answer names, so that nobody takes a failed payment for paid. */
/** Of unpaid invoices, so that each is in one part and all together are the whole. */
const UNPAID_PARTS = ['not_sent', 'sent_unsettled', 'stopped', 'refunded', 'unclear'] as const
type UnpaidPart = (typeof UNPAID_PARTS)[number]

const unpaidPart = ({ status, refunded }: Row): UnpaidPart => {
  const word = String(status)
  if (refunded === true) return 'refunded'
  if (STOPPED.has(word)) return 'stopped'
  if (UNDER_WAY.has(word)) return 'not_sent'
  return LEFT.has(word) ? 'sent_unsettled' : 'unclear'
}

export type Parts = Row & {
  by_money?: ReturnType<typeof byMoney>
  unpaid?: Part
  overdue?: Part
  /** Of the stopped and refunded, as far as their payments were read. */
  reissued?: Part
  /** Refunded, and not unpaid: the later invoice tells. */
  resubmitted?: Part
} & Partial<Record<UnpaidPart, Part>>

export const partsOf = (rows: readonly Row[], over: Subject): Parts => {
  if (over === 'payments') return { by_money: byMoney(rows) }
  if (over !== 'invoices') return {}
  const unpaid = rows.filter((row) => row.unpaid === true)
  const parts = Map.groupBy(unpaid, unpaidPart)
  const back = [...(parts.get('stopped') ?? []), ...(parts.get('refunded') ?? [])]
  return {
    unpaid: partOf(unpaid),
    ...Object.fromEntries(UNPAID_PARTS.map((name) => [name, partOf(parts.get(name) ?? [])])),
    overdue: partOf(unpaid.filter(({ days_overdue }) => numberOf(days_overdue) > 0)),
    reissued: partOf(back.filter((row) => row.reissued === true)),
    resubmitted: partOf(rows.filter((row) => row.refunded === true && row.unpaid !== true)),
  }
}

/** Whoever takes the failed or refunded for never to be paid pays some of them twice. */
const againWords = ({ stopped, refunded, reissued, resubmitted }: Parts): string => {
  const again = resubmitted?.count
    ? ` ${counted(resubmitted.count, 'refunded invoice')} (${dollars(resubmitted.amount_cents)}) ${verb(resubmitted.count, 'was', 'were')} submitted again and ${verb(resubmitted.count, 'is', 'are')} not among the unpaid: the later invoice tells.`
    : ''
  const known = reissued?.count
    ? ` ${reissued.count} of them ${reissued.count === 1 ? 'was' : 'were'} reissued, and which payment replaced ${reissued.count === 1 ? 'it' : 'them'} is not known: ask Finexio before paying again.`
    : ''
  const failed = stopped?.count
    ? ' What failed or was canceled may have been reissued or paid anew: over payments, flag not_replaced tells what was neither.'
    : ''
  const back = refunded?.count
    ? ' What was refunded may have been a duplicate of what is paid: over payments, by refund_reason tells why.'
    : ''
  return `${failed}${back}${known}${again}`
}

const said = ({ count, amount_cents }: Part, words: string) => `${count} ${words} (${dollars(amount_cents)})`

/** Of an earlier day nothing tells what had been sent by then. */
const unpaidWords = (parts: Parts, asOf: string | null): string => {
  const { unpaid, overdue } = parts
  if (!unpaid || !overdue) return ''
  const words: Readonly<Record<UnpaidPart, string>> = {
    not_sent: asOf === null ? 'not sent yet' : 'under way',
    sent_unsettled: 'sent and not settled',
    stopped: 'failed or canceled',
    refunded: 'refunded',
    unclear: asOf === null ? 'of a status not known here' : 'of a state not known then',
  }
  const ways = UNPAID_PARTS.filter((name) => parts[name]?.count).map((name) =>
    said(parts[name]!, words[name]),
  )
  const split = ways.length > 0 ? `: ${ways.join(', ')}; of all these ${said(overdue, 'overdue')}` : ''
  return ` ${said(unpaid, 'unpaid')}${split}.${againWords(parts)}`
}

const SUM_WORDS: Readonly<Record<Subject, string>> = {
  payments: '',
  invoices: '',
  drawdowns: '',
  suppliers: ' settled and not refunded',
}

export type Asked = {
  over: Subject
  date: string
  period: Period | null
  before: Period | null
  measures: readonly Measure[]
  columns: readonly string[]
  where: readonly Condition[]
  unpaidMeans: UnpaidMeans
  /** The day as which everything is told; null: now. */
  asOf: string | null
  /** Days of waiting from which on a payment is flagged. */
  after: number
  /** Of form 1099, in cents; null: what the law says. */
  threshold: number | null
  net: boolean
  parties: Row
}

const inWords = ({ from, to }: Period) => (from.startsWith('0001') ? `until ${to}` : `${from} to ${to}`)

const periodWords = ({ over, date, period, before, asOf }: Asked): string => {
  if (period === null) return asOf === null ? '' : ` as of ${asOf}`
  const of = over === 'suppliers' ? ` with payments by ${date}` : ` by ${date}`
  return `${of} ${inWords(period)}${before ? `, compared with ${inWords(before)}` : ''}${asOf === null ? '' : `, as of ${asOf}`}`
}

/** @param hasMoney whether sums mean something here */
export const headOf = (asked: Asked, total: Row, parts: Parts, hasMoney: boolean): string => {
  const { over } = asked
  const sum =
    hasMoney && total.amount !== undefined ? `: ${dollars(total.amount_cents)}${SUM_WORDS[over]}` : ''
  return `${counted(Number(total.count), over.slice(0, -1))}${periodWords(asked)}${sum}.${parts.by_money?.length ? ` ${moneyWords(parts.by_money)}` : ''}${unpaidWords(parts, asked.asOf)}`
}

const ROUNDED: readonly Measure[] = ['average', 'median', 'share', 'days_to_pay']

const DAYS: Readonly<Record<Subject, string>> = {
  payments: 'days_to_pay: from the creation of the payment to its settlement.',
  invoices: 'days_to_pay: from the invoice date to the settlement of its payment.',
  drawdowns: 'days_to_pay: from the request to the arrival of the funds.',
  suppliers: '',
}

const THEN_WORDS =
  'As of that day: what had not been created is left out; what had not settled, failed or been canceled was under way; settled_at and the like tell what came later.'

const asksFlag = (where: readonly Condition[], flag: string) =>
  where.some(({ column, is }) => column === 'flag' && is?.includes(flag))

/** A word that Finexio does not document could mean anything. */
export const oddNote = (rows: readonly Row[], over: Subject): string | false => {
  if (over !== 'invoices') return false
  const odd = rows.filter(({ status, unpaid }) => unpaid === true && !isKnown(String(status)))
  const words = [...new Set(odd.map(({ status }) => oneLine(status ?? '(none)', 40)))]
  return (
    odd.length > 0 &&
    `${counted(odd.length, 'invoice')} of a status that this server does not know (${words
      .slice(0, 5)
      .map((word) => JSON.stringify(word))
      .join(', ')}) counted as unpaid.`
  )
}

const isKnown = (status: string) => [UNDER_WAY, STOPPED, LEFT].some((words) => words.has(status))

/** Sentences that explain the figures. */
export const meaningNotes = (asked: Asked, left: number): (string | false)[] => {
  const { over, measures, columns, unpaidMeans, where, period, asOf, threshold } = asked
  const year = yearOf(period)
  return [
    asked.net && left > 0 && `${counted(left, over.slice(0, -1))} left out: refunded, failed or canceled.`,
    measures.some((measure) => ROUNDED.includes(measure)) &&
      'Averages, medians and shares are rounded half up.',
    (measures.includes('days_to_pay') || columns.includes('days_to_pay')) && DAYS[over],
    over === 'invoices' && UNPAID_WORDS[unpaidMeans],
    asOf !== null && THEN_WORDS,
    columns.includes('aging') && 'By aging only unpaid invoices are counted.',
    columns.includes('age') && 'By age, in days since the invoice date, only unpaid invoices are counted.',
    year !== null && asksFlag(where, 'form_1099_candidate') && thresholdWords(year, threshold),
    ...flagWords(
      where.flatMap(({ column, is = [], is_not = [] }) => (column === 'flag' ? [...is, ...is_not] : [])),
      asked.after,
      asOf,
    ),
    ['reissued', 'not_replaced'].some((flag) => asksFlag(where, flag)) && NO_REPLACEMENT,
  ]
}

/** Money as text alone: cents are in the structure. */
export const forText = (rows: readonly Row[]): Row[] =>
  rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).filter(([name]) => !/_cents(_|$)/.test(name) || !isTwice(name, row)),
    ),
  )

const isTwice = (name: string, row: Row) => row[name.replace('_cents', '')] !== undefined
