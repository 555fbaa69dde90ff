/** The arithmetic of analyses, for all inputs, against sums that are worked out another way. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { AGING_BUCKETS, bucketOf, daysSince } from '../../../src/tools/composites/analyze/aging.ts'
import {
  compared,
  dividedHalfUp,
  figuresOf,
  MEASURES,
  percentOf,
  wholeOf,
} from '../../../src/tools/composites/analyze/figures.ts'
import { grouped } from '../../../src/tools/composites/analyze/group.ts'
import { periodBefore, SPANS, spanOf } from '../../../src/tools/composites/analyze/periods.ts'
import { runs } from '../../support/size.ts'

const DAY = 86_400_000
const NOW = Date.parse('2026-11-23T12:00:00Z')
const day = (offset: number) => new Date(NOW + offset * DAY).toISOString().slice(0, 10)

const row = fc.record({
  amount_cents: fc.oneof(fc.integer({ min: -1_000_000_000, max: 1_000_000_000 }), fc.constantFrom(null, 'x')),
  currency: fc.constantFrom('USD', null, 'CAD'),
  status: fc.constantFrom('settled', 'failed', null),
  receiving_counterparty_id: fc.constantFrom('a', 'b', 'c', 'd', null),
  created: fc
    .integer({ min: 0, max: 1_000 })
    .map((days) => `${new Date(NOW - days * DAY).toISOString().slice(0, 23)}456`),
  days_to_pay: fc.oneof(fc.nat(90), fc.constant(null)),
})
type Row = Record<string, unknown>

/** The slow and plain way, in integers that never grow out of range. */
const cents = (rows: readonly Row[]) =>
  rows.flatMap(({ amount_cents, currency }) =>
    typeof amount_cents === 'number' && currency !== 'CAD' ? [amount_cents] : [],
  )
const total = (rows: readonly Row[]) => cents(rows).reduce((sum, one) => sum + BigInt(one), 0n)

describe('figures', () => {
  test('are what a plain sum, sort and division give', () => {
    fc.assert(
      fc.property(fc.array(row), (rows) => {
        const found = figuresOf(rows, MEASURES, wholeOf(rows)) as Record<string, number>
        const values = cents(rows).sort((a, b) => a - b)
        expect(found.count).toBe(rows.length)
        expect(BigInt(found.amount_cents!)).toBe(total(rows))
        expect(found.min_cents).toBe(values[0] ?? null)
        expect(found.max_cents).toBe(values.at(-1) ?? null)
        if (values.length === 0) {
          expect([found.average_cents, found.median_cents]).toEqual([null, null])
          return
        }
        const exact = Number(total(rows)) / values.length
        expect(found.average_cents! - exact).toBeLessThanOrEqual(0.5)
        expect(found.average_cents! - exact).toBeGreaterThan(-0.5 - 1e-6)
        const below = values.filter((value) => value <= found.median_cents!).length
        expect(below).toBeGreaterThanOrEqual(Math.floor(values.length / 2))
      }),
      runs(500),
    )
  })

  test.each([
    [7, 2, 4],
    [-7, 2, -3],
    [5, 10, 1],
    [-5, 10, 0],
    [4, 10, 0],
    [0, 3, 0],
    [9_007_199_254_740_991, 2, 4_503_599_627_370_496],
  ])('%i / %i is %i, half up', (value, by, result) => expect(dividedHalfUp(value, by)).toBe(result))

  test.each([
    [1, 3, '33.3'],
    [2, 3, '66.7'],
    [1, 2_000, '0.1'],
    [-1, 4, '-25.0'],
    [5, 5, '100.0'],
    [1, 0, null],
  ])('%i of %i is %s %%', (part, whole, text) => expect(percentOf(part, whole)).toBe(text))

  test('a change is said in cents, dollars and percent', () => {
    const [now, before] = [100, 80].map((amount_cents) =>
      figuresOf([{ amount_cents }], ['sum'], { count: 1, cents: amount_cents }),
    )
    expect(compared(now!, before!)).toEqual({
      count: 1,
      amount_cents: 100,
      amount: '1.00',
      count_before: 1,
      amount_cents_before: 80,
      amount_before: '0.80',
      count_change: 0,
      count_change_percent: '0.0',
      amount_change_cents: 20,
      amount_change: '0.20',
      amount_change_percent: '25.0',
    })
  })
})

