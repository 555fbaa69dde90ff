/**
 * D7: at commit b8f2a26 why and when a payment failed, was printed, settled or returned was only inside its events, 18,000 characters
 * for nine payments. Siblings: names of both parties, what an invoice was settled with, and a reissue (D25) whose replacement nobody tells.
 */
import { expect, test } from 'vitest'
import { finexioOf, PARTIES } from '../composites/world.ts'
import { callWith } from '../fake-finexio.ts'

const event = (day: number, event_name: string, status: string, description: string | null = null) => ({
  timestamp: `2026-11-${String(day).padStart(2, '0')}T10:00:00.000000`,
  ...{ event_name, status, description, stage: 'x' },
})
const parties = { receiving_counterparty_id: 's1', originating_counterparty_id: 'b1' }
const SETTLED = {
  id: 'p1',
  status: 'settled',
  created: '2026-11-02T00:00:00',
  ...parties,
  events: [
    event(2, 'requested', 'pending'),
    event(3, 'printed', 'in-progress'),
    event(9, 'settled', 'settled', 'Check cashed'),
  ],
}
const FAILED = {
  id: 'p2',
  status: 'failed',
  created: '2026-11-01T00:00:00',
  ...parties,
  receiving_counterparty_id: 's2',
  refund_timestamp: '2026-11-08T00:00:00',
  reissue_timestamp: '2026-11-09T00:00:00',
  reissue_reason: 'Bank account closed',
  events: [event(7, 'failed', 'failed', 'R02 account closed'), event(2, 'requested', 'pending')],
}
const world = { parties: PARTIES, payments: [SETTLED, FAILED] }

test('the life of a payment, without its events', async () => {
  const fields = [
    'id',
    'last_event',
    'failure_reason',
    'printed_at',
    'settled_at',
    'ended_at',
    'refunded_at',
    'reissued',
  ]
  const { data, text } = await callWith('list_all_finexio_payments', { fields }, finexioOf(world))
  expect(data.result).toEqual([
    {
      id: 'p1',
      last_event: 'Check cashed',
      failure_reason: null,
      printed_at: '2026-11-03T10:00:00.000000',
      settled_at: '2026-11-09T10:00:00.000000',
      ended_at: '2026-11-09T10:00:00.000000',
      refunded_at: null,
      reissued: false,
    },
    {
      id: 'p2',
      last_event: 'R02 account closed',
      failure_reason: 'R02 account closed',
      printed_at: null,
      settled_at: null,
      ended_at: '2026-11-07T10:00:00.000000',
      refunded_at: '2026-11-08T00:00:00',
      reissued: true,
    },
  ])
  expect(text.split('\n')).toHaveLength(4)
  expect(data.note).toContain('not which payment replaced this one')
})

test('names of both parties in one request more', async () => {
  const fields = ['id', 'supplier_name', 'buyer_name']
  const { data, sent } = await callWith('list_all_finexio_payments', { fields }, finexioOf(world))
  expect(data.result).toEqual([
    { id: 'p1', supplier_name: 'Acme', buyer_name: 'Buyer' },
    { id: 'p2', supplier_name: 'Bolt', buyer_name: 'Buyer' },
  ])
  expect(sent).toHaveLength(2)
  const sees = (name: string) => !name.includes('counterpart')
  const hidden = await callWith('list_all_finexio_payments', { fields }, finexioOf(world), { sees })
  expect(hidden.data.result[0]).toEqual({ id: 'p1', supplier_name: null, buyer_name: null })
  expect(hidden.data.note).toContain('Names are missing.')
})

const INVOICES = [
  {
    id: 'i1',
    invoice_number: 'N1',
    payment_id: 'p1',
    amount_cents: 10_000,
    discount_amount_cents: 200,
    invoice_date: '2026-10-10',
    created: '2026-11-01T00:00:00',
  },
  {
    id: 'i2',
    invoice_number: 'N2',
    payment_id: 'p2',
    amount_cents: 10_000,
    invoice_date: '2026-10-10',
    created: '2026-11-01T00:00:00',
  },
  { id: 'i3', invoice_number: 'N3', payment_id: null, amount_cents: null, created: '2026-11-01T00:00:00' },
]
const LIVES = ['id', 'settled_at', 'days_to_pay', 'net_amount']

test('of an invoice: when it was settled, in how many days, and what went out', async () => {
  const { data, sent } = await callWith(
    'list_all_finexio_invoices',
    { fields: LIVES },
    finexioOf({ ...world, invoices: INVOICES }),
  )
  expect(data.result).toEqual([
    { id: 'i1', settled_at: '2026-11-09T10:00:00.000000', days_to_pay: 30, net_amount: '98.00' },
    { id: 'i2', settled_at: null, days_to_pay: null, net_amount: '100.00' },
    { id: 'i3', settled_at: null, days_to_pay: null, net_amount: null },
  ])
  expect(sent.map(({ path }) => path)).toEqual(['/invoices/', '/payments/p1/', '/payments/p2/'])
})

test('of many invoices the payments are read as a list, from the earliest invoice on', async () => {
  const invoices = Array.from({ length: 80 }, (_, n) => ({
    ...INVOICES[0],
    id: `i${n}`,
    payment_id: `q${n}`,
  }))
  const payments = invoices.map(({ payment_id }) => ({ ...SETTLED, id: payment_id }))
  const { data, sent } = await callWith(
    'list_all_finexio_invoices',
    { fields: LIVES, limit: 80 },
    finexioOf({ invoices, payments }),
  )
  expect(data.result.every(({ days_to_pay }: { days_to_pay: number }) => days_to_pay === 30)).toBe(true)
  expect(sent.map(({ path, query }) => [path, query])).toEqual([
    ['/invoices/', {}],
    ['/payments/', { created_start: '2026-11-01T00:00:00Z' }],
  ])
})

test('what was not read is said; a server that shows no payments shows none of them', async () => {
  const one = { invoices: INVOICES.slice(0, 1), payments: [] }
  const lost = await callWith('list_all_finexio_invoices', { fields: LIVES }, finexioOf(one))
  expect(lost.data.note).toContain('The payments of 1 invoice were not read')
  const sees = (name: string) => !name.includes('payment')
  const hidden = await callWith(
    'list_all_finexio_invoices',
    { fields: LIVES },
    finexioOf({ ...world, ...one }),
    { sees },
  )
  expect(hidden.data.note).toContain('This server shows no payments')
  expect(hidden.sent).toHaveLength(1)
})

test('a near name of a column is offered', async () => {
  const { text } = await callWith(
    'list_all_finexio_payments',
    { fields: ['failed_reason'] },
    finexioOf(world),
  )
  expect(text).toContain('did you mean "failure_reason"')
})
