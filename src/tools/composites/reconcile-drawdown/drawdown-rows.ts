/** Payments of a drawdown as rows of a reconciliation, and what is still open with each. Pure. */
import { decimalOf } from '../../../core/money.ts'
import { type Row, withNulls, wordOf } from '../../derived/request.ts'
import { isCheck, type Scan } from '../../reading/check-images.ts'
import { counted } from '../../reading/report.ts'

// Whether a drawdown, its payments and their invoices add up, and where they do not. In integer cents; pure.

/** Payments named one by one; the others are counted. */
const MOST_NAMED = 10

/** Invoices of a payment; none where Finexio lists none. */
export const invoicesOf = ({ invoices }: Row): Row[] => (Array.isArray(invoices) ? (invoices as Row[]) : [])

const isMoney = (value: unknown): value is number => Number.isSafeInteger(value)
const centsIn = (value: unknown): number => (isMoney(value) ? value : 0)
const sumOf = (all: readonly Row[], field: string): number =>
  all.reduce((sum, row) => sum + centsIn(row[field]), 0)

export type Totals = {
  /** Null where Finexio gives none. */
  drawdown: number | null
  payments: number
  invoices: number
}

const invoicedOf = (payment: Row): number => sumOf(invoicesOf(payment), 'payment_amount_cents')

/** What a drawdown, its payments and their invoices come to, in cents. An amount that cannot be read adds nothing. */
export const totalsOf = (drawdown: Row, payments: readonly Row[]): Totals => ({
  drawdown: isMoney(drawdown.amount_cents) ? drawdown.amount_cents : null,
  payments: sumOf(payments, 'amount_cents'),
  invoices: payments.reduce((sum, payment) => sum + invoicedOf(payment), 0),
})

const namesOf = (payments: readonly Row[]): string => {
  const names = payments.slice(0, MOST_NAMED).map(({ id }) => String(id))
  return [...names, ...(payments.length > MOST_NAMED ? [`${payments.length - MOST_NAMED} more`] : [])].join(
    ', ',
  )
}

/** Why sums cannot be compared: a missing amount is not zero. Null when all amounts are there. */
export const missingAmounts = (payments: readonly Row[]): string | null => {
  const without = payments.filter(
    (payment) =>
      !isMoney(payment.amount_cents) ||
      invoicesOf(payment).some(({ payment_amount_cents }) => !isMoney(payment_amount_cents)),
  )
  return without.length === 0
    ? null
    : `No readable amount, itself or on an invoice: ${counted(without.length, 'payment')} (${namesOf(without)}). So sums are not compared.`
}

const difference = (name: string, a: number, other: string, b: number): string[] =>
  a === b
    ? []
    : [`${name} (${decimalOf(a)}) and ${other} (${decimalOf(b)}) differ by ${decimalOf(Math.abs(a - b))}`]

const discountOf = (payment: Row): string => {
  const cents = sumOf(invoicesOf(payment), 'discount_amount_cents')
  return cents > 0 ? `, with discounts of ${decimalOf(cents)} on these` : ''
}

const inPayment = (payment: Row): string[] => {
  const cents = centsIn(payment.amount_cents)
  const name = `payment ${String(payment.id)}`
  if (invoicesOf(payment).length === 0) return [`${name} (${decimalOf(cents)}) lists no invoices`]
  return difference(name, cents, 'its invoices', invoicedOf(payment)).map(
    (text) => `${text}${discountOf(payment)}`,
  )
}

/** Payment by payment, since two wrong ones can cancel out in the sum. */
const byPayment = (payments: readonly Row[]): string[] => {
  const all = payments.flatMap(inPayment)
  return all.length <= MOST_NAMED
    ? all
    : [...all.slice(0, MOST_NAMED), `${all.length - MOST_NAMED} more payments differ from their invoices`]
}

/** Which sums do not agree, the large ones first; empty when all do. */
export const differencesIn = ({ drawdown, ...of }: Totals, payments: readonly Row[]): string[] => [
  ...(drawdown === null ? [] : difference('the drawdown', drawdown, 'its payments', of.payments)),
  ...difference('the payments', of.payments, 'their invoices', of.invoices),
  ...byPayment(payments),
]

const DONE: ReadonlySet<string> = new Set(['settled', 'complete', 'paid'])

/** What is still open with a payment; null when nothing is, or nothing was checked. */
const openOf = (payment: Row, { scanned }: Scan): string | null => {
  const status = wordOf(payment.status)
  if (!DONE.has(status)) return status || 'without status'
  return isCheck(payment) && scanned === false ? 'check not scanned' : null
}

/** A payment as an answer lists it. `open`: null when nothing is open, or nothing was checked. */
export const paymentRow = (payment: Row, scan: Scan): Row => ({
  ...withNulls(payment, ['id', 'supplier_name', 'amount_cents', 'status']),
  ...withNulls(payment, ['payment_method', 'delivery_method', 'tracking_id']),
  scanned: isCheck(payment) ? scan.scanned : null,
  check_image_url: scan.check_image_url,
  open: openOf(payment, scan),
  invoices: invoicesOf(payment).map((row) =>
    withNulls(row, ['id', 'invoice_number', 'payment_amount_cents']),
  ),
})

const COLUMNS = [
  'id',
  'supplier_name',
  'amount',
  'status',
  'payment_method',
  'delivery_method',
  'tracking_id',
  'scanned',
  'open',
  'invoices',
  'check_image_url',
]

/** Invoices as one cell. */
const inText = (row: Row): Row => ({
  ...row,
  invoices: (row.invoices as Row[])
    .map(({ invoice_number, id: invoice }) => invoice_number ?? invoice)
    .join('; '),
})

/** @param shown rows as `paymentRow` makes them, ready to be shown */
export const paymentTable = (shown: readonly Row[]) => ({
  title: 'Payments',
  columns: COLUMNS,
  rows: shown.map(inText),
})
