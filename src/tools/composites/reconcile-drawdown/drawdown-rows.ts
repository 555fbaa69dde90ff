/** Payments of a drawdown as rows of a reconciliation, and what is still open with each. Pure. */

import type { Row } from '../../derived/request.ts'
import { wordOf } from '../../derived/request.ts'
import { isCheck, type Scan } from '../../reading/check-images.ts'
import { invoicesOf } from './drawdown-sums.ts'

const DONE: ReadonlySet<string> = new Set(['settled', 'complete', 'paid'])

/** What is still open with a payment; null when nothing is, as far as anybody looked. */
const openOf = (payment: Row, { scanned }: Scan): string | null => {
  const status = wordOf(payment.status)
  if (!DONE.has(status)) return status || 'without status'
  return isCheck(payment) && scanned === false ? 'check not scanned' : null
}

export const paymentRow = (payment: Row, scan: Scan): Row => ({
  id: payment.id ?? null,
  supplier_name: payment.supplier_name ?? null,
  amount_cents: payment.amount_cents ?? null,
  status: payment.status ?? null,
  payment_method: payment.payment_method ?? null,
  delivery_method: payment.delivery_method ?? null,
  tracking_id: payment.tracking_id ?? null,
  scanned: isCheck(payment) ? scan.scanned : null,
  check_image_url: scan.check_image_url,
  open: openOf(payment, scan),
  invoices: invoicesOf(payment).map(({ id: invoice, invoice_number, payment_amount_cents }) => ({
    id: invoice ?? null,
    invoice_number: invoice_number ?? null,
    payment_amount_cents: payment_amount_cents ?? null,
  })),
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
