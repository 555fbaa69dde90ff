/** What a second examinee missed: flags of an earlier day, names that lists use, sums of discounts, ties, who is new. */
import { describe, expect, test } from 'vitest'
import { finexioOf, invoice, PARTIES, payment, type World } from '../composites/world.ts'
import { callWith } from '../fake-finexio.ts'

type Row = ReturnType<typeof JSON.parse>

const ask = (args: object, world: World) =>
  callWith('analyze_finexio_payables', args, finexioOf({ parties: PARTIES, ...world }))

const step = (event_name: string, day: string, status = 'in-progress') => ({
  event_name,
  status,
  timestamp: `${day}T10:00:00`,
})

describe('flags as of an earlier day', () => {
  const made = { created: '2026-10-20T00:00:00' }
  const payments = [
    // Printed by then and open then: cashed later, expired later, printed on the day itself, printed again later.
    payment(1, {
      ...made,
      events: [step('printed', '2026-10-22'), step('settled', '2026-11-02', 'settled')],
    }),
    payment(2, {
      ...made,
      status: 'failed',
      events: [step('printed', '2026-10-22'), step('expired', '2026-11-20', 'failed')],
    }),
    payment(3, {
      ...made,
      events: [step('printed', '2026-10-31'), step('settled', '2026-11-02', 'settled')],
    }),
    payment(4, {
      ...made,
      status: 'in-progress',
      events: [step('printed', '2026-10-22'), step('printed', '2026-11-05')],
    }),
    // Not printed by then.
    payment(5, {
      ...made,
      events: [
        step('created', '2026-10-20'),
        step('printed', '2026-11-01'),
        step('settled', '2026-11-09', 'settled'),
      ],
    }),
    // Ended by then, and no check.
    payment(6, {
      ...made,
      events: [step('printed', '2026-10-22'), step('settled', '2026-10-31', 'settled')],
    }),
    payment(7, {
      ...made,
      payment_method: 'ach',
      status: 'in-progress',
      events: [step('created', '2026-10-20')],
    }),
    // Reissued later: not known then.
    payment(8, {
      ...made,
      events: [step('settled', '2026-10-25', 'settled')],
      reissue_timestamp: '2026-11-03T00:00:00',
      reissue_reason: 'Lost',
    }),
  ]
  const flagged = async (flag: string, more: object = {}) => {
    const args = { over: 'payments', where: [{ column: 'flag', is: [flag] }], list: 20, ...more }
    const { data } = await ask(args, { payments })
    return { ids: data.listed.map(({ id }: Row) => id).sort(), note: data.note as string }
  }
  const THEN = { as_of: '2026-10-31' }

  // Exam 2, no. 6: 0 rows at the close of a month with 8 open checks.
  test('printed and not cashed by then, from the first day on', async () => {
    const { ids, note } = await flagged('uncashed_check', THEN)
    expect(ids).toEqual(['p1', 'p2', 'p3', 'p4'])
    expect(note).toContain('uncashed_check: under way at the end of 2026-10-31, for at least 0 days')
  })

  test('siblings: not printed by then; under way then; reissued only later', async () => {
    expect((await flagged('unprinted_check', THEN)).ids).toEqual(['p5'])
    expect((await flagged('under_way_long', THEN)).ids).toEqual(['p1', 'p2', 'p3', 'p4', 'p5', 'p7'])
    expect((await flagged('reissued', THEN)).ids).toEqual([])
    expect((await flagged('reissued')).ids).toEqual(['p8'])
  })

  test('an age that was asked for counts to that day', async () => {
    expect((await flagged('uncashed_check', { ...THEN, flag_after_days: 9 })).ids).toEqual(['p1', 'p2', 'p4'])
  })

  test('without a day ten days are the least, which is said where nothing is found', async () => {
    const young = [
      payment(1, {
        status: 'in-progress',
        created: '2026-11-22T00:00:00',
        events: [step('printed', '2026-11-22')],
      }),
    ]
    const { data } = await ask(
      { over: 'payments', where: [{ column: 'flag', is: ['uncashed_check'] }] },
      { payments: young },
    )
    expect(data.total.count).toBe(0)
    expect(data.note).toContain('at least 10 days')
    expect(data.note).toContain('younger ones are not counted')
  })

  test('a supplier that could be paid by ACH: what that takes is said', async () => {
    const suppliers = [{ id: 's1', name: 'Acme', payment_method: 'Check', enabled: true }]
    const { data } = await ask(
      { over: 'suppliers', where: [{ column: 'flag', is: ['check_could_be_ach'] }] },
      { suppliers, payments: [] },
    )
    expect(data.note).toContain('Finexio holds an account and a routing number')
  })
})

