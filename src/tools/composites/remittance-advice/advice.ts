/** A payment as its receiver needs it: what of each invoice was paid, and whether that is what the payment comes to. Pure. */
import { centsIn, decimalOf, dollars } from '../../../core/money.ts'
import { oneLine } from '../../../core/text.ts'
import { type Row, wordOf } from '../../derived/request.ts'
import { ARRIVED, eventsOf, inWords, paymentLife, setbackWords } from '../../reading/payment-life.ts'
import { isCheck, reissueWords } from '../../reading/payment-means.ts'
import { LEFT, STOPPED, UNDER_WAY } from '../../reading/tally.ts'

const textIn = (value: unknown): string | null =>
  typeof value === 'string' && value !== '' ? oneLine(value) : null

const REFERENCES = ['reconciliation_id', 'accounting_id', 'payment_group_id'] as const

/**
 * An invoice of the payment.
 * @param part of the payment
 * @param record of the invoice itself; null where it was not read
 * @param funded of the drawdown; null where it was not read
 */
export const invoiceRow = (part: Row, record: Row | null, funded: Row | null): Row => {
  const gross = centsIn(record?.amount_cents)
  const discount =
    centsIn(record?.discount_amount_cents ?? funded?.discount_amount_cents) ?? (record ? 0 : null)
  const net = gross !== null && discount !== null ? gross - discount : null
  const listed = centsIn(part.payment_amount_cents)
  const known = { ...funded, ...part, ...record }
  return {
    id: part.id ?? null,
    invoice_number: textIn(part.invoice_number),
    invoice_date: textIn(record?.invoice_date ?? funded?.invoice_date),
    gross_cents: gross,
    gross: decimalOf(gross),
    discount_cents: discount,
    discount: decimalOf(discount),
    net_cents: net,
    net: decimalOf(net),
    // What Finexio lists of it in the payment, where that is not the whole.
    listed_cents: listed === net ? null : listed,
    references: REFERENCES.map((name) => textIn((known as Row)[name])).filter((one) => one !== null),
  }
}

export type Sum = { cents: number | null; agrees: boolean | null; words: string }

/** Whether the invoices come to the payment. */
export const sumOf = (payment: Row, invoices: readonly Row[]): Sum => {
  const nets = invoices.map(({ net_cents }) => centsIn(net_cents))
  const total = centsIn(payment.amount_cents)
  if (nets.length === 0) return { cents: null, agrees: null, words: 'Finexio lists no invoices of it.' }
  if (nets.includes(null) || total === null)
    return {
      cents: null,
      agrees: null,
      words: 'Not every invoice could be read, so that sums are not compared.',
    }
  const cents = (nets as number[]).reduce((so, one) => so + one, 0)
  if (cents === total) return { cents, agrees: true, words: 'Its invoices come to it.' }
  const parts = invoices.map(({ listed_cents, net_cents }) => centsIn(listed_cents ?? net_cents))
  const isOfParts = !parts.includes(null) && (parts as number[]).reduce((so, one) => so + one, 0) === total
  const words = isOfParts
    ? `Its invoices come to ${dollars(cents)}; of these it pays ${dollars(total)}, as listed_cents tells.`
    : `Its invoices come to ${dollars(cents)}, which is NOT the payment.`
  return { cents, agrees: false, words }
}

export type Cashed = { cashed: boolean | null; at: string | null; words: string }

/** What a reissue adds to words that the invoices are not paid. */
const reissuedToo = (payment: Row): string => {
  const words = reissueWords(payment)
  return words === null ? '' : ` It was ${words}.`
}

const onDay = (stamp: string | null) => (stamp === null ? '' : ` on ${day(stamp)}`)

const inBrackets = (reason: unknown): string => {
  const words = oneLine(reason, 80)
  return words === '' ? '' : ` (${words})`
}

