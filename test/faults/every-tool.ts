/** For every tool of the catalogue arguments under which its first step is a request to Finexio, and all ways in which that one can fail. */

import { inputJsonSchema } from '../../src/tools/json-schema.ts'
import type { Tool } from '../../src/tools/tool.ts'

const today = '2026-11-23'

const INVOICE = {
  invoice_number: 'FAULT-1',
  amount_cents: 12_345,
  invoice_date: today,
  originating_counterparty_id: 'buy_111',
  receiving_counterparty_id: 'sup_999',
}
const bank = { bank_account_number: '12345678', bank_routing_number: '021000021' }
const hook = { event: 'payment.changed', url: 'https://hooks.acme.com/f', username: 'u', password: 'made-up' }
const buyer = {
  name: 'Buyer',
  external_reference_id: 'B-1',
  funding_method: 'ach_credit',
  address_1: '1 Main St',
  city: 'Tampa',
  state: 'FL',
  zipcode: '33602',
  country: 'USA',
  tax_id: '98-7654321',
}
const contact = { primary: true, name: 'Ann Lee', email: 'ann@acme.com' }

/** What a tool asks for and nothing else, made up: enough for a read, and for most tools. */
const madeUp = ({ input }: Pick<Tool, 'input'>): Record<string, unknown> => {
  const required = (inputJsonSchema(input) as { required?: readonly string[] }).required ?? []
  return Object.fromEntries(required.map((name) => [name, 'req_1']))
}

/** @returns arguments under which the first step of the tool is a request to Finexio */
export const argumentsOf = (tool: Pick<Tool, 'name' | 'input'>): Record<string, unknown> =>
  ARGUMENTS[tool.name] ?? madeUp(tool)

/** By tool name, where what is required is not enough. */
export const ARGUMENTS: Readonly<Record<string, Record<string, unknown>>> = {
  list_all_finexio_drawdowns: { created_start: '2026-11-01' },
  list_all_finexio_payments: { limit: 500 },
  list_all_finexio_invoices: { limit: 300 },
  finexio_invoices_bulk_create: { body: [INVOICE] },
  create_a_finexio_counterparty: { type: 'Supplier', name: 'Acme', internal_id: 'A-1' },
  update_a_finexio_counterparty_by_id: { id: 'sup_999', type: 'Supplier', name: 'Acme', internal_id: 'A-1' },
  finexio_counterparties_partial_update: { id: 'sup_999', name: 'Acme' },
  list_all_finexio_counterparty_history: { object_id: 'sup_999' },
  create_a_finexio_supplier: {
    name: 'Acme',
    external_reference_id: 'A-1',
    payment_method: 'ACH',
    ...bank,
  },
  update_a_finexio_supplier_by_id: { id: 'sup_999', external_reference_id: 'A-1' },
  finexio_suppliers_partial_update: { id: 'sup_999', notes: 'x' },
  create_a_finexio_supplier_contact: { supplier_id: 'sup_999', ...contact },
  update_a_finexio_supplier_contact_by_id: { supplier_id: 'sup_999', id: 'con_1', ...contact },
  create_a_finexio_buyer: buyer,
  update_a_finexio_buyer_by_id: { id: 'buy_111', ...buyer },
  finexio_buyers_partial_update: { id: 'buy_111', name: 'Buyer' },
  create_a_finexio_buyer_contact: { buyer_id: 'buy_111', ...contact },
  update_a_finexio_buyer_contact_by_id: { buyer_id: 'buy_111', id: 'con_1', ...contact },
  create_a_finexio_webhook: hook,
  update_a_finexio_webhook_by_id: { id: 'web_1', ...hook },
  finexio_webhooks_partial_update: { id: 'web_1', url: hook.url, username: 'u', password: 'made-up' },
  prepare_finexio_invoices: {
    csv: `supplier,invoice number,amount,date\nAcme,A-1,$12.00,${today}`,
    buyer: 'Buyer',
  },
  reconcile_finexio_supplier_statement: {
    statement: `invoice number,date,amount\nA-1,${today},12.00`,
    supplier: 'Acme',
  },
  match_finexio_bank_lines: { lines: `date,description,amount\n${today},FINEXIO,-12.00` },
  get_finexio_remittance_advice: { id: 'p1' },
  trace_finexio_invoice: { invoice_number: 'A-1' },
  analyze_finexio_payables: { over: 'payments' },
  fetch: { id: 'payment:pay_1' },
  resolve_finexio_write: { idempotency_key: 'key-of-lost-write' },
}

/** Tools that look into what this server keeps, and never ask Finexio. */
export const ASK_NOTHING: Readonly<Record<string, Record<string, unknown>>> = {
  get_finexio_approval: { approval_id: `apr_${'0'.repeat(44)}` },
  cancel_finexio_draft: { approval_id: `apr_${'0'.repeat(44)}` },
}

type Send = (url: string, init: RequestInit) => Promise<Response>

/** `throttle`: not executed, and said so; of `read`: only of one. Any other leaves a write's outcome open. */
export type Failing = { name: string; throttle: boolean | 'read'; send: Send }

const answering =
  (status: number, headers: Record<string, string> = {}): Send =>
  async () =>
    Response.json({ detail: 'Said by Finexio.' }, { status, headers })

const halfABody = () =>
  new ReadableStream({
    start: (stream) => stream.enqueue(new TextEncoder().encode('[{"id": "inv')),
    pull: (stream) => stream.error(new TypeError('connection reset')),
  })

const silent: Send = (_, { signal }) =>
  new Promise((_resolve, reject) => {
    signal!.addEventListener('abort', () => reject(signal!.reason))
  })

const wait = { 'retry-after': '17' }

/** What Finexio may do instead of answering. */
export const FAULTS: readonly Failing[] = [
  { name: '429', throttle: true, send: answering(429, wait) },
  { name: 'a throttle as 403', throttle: 'read', send: answering(403, wait) },
  { name: '503 with Retry-After', throttle: 'read', send: answering(503, wait) },
  // At b8f2a26 a write stored and then answered with one of these was "not executed, correct it" (B30).
  { name: '409', throttle: false, send: answering(409) },
  { name: '499', throttle: false, send: answering(499) },
  { name: '500', throttle: false, send: answering(500) },
  { name: '502', throttle: false, send: answering(502) },
  { name: '504', throttle: false, send: answering(504) },
  {
    name: 'a reset before the answer',
    throttle: false,
    send: async () => Promise.reject(new TypeError('connection reset')),
  },
  { name: 'a reset in mid-body', throttle: false, send: async () => new Response(halfABody()) },
  { name: 'silence', throttle: false, send: silent },
]
