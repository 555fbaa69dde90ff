/** Whether an invoice is paid, said in one word, with what speaks for it. Pure. */

import type { Row } from '../../derived/request.ts'
import { wordOf } from '../../derived/request.ts'

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

const holdsSomething = (event: unknown): boolean =>
  typeof event === 'object' && event !== null && Object.values(event).some((value) => value !== null)

/** Events of a payment, latest first. */
export const latestEvents = ({ events }: Row, most: number): Row[] =>
  (Array.isArray(events) ? (events as Row[]) : [])
    .filter(holdsSomething)
    .sort((a, b) => String(b.timestamp ?? '').localeCompare(String(a.timestamp ?? '')))
    .slice(0, most)

/** Since it was created a payment is under way; only an event or a change says when it ended. */
const sinceOf = (payment: Row, verdict: Verdict): string | null =>
  textOf(latestEvents(payment, 1)[0]?.timestamp) ??
  textOf(payment.updated) ??
  (verdict === 'in_progress' ? textOf(payment.created) : null)

const statusWords = (status: string): string => {
  if (status === '') return 'without a status'
  return status in BY_PAYMENT ? status : `"${status}", a word that this server does not know`
}

/** Invoice and payment can contradict each other: then both are said. */
const contradiction = (invoice: Row, verdict: Verdict): string => {
  const own = BY_INVOICE[wordOf(invoice.status)]
  const ended: readonly (Verdict | undefined)[] = ['paid', 'failed', 'not_paid']
  const differs = own !== verdict && ended.includes(own) && ended.includes(verdict)
  return differs && [own, verdict].includes('paid')
    ? `; the invoice itself says ${wordOf(invoice.status)}`
    : ''
}

const ofPayment = (invoice: Row, payment: Row): Judged => {
  const refunded = textOf(payment.refund_timestamp)
  if (refunded)
    return {
      verdict: 'not_paid',
      since: refunded,
      why: `the payment was refunded (${textOf(payment.refund_reason) ?? 'no reason given'})`,
    }
  const status = wordOf(payment.status)
  const verdict = BY_PAYMENT[status] ?? 'unknown'
  const why = `its payment is ${statusWords(status)}${contradiction(invoice, verdict)}`
  return { verdict, since: sinceOf(payment, verdict), why }
}

const ofInvoice = (invoice: Row): Judged => {
  const status = wordOf(invoice.status)
  const verdict = BY_INVOICE[status] ?? 'unknown'
  const payment = textOf(invoice.payment_id)
  const made =
    payment === null
      ? 'Finexio has made no payment of it yet'
      : `its payment ${payment} could not be read and is not part of this`
  const is =
    invoice.status === undefined ? 'the invoice itself was not read' : `the invoice is ${statusWords(status)}`
  return {
    verdict,
    since: textOf(invoice.updated) ?? (verdict === 'not_paid' ? textOf(invoice.created) : null),
    why: `${is}; ${made}`,
  }
}

/** @param payment null where there is none, or it was not read */
export const judge = (invoice: Row, payment: Row | null): Judged =>
  payment ? ofPayment(invoice, payment) : ofInvoice(invoice)

export const WORDS: Readonly<Record<Verdict, string>> = {
  paid: 'PAID',
  in_progress: 'IN PROGRESS',
  not_paid: 'NOT PAID',
  failed: 'FAILED',
  unknown: 'of unknown state',
}
