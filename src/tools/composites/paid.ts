/** Whether an invoice is paid, said in one word, with what speaks for it. Pure. */
import type { Row } from '../walk.ts'
import { wordOf } from './payment-exceptions.ts'

export type Verdict = 'paid' | 'in_progress' | 'not_paid' | 'failed' | 'unknown'
export type Judged = { verdict: Verdict; since: string | null; why: string }

const BY_PAYMENT: Readonly<Record<string, Verdict>> = {
  settled: 'paid',
  complete: 'paid',
  pending: 'in_progress',
  'in-progress': 'in_progress',
  sent: 'in_progress',
  failed: 'failed',
  canceled: 'failed',
}

const BY_INVOICE: Readonly<Record<string, Verdict>> = { ...BY_PAYMENT, pending: 'not_paid' }

const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)

/** Events of a payment, latest first. */
export const latestEvents = ({ events }: Row, most: number): Row[] =>
  (Array.isArray(events) ? (events as Row[]) : [])
    .filter((event) => typeof event === 'object' && event !== null)
    .sort((a, b) => String(b.timestamp ?? '').localeCompare(String(a.timestamp ?? '')))
    .slice(0, most)

const sinceOf = (payment: Row): string | null =>
  textOf(latestEvents(payment, 1)[0]?.timestamp) ?? textOf(payment.updated) ?? textOf(payment.created)

const ofPayment = (payment: Row): Judged => {
  const refunded = textOf(payment.refund_timestamp)
  if (refunded)
    return {
      verdict: 'not_paid',
      since: refunded,
      why: `the payment was refunded (${textOf(payment.refund_reason) ?? 'no reason given'})`,
    }
  const status = wordOf(payment.status)
  const verdict = BY_PAYMENT[status] ?? 'unknown'
  return { verdict, since: sinceOf(payment), why: `its payment is ${status || 'without a status'}` }
}

const ofInvoice = (invoice: Row): Judged => {
  const status = wordOf(invoice.status)
  const made =
    textOf(invoice.payment_id) === null ? 'Finexio has made no payment of it yet' : 'its payment was not read'
  return {
    verdict: BY_INVOICE[status] ?? 'unknown',
    since: textOf(invoice.updated) ?? textOf(invoice.created),
    why: `the invoice is ${status || 'without a status'}; ${made}`,
  }
}

/** @param payment null where there is none, or it was not read */
export const judge = (invoice: Row, payment: Row | null): Judged =>
  payment ? ofPayment(payment) : ofInvoice(invoice)

export const WORDS: Readonly<Record<Verdict, string>> = {
  paid: 'PAID',
  in_progress: 'IN PROGRESS',
  not_paid: 'NOT PAID',
  failed: 'FAILED',
  unknown: 'of unknown state',
}
