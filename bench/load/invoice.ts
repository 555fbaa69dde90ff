/** Invoices of the benchmark: as they are sent, and as Finexio's API gives them back. */

type Sent = Record<string, unknown>

/** One invoice with a number of its own. */
export const invoiceFor = (number: string): Sent => ({
  invoice_number: number,
  amount_cents: 45_000,
  invoice_date: new Date().toISOString().slice(0, 10),
  originating_counterparty_id: 'buy-bench',
  receiving_counterparty_id: 'sup-bench',
})

const stored = (sent: Sent) => ({
  id: `inv-${sent.invoice_number}`,
  created: '2026-09-02T10:00:00.000001',
  updated: '2026-09-02T10:00:00.000002',
  currency: 'USD',
  discount_amount_cents: 0,
  invoice_due_date: null,
  note: '',
  metadata: {},
  payment_id: null,
  reconciliation_id: null,
  account_number: null,
  payment_group_id: '',
  can_be_resubmitted: false,
  accounting_id: null,
  status: 'pending',
  ...sent,
})

/** What Finexio answers to a batch. @param body JSON of it */
export const acceptedBatch = (body: string): string =>
  JSON.stringify((JSON.parse(body) as Sent[]).map(stored))
