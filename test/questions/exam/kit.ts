/**
 * What the exam's questions and expected answers are made of: plain loops over Finexio's rows. Days are UTC. The routes are
 * recordings of what a model chose that saw nothing but the tool list; where a mended tool makes calls of it needless, that is said.
 */
import type { Facts, Row } from '../facts.ts'
import type { Answers, Question } from '../questions.ts'

const DAY = 86_400_000

export const dayOf = (timestamp: string): string => timestamp.slice(0, 10)
export const shifted = (date: string, days: number): string =>
  new Date(Date.parse(date) + days * DAY).toISOString().slice(0, 10)
export const daysBetween = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / DAY
export const usd = (cents: number): string =>
  `$${(cents / 100).toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`
export const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
export const percent = (part: number, whole: number): number => Math.round((part / whole) * 1000) / 10

/** Day of the newest payment. */
export const newestDay = ({ payments }: Facts): string =>
  payments.map(({ created }) => dayOf(created)).reduce((a, b) => (a > b ? a : b))

/** `YYYY-MM`: the newest month whose payments have all ended, or one of those before it. */
export const closedMonth = (facts: Facts, back = 0): string => {
  const [year, month] = shifted(newestDay(facts), -8).split('-').map(Number)
  return new Date(Date.UTC(year!, month! - 2 - back, 1)).toISOString().slice(0, 7)
}
/** Closed months from `back` months before the newest one, `count` of them, newest first. */
export const closedMonths = (facts: Facts, count: number, back = 0): string[] =>
  Array.from({ length: count }, (_, at) => closedMonth(facts, back + at))
export const lastDay = (month: string): string => {
  const [year, number] = month.split('-').map(Number)
  return new Date(Date.UTC(year!, number!, 0)).toISOString().slice(0, 10)
}
export const american = (date: string): string => {
  const [year, month, day] = date.split('-')
  return `${month}/${day}/${year}`
}

export const madeIn = (facts: Facts, months: readonly string[]): Row[] =>
  facts.payments.filter(({ created }) => months.includes(created.slice(0, 7)))
/** Neither failed, canceled nor refunded. */
const stands = (payment: Row): boolean =>
  !['failed', 'canceled'].includes(payment.status) && payment.refund_timestamp === null
export const spentIn = (facts: Facts, months: readonly string[]): Row[] =>
  madeIn(facts, months).filter(stands)
export const total = (payments: readonly Row[]): number =>
  sum(payments.map(({ amount_cents }) => amount_cents))

/** Of tenants other than `demo` the sandbox puts the account behind the name. */
const named = (rows: readonly Row[], name: string): Row => {
  const found = rows.find((row) => row.name === name || row.name.startsWith(`${name} (`))
  if (!found) throw new Error(`Nobody is called ${name}`)
  return found
}
export const supplierNamed = ({ suppliers }: Facts, name: string): Row => named(suppliers, name)
export const buyerNamed = ({ buyers }: Facts, name: string): Row => named(buyers, name)
export const nameOf = ({ suppliers, buyers }: Facts, id: string): string =>
  [...suppliers, ...buyers].find((party) => party.id === id)?.name ?? id
export const payee = (facts: Facts, payment: Row): string => nameOf(facts, payment.receiving_counterparty_id)

/** Groups rows, largest total first. */
export const totalsBy = (
  rows: readonly Row[],
  key: (row: Row) => string,
): { key: string; count: number; cents: number }[] => {
  const groups = new Map<string, { key: string; count: number; cents: number }>()
  for (const row of rows) {
    const group = groups.get(key(row)) ?? { key: key(row), count: 0, cents: 0 }
    group.count += 1
    group.cents += row.amount_cents
    groups.set(group.key, group)
  }
  return [...groups.values()].sort((a, b) => b.cents - a.cents)
}

const ENDS = ['settled', 'returned', 'expired', 'canceled', 'failed']
/** The event that ended a payment, or undefined while it is under way. */
const ending = (payment: Row): Row | undefined =>
  payment.events.find(({ event_name }: Row) => ENDS.includes(event_name))
export const eventDay = (payment: Row, name: string): string | null => {
  const event = payment.events.find(({ event_name }: Row) => event_name === name)
  return event ? dayOf(event.timestamp) : null
}
/** Under way at the end of a day: made by then, and not ended by then. */
export const openAt = (payment: Row, day: string): boolean => {
  const end = ending(payment)
  return dayOf(payment.created) <= day && (end === undefined || dayOf(end.timestamp) > day)
}

const ordered = (rows: readonly Row[]): Row[] =>
  [...rows].sort((a, b) => b.created.localeCompare(a.created) || a.id.localeCompare(b.id))
/** The newest payment of a closed month or earlier that fits; `at` skips. */
export const pick = (facts: Facts, fits: (payment: Row) => boolean, at = 0): Row => {
  const end = lastDay(closedMonth(facts))
  const found = ordered(facts.payments.filter((payment) => dayOf(payment.created) <= end && fits(payment)))[
    at
  ]
  if (!found) throw new Error('No payment fits')
  return found
}
const invoiceOf = ({ invoices }: Facts, id: string): Row => invoices.find((invoice) => invoice.id === id)!
/** Invoices of a payment, as the invoice list has them. */
export const billsOf = (facts: Facts, payment: Row): Row[] =>
  payment.invoices.map(({ id }: Row) => invoiceOf(facts, id))
const paymentOf = ({ payments }: Facts, invoice: Row): Row | undefined =>
  payments.find(({ id }) => id === invoice.payment_id)

/** Invoices of a supplier's payments of closed months that fit, newest first. */
export const paidBills = (facts: Facts, supplier: string, fits: (payment: Row) => boolean): Row[] =>
  ordered(
    facts.payments.filter(
      (payment) =>
        payment.receiving_counterparty_id === supplier &&
        dayOf(payment.created) <= lastDay(closedMonth(facts)) &&
        fits(payment),
    ),
  ).flatMap((payment) => billsOf(facts, payment))

export const settledPlain = (payment: Row): boolean => payment.status === 'settled' && stands(payment)

/** One invoice as an answer about it should have it. */
export const told = (facts: Facts, invoice: Row) => {
  const payment = paymentOf(facts, invoice)
  return {
    invoice_number: invoice.invoice_number,
    supplier: nameOf(facts, invoice.receiving_counterparty_id),
    amount: usd(invoice.amount_cents),
    discount: usd(invoice.discount_amount_cents),
    payment_status: payment?.status ?? null,
    refunded: Boolean(payment?.refund_timestamp),
    payment_id: payment?.id ?? null,
    payment_amount: payment ? usd(payment.amount_cents) : null,
    method: payment?.payment_method ?? null,
    instrument_number: payment?.instrument_number ?? null,
    ended: payment && ending(payment) ? dayOf(ending(payment)!.timestamp) : null,
  }
}

/** One call, recorded. */
export const once =
  (tool: string, args: object | ((facts: Facts) => object)): Question['route'] =>
  (answers, facts) =>
    answers.length > 0 ? null : { tool, args: typeof args === 'function' ? args(facts) : args }

export const data = (answers: Answers, at = 0): Row => answers[at]!.data
export const dollars = (row: Row): string => usd(row.amount_cents)
