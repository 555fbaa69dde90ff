/** How a payment was made, and what it means for its invoices, in words. Pure. */
import { isBlank } from '../../core/mask.ts'
import { oneLine, quoted } from '../../core/text.ts'
import { type Row, wordOf } from '../derived/request.ts'
import { moneyOf } from './money-state.ts'
import { ARRIVED, inWords, isReissued, lateReturn, paymentLife } from './payment-life.ts'
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

/** What speaks against taking a settled payment for paid, as the end of a sentence; null where nothing does. */
const doubtOf = (payment: Row): string | null => {
  const back = lateReturn(payment)
  const returned =
    back &&
    `its last word is ${quoted(inWords(back))}${isBlank(back.timestamp) ? '' : ` of ${dayOf(back.timestamp)}`}: whether the money stayed is not known, ask Finexio before paying again`
  const reissued = reissueWords(payment)
  const all = [returned, reissued && `it was ${reissued}`].filter((words) => words !== null)
  return all.length > 0 ? all.join('; ') : null
}

/** `since`: when it came so, as Finexio writes it; null where nothing tells. `why` and, with its day, `dated` follow on "its payment". */
export type Meaning = {
  pays: 'paid' | 'under_way' | 'not_paid' | 'unknown'
  since: string | null
  why: string
  dated: string
}

const inBrackets = (words: string): string => (words === '' ? '' : ` (${words})`)

const meaning = (pays: Meaning['pays'], since: string | null, words: string, end = ''): Meaning => ({
  ...{ pays, since, why: `${words}${end}` },
  dated: `${words}${since === null ? '' : ` on ${dayOf(since)}`}${end}`,
})

/** What a payment means for its invoices, the one declaration of it. */
export const paysOf = (payment: Row): Meaning => {
  const [money, life, status] = [moneyOf(payment), paymentLife(payment), wordOf(payment.status)]
  if (money === 'refunded')
    return meaning('not_paid', life.refunded_at, 'was refunded', inBrackets(oneLine(payment.refund_reason)))
  if (money === 'bounced') {
    const words = status === 'failed' ? 'failed' : 'was canceled'
    return meaning('not_paid', life.ended_at, words, inBrackets(oneLine(life.failure_reason)))
  }
  if (money === 'under_way') return meaning('under_way', null, `is under way (${oneLine(status, 40)})`)
  if (money === 'stayed') {
    const doubt = doubtOf(payment)
    return doubt === null
      ? meaning('paid', life.settled_at, 'settled')
      : meaning('unknown', life.settled_at, 'settled', `, but ${doubt}`)
  }
  const is =
    status === ''
      ? 'has no status'
      : `has the status ${quoted(oneLine(status, 40))}, a word that this server does not know`
  return meaning('unknown', null, `${is}: ask Finexio whether its invoices are paid`)
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
