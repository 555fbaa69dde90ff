/** Invoices that wait for their money, in the buckets of an aging report. Pure; days are counted in UTC. */
import { DAY_MS } from '../../../core/time.ts'
import { timeOf } from '../../../finexio/pages.ts'
import { type Row, wordOf } from '../../derived/request.ts'
import { type Group, LEFT, STOPPED, tally, totalOf, UNDER_WAY } from '../../reading/tally.ts'

/** Most urgent first, the order in which a report lists them. */
export const AGING_BUCKETS = [
  'overdue_over_90',
  'overdue_61_90',
  'overdue_31_60',
  'overdue_1_30',
  'due_within_7',
  'due_within_30',
  'due_later',
  'no_due_date',
] as const
type AgingBucket = (typeof AGING_BUCKETS)[number]

/** Most days overdue of each bucket with an end; days still to go are negative. */
const ENDS: readonly (readonly [number, AgingBucket])[] = [
  [-31, 'due_later'],
  [-8, 'due_within_30'],
  [0, 'due_within_7'],
  [30, 'overdue_1_30'],
  [60, 'overdue_31_60'],
  [90, 'overdue_61_90'],
]

/**
 * Whole days since the due date; negative before it, null without one.
 * @param due a date or timestamp as Finexio writes it
 * @param now milliseconds since the epoch
 */
export const daysOverdue = (due: unknown, now: number): number | null => {
  const at = timeOf(due)
  return at === null ? null : Math.floor(now / DAY_MS) - Math.floor(at / DAY_MS)
}

/** @param days as `daysOverdue` gives them */
export const bucketOf = (days: number | null): AgingBucket => {
  if (days === null) return 'no_due_date'
  return ENDS.find(([most]) => days <= most)?.[1] ?? 'overdue_over_90'
}

export type Aged = { invoice: Row; days: number | null; bucket: AgingBucket }

/** In place of a status where Finexio gives none. */
export const NO_STATUS = '(none)'

const mostOverdue = (a: Aged, b: Aged) =>
  (b.days ?? Number.NEGATIVE_INFINITY) - (a.days ?? Number.NEGATIVE_INFINITY) ||
  Number(b.invoice.amount_cents ?? 0) - Number(a.invoice.amount_cents ?? 0)

/**
 * Money on its way or arrived is not waited for; failed and canceled invoices still are.
 * @param now milliseconds since the epoch
 * @returns the unpaid ones, the longest overdue first
 */
export const unpaidOf = (invoices: readonly Row[], now: number): Aged[] =>
  invoices
    .filter(({ status }) => !LEFT.has(wordOf(status)))
    .map((invoice) => {
      const days = daysOverdue(invoice.invoice_due_date, now)
      return { invoice, days, bucket: bucketOf(days) }
    })
    .sort(mostOverdue)

/** Counts and sums by bucket and status, the most urgent bucket first. */
export const agingTable = (unpaid: readonly Aged[]): Group[] => {
  const rows = unpaid.map(({ invoice, bucket }) => ({ ...invoice, bucket }))
  const groups = tally(rows, ({ bucket, status }) => ({ bucket, status: wordOf(status) || NO_STATUS }))
  return groups.sort(
    (a, b) => AGING_BUCKETS.indexOf(a.bucket as AgingBucket) - AGING_BUCKETS.indexOf(b.bucket as AgingBucket),
  )
}

export type Owed = {
  id: unknown
  unpaid: ReturnType<typeof totalOf>
  overdue: ReturnType<typeof totalOf>
  /** Days overdue of the oldest invoice; null when none is overdue. */
  days: number | null
}

const isOverdue = ({ days }: Aged) => days !== null && days > 0

/**
 * What is owed party by party, the largest overdue sum first.
 * @param column the id by which parties are grouped
 */
export const owedBy = (unpaid: readonly Aged[], column: string): Owed[] =>
  [...Map.groupBy(unpaid, ({ invoice }) => invoice[column] ?? null)]
    .map(([id, own]) => {
      const overdue = own.filter(isOverdue)
      return {
        id,
        unpaid: totalOf(own.map(({ invoice }) => invoice)),
        overdue: totalOf(overdue.map(({ invoice }) => invoice)),
        days: overdue[0]?.days ?? null,
      }
    })
    .sort(
      (a, b) =>
        b.overdue.amount_cents - a.overdue.amount_cents || b.unpaid.amount_cents - a.unpaid.amount_cents,
    )

/** Unpaid invoices with an undocumented status: they may have been paid. */
export const oddOf = (unpaid: readonly Aged[]): Aged[] =>
  unpaid.filter(({ invoice }) => {
    const status = wordOf(invoice.status)
    return !UNDER_WAY.has(status) && !STOPPED.has(status)
  })

/** Unpaid invoices that will not be paid unless someone acts. */
export const stoppedOf = (unpaid: readonly Aged[]): Aged[] =>
  unpaid.filter(({ invoice }) => STOPPED.has(wordOf(invoice.status)))

/** Unpaid invoices whose due date has passed. */
export const overdueOf = (unpaid: readonly Aged[]): Aged[] => unpaid.filter(isOverdue)
