/** Payments of a drawdown as rows of a reconciliation, and what is still open with each. Pure. */

import { decimalOf, dollars } from '../../../core/money.ts'
import { oneLine } from '../../../core/text.ts'
import { verb } from '../../../core/words.ts'
import { type Row, withNulls, wordOf } from '../../derived/request.ts'
import type { Scan } from '../../reading/check-images.ts'
import { CAME_BACK, moneyOf } from '../../reading/money-state.ts'
import { invoicesOf } from '../../reading/payment-life.ts'
import { isCheck } from '../../reading/payment-means.ts'
import { counted } from '../../reading/report.ts'
import type { Elsewhere } from './paid-elsewhere.ts'

// Whether a drawdown, its payments and their invoices add up, and where they do not. In integer cents; pure.

/** Payments named one by one; the others are counted. */
const MOST_NAMED = 10

const isMoney = (value: unknown): value is number => Number.isSafeInteger(value)
const centsIn = (value: unknown): number => (isMoney(value) ? value : 0)
const sumOf = (all: readonly Row[], field: string): number =>
  all.reduce((sum, row) => sum + centsIn(row[field]), 0)

export type Totals = {
  /** Null where Finexio gives none. */
  drawdown: number | null
  payments: number
  /** After discounts. */
  invoices: number
  discounts: number
}

const invoicedOf = (payment: Row): number => sumOf(invoicesOf(payment), 'payment_amount_cents')

