/** Invoices: submitted in batches, then paid without a further call. */
import { InvoiceBody, invoiceDateProblem, MOST_INVOICES } from '../../schemas/index.ts'
import { listAnswer } from '../lists/lists.ts'
import { findParty } from '../parties/parties.ts'
import type { Kind } from '../parties/party-views.ts'
import { MILLISECOND, type Micros, timestampText } from '../tenants/micros.ts'
import { firstRow, insertMany, rows } from '../tenants/tables.ts'
import { nextIds } from '../tenants/tenants.ts'
import { enqueue } from '../webhooks/outbox.ts'
import { type FieldErrors, invalid, notFound, ok } from '../wire/answers.ts'
import type { Answer, Call } from '../wire/call.ts'
import { checkBody, type Fields } from '../wire/validation.ts'

type InvoiceRow = {
  id: string
  number: string
  buyer: string
  supplier: string
  amount: number
  discount: number
  created: Micros
  updated: Micros
  status: string
  payment: string | null
  group_id: string
  refunded: number
  doc: string
}

const isFree = (row: Pick<InvoiceRow, 'refunded' | 'status'>, { settings }: Pick<Call, 'settings'>) =>
  row.refunded === 1 ||
  (settings.resubmitAfter === 'refund_or_failure' && ['failed', 'canceled'].includes(row.status))

const invoiceView = (row: InvoiceRow, call: Call): Fields => {
  const doc = JSON.parse(row.doc) as Fields
  return {
    id: row.id,
    created: timestampText(row.created),
    updated: timestampText(row.updated),
    amount_cents: row.amount,
    currency: 'USD',
    discount_amount_cents: row.discount,
    invoice_date: doc.invoice_date,
    invoice_due_date: doc.invoice_due_date ?? null,
    invoice_number: row.number,
    note: doc.note ?? '',
    originating_counterparty_id: row.buyer,
    receiving_counterparty_id: row.supplier,
    metadata: doc.metadata ?? {},
    payment_id: row.payment,
    reconciliation_id: doc.reconciliation_id ?? null,
    account_number: doc.account_number ?? null,
    payment_group_id: row.group_id,
    can_be_resubmitted: isFree(row, call),
    accounting_id: doc.accounting_id ?? null,
    status: row.status,
    documentationPresented: false,
  }
}

export const listInvoices = (call: Call): Answer =>
  listAnswer<InvoiceRow>(call, {
    table: 'invoices',
    filters: {},
    render: (found) => found.map((row) => invoiceView(row, call)),
  })

export const getInvoice = (call: Call): Answer => {
  const row = firstRow<InvoiceRow>(
    call.db,
    'SELECT * FROM invoices WHERE tenant = ? AND id = ?',
    call.tenant.id,
    call.params.id,
  )
  return row ? ok(invoiceView(row, call)) : notFound(call)
}

const PARTIES: readonly (readonly [field: string, kind: Kind])[] = [
  ['originating_counterparty_id', 'Buyer'],
  ['receiving_counterparty_id', 'Supplier'],
]

const keyOf = (fields: Fields) =>
  JSON.stringify([
    fields.originating_counterparty_id,
    fields.receiving_counterparty_id,
    fields.invoice_number,
  ])

const isSubmitted = (call: Call, fields: Fields): boolean =>
  rows<InvoiceRow>(
    call.db,
    'SELECT * FROM invoices WHERE tenant = ? AND number = ? AND buyer = ? AND supplier = ?',
    call.tenant.id,
    fields.invoice_number,
    fields.originating_counterparty_id,
    fields.receiving_counterparty_id,
  ).some((row) => !isFree(row, call))

/** What the schema alone cannot tell: today, the parties, and numbers used before. */
const furtherErrors = (call: Call, fields: Fields, seen: Set<string>): FieldErrors => {
  const errors: FieldErrors = {}
  const date = invoiceDateProblem(String(fields.invoice_date), call.now / MILLISECOND)
  if (date) errors.invoice_date = [`The date ${date}.`]
  for (const [field, kind] of PARTIES)
    if (findParty(call, String(fields[field]))?.kind !== kind)
      errors[field] = [`No ${kind.toLowerCase()} has this id.`]
  const key = keyOf(fields)
  if (seen.has(key) || isSubmitted(call, fields))
    errors.invoice_number = ['An invoice with this number already exists for this buyer and supplier.']
  seen.add(key)
  return errors
}

const { payment_group_id: _, ...unstored } = InvoiceBody.shape
const DOCUMENT_FIELDS = Object.keys(unstored).filter((name) =>
  [
    'invoice_date',
    'invoice_due_date',
    'note',
    'metadata',
    'reconciliation_id',
    'accounting_id',
    'account_number',
  ].includes(name),
)

const COLUMNS = [
  'tenant',
  'id',
  'number',
  'buyer',
  'supplier',
  'amount',
  'discount',
  'created',
  'updated',
  'status',
  'payment',
  'group_id',
  'refunded',
  'doc',
] as const

const rowOf = (call: Call, fields: Fields, id: string, at: number): InvoiceRow => ({
  id,
  number: String(fields.invoice_number),
  buyer: String(fields.originating_counterparty_id),
  supplier: String(fields.receiving_counterparty_id),
  amount: Number(fields.amount_cents),
  discount: Number(fields.discount_amount_cents ?? 0),
  created: call.now + at,
  updated: call.now + at + 18,
  status: 'pending',
  payment: null,
  group_id: String(fields.payment_group_id ?? ''),
  refunded: 0,
  doc: JSON.stringify(Object.fromEntries(DOCUMENT_FIELDS.map((name) => [name, fields[name]]))),
})

const store = (call: Call, accepted: readonly Fields[]): InvoiceRow[] => {
  const ids = nextIds(call, 'invoice', accepted.length)
  const made = accepted.map((fields, at) => rowOf(call, fields, ids[at]!, at))
  insertMany(
    call.db,
    'invoices',
    COLUMNS,
    made.map((row) => COLUMNS.map((column) => ({ tenant: call.tenant.id, ...row })[column])),
  )
  for (const row of made) enqueue(call, 'invoice.created', row.id, row.created)
  return made
}

/** All or nothing unless `batchAtomic` is off; errors stand at the index of their invoice. */
export const createBatch = (call: Call): Answer => {
  const { body, settings } = call
  if (!Array.isArray(body)) return invalid(call, { non_field_errors: ['A list of invoices is expected.'] })
  if (body.length === 0 || body.length > MOST_INVOICES)
    return invalid(call, { non_field_errors: [`A batch holds 1 to ${MOST_INVOICES} invoices.`] })
  const seen = new Set<string>()
  const checked = body.map((element) => {
    const { fields, errors } = checkBody(InvoiceBody, element)
    return { fields, errors: errors ?? furtherErrors(call, fields, seen) }
  })
  const isGood = ({ errors }: { errors: FieldErrors }) => Object.keys(errors).length === 0
  const allGood = checked.every(isGood)
  const good = checked.filter(isGood).map(({ fields }) => fields)
  const made = allGood || !settings.batchAtomic ? store(call, good) : []
  if (!allGood) return { status: 400, body: checked.map(({ errors }) => errors) }
  return ok(made.map((row) => invoiceView(row, call)))
}
