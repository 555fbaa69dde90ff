/** How long an invoice is overdue, in the buckets of an aging report. Pure; days are counted in UTC. */
import { DAY_MS } from '../../../core/time.ts'
import { timeOf } from '../../../finexio/pages.ts'

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
export type AgingBucket = (typeof AGING_BUCKETS)[number]

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
