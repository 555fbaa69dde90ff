/** How a payment was made, in words. Pure. */
import { oneLine } from '../../core/text.ts'
import { type Row, wordOf } from '../derived/request.ts'
import { ARRIVED, paymentLife } from './payment-life.ts'
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

/** Why Finexio has no scan of a payment's check, as a sentence. */
export const unscannedWords = (payment: Row): string => {
  const { printed_at, ended_at } = paymentLife(payment)
  const status = wordOf(payment.status)
  const on = (stamp: string | null) => (stamp === null ? '' : ` on ${oneLine(stamp, 10).slice(0, 10)}`)
  if (!isCheck(payment)) return `Paid by ${meansOf(payment)}: there is no check to scan.`
  if (STOPPED.has(status))
    return `The check has no scan: its payment ${status === 'failed' ? 'failed' : 'was canceled'}${on(ended_at)}.`
  if (ARRIVED.has(status)) return `Finexio has no scan of this check, though it was cashed${on(ended_at)}.`
  return printed_at === null
    ? `The check was not printed yet: its payment is ${oneLine(status, 40)}.`
    : `The check was printed${on(printed_at)} and not scanned yet: its payment is ${oneLine(status, 40)}.`
}
