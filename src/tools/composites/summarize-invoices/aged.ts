/** Invoices that wait for their money, by how long they are overdue. Pure. */

import { wordOf } from '../../reading/payment-exceptions.ts'
import { type Group, tally, totalOf } from '../../reading/tally.ts'
import type { Row } from '../../reading/walk.ts'
import { AGING_BUCKETS, type AgingBucket, bucketOf, daysOverdue } from './aging.ts'

export type Aged = { invoice: Row; days: number | null; bucket: AgingBucket }

/** Stands where Finexio gives no status. */
export const NO_STATUS = '(none)'

/** Money on its way (`sent`) or arrived (`complete`) is not waited for; failed and canceled invoices still are. */
const LEFT: ReadonlySet<string> = new Set(['sent', 'complete', 'settled', 'paid'])

const mostOverdue = (a: Aged, b: Aged) =>
  (b.days ?? Number.NEGATIVE_INFINITY) - (a.days ?? Number.NEGATIVE_INFINITY) ||
  Number(b.invoice.amount_cents ?? 0) - Number(a.invoice.amount_cents ?? 0)

/** @param now milliseconds since the epoch @returns the unpaid ones, the longest overdue first */
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
  /** Of the oldest one; null when none is overdue. */
  days: number | null
}

const isOverdue = ({ days }: Aged) => days !== null && days > 0

/**
 * What is owed party by party, the largest overdue sum first.
 * @param column the id that tells parties apart
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

const STOPPED: ReadonlySet<string> = new Set(['failed', 'canceled'])

const UNDER_WAY: ReadonlySet<string> = new Set(['pending', 'in-progress'])

/** Those of the unpaid whose status nobody documented: they may well be paid. */
export const oddOf = (unpaid: readonly Aged[]): Aged[] =>
  unpaid.filter(({ invoice }) => {
    const status = wordOf(invoice.status)
    return !UNDER_WAY.has(status) && !STOPPED.has(status)
  })

/** Those of the unpaid that nothing will pay unless someone acts. */
export const stoppedOf = (unpaid: readonly Aged[]): Aged[] =>
  unpaid.filter(({ invoice }) => STOPPED.has(wordOf(invoice.status)))

export const overdueOf = (unpaid: readonly Aged[]): Aged[] => unpaid.filter(isOverdue)
