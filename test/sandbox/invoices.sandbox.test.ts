import { expect, test } from 'vitest'
import { dateIn, invoice, REQUIRED, tenant } from './support.ts'

const me = tenant('invoices')
const MESSAGE = [expect.any(String)]
const countNow = async () => (await me.get('/invoices/')).body.count

test('a good batch answers 201 with the invoices in order, waiting for their payment', async () => {
  const batch = [
    invoice({ note: 'Four tyres', metadata: { po: 'PO-1', line: 1 }, payment_id: null, colour: 'red' }),
    invoice({ discount_amount_cents: 0, payment_group_id: 'GROUP-A' }),
  ]
  const { status, body } = await me.post('/invoices/batch/', batch)
  expect(status).toBe(201)
  expect(body.map((row: { invoice_number: string }) => row.invoice_number)).toEqual(
    batch.map(({ invoice_number }) => invoice_number),
  )
  expect(body[0]).toMatchObject({
    amount_cents: 125_000,
    currency: 'USD',
    discount_amount_cents: 0,
    note: 'Four tyres',
    metadata: { po: 'PO-1', line: 1 },
    payment_id: null,
    payment_group_id: '',
    can_be_resubmitted: false,
    status: 'pending',
    reconciliation_id: null,
    documentationPresented: false,
  })
  expect(await me.get(`/invoices/${body[1].id}/`)).toMatchObject({ status: 200, body: body[1] })
})

test('the parties of the example prompts take three and twelve invoices', async () => {
  const three = [45_000, 120_000, 8_000].map((amount_cents) =>
    invoice({ amount_cents, originating_counterparty_id: 'buy_111', receiving_counterparty_id: 'sup_999' }),
  )
  expect((await me.post('/invoices/batch/', three)).body).toHaveLength(3)
  const twelve = Array.from({ length: 12 }, (_, at) => invoice({ amount_cents: 1_000 + at }))
  expect((await me.post('/invoices/batch/', twelve)).status).toBe(201)
})

test.each([
  ['an empty list', []],
  ['an object', { amount_cents: 1 }],
  ['501 elements', Array.from({ length: 501 }, () => invoice())],
])('refuses %s as a whole', async (_, body) => {
  const answer = await me.post('/invoices/batch/', body)
  expect(answer).toMatchObject({ status: 400, body: { non_field_errors: MESSAGE } })
})

test('500 invoices are taken', async () => {
  const batch = Array.from({ length: 500 }, () => invoice())
  const { status, body } = await me.post('/invoices/batch/', batch)
  expect([status, body.length]).toEqual([201, 500])
})

test('errors stand at the index of their invoice, and nothing is stored', async () => {
  const before = await countNow()
  const answer = await me.post('/invoices/batch/', [
    invoice({ amount_cents: undefined, invoice_date: undefined }),
    invoice(),
    invoice({ originating_counterparty_id: undefined }),
    'not an invoice',
  ])
  expect(answer.status).toBe(400)
  expect(answer.body).toEqual([
    { amount_cents: REQUIRED, invoice_date: REQUIRED },
    {},
    { originating_counterparty_id: REQUIRED },
    { non_field_errors: MESSAGE },
  ])
  expect(await countNow()).toBe(before)
})

test.each([
  ['amount_cents', 0],
  ['amount_cents', -5],
  ['amount_cents', 1.5],
  ['amount_cents', '100'],
  ['amount_cents', 999_999_901],
  ['discount_amount_cents', -1],
  ['invoice_number', 'x'.repeat(50)],
  ['invoice_number', 'no#hash'],
  ['invoice_number', ''],
  ['invoice_date', '2026-02-30'],
  ['invoice_date', 'today'],
  ['invoice_date', dateIn(-366)],
  ['invoice_date', dateIn(367)],
  ['invoice_due_date', '01/02/2026'],
  ['originating_counterparty_id', 'sup_123'],
  ['originating_counterparty_id', 'none'],
  ['receiving_counterparty_id', 'buy_456'],
  ['currency', 'EUR'],
  ['metadata', { nested: { no: 1 } }],
  ['note', 'x'.repeat(1001)],
  ['reconciliation_id', 'x'.repeat(51)],
])('%s = %j is refused at its index', async (field, value) => {
  const { status, body } = await me.post('/invoices/batch/', [invoice(), invoice({ [field]: value })])
  expect(status).toBe(400)
  expect(body[0]).toEqual({})
  expect(Object.keys(body[1])).toEqual([field])
})

test('one number per buyer and supplier, also within a batch', async () => {
  const first = invoice({ invoice_number: 'TWICE-1' })
  const again = await me.post('/invoices/batch/', [first, { ...first }])
  expect(again.body).toEqual([{}, { invoice_number: MESSAGE }])
  expect((await me.post('/invoices/batch/', [first])).status).toBe(201)
  expect((await me.post('/invoices/batch/', [first])).body).toEqual([{ invoice_number: MESSAGE }])
  const elsewhere = { ...first, receiving_counterparty_id: 'sup_999' }
  expect((await me.post('/invoices/batch/', [elsewhere])).status).toBe(201)
})

test('batchAtomic=false keeps the good part of a refused batch', async () => {
  const before = await countNow()
  await me.set({ batchAtomic: false })
  const { status, body } = await me.post('/invoices/batch/', [invoice(), invoice({ amount_cents: 0 })])
  await me.set({ batchAtomic: null })
  expect([status, body[0]]).toEqual([400, {}])
  expect(await countNow()).toBe(before + 1)
})

test('a number is free again once its payment was refunded', async () => {
  const one = invoice({ invoice_number: 'BACK-1' })
  const [made] = (await me.post('/invoices/batch/', [one])).body
  await me.advance(61)
  const { payment_id } = (await me.get(`/invoices/${made.id}/`)).body
  expect(
    (await me.control('POST', `payments/${payment_id}/refund`, { reason: 'Wrong supplier' })).status,
  ).toBe(200)
  expect((await me.get(`/invoices/${made.id}/`)).body.can_be_resubmitted).toBe(true)
  expect((await me.get(`/payments/${payment_id}/`)).body).toMatchObject({
    refund_reason: 'Wrong supplier',
    refund_user: 'sandbox',
    refund_timestamp: expect.any(String),
  })
  expect((await me.post('/invoices/batch/', [one])).status).toBe(201)
  expect((await me.post('/invoices/batch/', [one])).status).toBe(400)
})

test('resubmitAfter=refund_or_failure frees numbers of failed payments too', async () => {
  const failing = invoice({ amount_cents: 59_901, payment_group_id: 'ALONE' })
  const [made] = (await me.post('/invoices/batch/', [failing])).body
  await me.advance(120)
  expect((await me.get(`/invoices/${made.id}/`)).body).toMatchObject({
    status: 'canceled',
    can_be_resubmitted: false,
  })
  await me.set({ resubmitAfter: 'refund_or_failure' })
  expect((await me.get(`/invoices/${made.id}/`)).body.can_be_resubmitted).toBe(true)
  expect((await me.post('/invoices/batch/', [failing])).status).toBe(201)
  await me.set({ resubmitAfter: null })
})
