/** The buckets of an aging report. Pure; days are counted in UTC. */
import { DAY_MS } from '../../../core/time.ts'
import { timeOf } from '../../../finexio/pages.ts'
import { type Row, wordOf } from '../../derived/request.ts'
import { ARRIVED } from '../../reading/payment-life.ts'
import { LEFT } from '../../reading/tally.ts'

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
 * Whole days since a date; negative before it, null without one.
 * @param date a date or timestamp as Finexio writes it
 * @param now milliseconds since the epoch
 */
export const daysSince = (date: unknown, now: number): number | null => {
  const at = timeOf(date)
  return at === null ? null : Math.floor(now / DAY_MS) - Math.floor(at / DAY_MS)
}

/** @param days since the due date, as `daysSince` gives them */
export const bucketOf = (days: number | null): AgingBucket => {
  if (days === null) return 'no_due_date'
  return ENDS.find(([most]) => days <= most)?.[1] ?? 'overdue_over_90'
}

/**
 * The band of an age: `0-10`, `11-20`, `21+`.
 * @param days since the invoice date, as `daysSince` gives them
 * @param ends most days of each band but the last, ascending
 */
export const ageBandOf = (days: number | null, ends: readonly number[]): string => {
  if (days === null) return 'no_invoice_date'
  if (days < 0) return 'later'
  const at = ends.findIndex((most) => days <= most)
  const from = at === 0 ? 0 : ends.at(at < 0 ? -1 : at - 1)! + 1
  return at < 0 ? `${from}+` : `${from}-${ends[at]}`
}

/** Where a band stands among others, as text to compare. */
export const ageRank = (band: string): string => {
  if (band === 'later') return ''
  return /^\d/.test(band) ? String(Number.parseInt(band, 10)).padStart(6, '0') : '~'
}

/** What leaves an invoice unpaid: that its money did not arrive, or that it was not even sent. */
export const UNPAID_MEANS = ['not_sent', 'not_settled'] as const
export type UnpaidMeans = (typeof UNPAID_MEANS)[number]

/** Failed and canceled invoices still wait for their money. */
export const isUnpaid = ({ status }: Row, means: UnpaidMeans): boolean =>
  !(means === 'not_sent' ? LEFT : ARRIVED).has(wordOf(status))

export const UNPAID_WORDS: Readonly<Record<UnpaidMeans, string>> = {
  not_sent:
    'Unpaid: not sent yet, failed, canceled or refunded; what was sent to the supplier counts as paid, though not settled yet.',
  not_settled:
    'Unpaid: everything whose money has not arrived, also what was sent to the supplier, or was refunded.',
}
