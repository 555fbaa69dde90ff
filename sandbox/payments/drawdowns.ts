/** Drawdowns and the payments they fund. */

import { type Filters, wordsOf } from '../lists/filters.ts'
import { listAnswer } from '../lists/lists.ts'
import { envelope } from '../lists/paging.ts'
import { findParty } from '../parties/parties.ts'
import { type Micros, timestampText } from '../tenants/micros.ts'
import { firstRow } from '../tenants/tables.ts'
import { badRequest, notFound, ok } from '../wire/answers.ts'
import type { Answer, Call } from '../wire/call.ts'
import { declaredQuery, type Fields } from '../wire/validation.ts'
import { paymentState } from './lifecycle.ts'
import { centsShown, factsOf, invoicesOf, type PaidInvoice, type PaymentRow, paidCents } from './payments.ts'

export type DrawdownRow = {
  id: string
  buyer: string
  created: Micros | null
  amount: number
  status: string
  result: string
  completed: Micros | null
  next: Micros | null
  last_four: string
  trace: string | null
}

const OF_PAYMENT = 'SELECT 1 FROM payments p WHERE p.tenant = drawdowns.tenant AND p.drawdown = drawdowns.id'
const OF_PARTY = 'SELECT 1 FROM parties c WHERE c.tenant = drawdowns.tenant'

const FILTERS: Filters = {
  buyer_ref_id: { sql: `EXISTS (${OF_PARTY} AND c.id = drawdowns.buyer AND c.ref = ?)`, kind: 'text' },
  originating_counterparty_id: { sql: 'buyer = ?', kind: 'text' },
  supplier_ref_id: {
    sql: `EXISTS (${OF_PAYMENT} AND EXISTS (${OF_PARTY} AND c.id = p.supplier AND c.ref = ?))`,
    kind: 'text',
  },
  tracking_id: { sql: `EXISTS (${OF_PAYMENT} AND p.tracking = ?)`, kind: 'text' },
  invoice_number: {
    sql: `drawdowns.id IN (SELECT p.drawdown FROM invoices i JOIN payments p ON p.tenant = i.tenant AND p.id = i.payment
      WHERE i.tenant = drawdowns.tenant AND i.number = ?)`,
    kind: 'text',
  },
  status: { sql: 'status = ?', kind: wordsOf(declaredQuery('drawdowns', 'list'), 'status') },
  created_start: { sql: 'created >= ?', kind: 'moment' },
  created_end: { sql: 'created <= ?', kind: 'moment' },
  completed_start: { sql: 'completed >= ?', kind: 'moment' },
  completed_end: { sql: 'completed <= ?', kind: 'moment' },
  amount_cents_start: { sql: 'amount >= ?', kind: 'integer' },
  amount_cents_end: { sql: 'amount <= ?', kind: 'integer' },
}

const drawdownView = (row: DrawdownRow, call: Call): Fields => {
  const buyer = findParty(call, row.buyer)
  return {
    processor_request_id: row.id,
    bank_account_last_four: row.last_four,
    created: timestampText(row.created ?? 0),
    status: row.status,
    amount_cents: centsShown(row.amount, call),
    funding_complete_date: row.completed === null ? null : timestampText(row.completed),
    originating_counterparty_id: row.buyer,
    buyer_ref_id: buyer?.fields.external_reference_id ?? null,
    buyer_name: buyer?.fields.name ?? null,
    trace_id: row.completed === null ? null : row.trace,
  }
}

const hasFilter = ({ url, settings }: Call): boolean => {
  const names = [...Object.keys(FILTERS), ...(settings.drawdownPageCounts ? ['page'] : [])]
  return names.some((name) => url.searchParams.getAll(name).some((text) => text !== ''))
}

export const listDrawdowns = (call: Call): Answer => {
  if (!hasFilter(call)) return badRequest(call, 'At least one query parameter is required.')
  return listAnswer<DrawdownRow>(call, {
    table: 'drawdowns',
    filters: FILTERS,
    always: [{ sql: 'created <= ?', values: [call.now] }],
    render: (found) => found.map((row) => drawdownView(row, call)),
  })
}

const visible = (call: Call): DrawdownRow | null =>
  firstRow<DrawdownRow>(
    call.db,
    'SELECT * FROM drawdowns WHERE tenant = ? AND id = ? AND created <= ?',
    call.tenant.id,
    call.params.id,
    call.now,
  )

const unknown = (call: Call): Answer =>
  call.settings.drawdownUnknownId === 404 ? notFound(call) : badRequest(call, 'No drawdown has this id.')

export const getDrawdown = (call: Call): Answer => {
  const row = visible(call)
  if (!row) return unknown(call)
  const view = drawdownView(row, call)
  return ok(call.settings.drawdownByIdShape === 'object' ? view : envelope(call.url, 1, 100, 1, [view]))
}

const detailInvoice = (invoice: PaidInvoice, call: Call): Fields => {
  const doc = JSON.parse(invoice.doc) as Fields
  return {
    id: invoice.id,
    payment_amount_cents: paidCents(invoice, call),
    discount_amount_cents: invoice.discount,
    invoice_date: doc.invoice_date,
    invoice_number: invoice.number,
    reconciliation_id: doc.reconciliation_id ?? null,
    accounting_id: doc.accounting_id ?? null,
    account_number: doc.account_number ?? null,
    metadata: doc.metadata ?? {},
  }
}

const MAILED = [
  ['address_1', 'remit_address_1'],
  ['address_2', 'remit_address_2'],
  ['city', 'remit_city'],
  ['state', 'remit_state'],
  ['zip', 'remit_zipcode'],
] as const

const paymentDetail = (row: PaymentRow, invoices: readonly PaidInvoice[], call: Call): Fields => {
  const supplier = findParty(call, row.supplier)?.fields ?? {}
  const { status } = paymentState(factsOf(row), call.now)
  const mailed = row.delivery === 'mail'
  return {
    id: row.id,
    originating_counterparty_id: row.buyer,
    receiving_counterparty_id: row.supplier,
    supplier_ref_id: supplier.external_reference_id ?? null,
    supplier_name: supplier.name ?? null,
    invoices: invoices.map((invoice) => detailInvoice(invoice, call)),
    amount_cents: centsShown(row.amount, call),
    payment_method: row.method,
    delivery_method: row.delivery,
    status: status === 'failed' ? call.settings.paymentFailedStatus : status,
    payment_group_id: invoices[0]?.group_id ?? '',
    tracking_id: row.tracking,
    ...Object.fromEntries(MAILED.map(([name, from]) => [name, mailed ? (supplier[from] ?? null) : null])),
    email: row.delivery === 'email' ? (supplier.remit_email ?? null) : null,
  }
}

export const listDrawdownPayments = (call: Call): Answer => {
  if (!visible(call)) return unknown(call)
  return listAnswer<PaymentRow>(call, {
    table: 'payments',
    filters: {},
    always: [{ sql: 'drawdown = ?', values: [call.params.id] }],
    render: (found) => {
      const invoices = invoicesOf(
        call,
        found.map(({ id }) => id),
      )
      return found.map((row) => paymentDetail(row, invoices.get(row.id) ?? [], call))
    },
  })
}