describe('groups', () => {
  const grouping = fc.record({
    by: fc.uniqueArray(fc.constantFrom('status' as const, 'supplier' as const, ...SPANS), {
      minLength: 1,
      maxLength: 2,
    }),
    top: fc.integer({ min: 1, max: 5 }),
  })

  test('hold every row once, however few are shown: counts, cents and shares add up', () => {
    fc.assert(
      fc.property(fc.array(row), grouping, (rows, { by, top }) => {
        const groups = grouped(rows, null, { by, measures: ['sum', 'share'], top, date: 'created' })
        expect(groups.reduce((sum, { count }) => sum + Number(count), 0)).toBe(rows.length)
        expect(groups.reduce((sum, group) => sum + BigInt(Number(group.amount_cents)), 0n)).toBe(total(rows))
        const shares = groups.reduce((sum, { share_of_count }) => sum + Number(share_of_count ?? 0), 0)
        if (rows.length > 0) expect(Math.abs(shares - 100)).toBeLessThan(0.06 * groups.length + 1e-6)
      }),
      runs(500),
    )
  })

  test('compared, the groups of both periods are there, and both add up', () => {
    fc.assert(
      fc.property(fc.array(row), fc.array(row), (now, before) => {
        const groups = grouped(now, before, { by: ['supplier'], measures: ['sum'], top: 2, date: 'created' })
        const sum = (name: string) => groups.reduce((all, group) => all + BigInt(Number(group[name])), 0n)
        expect([sum('amount_cents'), sum('amount_cents_before')]).toEqual([total(now), total(before)])
      }),
      runs(200),
    )
  })

  const paid = (supplier: string, amount_cents: number, created = '2026-03-02') => ({
    receiving_counterparty_id: supplier,
    supplier,
    amount_cents,
    created,
  })

  test('the largest first, the rest in one row; a rest of one is shown as itself', () => {
    const rows = [paid('a', 5), paid('b', 50), paid('c', 500), paid('d', 5_000)]
    const top = (most: number) =>
      grouped(rows, null, { by: ['supplier'], measures: ['sum'], top: most, date: 'created' }).map(
        ({ supplier, amount_cents }) => [supplier, amount_cents],
      )
    expect(top(2)).toEqual([
      ['d', 5_000],
      ['c', 500],
      ['(2 others)', 55],
    ])
    expect(top(3)).toHaveLength(4)
  })

  // At b8f2a26 months came in order of amount. Siblings: weekdays, quarters, aging buckets.
  test.each([
    ['month', ['2025-12', '2026-01', '2026-02']],
    ['quarter', ['2025-Q4', '2026-Q1']],
    ['weekday', ['Monday', 'Thursday', 'Sunday']],
    ['week', ['2025-12-29', '2026-01-05', '2026-02-16']],
  ] as const)('by %s in the order of time', (span, labels) => {
    const rows = [paid('a', 900, '2026-02-22'), paid('a', 1, '2026-01-05'), paid('a', 50, '2026-01-01')]
    rows[2]!.created = '2026-01-01T00:00:00.000000'
    const all = [...rows, ...(span === 'month' || span === 'quarter' ? [paid('a', 7, '2025-12-31')] : [])]
    const found = grouped(all, null, { by: [span], measures: ['sum'], top: 1, date: 'created' })
    expect(found.map((group) => group[span])).toEqual(labels)
  })

  test('by aging, the most urgent first', () => {
    const rows = [...AGING_BUCKETS].reverse().map((aging, at) => ({ aging, amount_cents: at }))
    const found = grouped(rows, null, { by: ['aging'], measures: ['sum'], top: 1, date: 'created' })
    expect(found.map(({ aging }) => aging)).toEqual(AGING_BUCKETS)
  })
})

describe('periods', () => {
  test.each([
    ['2026-03-01', '2026-03-31', '2026-02-01', '2026-02-28'],
    ['2026-01-01', '2026-03-31', '2025-10-01', '2025-12-31'],
    ['2024-03-01', '2024-03-31', '2024-02-01', '2024-02-29'],
    ['2026-01-01', '2026-12-31', '2025-01-01', '2025-12-31'],
    ['2026-03-02', '2026-03-08', '2026-02-23', '2026-03-01'],
    ['2026-03-10', '2026-03-10', '2026-03-09', '2026-03-09'],
  ])('before %s to %s come %s to %s', (from, to, start, end) =>
    expect(periodBefore({ from, to })).toEqual({ from: start, to: end }),
  )

  test('the period before ends the day before, whatever the period', () => {
    fc.assert(
      fc.property(fc.nat(20_000), fc.nat(800), (start, length) => {
        const period = { from: day(-start), to: day(length - start) }
        expect(periodBefore(period).to).toBe(day(-start - 1))
        expect(periodBefore(period).from <= periodBefore(period).to).toBe(true)
      }),
      runs(200),
    )
  })

  test('a time with a zone is of the day it is in UTC', () => {
    expect(spanOf('2026-02-28T23:30:00-05:00', 'month')).toBe('2026-03')
    expect(spanOf('nonsense', 'month')).toBeNull()
  })
})

describe('aging', () => {
  test.each([
    [91, 'overdue_over_90'],
    [90, 'overdue_61_90'],
    [61, 'overdue_61_90'],
    [60, 'overdue_31_60'],
    [31, 'overdue_31_60'],
    [30, 'overdue_1_30'],
    [1, 'overdue_1_30'],
    [0, 'due_within_7'],
    [-7, 'due_within_7'],
    [-8, 'due_within_30'],
    [-30, 'due_within_30'],
    [-31, 'due_later'],
  ])('%i days overdue: %s', (days, bucket) => {
    expect(daysSince(day(-days), NOW)).toBe(days)
    expect(daysSince(`${day(-days)}T23:59:59.999999`, NOW)).toBe(days)
    expect(bucketOf(days)).toBe(bucket)
  })

  test('no due date is a bucket of its own, and buckets never go back as days pass', () => {
    expect(bucketOf(daysSince(null, NOW))).toBe('no_due_date')
    const place = (days: number) => AGING_BUCKETS.indexOf(bucketOf(days))
    fc.assert(fc.property(fc.integer(), fc.nat(), (days, more) => place(days + more) <= place(days)))
  })
})