describe('names that lists use, and sums of discounts', () => {
  const world: World = {
    invoices: [
      invoice(1, { amount_cents: 10_000, discount_amount_cents: 200, created: '2026-09-30T23:59:00' }),
      invoice(2, { amount_cents: 5_000, discount_amount_cents: 0 }),
      invoice(3, { amount_cents: 3_000, discount_amount_cents: 50 }),
      invoice(4, { amount_cents: 900, discount_amount_cents: 9, receiving_counterparty_id: 's2' }),
    ],
    payments: [
      payment(1, { created: '2026-10-01T00:00:00' }),
      payment(2, { created: '2026-10-02T00:00:00' }),
      payment(3, { created: '2026-11-02T00:00:00' }),
      payment(4, { created: '2026-10-31T00:00:00', refund_timestamp: '2026-11-02T00:00:00' }),
    ],
  }
  const OCTOBER = { over: 'invoices', from: '2026-10-01', to: '2026-10-31', date: 'payment_created' }

  // Exam 2, no. 10: fourteen discounts had to be added by hand.
  test('discount and net of the invoices whose payments were made in a month', async () => {
    const { data } = await ask(
      {
        ...OCTOBER,
        measure: ['count', 'sum', 'discount', 'net'],
        where: [{ column: 'discount', from: '0.01' }],
        net_of_refunds: true,
      },
      world,
    )
    expect(data.total).toMatchObject({ count: 1, amount: '100.00', discount: '2.00', net: '98.00' })
  })

  test.each([
    ['supplier_name', { column: 'supplier_name', is: ['Bolt'] }, ['N-4']],
    ['net_amount', { column: 'net_amount', from: '98', to: '98' }, ['N-1']],
    ['discount_amount', { column: 'discount_amount', from: '0.50', to: '0.50' }, ['N-3']],
    ['payment_method', { column: 'payment_method', is_not: ['ach'] }, ['N-1', 'N-2', 'N-3', 'N-4']],
    ['buyer_id', { column: 'buyer_id', is: ['nobody'] }, []],
  ])('as a list calls it: %s', async (_, where, numbers) => {
    const fields = ['invoice_number', 'supplier_name', 'net_amount', 'payment_created']
    const { data } = await ask({ over: 'invoices', where: [where], fields }, world)
    expect(data.listed.map((row: Row) => row.invoice_number).sort()).toEqual(numbers)
    for (const row of data.listed) expect(Object.keys(row)).toContain('net_amount')
  })

  test('discounts are of invoices', async () => {
    const { text } = await ask({ over: 'payments', measure: ['discount'] }, world)
    expect(text).toContain('use over invoices')
  })
})

describe('order and newcomers', () => {
  const paid = (id: number, supplier: string, cents: number, created: string) =>
    payment(id, { amount_cents: cents, receiving_counterparty_id: supplier, created })
  const payments = [
    ...[paid(1, 's1', 100, '2026-10-01'), paid(2, 's1', 100, '2026-10-02')],
    ...[paid(3, 's2', 400, '2026-10-01'), paid(4, 's2', 400, '2026-10-02')],
    ...[paid(5, 's3', 5_000, '2026-10-01'), paid(6, 's4', 50, '2026-10-01')],
    ...[paid(7, 's1', 900, '2026-09-01'), paid(8, 's4', 800, '2026-09-01'), paid(9, 's2', 1, '2026-09-01')],
    paid(10, 's5', 1, '2026-09-01'),
  ]
  const OCTOBER = { over: 'payments', by: ['supplier'], from: '2026-10-01', to: '2026-10-31' }
  const order = (data: Row) => data.result.map((row: Row) => row.receiving_counterparty_id)

  // Exam 2, no. 20: nine vendors of eight checks had to be put in order by hand.
  test('equal counts go by amount; the amount first where asked', async () => {
    expect(order((await ask(OCTOBER, { payments })).data)).toEqual(['s2', 's1', 's3', 's4'])
    expect(order((await ask({ ...OCTOBER, sort: 'amount' }, { payments })).data)).toEqual([
      's3',
      's2',
      's1',
      's4',
    ])
    const bySum = { ...OCTOBER, measure: ['sum'], sort: 'count' }
    expect(order((await ask(bySum, { payments })).data)).toEqual(['s2', 's1', 's3', 's4'])
  })

  // Exam 2, no. 21: two more calls for the largest of the period before.
  test('compared: the place of each in the period before, and the largest of then with their share', async () => {
    const { data, text } = await ask(
      { ...OCTOBER, measure: ['sum', 'share'], compare: 'period_before', top: 2 },
      { payments },
    )
    expect(data.result.map((row: Row) => [row.receiving_counterparty_id, row.rank_before])).toEqual([
      ['s3', null],
      ['s2', 3],
      [null, null],
    ])
    expect(data.top_before.map((row: Row) => [row.supplier, row.amount, row.share_of_amount])).toEqual([
      ['Acme', '9.00', '52.9'],
      [null, '8.00', '47.0'],
      ['first 2 together', '17.00', '99.9'],
    ])
    expect(text).toContain('The largest of the period before:')
  })
})
