/** What an examinee missed at b8f2a26: days before today, bands of age, what rose most, columns of listed rows, reasons, sums of the largest. */
import { describe, expect, test } from 'vitest'
import { finexioOf, invoice, PARTIES, payment, type World } from '../composites/world.ts'
import { callWith } from '../fake-finexio.ts'

type Row = ReturnType<typeof JSON.parse>

const ask = (args: object, world: World) =>
  callWith('analyze_finexio_payables', args, finexioOf({ parties: PARTIES, ...world }))

const ended = (event_name: string, day: string, status = 'settled') => [
  { event_name: 'printed', status: 'in-progress', timestamp: '2026-10-03T00:00:00' },
  { event_name, status, timestamp: `${day}T10:00:00` },
]

describe('as it stood on an earlier day', () => {
  const on = (id: number, invoice_date: string, more: Row, own: Row = {}) => ({
    invoice: invoice(id, { amount_cents: 100, invoice_date, created: '2026-10-20T00:00:00', ...own }),
    payment: payment(id, { created: '2026-10-20T00:01:00', ...more }),
  })
  const all = [
    // Under way on the last of October: settled, returned and canceled later, refunded later, and still open.
    on(1, '2026-10-21', { events: ended('settled', '2026-11-01') }),
    on(
      2,
      '2026-10-20',
      { status: 'failed', events: ended('returned', '2026-11-02', 'failed') },
      { status: 'failed' },
    ),
    on(
      3,
      '2026-10-11',
      { status: 'canceled', events: ended('canceled', '2026-11-03', 'canceled') },
      { status: 'canceled' },
    ),
    on(4, '2026-10-10', { status: 'in-progress' }, { status: 'in-progress' }),
    // Ended by then: on the day itself, before it; refunded before and after.
    on(5, '2026-10-10', { events: ended('settled', '2026-10-31') }),
    on(
      6,
      '2026-10-10',
      { status: 'failed', events: ended('expired', '2026-10-30', 'failed') },
      { status: 'failed' },
    ),
    on(7, '2026-10-10', { events: ended('settled', '2026-10-25'), refund_timestamp: '2026-11-05T00:00:00' }),
    on(8, '2026-10-10', { events: ended('settled', '2026-10-25'), refund_timestamp: '2026-10-30T00:00:00' }),
    // Not there yet.
    on(
      9,
      '2026-10-10',
      { events: ended('settled', '2026-11-09'), created: '2026-11-01T00:00:01' },
      { created: '2026-11-01T00:00:00' },
    ),
    // Paid by a payment that was made later: handed over, and waiting.
    on(10, '2026-10-31', { events: ended('settled', '2026-11-09'), created: '2026-11-02T00:00:00' }),
  ]
  const world = { invoices: all.map((one) => one.invoice), payments: all.map((one) => one.payment) }
  const UNDER_WAY = [{ column: 'money', is: ['under_way'] }]

  test('invoices by age in bands of the caller, under way then', async () => {
    const args = { over: 'invoices', by: ['age'], age_bands: [10, 20], as_of: '2026-10-31', where: UNDER_WAY }
    const { data, text } = await ask(args, world)
    expect(data.result.map(({ age, count, amount }: Row) => [age, count, amount])).toEqual([
      ['0-10', 2, '2.00'],
      ['11-20', 2, '2.00'],
      ['21+', 1, '1.00'],
    ])
    expect(data.as_of).toBe('2026-10-31')
    expect(text).toMatch(/^5 invoices as of 2026-10-31: \$5\.00\. 5 unpaid \(\$5\.00\): 5 under way/)
    expect(data.note).toContain('As of that day: what had not been created is left out')
  })

  test('what came back by then and waits for its money is told apart', async () => {
    const { data } = await ask({ over: 'invoices', by: ['money'], as_of: '2026-10-31' }, world)
    expect(data.result.map(({ money, count }: Row) => [money, count]).sort()).toEqual([
      ['bounced', 1],
      ['refunded', 1],
      ['stayed', 2],
      ['under_way', 5],
    ])
    expect([data.unpaid.count, data.not_sent.count, data.stopped.count, data.refunded.count]).toEqual([
      7, 5, 1, 1,
    ])
  })

  test('payments as well; the same on the day itself as without it', async () => {
    const byMoney = async (as_of?: string) => {
      const { data } = await ask({ over: 'payments', by: ['money'], ...(as_of && { as_of }) }, world)
      return data.result.map(({ money, count }: Row) => [money, count]).sort()
    }
    expect(await byMoney('2026-10-31')).toEqual([
      ['bounced', 1],
      ['refunded', 1],
      ['stayed', 2],
      ['under_way', 4],
    ])
    expect(await byMoney('2026-11-23')).toEqual(await byMoney())
  })

  test('of what ended some time nobody knows the state then: unpaid, and said', async () => {
    const undated = {
      invoices: [invoice(1, { created: '2026-10-01' })],
      payments: [payment(1, { events: [] })],
    }
    const { data } = await ask({ over: 'invoices', by: ['money'], as_of: '2026-10-31' }, undated)
    expect(data.result).toMatchObject([{ money: 'unknown', count: 1 }])
    expect(data.note).toContain('ended, not known when')
  })

  test('by age without a day: as of today, bands of 30, 60 and 90 days, unpaid only', async () => {
    const open = (id: number, invoice_date: string | null) =>
      invoice(id, { status: 'pending', payment_id: null, invoice_date })
    const invoices = [
      open(1, '2026-11-20'),
      open(2, '2026-10-01'),
      open(3, null),
      open(4, '2026-12-24'),
      invoice(5),
    ]
    const { data } = await ask({ over: 'invoices', by: ['age'] }, { invoices })
    expect(data.result.map(({ age, count }: Row) => [age, count])).toEqual([
      ['later', 1],
      ['0-30', 1],
      ['31-60', 1],
      ['no_invoice_date', 1],
    ])
  })
})