/** What a drawdown, its payments and their invoices come to, in cents. An amount that cannot be read adds nothing. */
export const totalsOf = (drawdown: Row, payments: readonly Row[]): Totals => ({
  drawdown: isMoney(drawdown.amount_cents) ? drawdown.amount_cents : null,
  payments: sumOf(payments, 'amount_cents'),
  invoices: payments.reduce((sum, payment) => sum + netOf(payment), 0),
  discounts: payments.reduce((sum, payment) => sum + discountedOf(payment), 0),
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
    : [`${name} (${dollars(a)}) and ${other} (${dollars(b)}) differ by ${dollars(Math.abs(a - b))}`]

const discountedOf = (payment: Row): number => sumOf(invoicesOf(payment), 'discount_amount_cents')

/**
 * Finexio does not say whether what it lists of an invoice is before or after its discount. The payment tells: it is the
 * net amount, so where only the listed amounts less their discounts come to it, they are gross.
 */
const isGross = (payment: Row): boolean => {
  const [listed, discount] = [invoicedOf(payment), discountedOf(payment)]
  return discount > 0 && listed !== payment.amount_cents && listed - discount === payment.amount_cents
}

/** What the invoices of a payment come to after discounts. */
const netOf = (payment: Row): number => invoicedOf(payment) - (isGross(payment) ? discountedOf(payment) : 0)

const discountWords = (payment: Row): string => {
  const cents = discountedOf(payment)
  return cents > 0 ? `, with discounts of ${dollars(cents)} on these` : ''
}

/** An invoice with what was billed, taken off and paid; null where Finexio gives no amount. */
const invoiceRow = (invoice: Row, gross: boolean): Row => {
  const listed = invoice.payment_amount_cents
  const discount = centsIn(invoice.discount_amount_cents)
  const net = isMoney(listed) ? listed - (gross ? discount : 0) : null
  return {
    ...withNulls(invoice, ['id', 'invoice_number', 'payment_amount_cents']),
    gross_cents: net === null ? null : net + discount,
    discount_cents: discount,
    net_cents: net,
  }
}

const inPayment = (payment: Row): string[] => {
  const cents = centsIn(payment.amount_cents)
  const name = `payment ${String(payment.id)}`
  if (invoicesOf(payment).length === 0) return [`${name} (${dollars(cents)}) lists no invoices`]
  return difference(name, cents, 'its invoices', netOf(payment)).map(
    (text) => `${text}${discountWords(payment)}`,
  )
}

/** Payment by payment, since two wrong ones can cancel out in the sum. */
const byPayment = (payments: readonly Row[]): string[] => {
  const all = payments.flatMap(inPayment)
  const more = all.length - MOST_NAMED
  return all.length <= MOST_NAMED
    ? all
    : [
        ...all.slice(0, MOST_NAMED),
        `${counted(more, 'more payment')} ${verb(more, 'differs from its', 'differ from their')} invoices`,
      ]
}

/** Which sums do not agree, the large ones first; empty when all do. */
export const differencesIn = ({ drawdown, ...of }: Totals, payments: readonly Row[]): string[] => [
  ...(drawdown === null ? [] : difference('the drawdown', drawdown, 'its payments', of.payments)),
  ...difference('the payments', of.payments, 'their invoices', of.invoices),
  ...byPayment(payments),
]

/**
 * Invoices that payments which came back left unpaid, in words; null where none did.
 * @param payments with `money`, and `reissue` where that was read: null where there was none
 */
export const unpaidIn = (payments: readonly Row[], elsewhere: Elsewhere): string | null => {
  const back = payments.filter(({ money }) => CAME_BACK.has(money))
  if (back.length === 0) return null
  const reissued = back.filter(({ reissue }) => typeof reissue === 'string')
  const unread = back.filter(({ reissue }) => reissue === undefined)
  return [
    leftBy(
      back.filter(({ reissue }) => reissue === null),
      elsewhere,
    ),
    ...reissued.slice(0, MOST_NAMED).map(reissuedOne),
    reissued.length > MOST_NAMED && `${reissued.length - MOST_NAMED} more were reissued: see the payments.`,
    unread.length > 0 &&
      `${counted(unread.length, 'payment')} came back (${namesOf(unread)}), and whether reissued was not read: look before paying again.`,
  ]
    .filter(Boolean)
    .join(' ')
}

const numberOf = (invoice: Row): string => oneLine(invoice.invoice_number ?? invoice.id)

const namedUpTo = (invoices: readonly Row[]): string => {
  const more = invoices.length > MOST_NAMED ? ` and ${invoices.length - MOST_NAMED} more` : ''
  return `${[...new Set(invoices.map(numberOf))].slice(0, MOST_NAMED).join(', ')}${more}`
}

const reissuedOne = (payment: Row): string => {
  const own = invoicesOf(payment)
  const of = own.length === 0 ? '' : `, ${namedUpTo(own)}`
  return `Payment ${oneLine(payment.id)} (${dollars(payment.amount_cents)}${of}) was ${String(payment.reissue)}.`
}

const saidOf = (invoices: readonly Row[], end: (them: string) => string): string => {
  if (invoices.length === 0) return ''
  const [are, them] = invoices.length === 1 ? ['is', 'it'] : ['are', 'them']
  return `Not paid by it ${are} ${counted(invoices.length, 'invoice')}, ${dollars(sumOf(invoices, 'net_cents'))} (${namedUpTo(invoices)}): ${end(them)}`
}

/** @param back payments that came back and were not reissued */
const leftBy = (back: readonly Row[], elsewhere: Elsewhere): string => {
  const blank = back.filter((payment) => invoicesOf(payment).length === 0)
  const left = back.flatMap((payment) => invoicesOf(payment).map((one) => invoiceRow(one, isGross(payment))))
  const again = left.filter(({ id }) => typeof elsewhere.get(id) === 'string')
  return [
    blank.length > 0 &&
      `What ${counted(blank.length, 'payment')} should have paid (${dollars(sumOf(blank, 'amount_cents'))}) is not paid by it; Finexio lists no invoices of it.`,
    saidOf(
      left.filter(({ id }) => elsewhere.get(id) === null),
      (them) => `nothing pays ${them} unless someone acts.`,
    ),
    saidOf(
      left.filter(({ id }) => !elsewhere.has(id)),
      (them) => `whether another payment pays ${them} was not read: look before paying again.`,
    ),
    ...again
      .slice(0, MOST_NAMED)
      .map((one) => `Invoice ${numberOf(one)} (${dollars(one.net_cents)}) ${elsewhere.get(one.id)}.`),
    again.length > MOST_NAMED &&
      `${again.length - MOST_NAMED} more have another payment or were submitted again: trace_finexio_invoice tells of each.`,
  ]
    .filter(Boolean)
    .join(' ')
}

/** What is still open with a payment: only money that is under way, or of which nobody knows; null when nothing is. */
const openOf = (status: string, money: unknown): string | null =>
  money === 'under_way' || money === 'unknown' ? status || 'without status' : null

/** A payment as an answer lists it. @param refund when its money went back; undefined where it did not @param reissue as `Refunds` tells it */
export const paymentRow = (payment: Row, scan: Scan, refund?: unknown, reissue?: string | null): Row => {
  const money = moneyOf({ ...payment, refund_timestamp: refund })
  const gross = isGross(payment)
  return {
    ...withNulls(payment, ['id', 'supplier_name', 'amount_cents', 'status']),
    money,
    refunded_at: refund ?? null,
    reissue: reissue ?? null,
    ...withNulls(payment, ['payment_method', 'delivery_method', 'tracking_id']),
    scanned: isCheck(payment) ? scan.scanned : null,
    check_image_url: scan.check_image_url,
    open: openOf(wordOf(payment.status), money),
    invoices: invoicesOf(payment).map((row) => invoiceRow(row, gross)),
  }
}

const COLUMNS = [
  'id',
  'supplier_name',
  'amount',
  'status',
  'money',
  'refunded_at',
  'reissue',
  'payment_method',
  'delivery_method',
  'tracking_id',
  'scanned',
  'open',
  'invoices',
  'check_image_url',
]

/** `INV-1 1000.00-20.00`: gross and discount, where there is one. */
const invoiceWords = ({ invoice_number, id, gross_cents, discount_cents }: Row): string => {
  const discount = centsIn(discount_cents)
  const amounts = discount > 0 ? ` ${decimalOf(gross_cents)}-${decimalOf(discount)}` : ''
  return `${invoice_number ?? id}${amounts}`
}

/** Invoices as one cell. */
const inText = (row: Row): Row => ({ ...row, invoices: (row.invoices as Row[]).map(invoiceWords).join('; ') })

/** @param shown rows as `paymentRow` makes them, ready to be shown */
export const paymentTable = (shown: readonly Row[]) => ({
  title: 'Payments',
  columns: COLUMNS,
  rows: shown.map(inText),
})
