/** The columns that questions are asked of: Finexio's own, and what follows from them. Pure. */
import * as z from 'zod'
import type { Resource } from '../../../../schemas/define.ts'
import { drawdowns } from '../../../../schemas/drawdowns.ts'
import { invoices } from '../../../../schemas/invoices.ts'
import { payments } from '../../../../schemas/payments.ts'
import { suppliers } from '../../../../schemas/suppliers.ts'
import { isBlank } from '../../../core/mask.ts'
import { decimalOf } from '../../../core/money.ts'
import { type Row, wordOf } from '../../derived/request.ts'
import { moneyOf } from '../../reading/money-state.ts'
import type { Names } from '../../reading/parties.ts'
import { daysBetween, LIFE_COLUMNS, paymentLife } from '../../reading/payment-life.ts'
import { STOPPED } from '../../reading/tally.ts'
import { ageBandOf, bucketOf, daysSince, isUnpaid, type UnpaidMeans } from './aging.ts'
import { invoiceThen, lifeThen, paymentThen } from './as-of.ts'
import { paymentFlags, type SupplierPaid, supplierFlags, waitingDays } from './flags.ts'
import type { Dimension } from './group.ts'
import { SPANS } from './periods.ts'
import type { Columns, Kind } from './where.ts'

export type Subject = 'payments' | 'invoices' | 'drawdowns' | 'suppliers'

const kindOfLife = (name: string): Kind => {
  if (name.endsWith('_at')) return 'date'
  return name === 'reissued' ? 'text' : 'words'
}

const LIFE: Columns = Object.fromEntries(LIFE_COLUMNS.map((name): [string, Kind] => [name, kindOfLife(name)]))
const PARTIES: Columns = { supplier: 'name', buyer: 'name' }

/** Derived columns that need the payments of an invoice or of a supplier to be read. */
const OF_PAYMENTS: Readonly<Record<Subject, Columns>> = {
  payments: {},
  invoices: { ...LIFE, method: 'text', money: 'text', days_to_pay: 'number', payment_created: 'date' },
  drawdowns: {},
  suppliers: {
    amount_cents: 'number',
    amount: 'dollars',
    without_cards_cents: 'number',
    payments_count: 'number',
    last_paid_at: 'date',
    flag: 'text',
  },
}

const DERIVED: Readonly<Record<Subject, Columns>> = {
  payments: {
    ...PARTIES,
    ...LIFE,
    method: 'text',
    money: 'text',
    amount: 'dollars',
    days_to_pay: 'number',
    waiting_days: 'number',
    flag: 'text',
    refund_reason: 'words',
  },
  invoices: {
    ...PARTIES,
    ...OF_PAYMENTS.invoices,
    amount: 'dollars',
    discount_amount: 'dollars',
    net_amount: 'dollars',
    net_amount_cents: 'number',
    unpaid: 'text',
    days_overdue: 'number',
    aging: 'text',
    age_days: 'number',
    age: 'text',
  },
  drawdowns: { buyer: 'name', amount: 'dollars', days_to_pay: 'number' },
  suppliers: { ...OF_PAYMENTS.suppliers, supplier: 'name', status: 'text', method: 'text' },
}

export const RESOURCES: Readonly<Record<Subject, Resource>> = { payments, invoices, drawdowns, suppliers }

const OF_BOTH = ['status', 'method', 'money', 'supplier', 'buyer', ...SPANS, 'failure_reason'] as const

/** What groups can be made by. */
export const DIMENSIONS_OF: Readonly<Record<Subject, readonly Dimension[]>> = {
  payments: [...OF_BOTH, 'refund_reason', 'flag'],
  invoices: [...OF_BOTH, 'aging', 'age'],
  drawdowns: ['status', 'buyer', ...SPANS],
  suppliers: ['status', 'method', 'supplier', 'flag'],
}

const NAMES: ReadonlySet<string> = new Set(['name', 'buyer_name', 'care_of'])

const RECORDS = [z.ZodArray, z.ZodObject, z.ZodRecord, z.ZodUnknown]

const plainOf = (type: unknown): unknown =>
  type instanceof z.ZodOptional || type instanceof z.ZodNullable ? plainOf(type.unwrap()) : type

const kindOf = (name: string, declared: unknown): Kind => {
  const type = plainOf(declared)
  if (NAMES.has(name)) return 'name'
  if (type instanceof z.ZodNumber) return 'number'
  if (/_date$|_timestamp$|^created$|^updated$/.test(name)) return 'date'
  return RECORDS.some((record) => type instanceof record) ? 'object' : 'text'
}

const listed = (subject: Subject): Columns => {
  const shape = RESOURCES[subject].methods.list!.gives!.shape
  return Object.fromEntries(Object.entries(shape).map(([name, type]) => [name, kindOf(name, type)]))
}

/** Every column of a subject. */
export const COLUMNS: Readonly<Record<Subject, Columns>> = {
  payments: { ...listed('payments'), ...DERIVED.payments },
  invoices: { ...listed('invoices'), ...DERIVED.invoices },
  drawdowns: { ...listed('drawdowns'), ...DERIVED.drawdowns },
  suppliers: { ...listed('suppliers'), ...DERIVED.suppliers },
}

/** Names by which lists and people know a column. */
const KNOWN_AS: Readonly<Record<string, string>> = {
  supplier_name: 'supplier',
  buyer_name: 'buyer',
  supplier_id: 'receiving_counterparty_id',
  buyer_id: 'originating_counterparty_id',
  payment_method: 'method',
  payment_created: 'created',
  discount: 'discount_amount',
  net: 'net_amount',
  gross: 'amount',
}

