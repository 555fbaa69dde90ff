/** What every answer keeps to: how lists are written, how times and amounts read, how long a text may be. */
import { describe, expect, test } from 'vitest'
import { plainTime } from '../../src/core/text.ts'
import { bytesIn, capped, csvLines, fitting, LONGEST_ANSWER } from '../../src/tools/present/present.ts'
import { finexioOf, invoice, PARTIES, paged, payment } from './composites/world.ts'
import { callWith, envelope } from './fake-finexio.ts'

describe('lists', () => {
  const list = (args: object, count = 120, more = {}) =>
    callWith(
      'list_all_finexio_payments',
      args,
      ({ query }) =>
        paged(
          Array.from({ length: count }, (_, at) => payment(at)),
          query,
        ),
      more,
    )

  test('say how many there are and whether more follow', async () => {
    expect((await list({ limit: 10 })).data).toMatchObject({
      result_count: 10,
      has_more: true,
      total_count: 120,
      next_cursor: expect.any(String),
    })
    expect((await list({ limit: 10 }, 7)).data).toMatchObject({
      result_count: 7,
      has_more: false,
      total_count: 7,
      next_cursor: null,
    })
    expect((await list({}, 0)).data).toMatchObject({ result: [], has_more: false, total_count: 0 })
  })

  test('are CSV, or JSON where one asks for it; the server setting is the default', async () => {
    expect((await list({ limit: 2 })).text.split('\n')).toHaveLength(4)
    const json = await list({ limit: 2, format: 'json' })
    expect(JSON.parse(json.text)).toMatchObject({ result_count: 2, total_count: 120, has_more: true })
    expect(json.data.result).toEqual((await list({ limit: 2, format: 'csv' })).data.result)
    const csv = await list({ limit: 2, format: 'csv' }, 120, { textFormat: 'json' })
    expect(csv.text).toMatch(/^2 of 120 payments\./)
    const wrong = await list({ format: 'cvs' })
    expect(wrong.text).toMatch(/format: must be one of csv, json; did you mean "csv"\?/)
  })

  test('a cursor goes on in another format', async () => {
    const { data } = await list({ limit: 100 })
    const rest = await list({ limit: 100, format: 'json', next_cursor: data.next_cursor })
    expect(rest.data.result_count).toBe(20)
  })

  test('amounts stand in cents and in dollars, whatever Finexio sends', async () => {
    const amounts = [12_345, '12345', '12345.00', -5, 12.5, 'x', null, true]
    const { data } = await callWith(
      'list_all_finexio_payments',
      { fields: ['id', 'amount_cents', 'amount'] },
      () =>
        envelope(
          amounts.map((amount_cents, at) => payment(at, { amount_cents, created: `2026-10-0${9 - at}` })),
        ),
    )
    expect(
      data.result.map(({ amount_cents, amount }: Record<string, unknown>) => [amount_cents, amount]),
    ).toEqual([
      [12_345, '123.45'],
      [12_345, '123.45'],
      [12_345, '123.45'],
      [-5, '-0.05'],
      [null, null],
      [null, null],
      [null, null],
      [null, null],
    ])
  })
})

describe('times', () => {
  test.each([
    ['2026-11-03T15:10:00.590000', '2026-11-03T15:10:00Z'],
    ['2026-11-03 15:10:00', '2026-11-03T15:10:00Z'],
    ['2026-11-03T15:10:00Z', '2026-11-03T15:10:00Z'],
    ['2026-11-03T15:10:00.1+02:00', '2026-11-03T15:10:00+02:00'],
    ['2026-11-03', '2026-11-03'],
    ['11/03/2026', '11/03/2026'],
    ['soon', 'soon'],
    [null, null],
    [20_261_103, 20_261_103],
  ])('%j reads %j', (given, plain) => expect(plainTime(given)).toBe(plain))

  test('are plain in text, and as given in structured content', async () => {
    const { data, text } = await callWith('list_all_finexio_payments', { fields: ['id', 'created'] }, () =>
      envelope([payment(1)]),
    )
    expect(text).toMatch(/^p1,2026-10-02T00:00:00Z$/m)
    expect(data.result[0].created).toBe('2026-10-02T00:00:00.100000')
    expect(csvLines(['at'], [{ at: '2026-11-03T15:10:00.59' }])[1]).toBe('2026-11-03T15:10:00Z')
  })
})

describe('length', () => {
  const wide = '読'.repeat(1_900)

  test.each(['csv', 'json'] as const)('a list as %s stays within 100 KB, in bytes', async (format) => {
    const rows = Array.from({ length: 500 }, (_, at) => payment(at, { instrument_number: wide }))
    const { text, data } = await callWith('list_all_finexio_payments', { limit: 500, format }, ({ query }) =>
      paged(rows, query),
    )
    expect(bytesIn(text)).toBeLessThanOrEqual(LONGEST_ANSWER)
    expect(bytesIn(JSON.stringify(data))).toBeLessThanOrEqual(LONGEST_ANSWER)
    expect(text).toMatch(/This page ends after 15 rows, at 100 KB/)
    if (format === 'json') expect(JSON.parse(text).total_count).toBe(500)
  })

  test.each([
    ['get_single_finexio_drawdown_by_id', { id: 'd1' }],
    ['reconcile_finexio_drawdown', { id: 'd1', images: false }],
    ['get_single_finexio_payment_by_id', { id: 'p1' }],
    [
      'analyze_finexio_payables',
      { over: 'invoices', list: 200, where: [{ column: 'invoice_number', blank: false }] },
    ],
    ['find_possible_duplicate_finexio_invoices', { limit: 200 }],
  ])('%s stays within 100 KB and says what was cut', async (tool, args) => {
    const many = { status: wide, tracking_id: wide, events: Array(99).fill({ description: wide }) }
    const world = {
      parties: PARTIES,
      drawdown: { processor_request_id: 'd1' },
      funded: Array.from({ length: 100 }, (_, at) => payment(at, { supplier_name: wide })),
      payments: [payment(1, many)],
      invoices: Array.from({ length: 300 }, (_, at) =>
        invoice(at, { invoice_number: wide, status: 'pending', amount_cents: 5 }),
      ),
    }
    for (const textFormat of ['csv', 'json'] as const) {
      const { text, data } = await callWith(tool, args, finexioOf(world), { textFormat })
      expect(bytesIn(text)).toBeLessThanOrEqual(LONGEST_ANSWER)
      expect(text.slice(-300)).toMatch(/Text cut: [\d,]+ more/)
      expect(bytesIn(JSON.stringify(data))).toBeGreaterThan(LONGEST_ANSWER)
    }
  })

  test('a cut falls between characters', () => {
    const text = '🧾'.repeat(40_000)
    expect(capped(text).isWellFormed()).toBe(true)
    expect(bytesIn(capped(text))).toBeLessThanOrEqual(LONGEST_ANSWER)
    expect(capped('short')).toBe('short')
    expect(fitting(['読', 'a'], 4)).toBe(1)
  })
})