describe('order and sums of groups', () => {
  const paid = (id: number, supplier: string, cents: number, created: string) =>
    payment(id, { amount_cents: cents, receiving_counterparty_id: supplier, created })
  const payments = [
    ...[paid(1, 's1', 900, '2026-09-05T00:00:00'), paid(2, 's1', 1_000, '2026-10-05T00:00:00')],
    ...[paid(3, 's2', 100, '2026-09-05T00:00:00'), paid(4, 's2', 700, '2026-10-05T00:00:00')],
    ...[paid(5, 's3', 800, '2026-09-05T00:00:00'), paid(6, 's4', 50, '2026-10-05T00:00:00')],
  ]
  const OCTOBER = { over: 'payments', by: ['supplier'], from: '2026-10-01', to: '2026-10-31' }
  const order = (data: Row) =>
    data.result.map((row: Row) => [row.receiving_counterparty_id ?? row.supplier, row.amount_change])

  test('what rose most in dollars, and what fell most', async () => {
    const compare = { ...OCTOBER, compare: 'period_before', measure: ['count', 'sum'] }
    expect(order((await ask({ ...compare, sort: 'rise' }, { payments })).data)).toEqual([
      ['s2', '6.00'],
      ['s1', '1.00'],
      ['s4', '0.50'],
      ['s3', '-8.00'],
    ])
    const fall = await ask({ ...compare, sort: 'fall', top: 1 }, { payments })
    expect(order(fall.data)).toEqual([
      ['s3', '-8.00'],
      ['(3 others)', '7.50'],
    ])
  })

  test('the first of many are added up, with their share', async () => {
    const { data, text } = await ask({ ...OCTOBER, measure: ['sum'], top: 1 }, { payments })
    expect(data.top_together).toEqual({
      groups: 1,
      count: 1,
      share_of_count: '33.3',
      amount_cents: 1_000,
      amount: '10.00',
      share_of_amount: '57.1',
    })
    expect(text).toContain('first 1 together')
    expect((await ask({ ...OCTOBER, top: 5 }, { payments })).data).not.toHaveProperty('top_together')
  })
})

describe('reasons and columns', () => {
  const back = (id: number, description: string) =>
    payment(id, {
      status: 'failed',
      events: [{ event_name: 'x', description, timestamp: '2026-10-09T00:00:00' }],
    })
  const payments = [
    back(1, 'Payment Returned (9902)'),
    back(2, 'Payment Expired (9904)'),
    payment(3, { refund_timestamp: '2026-10-20T00:00:00', refund_reason: 'Duplicate payment' }),
    payment(4, { refund_timestamp: '2026-10-20T00:00:00', refund_reason: 'Wrong amount' }),
  ]

  test.each([
    ['failure_reason', 'returned', ['p1']],
    ['failure_reason', 'EXPIRED', ['p2']],
    ['refund_reason', 'duplicate', ['p3']],
    ['last_event', 'payment', ['p2', 'p1']],
  ])('a part of %s is enough: %s', async (column, part, ids) => {
    const args = { over: 'payments', where: [{ column, is: [part] }], list: 10 }
    expect((await ask(args, { payments })).data.listed.map(({ id }: Row) => id)).toEqual(ids)
  })

  test('by the reason of a refund, with the total', async () => {
    const where = [{ column: 'money', is: ['refunded'] }]
    const { data } = await ask({ over: 'payments', by: ['refund_reason'], where }, { payments })
    expect(data.result.map(({ refund_reason, count }: Row) => [refund_reason, count])).toEqual([
      ['Wrong amount', 1],
      ['Duplicate payment', 1],
    ])
    expect(data.total.count).toBe(2)
  })

  test('listed rows have the columns that were named, and no others', async () => {
    const { data } = await ask(
      {
        over: 'payments',
        where: [{ column: 'failure_reason', is: ['returned'] }],
        fields: ['supplier', 'amount', 'ended_at'],
      },
      { payments },
    )
    expect(data.listed).toEqual([
      { supplier: 'Acme', amount_cents: 1_001, amount: '10.01', ended_at: '2026-10-09T00:00:00' },
    ])
  })
})

test('form 1099 by an amount of the caller, of persons: companies and institutions are left out, the unknown are not', async () => {
  const types = { s1: 'Individual', s2: 'Business', s3: null, s4: 'Government', s5: 'Individual' }
  const suppliers = Object.entries(types).map(([id, payee_type]) => ({
    id,
    name: id,
    payee_type,
    tax_id: null,
  }))
  const payments = suppliers.map(({ id }, at) =>
    payment(at, {
      amount_cents: id === 's5' ? 59_999 : 60_000,
      receiving_counterparty_id: id,
      created: '2026-03-01T00:00:00',
    }),
  )
  const { data } = await ask(
    {
      over: 'suppliers',
      from: '2026-01-01',
      to: '2026-12-31',
      threshold: 600,
      where: [{ column: 'flag', is: ['form_1099_candidate'] }],
      fields: ['id', 'without_cards_cents', 'flag'],
    },
    { suppliers, payments },
  )
  expect(data.listed.map(({ id }: Row) => id)).toEqual(['s1', 's3'])
  expect(data.listed[0]).toMatchObject({
    without_cards_cents: 60_000,
    flag: expect.arrayContaining(['tax_id_missing']),
  })
  expect(data.note).toMatch(/at least \$600\.00 \(as asked\).*Left out are suppliers of payee_type Business/)
})
