/** Finexio's records of the benchmark: one payment as its API gives it, and a page of 100 of them. */

export const PAYMENT_ID = 'pay-bench-0001'
export const PAGE_ROWS = 100

const at = (minute: number) => new Date(Date.UTC(2026, 8, 2, 10, minute)).toISOString().slice(0, 19)

const event = (event_name: string, minute: number) => ({
  timestamp: at(minute),
  event_code: 'PU00',
  description: `Payment ${event_name}`,
  amount_cents: 45_000,
  stage: 'processing',
  method: 'check',
  event_name,
  status: 'in-progress',
})

const invoice = (number: number) => ({
  id: `inv-bench-${number}`,
  invoice_number: `INV-${number}`,
  payment_amount_cents: 22_500,
  metadata: { po: `PO-${number}` },
  reconciliation_id: null,
  payment_group_id: '',
  public_account_number: null,
})

export const payment = (id: string, minute: number) => ({
  id,
  amount_cents: 45_000,
  currency: 'USD',
  originating_counterparty_id: 'buy-bench',
  receiving_counterparty_id: 'sup-bench',
  payment_method: 'check',
  reissue_payment_method: null,
  delivery_method: 'mail',
  reconciliation_id: null,
  tracking_id: 'RCBENCH0001',
  instrument_number: '000123',
  status: 'in-progress',
  events: [event('requested', minute), event('sent', minute + 1)],
  invoices: [invoice(1), invoice(2)],
  adjustments: {},
  created: `${at(minute)}.000001`,
  updated: `${at(minute + 1)}.000002`,
  funding_drawdown_request_id: 'U111-111-111A',
  refund_user: null,
  refund_timestamp: null,
  refund_reason: null,
  refund_comment: null,
  refund_ticket_number: null,
  reissue_user: null,
  reissue_timestamp: null,
  reissue_reason: null,
  reissue_comment: null,
  reissue_ticket_number: null,
  finexio_express: true,
})
