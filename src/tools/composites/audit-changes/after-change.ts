/** Payments made soon after a risky change to whom they went: the pattern of diverted money. Pure. */
import { DAY_MS } from '../../../core/time.ts'
import { timeOf } from '../../../finexio/pages.ts'
import type { Row } from '../../derived/request.ts'
import type { Change } from '../../reading/timeline.ts'

type Span = { from: number; to: number }
/** `days`: whole days since the latest of the changes. */
export type Suspicion = { changes: readonly Change[]; payment: Row; days: number }

/**
 * The stretches of time, as few as possible, in which payments after these changes would have been made.
 * @param days how long after a change a payment still counts
 */
export const spansAfter = (changes: readonly Change[], days: number): Span[] => {
  const starts = changes.map(({ at }) => at).filter((at) => at !== null)
  const spans: Span[] = []
  for (const from of starts.sort((a, b) => a - b)) {
    const last = spans.at(-1)
    const to = from + days * DAY_MS
    if (last && from <= last.to) last.to = Math.max(last.to, to)
    else spans.push({ from, to })
  }
  return spans
}

const partiesOf = ({ receiving_counterparty_id, originating_counterparty_id }: Row) => [
  receiving_counterparty_id,
  originating_counterparty_id,
]

/** Every payment to or from a party within `days` after risky changes of that party, together with those changes, the latest first. */
export const paymentsAfter = (
  changes: readonly Change[],
  payments: readonly Row[],
  days: number,
): Suspicion[] =>
  payments.flatMap((payment): Suspicion[] => {
    const paidAt = timeOf(payment.created)
    if (paidAt === null) return []
    const isBefore = ({ at, object_id }: Change) =>
      at !== null && at <= paidAt && paidAt - at <= days * DAY_MS && partiesOf(payment).includes(object_id)
    const before = changes.filter(isBefore).sort((a, b) => b.at! - a.at!)
    const [latest] = before
    return latest ? [{ changes: before, payment, days: Math.floor((paidAt - latest.at!) / DAY_MS) }] : []
  })

const touchesBank = ({ changes }: Suspicion) => Number(changes.some(({ risk }) => risk === 'bank_account'))

/** Changed bank accounts first, then the newest payment. */
export const byGravity = (a: Suspicion, b: Suspicion): number =>
  touchesBank(b) - touchesBank(a) || (timeOf(b.payment.created) ?? 0) - (timeOf(a.payment.created) ?? 0)