/** @param deposited whether there is a scan of the deposited check; null where none was looked for */
export const cashedOf = (payment: Row, deposited: boolean | null): Cashed => {
  const life = paymentLife(payment)
  const status = wordOf(payment.status)
  const done = isCheck(payment) ? 'cashed' : 'settled'
  if (life.refunded_at !== null)
    return {
      cashed: false,
      at: life.refunded_at,
      words: `The payment was refunded on ${day(life.refunded_at)}${inBrackets(payment.refund_reason)}: its invoices are NOT paid by it.${reissuedToo(payment)}`,
    }
  if (STOPPED.has(status))
    return {
      cashed: false,
      at: life.ended_at,
      words: `The payment ${status === 'failed' ? 'failed' : 'was canceled'}${onDay(life.ended_at)}${inBrackets(life.failure_reason)}: its invoices are NOT paid by it.${reissuedToo(payment)}`,
    }
  if (ARRIVED.has(status) || deposited === true) {
    const words = setbackWords(payment)
    const setback = words === null ? '' : `, ${words}`
    return {
      cashed: setback === '' ? true : null,
      at: life.settled_at,
      words: `It was ${done}${onDay(life.settled_at)}${setback}.${reissuedToo(payment)}`,
    }
  }
  const printed = life.printed_at ? `, printed${onDay(life.printed_at)}` : ''
  return status === 'pending' || status === 'in-progress' || status === 'sent'
    ? { cashed: false, at: null, words: `Not ${done} yet${printed}.${reissuedToo(payment)}` }
    : {
        cashed: null,
        at: null,
        words: `Its status is "${oneLine(status, 40)}", a word that this server does not know: whether it pays its invoices is not known.${reissuedToo(payment)}`,
      }
}

const day = (stamp: string) => oneLine(stamp).slice(0, 10)

const ADDRESS = ['address_1', 'address_2', 'city', 'state', 'zip'] as const

/** Events that show that it left. */
const GONE: ReadonlySet<string> = new Set(['sent', 'mailed', 'issued', 'delivered', 'returned', 'settled'])

export type Sending = { sent: boolean | null; words: string }

/**
 * Whether it was sent, as far as a status or an event shows it: a supplier that reads "sent" waits for it.
 * @param to where it goes; null where Finexio does not say
 */
export const sendingOf = (payment: Row, to: string | null): Sending => {
  const [status, events, life] = [wordOf(payment.status), eventsOf(payment), paymentLife(payment)]
  const place = to === null ? '' : ` to ${to}`
  if (LEFT.has(status) || events.some(({ event_name }) => GONE.has(wordOf(event_name))))
    return { sent: true, words: to === null ? 'Where it was sent Finexio does not say.' : `Sent${place}.` }
  if (life.printed_at !== null)
    return {
      sent: null,
      words: `Printed on ${day(life.printed_at)}, to be sent${place}; whether it was, Finexio does not say.`,
    }
  const isOver = STOPPED.has(status) || life.refunded_at !== null
  if (UNDER_WAY.has(status) && !isOver)
    return {
      sent: false,
      words:
        to === null
          ? 'Not sent yet; where it will go Finexio does not say.'
          : `Not sent yet; will go${place}.`,
    }
  const isEarly = events.length > 0 && events.every(({ stage }) => wordOf(stage) !== 'disbursement')
  return isOver && isEarly
    ? { sent: false, words: `Never sent: ${oneLine(inWords(events.at(-1)), 80)}.` }
    : { sent: null, words: `Whether it was sent${place} Finexio does not say.` }
}

/** Where it goes, in words; null where Finexio does not say. @param funded the payment as its drawdown lists it */
export const addressOf = (payment: Row, funded: Row | null): string | null => {
  if (funded === null) return null
  const address = ADDRESS.map((name) => textIn(funded[name])).filter((one) => one !== null)
  const email = textIn(funded.email)
  if (wordOf(payment.delivery_method) === 'email' && email !== null) return email
  return address.length > 0 ? address.join(', ') : email
}
