/** Drawdowns: one request for funds to a buyer, which pays for one or more payments. */
import * as z from 'zod'
import { recordOf } from './answers.ts'
import { resource } from './define.ts'
import { DRAWDOWN_STATUS_FILTER, DRAWDOWN_STATUSES } from './enums.ts'
import { id, number, page, reference, since, timestamp } from './fields.ts'
import { readable } from './readable.ts'

const Drawdown = readable(
  {
    processor_request_id: id,
    amount_cents: z.int(),
    status: z.enum(DRAWDOWN_STATUSES),
    buyer_name: z.string(),
    originating_counterparty_id: id.describe('Buyer.'),
    buyer_ref_id: z.string(),
    created: timestamp,
    funding_complete_date: timestamp,
    bank_account_last_four: z.string(),
    trace_id: z.string().describe("On the buyer's bank statement."),
  },
  'processor_request_id',
)

export const drawdowns = resource({
  name: 'drawdowns',
  singular: 'drawdown',
  tags: ['drawdowns'],
  methods: {
    list: {
      effect: 'read',
      route: 'GET /reconciliation/drawdown',
      title: 'List drawdowns',
      says: 'Requests for funds to buyers; yields processor_request_id. At least one filter is required. Also finds the drawdown of an invoice_number or tracking_id.',
      query: z
        .object({
          page,
          buyer_ref_id: reference().describe("Buyer's external_reference_id."),
          originating_counterparty_id: id.describe('Buyer id.'),
          supplier_ref_id: reference().describe("Supplier's external_reference_id."),
          tracking_id: reference().describe("A payment's tracking_id."),
          invoice_number: number(),
          status: z.enum(DRAWDOWN_STATUS_FILTER),
          created_start: since,
          created_end: since,
          completed_start: since,
          completed_end: since,
          amount_cents_start: z.int().describe('US cents.'),
          amount_cents_end: z.int().describe('US cents.'),
        })
        .partial(),
      gives: Drawdown,
      list: {
        shape: 'envelope',
        single: true,
        newest: 'created',
        columns: [
          'processor_request_id',
          'amount_cents',
          'status',
          'buyer_name',
          'originating_counterparty_id',
          'buyer_ref_id',
          'created',
          'funding_complete_date',
          'bank_account_last_four',
          'trace_id',
        ],
        scans: { status: ['canceled'] },
        needsFilter: true,
      },
    },
    get: {
      effect: 'read',
      route: 'GET /reconciliation/drawdown/{id}',
      title: 'Get a drawdown',
      says: 'One drawdown with the payments it funded and their invoices.',
      path: z.object({ id: id.describe('processor_request_id from list_all_finexio_drawdowns.') }),
      normalize: recordOf,
      gives: Drawdown,
    },
  },
})
