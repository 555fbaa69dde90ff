/** Invoices. Submitting one is the payment instruction: Finexio queues it at once. */
import * as z from 'zod'
import { DAY_MS } from '../src/core/time.ts'
import { body } from './bodies.ts'
import { resource } from './define.ts'
import { INVOICE_STATUSES } from './enums.ts'
import {
  cents,
  id,
  invoiceMetadata,
  isoDate,
  MOST_CENTS,
  number,
  numbered,
  page,
  reference,
  text,
  timestamp,
  words,
} from './fields.ts'
import { masked } from './meaning.ts'
import { readable } from './readable.ts'

export const MOST_INVOICES = 500

const written = {
  invoice_number: numbered(
    z
      .string()
      .regex(
        /^[A-Za-z0-9/.\-?:(),'+ ]{1,49}$/,
        "must be 1 to 49 letters, digits, blanks or / . - ? : ( ) , ' +",
      )
      .max(49)
      .describe("Letters, digits, blanks and / . - ? : ( ) , ' + only."),
  ),
  amount_cents: z
    .int()
    .min(1, 'must be at least one cent')
    .max(MOST_CENTS, 'must be at most 9,999,999.00 dollars')
    .describe('US cents: $450 is 45000.'),
  originating_counterparty_id: id.describe('Buyer that pays; from list_all_finexio_buyers.'),
  receiving_counterparty_id: id.describe('Supplier that is paid; from list_all_finexio_suppliers.'),
  invoice_date: isoDate.describe('Within 365 days of today.'),
  invoice_due_date: isoDate,
  discount_amount_cents: cents,
  currency: z.enum(['USD']),
  note: text(1000),
  reconciliation_id: reference(50).describe('Your accounting reference.'),
  accounting_id: reference(70),
  account_number: masked(number(250)),
  payment_group_id: reference(100).describe('Only invoices with the same value are paid together.'),
  metadata: invoiceMetadata.describe('Values: text or integers.'),
}

const Invoice = readable(
  {
    id,
    status: z.enum(INVOICE_STATUSES),
    payment_id: id.describe('Latest payment; null until Finexio makes one.'),
    ...written,
    can_be_resubmitted: z.boolean().describe('Whether this number may be submitted again.'),
    documentationPresented: z.boolean(),
    created: timestamp,
    updated: timestamp,
  },
  'id',
)

export const InvoiceBody = body(
  { ...written, line_items: z.array(z.object({ description: words.optional() })) },
  [
    'amount_cents',
    'invoice_date',
    'invoice_number',
    'originating_counterparty_id',
    'receiving_counterparty_id',
  ],
)

export const invoices = resource({
  name: 'invoices',
  singular: 'invoice',
  tags: ['invoices'],
  known: ['originating_counterparty_id', 'receiving_counterparty_id', 'invoice_number'],
  methods: {
    list: {
      effect: 'read',
      route: 'GET /invoices/',
      title: 'List invoices',
      says: 'Submitted invoices, newest first. An old one by number: list_all_finexio_drawdowns with invoice_number, then its payments.',
      query: z.object({ page }).partial(),
      gives: Invoice,
      list: {
        shape: 'envelope',
        newest: 'created',
        columns: [
          'id',
          'invoice_number',
          'amount_cents',
          'status',
          'payment_id',
          'originating_counterparty_id',
          'receiving_counterparty_id',
          'invoice_date',
          'invoice_due_date',
          'can_be_resubmitted',
          'created',
        ],
      },
    },
    get: {
      effect: 'read',
      route: 'GET /invoices/{id}/',
      title: 'Get an invoice',
      says: 'One invoice with its status and payment_id.',
      path: z.object({ id: id.describe('Invoice id, as in the invoices of a payment.') }),
      gives: Invoice,
    },
    bulk_create: {
      effect: 'money',
      route: 'POST /invoices/batch/',
      title: 'Submit invoices for payment',
      says: 'Submits 1 to 500 invoices and thereby instructs Finexio to pay them. The same number for the same buyer and supplier is refused unless can_be_resubmitted.',
      body: z.array(InvoiceBody).min(1).max(MOST_INVOICES),
      gives: Invoice,
    },
  },
})

const MOST_DAYS = 365

/**
 * Why Finexio would refuse an invoice date, or null when it is fine. Apart from the body, since it depends on today.
 * @param date `YYYY-MM-DD`
 * @param now the present moment, or its milliseconds since 1970
 */
export const invoiceDateProblem = (date: string, now: Date | number): string | null => {
  const at = Date.parse(`${date}T00:00:00Z`)
  if (Number.isNaN(at)) return 'must be a date as YYYY-MM-DD'
  const today = Math.floor(Number(now) / DAY_MS) * DAY_MS
  return Math.abs(at - today) <= MOST_DAYS * DAY_MS ? null : `must be within ${MOST_DAYS} days of today`
}

/** Bills are dated ahead by a month at most; a later date is rather a slip of the year. */
const MOST_DAYS_AHEAD = 31

/**
 * What a person should look at in an invoice date that Finexio takes, or null.
 * @param date `YYYY-MM-DD`
 * @param now milliseconds since 1970
 */
export const invoiceDateDoubt = (date: string, now: number): string | null => {
  const days = Math.ceil((Date.parse(`${date}T00:00:00Z`) - now) / DAY_MS)
  return days > MOST_DAYS_AHEAD
    ? `is dated ${date}, ${days} days ahead: look whether the year is right`
    : null
}
