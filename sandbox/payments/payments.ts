/** Payments: read only, rendered from their facts at the moment of reading. */

import { conditionsOf, wordsOf } from '../lists/filters.ts'
import { listAnswer } from '../lists/lists.ts'
import { codeOf, digitsOf } from '../tenants/chance.ts'
import { type Micros, timestampText } from '../tenants/micros.ts'
import { firstRow, rows } from '../tenants/tables.ts'
import { invalid, notFound, ok } from '../wire/answers.ts'
import type { Answer, Call } from '../wire/call.ts'
import { declaredQuery, type Fields } from '../wire/validation.ts'
import { type Outcome, type PaymentFacts, type PaymentState, paymentState, type Step } from './lifecycle.ts'

export type PaymentRow = {
  id: string
  created: Micros
  updated: Micros
  amount: number
  buyer: string
  supplier: string
  method: PaymentFacts['method']
  delivery: string | null
  tracking: string
  funding: PaymentFacts['funding']
  drawdown: string
  outcome: Outcome
  held: number | null
  forced: string | null
  status: string
  steps: number
  next: Micros | null
  refunded: number
  doc: string
}

export type PaidInvoice = {
  id: string
  number: string
  amount: number
  discount: number
  payment: string
  group_id: string
  doc: string
}

type Reading = Pick<Call, 'db' | 'tenant' | 'settings' | 'now'>

export const factsOf = (row: PaymentRow): PaymentFacts => ({
  id: row.id,
  created: row.created,
  method: row.method,
  funding: row.funding,
  run: row.drawdown,
  outcome: row.outcome,
  stopsAfter: row.held,
  forced: row.forced === null ? null : JSON.parse(row.forced),
})

/** Amounts are integers in samples and text in the schema. */
export const centsShown = (cents: number, { settings }: Pick<Call, 'settings'>): number | string =>
  settings.amountsAsStrings ? String(cents) : cents

const statusShown = (status: string, { settings }: Reading) =>
  status === 'failed' ? settings.paymentFailedStatus : status

const eventView = (step: Step, amount: number, call: Reading) => ({
  timestamp: timestampText(step.at),
  event_code: step.event_code,
  description: step.description,
  amount_cents: centsShown(amount, call),
  stage: step.stage,
  method: step.method,
  event_name: step.event_name,
  status: statusShown(step.status, call),
})

/** Number of the check, trace number of the transfer, last digits of the card; wires have none. */
export const instrumentNumber = (row: PaymentRow, state: PaymentState): string | null => {
  if (!state.disbursed || row.method === 'wire') return null
  return digitsOf(`${row.id}/instrument`, { check: 6, ach: 15, card: 4 }[row.method])
}

const fundingReference = (row: PaymentRow, call: Reading) => {
  if (call.settings.drawdownIdsEqual) return row.drawdown
  const digits = digitsOf(`${call.tenant.username}/${row.drawdown}/funding`, 9)
  const letter = codeOf(`${row.drawdown}/letter`, 1)
  return `U${digits.slice(0, 3)}-${digits.slice(3, 6)}-${digits.slice(6)}${letter}`
}

/** What an invoice contributes to its payment. */
export const paidCents = (
  invoice: Pick<PaidInvoice, 'amount' | 'discount'>,
  { settings }: Pick<Call, 'settings'>,
): number => invoice.amount - (settings.discountReducesPayment ? invoice.discount : 0)

const invoiceView = (invoice: PaidInvoice, call: Reading) => {
  const doc = JSON.parse(invoice.doc) as Fields
  return {
    id: invoice.id,
    invoice_number: invoice.number,
    payment_amount_cents: paidCents(invoice, call),
    metadata: doc.metadata ?? {},
    public_account_number: doc.account_number ?? null,
    reconciliation_id: doc.reconciliation_id ?? null,
    payment_group_id: invoice.group_id,
  }
}

const NOT_TAKEN_BACK = Object.fromEntries(
  ['refund', 'reissue'].flatMap((what) =>
    ['user', 'timestamp', 'reason', 'comment', 'ticket_number'].map((field) => [`${what}_${field}`, null]),
  ),
)