/** A column by its name here; a name that nothing here has stays as it is. */
export const columnNamed = (subject: Subject, name: string): string => {
  const other = Object.hasOwn(KNOWN_AS, name) ? KNOWN_AS[name]! : name
  return !Object.hasOwn(COLUMNS[subject], name) && Object.hasOwn(COLUMNS[subject], other) ? other : name
}

/** Whether a column can only be told once payments are read. */
export const needsPayments = (subject: Subject, columns: readonly string[]): boolean =>
  columns.some((name) => Object.hasOwn(OF_PAYMENTS[subject], name))

/** What rows are judged by besides themselves. */
export type Around = {
  names: Names
  /** Payments of invoices by payment id. */
  payments: ReadonlyMap<unknown, Row>
  /** Stopped payments that a later one replaced. */
  replaced: ReadonlySet<unknown>
  /** Invoices that were submitted again. */
  resubmitted: ReadonlySet<unknown>
  /** Suppliers of whom another one may be the same. */
  twins: ReadonlySet<unknown>
  paidTo(supplier: unknown): SupplierPaid
  /** The calendar year asked about; null where there is none. */
  year: number | null
  /** Days of waiting after which a payment is flagged. */
  after: number
  unpaidMeans: UnpaidMeans
  /** Most days of each band of age but the last. */
  ageBands: readonly number[]
  /** From which yearly amount on form 1099 is asked about, in cents. */
  threshold: number
  /** Milliseconds since the epoch; with `isThen` the end of an earlier day. */
  now: number
  /** Whether rows are shown as they stood at `now`. */
  isThen: boolean
}

const partiesOf = (row: Row, { names }: Around): Row => ({
  supplier: names.get(row.receiving_counterparty_id) ?? null,
  buyer: names.get(row.originating_counterparty_id) ?? null,
})

const paymentRow = (record: Row, around: Around): Row => {
  const life = paymentLife(record)
  const row = around.isThen ? paymentThen(record, around.now) : record
  const known = around.isThen ? lifeThen(row, around.now) : life
  return {
    ...row,
    ...partiesOf(row, around),
    ...life,
    status: wordOf(row.status) || null,
    method: wordOf(row.payment_method) || null,
    money: moneyOf(row),
    days_to_pay: daysBetween(row.created, life.settled_at),
    waiting_days: waitingDays(row, known, around.now),
    flag: paymentFlags(row, known, around),
  }
}

const netOf = ({ amount_cents: gross, discount_amount_cents: discount }: Row): number | null =>
  typeof gross === 'number' ? gross - (typeof discount === 'number' ? discount : 0) : null

const NO_LIFE: Row = { ...Object.fromEntries(LIFE_COLUMNS.map((name) => [name, null])), method: null }

const agesOf = (row: Row, { now, ageBands }: Around, unpaid: boolean): Row => {
  const [overdue, age] = [row.invoice_due_date, row.invoice_date].map((day) => daysSince(day, now))
  return {
    unpaid,
    days_overdue: unpaid ? overdue : null,
    aging: unpaid ? bucketOf(overdue ?? null) : null,
    age_days: age,
    age: unpaid ? ageBandOf(age ?? null, ageBands) : null,
  }
}

/** A number is free again only once its payment was refunded, so that this tells of a refund where no payment was read. */
const isRefunded = (row: Row, payment: Row | undefined, { isThen }: Around): boolean =>
  payment
    ? !isBlank(payment.refund_timestamp)
    : !isThen && row.can_be_resubmitted === true && !STOPPED.has(wordOf(row.status))

const invoiceRow = (record: Row, around: Around): Row => {
  const now = around.payments.get(record.payment_id)
  const life = now ? paymentLife(now) : null
  const row = around.isThen ? invoiceThen(record, now, around.now) : record
  const payment = now && around.isThen ? paymentThen(now, around.now) : now
  const refunded = isRefunded(row, payment, around)
  const unpaid = refunded ? !around.resubmitted.has(row.id) : isUnpaid(row, around.unpaidMeans)
  return {
    ...row,
    ...partiesOf(row, around),
    ...(payment ? { ...life, method: wordOf(payment.payment_method) || null } : NO_LIFE),
    status: wordOf(row.status) || null,
    money: refunded ? 'refunded' : moneyOf(row),
    refunded,
    discount_amount: decimalOf(row.discount_amount_cents),
    net_amount: decimalOf(netOf(row)),
    net_amount_cents: netOf(row),
    ...agesOf(row, around, unpaid),
    payment_created: payment?.created ?? null,
    days_to_pay: daysBetween(row.invoice_date, life?.settled_at),
  }
}

const drawdownRow = (row: Row): Row => ({
  ...row,
  status: wordOf(row.status) || null,
  buyer: row.buyer_name ?? null,
  days_to_pay: daysBetween(row.created, row.funding_complete_date),
})

const supplierRow = (row: Row, around: Around): Row => {
  const paid = around.paidTo(row.id)
  return {
    ...row,
    ...paid,
    receiving_counterparty_id: row.id,
    supplier: row.name ?? null,
    status: row.enabled === false ? 'disabled' : 'enabled',
    method: wordOf(row.payment_method) || null,
    flag: supplierFlags(row, paid, around),
  }
}

/** A record with all its columns. */
export const withColumns: Readonly<Record<Subject, (row: Row, around: Around) => Row>> = {
  payments: paymentRow,
  invoices: invoiceRow,
  drawdowns: drawdownRow,
  suppliers: supplierRow,
}
