/** Payments: read only. Finexio makes payments out of invoices. */
import * as z from 'zod'
import { resource } from './define.ts'
import { PAYMENT_DELIVERY_METHODS, PAYMENT_STATUS_FILTER, PAYMENT_STATUSES, PAYMENT_TYPES } from './enums.ts'
import { id, jsonObject, page, reference, since, text, timestamp } from './fields.ts'
import { masked } from './meaning.ts'
import { readable } from './readable.ts'

const PaymentEvent = z.object({
  timestamp: timestamp,
  event_code: z.string(),
  description: z.string(),
  amount_cents: z.int(),
  stage: z.string(),
  method: z.string(),
  event_name: z.string(),
  status: z.string(),
})

const PaymentInvoice = z.object({
  id: id,
  invoice_number: z.string(),
  payment_amount_cents: z.int(),
  metadata: jsonObject,
  reconciliation_id: z.string(),
  payment_group_id: z.string(),
  public_account_number: masked(z.string()),
})

const Payment = readable(
  {
    id,
    amount_cents: z.int(),
    currency: z.string(),
    status: z.enum(PAYMENT_STATUSES),
    payment_method: z.enum(PAYMENT_TYPES),
    delivery_method: z.enum(PAYMENT_DELIVERY_METHODS),
    tracking_id: z.string().describe('Quote it to Finexio support.'),
    instrument_number: z.string().describe('Check number, bank trace number or last four card digits.'),
    originating_counterparty_id: id.describe('Buyer.'),
    receiving_counterparty_id: id.describe('Supplier.'),
    created: timestamp,
    updated: timestamp,
    invoices: z.array(PaymentInvoice),
    events: z.array(PaymentEvent),
    adjustments: jsonObject,
    funding_drawdown_request_id: z
      .string()
      .describe('No processor_request_id: list_all_finexio_drawdowns finds that by tracking_id.'),
    reissue_payment_method: z.enum(PAYMENT_TYPES),
    reconciliation_id: text(50),
    refund_user: z.string(),
    refund_timestamp: timestamp,
    refund_reason: z.string(),
    refund_comment: z.string(),
    refund_ticket_number: z.string(),
    reissue_user: z.string(),
    reissue_timestamp: timestamp,
    reissue_reason: z.string(),
    reissue_comment: z.string(),
    reissue_ticket_number: z.string(),
    finexio_express: z.boolean(),
  },
  'id',
)

export const payments = resource({
  name: 'payments',
  singular: 'payment',
  tags: ['payments'],
  methods: {
    list: {
      effect: 'read',
      route: 'GET /payments/',
      title: 'List payments',
      says: 'Payments to suppliers, newest first. A payment covers one or more invoices of one buyer and one supplier.',
      query: z
        .object({
          page,
          tracking_id: reference().describe('Exact tracking id (RC…).'),
          created_start: since,
          created_end: since,
          updated_start: since,
          updated_end: since,
          status: z.enum(PAYMENT_STATUS_FILTER),
          refunded: z.boolean().describe('true: only payments with a refund.'),
        })
        .partial(),
      gives: Payment,
      list: {
        shape: 'envelope',
        newest: 'created',
        columns: [
          'id',
          'amount_cents',
          'status',
          'payment_method',
          'delivery_method',
          'tracking_id',
          'instrument_number',
          'originating_counterparty_id',
          'receiving_counterparty_id',
          'created',
          'refund_timestamp',
        ],
        scans: { status: ['canceled', 'failed'] },
      },
    },
    get: {
      effect: 'read',
      route: 'GET /payments/{id}/',
      title: 'Get a payment',
      says: 'One payment with its invoices and events.',
      path: z.object({ id: id.describe('Payment id.') }),
      gives: Payment,
    },
  },
})