/** A payment as the API shows it at `call.now`. */
export const paymentView = (row: PaymentRow, invoices: readonly PaidInvoice[], call: Reading): Fields => {
  const state = paymentState(factsOf(row), call.now)
  return {
    id: row.id,
    amount_cents: row.amount,
    currency: 'USD',
    originating_counterparty_id: row.buyer,
    receiving_counterparty_id: row.supplier,
    payment_method: row.method,
    reissue_payment_method: null,
    delivery_method: row.delivery,
    reconciliation_id: null,
    tracking_id: row.tracking,
    instrument_number: instrumentNumber(row, state),
    status: statusShown(state.status, call),
    events: state.steps.map((step) => eventView(step, row.amount, call)),
    invoices: invoices.map((invoice) => invoiceView(invoice, call)),
    adjustments: [],
    created: timestampText(row.created),
    updated: timestampText(Math.max(row.updated, state.updated)),
    funding_drawdown_request_id: state.funded ? fundingReference(row, call) : null,
    ...NOT_TAKEN_BACK,
    finexio_express: false,
    ...JSON.parse(row.doc),
  }
}

/** Invoices of many payments in one query; the plus keeps SQLite from walking all invoices in order of time. */
export const invoicesOf = (call: Reading, ids: readonly string[]): ReadonlyMap<string, PaidInvoice[]> => {
  const found = rows<PaidInvoice>(
    call.db,
    'SELECT * FROM invoices WHERE tenant = ? AND payment IN (SELECT value FROM json_each(?)) ORDER BY +created, number',
    call.tenant.id,
    JSON.stringify(ids),
  )
  return Map.groupBy(found, ({ payment }) => payment)
}

export const findPayment = ({ db, tenant }: Reading, id: string): PaymentRow | null =>
  firstRow<PaymentRow>(db, 'SELECT * FROM payments WHERE tenant = ? AND id = ?', tenant.id, id)

export const listPayments = (call: Call): Answer =>
  listAnswer<PaymentRow>(call, {
    table: 'payments',
    filters: {
      tracking_id: { sql: 'tracking = ?', kind: 'text' },
      created_start: { sql: 'created >= ?', kind: 'moment' },
      created_end: { sql: 'created <= ?', kind: 'moment' },
      updated_start: { sql: 'updated >= ?', kind: 'moment' },
      updated_end: { sql: 'updated <= ?', kind: 'moment' },
      status: { sql: 'status = ?', kind: wordsOf(declaredQuery('payments', 'list'), 'status') },
      refunded: { sql: 'refunded = ?', kind: 'flag' },
    },
    render: (found) => {
      const invoices = invoicesOf(
        call,
        found.map(({ id }) => id),
      )
      return found.map((row) => paymentView(row, invoices.get(row.id) ?? [], call))
    },
  })

export const getPayment = (call: Call): Answer => {
  const row = findPayment(call, call.params.id ?? '')
  return row ? ok(paymentView(row, invoicesOf(call, [row.id]).get(row.id) ?? [], call)) : notFound(call)
}

const IMAGE_HOST = 'https://images.finexio-sandbox.example/checks'

/** An empty array unless the check was printed, or deposited where that side is asked for. */
export const getImages = (call: Call): Answer => {
  const words = wordsOf(declaredQuery('payment_images', 'get'), 'checkImageType')
  const filter = { checkImageType: { sql: '?', kind: words } }
  const { errors, conditions } = conditionsOf(filter, call.url.searchParams)
  if (Object.keys(errors).length > 0) return invalid(call, errors)
  const row = findPayment(call, call.params.id ?? '')
  if (!row) return notFound(call)
  const state = paymentState(factsOf(row), call.now)
  const deposited = conditions[0]?.values.includes('Deposited') === true
  const exists = row.method === 'check' && state.disbursed && (!deposited || state.status === 'settled')
  if (!exists) return ok([])
  const side = deposited ? 'deposited' : 'front'
  const image = { check_image_url: `${IMAGE_HOST}/${instrumentNumber(row, state)}-${side}.png` }
  return ok(call.settings.imagesShape === 'array' ? [image] : image)
}
