/** How a payment was made, in words. Pure. */
import { isBlank } from '../../core/mask.ts'
import { oneLine } from '../../core/text.ts'
import { type Row, wordOf } from '../derived/request.ts'
import { ARRIVED, isReissued, paymentLife } from './payment-life.ts'
import { STOPPED } from './tally.ts'

/** Only printed checks are scanned. */
export const isCheck = ({ payment_method }: Row): boolean =>
  ['check', 'printedcheck'].includes(wordOf(payment_method))

/** How a payment was made, as its receiver finds it: `check 000712`, `ACH trace 0910…`. */
export const meansOf = (payment: Record<string, unknown> | null): string => {
  if (payment === null) return 'payment'
  const method = wordOf(payment.payment_method)
  const number = oneLine(payment.instrument_number, 40)
  if (isCheck(payment)) return number ? `check ${number}` : 'check'
  if (method === 'ach') return number ? `ACH trace ${number}` : 'ACH'
  if (method === 'card') return number ? `card ending ${number.slice(-4)}` : 'card'
  return method === '' ? 'payment' : oneLine(method, 20)
}

const dayOf = (stamp: unknown): string => oneLine(stamp, 10).slice(0, 10)

/** What is known of a reissue, so that nobody pays the bill a second time; null where there was none. */
export const reissueWords = (payment: Row): string | null => {
  if (!isReissued(payment)) return null
  const { reissue_timestamp: at, reissue_payment_method: method, reissue_reason } = payment
  const reason = oneLine(reissue_reason)
  const by = isBlank(method) ? '' : ` as ${meansOf({ payment_method: method })}`
  return `reissued${isBlank(at) ? '' : ` ${dayOf(at)}`}${by}${reason === '' ? '' : ` (${reason})`}; which payment replaced it is not known: ask Finexio before paying again`
}

/** Why Finexio has no scan of a payment's check, as a sentence. */
export const unscannedWords = (payment: Row): string => {
  const { printed_at, ended_at } = paymentLife(payment)
  const status = wordOf(payment.status)
  const on = (stamp: string | null) => (stamp === null ? '' : ` on ${dayOf(stamp)}`)
  if (!isCheck(payment)) return `Paid by ${meansOf(payment)}: there is no check to scan.`
  if (STOPPED.has(status))
    return `The check has no scan: its payment ${status === 'failed' ? 'failed' : 'was canceled'}${on(ended_at)}.`
  if (ARRIVED.has(status)) return `Finexio has no scan of this check, though it was cashed${on(ended_at)}.`
  return printed_at === null
    ? `The check was not printed yet: its payment is ${oneLine(status, 40)}.`
    : `The check was printed${on(printed_at)} and not scanned yet: its payment is ${oneLine(status, 40)}.`
}
