/** Payments that someone should look at, each with its reasons. Pure. */
import { DAY_MS } from '../../../core/time.ts'
import { timeOf } from '../../../finexio/pages.ts'
import { type Row, wordOf } from '../../derived/request.ts'

const UNDER_WAY: ReadonlySet<string> = new Set(['pending', 'in-progress'])
const ENDED_BADLY: ReadonlySet<string> = new Set(['failed', 'canceled'])
const ENDED_WELL: ReadonlySet<string> = new Set(['settled', 'sent', 'complete', 'paid'])

/** A word that Finexio does not document could mean anything: someone has to look. */
const oddStatus = (status: string): string[] => {
  if (status === '') return ['without status']
  const isKnown = [UNDER_WAY, ENDED_BADLY, ENDED_WELL].some((words) => words.has(status))
  return isKnown ? [] : [`unknown status ${status}`]
}

const isGiven = (value: unknown) => value !== undefined && value !== null && value !== ''

/**
 * Why a payment is not an ordinary one; empty when it is.
 * @param stuckAfter days after which a payment still under way is an exception
 * @param now milliseconds since the epoch
 */
export const exceptionsOf = (payment: Row, stuckAfter: number, now: number): string[] => {
  const status = wordOf(payment.status)
  const age = (now - (timeOf(payment.created) ?? now)) / DAY_MS
  const isStuck = UNDER_WAY.has(status) && age > stuckAfter
  return [
    ...(ENDED_BADLY.has(status) ? [status] : oddStatus(status)),
    ...(isGiven(payment.refund_timestamp) ? ['refunded'] : []),
    ...(isStuck ? [`${status} for ${Math.floor(age)} days`] : []),
  ]
}
