/** What was known of a payment at the end of an earlier day: its end, if any, had to have come by then. Pure. */
import { DAY_MS } from '../../../core/time.ts'
import { timeOf } from '../../../finexio/pages.ts'
import { type Row, wordOf } from '../../derived/request.ts'
import { eventsOf, type PaymentLife, paymentLife, REISSUE } from '../../reading/payment-life.ts'
import { UNDER_WAY } from '../../reading/tally.ts'

/** The last moment of a day (UTC), in milliseconds since the epoch. @param day `YYYY-MM-DD` */
export const endOfDay = (day: string): number => Date.parse(`${day}T00:00:00Z`) + DAY_MS - 1

/** Whether a record was there already; one without a readable time may have been. */
export const isThere = ({ created }: Row, moment: number): boolean => (timeOf(created) ?? moment) <= moment

/** Of a payment that ended some time and says nowhere when. */
const UNDATED = 'ended, not known when'

/** The status word of then: `in-progress` for all that was under way, since nothing tells one stage from another. */
const statusThen = (payment: Row, moment: number): string => {
  const status = wordOf(payment.status)
  if (UNDER_WAY.has(status) || status === 'sent') return status
  const ended = timeOf(paymentLife(payment).ended_at)
  if (ended === null) return UNDATED
  return ended <= moment ? status : 'in-progress'
}

const NOT_REISSUED: Row = Object.fromEntries(REISSUE.map((name) => [name, null]))

/** A payment as it stood then; its later life stays readable in `settled_at` and the like. */
export const paymentThen = (payment: Row, moment: number): Row => {
  const isLater = (time: unknown) => (timeOf(time) ?? 0) > moment
  return {
    ...payment,
    status: statusThen(payment, moment),
    refund_timestamp: isLater(payment.refund_timestamp) ? null : payment.refund_timestamp,
    ...(isLater(payment.reissue_timestamp) && NOT_REISSUED),
  }
}

/** What had happened to a payment by then. @param then the payment as `paymentThen` gives it */
export const lifeThen = (then: Row, moment: number): PaymentLife =>
  paymentLife({
    ...then,
    events: eventsOf(then).filter(({ timestamp }) => (timeOf(timestamp) ?? 0) <= moment),
  })

/** An invoice as it stood then. @param payment its payment, as it is now; undefined where there is none, or it was not read */
export const invoiceThen = (invoice: Row, payment: Row | undefined, moment: number): Row => {
  if (payment)
    return { ...invoice, status: isThere(payment, moment) ? statusThen(payment, moment) : 'pending' }
  const changed = timeOf(invoice.updated)
  const isLater = changed !== null && changed > moment
  return UNDER_WAY.has(wordOf(invoice.status)) || !isLater ? invoice : { ...invoice, status: UNDATED }
}
