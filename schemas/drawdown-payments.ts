/** Payments that a drawdown funded, each with its invoices. */
import * as z from 'zod'
import { resource } from './define.ts'
import { id, jsonObject, page } from './fields.ts'
import { masked } from './meaning.ts'
import { readable } from './readable.ts'

const DrawdownInvoice = z.object({
  id,
  invoice_number: z.string(),
  payment_amount_cents: z.int(),
  discount_amount_cents: z.int(),
  invoice_date: z.string(),
  reconciliation_id: z.string(),
  accounting_id: z.string(),
  account_number: masked(z.string()),
  metadata: jsonObject,
})

const DrawdownPayment = readable(
  {
    id: id.describe('Payment id.'),
    amount_cents: z.int(),
    status: z.string(),
    payment_method: z.string(),
    delivery_method: z.string(),
    tracking_id: z.string(),
    supplier_name: z.string(),
    supplier_ref_id: z.string(),
    receiving_counterparty_id: id.describe('Supplier.'),
    originating_counterparty_id: id.describe('Buyer.'),
    invoices: z.array(DrawdownInvoice),
    payment_group_id: z.string(),
    address_1: z.string(),
    address_2: z.string(),
    city: z.string(),
    state: z.string(),
    zip: z.string(),
    email: z.string(),
  },
  'id',
)

export const drawdownPayments = resource({
  name: 'drawdown_payments',
  singular: 'drawdown_payment',
  tags: ['drawdown_payments', 'drawdowns'],
  methods: {
    list: {
      effect: 'read',
      route: 'GET /reconciliation/drawdown/{processor_request_id}/payments',
      title: 'List payments of a drawdown',
      says: 'Payments that one drawdown funded, with supplier and invoices.',
      path: z.object({ processor_request_id: id.describe('From list_all_finexio_drawdowns.') }),
      query: z.object({ page }).partial(),
      gives: DrawdownPayment,
      list: {
        shape: 'envelope',
        single: true,
        newest: null,
        columns: [
          'id',
          'amount_cents',
          'status',
          'payment_method',
          'delivery_method',
          'tracking_id',
          'supplier_name',
          'supplier_ref_id',
          'receiving_counterparty_id',
          'originating_counterparty_id',
          'invoices',
        ],
      },
    },
  },
})
