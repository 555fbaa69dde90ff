/** What looks unusual about a payee, beside what was paid to it before: nothing that is not known counts as usual. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DAY_MS } from '../../src/core/time.ts'
import {
  type Drafted,
  type Past,
  type PastInvoice,
  type PastPayment,
  unusualAbout,
  usualOf,
} from '../../src/rules/payees/unusual.ts'
import { runs } from '../support/size.ts'

const NOW = Date.parse('2026-11-30T12:00:00Z')
const ago = (days: number) => NOW - days * DAY_MS

const payment = (cents: number | null, more: Partial<PastPayment> = {}): PastPayment => ({
  ...{ at: ago(10), cents, status: 'settled', money: 'stayed' },
  ...more,
})
const invoice = (number: string, cents: number | null, more: Partial<PastInvoice> = {}): PastInvoice => ({
  ...{ number, cents, at: ago(3), status: 'paid' },
  ...more,
})
const drafted = (more: Partial<Drafted> = {}): Drafted => ({
  ...{ cents: 10_000, invoices: [{ number: 'A-1', cents: 10_000 }], firstPayment: false, changedAt: null },
  askedAt: ago(1),
  ...more,
})
const past = (more: Partial<Past> = {}): Past => ({
  payments: { rows: [payment(10_000), payment(11_000), payment(9_000)], whole: true },
  open: [],
  invoices: [],
  record: { enabled: true, updatedAt: ago(2) },
  ...more,
})
const kinds = (of: Drafted, beside: Past) => unusualAbout(of, beside, NOW).map(({ kind }) => kind)

test('a payment like those before is nothing to look at', () => {
  expect(kinds(drafted(), past())).toEqual([])
})

test('what happened to a payee since it was asked for is said before somebody approves', () => {
  expect(kinds(drafted(), past({ record: { enabled: false, updatedAt: ago(2) } }))).toEqual(['disabled'])
  expect(kinds(drafted(), past({ record: { enabled: true, updatedAt: ago(0.5) } }))).toEqual(['changed'])
  expect(kinds(drafted(), past({ record: null }))).toEqual([])
})

// Kind: whether it was paid before. In the list: never. Siblings: failed and refunded ones alone, nothing read, a whole list without any.
test.each<[string, Drafted, Past, string[]]>([
  [
    'found out when it was drafted',
    drafted({ firstPayment: true }),
    past({ payments: null }),
    ['first_payment'],
  ],
  [
    'payments that failed or came back prove nothing',
    drafted({ firstPayment: true }),
    past({
      payments: { rows: [payment(1, { money: 'bounced' }), payment(1, { money: 'refunded' })], whole: true },
    }),
    ['first_payment'],
  ],
  ['nobody knows', drafted({ firstPayment: null }), past({ payments: null }), ['not_known']],
  [
    'not among those that were read, and more there are',
    drafted({ firstPayment: null }),
    past({ payments: { rows: [], whole: false } }),
    ['not_known'],
  ],
  [
    'not among all of them',
    drafted({ firstPayment: null }),
    past({ payments: { rows: [], whole: true } }),
    ['first_payment'],
  ],
  ['paid since it was drafted', drafted({ firstPayment: true }), past(), []],
])('first payment: %s', (_, of, beside, expected) => {
  expect(kinds(of, beside)).toEqual(expected)
})

test.each([
  ['yesterday', ago(1), ['changed']],
  ['89 days ago', ago(89), ['changed']],
  ['a quarter ago', ago(90), []],
  ['never as far as is known', null, []],
])('how it is paid was changed %s', (_, changedAt, expected) => {
  expect(kinds(drafted({ changedAt }), past())).toEqual(expected)
})

describe('near duplicates', () => {
  test.each<[string, PastInvoice, boolean]>([
    ['the same number written otherwise', invoice('a1', 77), true],
    ['with zeros in front', invoice('A-001', 77, { at: ago(300) }), true],
    ['another number, the same amount, some days ago', invoice('Z-9', 10_000), true],
    ['the same amount a month ago, as rent is', invoice('Z-9', 10_000, { at: ago(30) }), false],
    ['another number and amount', invoice('Z-9', 10_001), false],
    ['an amount that cannot be read', invoice('Z-9', null), false],
  ])('%s: %s', (_, one, found) => {
    expect(kinds(drafted(), past({ invoices: [one] }))).toEqual(found ? ['near_duplicate'] : [])
  })

  test('five are named, the rest counted; names of others stay one quoted line', () => {
    const invoices = Array.from({ length: 8 }, (_, index) => ({ number: `B-${index}`, cents: 5 }))
    const seen = [invoice('x"\n PAID', 5)]
    const words = unusualAbout(drafted({ invoices }), past({ invoices: seen }), NOW).map((one) => one.words)
    expect(words).toHaveLength(6)
    expect(words[5]).toBe('And 3 more like these.')
    expect(words[0]).toContain('"x\\" PAID"')
  })
})

// Kind: amounts. In the list: far above. Siblings: the largest so far but near the usual, too few to say, unreadable ones.
test.each<[string, number, (number | null)[], boolean]>([
  ['far above', 50_000, [10_000, 11_000, 9_000], true],
  ['the largest so far, but less than twice the usual', 15_000, [10_000, 11_000, 9_000], false],
  ['as large as once before', 50_000, [10_000, 50_000, 9_000], false],
  ['two payments say nothing', 50_000, [10_000, 11_000], false],
  ['unreadable ones say nothing', 50_000, [10_000, null, null, 11_000], false],
])('%s', (_, cents, before, found) => {
  const rows = before.map((one) => payment(one))
  const beside = past({ payments: { rows, whole: true } })
  expect(kinds(drafted({ cents }), beside)).toEqual(found ? ['amount'] : [])
})

test('of one that is changed: money under way, and that it is not known', () => {
  const change = drafted({ cents: 0, invoices: [] })
  expect(kinds(change, past({ open: null }))).toEqual(['not_known'])
  expect(kinds(change, past({ open: [] }))).toEqual([])
  const [found] = unusualAbout(change, past({ open: [payment(700), payment(50)] }), NOW)
  expect(found).toEqual({ kind: 'money_under_way', words: '2 payments of $7.50 are under way to it.' })
})

test('the usual lies between the least and the largest, whatever was paid', () => {
  const amounts = fc.array(fc.integer({ min: 1, max: 1e9 }), { minLength: 3, maxLength: 40 })
  fc.assert(
    fc.property(amounts, (all) => {
      const rows = all.map((cents) => payment(cents))
      const usual = usualOf(past({ payments: { rows, whole: false } }))!
      expect(usual.count).toBe(all.length)
      expect(usual.largest_cents).toBe(Math.max(...all))
      expect(usual.median_cents).toBeGreaterThanOrEqual(Math.min(...all))
      expect(usual.median_cents).toBeLessThanOrEqual(usual.largest_cents)
    }),
    runs(200),
  )
})
