import fc from 'fast-check'
import { expect, test } from 'vitest'
import { dollars } from '../../src/core/money.ts'
import { grouped, plural } from '../../src/core/words.ts'
import { formOf } from '../../src/dashboard/form-data.ts'
import { about, relative, shortDay } from '../../src/dashboard/format.ts'
import { rulesOf } from '../../src/dashboard/pages/server-form/words.ts'

test.each([
  [0, '$0.00'],
  [5, '$0.05'],
  [123_450, '$1,234.50'],
  [-100_000_000, '-$1,000,000.00'],
])('%i cents are %s', (cents, text) => {
  expect(dollars(cents)).toBe(text)
})

const NOW = Date.parse('2026-11-28T18:50:07.000Z')

test.each([
  [0, 'just now'],
  [-59_000, 'just now'],
  [30_000, 'in under a minute'],
  [90_000, 'in 2 minutes'],
  [-3_600_000, '1 hour ago'],
  [30 * 86_400_000 - 1_000, 'in 30 days'],
])('%i ms away is %s', (away, words) => {
  expect(relative(new Date(NOW + away).toISOString(), NOW)).toBe(words)
})

test('days are short, counts are readable', () => {
  expect(shortDay('2026-11-28')).toBe('28 Nov')
  expect([plural(1, 'tool'), plural(1200, 'tool'), about(22_299), about(570)]).toEqual([
    '1 tool',
    '1,200 tools',
    '22,300',
    '570',
  ])
})

test('a form never gives back what is secret', () => {
  const { values } = formOf(
    new URLSearchParams('name=a&password=b&key=c&csrf=d&bearer_token=e&url=f&token=g&username=h'),
  )
  expect(values).toEqual({ name: 'a', username: 'h' })
})

test('rules of a server are put in words, and only those that are set', () => {
  expect(rulesOf({ methods: ['read'] })).toEqual([])
  expect(
    rulesOf({
      approval: { over_cents: 100_000 },
      limits: { per_day: { cents: 2_500_000, count: 40 } },
      first_payment: 'approve',
      changed_supplier: { days: 30, action: 'refuse' },
      allowed_suppliers: ['a', 'b'],
    }),
  ).toEqual([
    ['Approval by a person', 'over $1,000.00'],
    ['Limit: in 24 hours', '$25,000.00, 40 invoices'],
    ['First payment to a supplier', 'asks for approval'],
    ['Suppliers whose payment details changed', 'refused for 30 days'],
    ['Who may be paid', 'only a, b'],
  ])
})

test('any number is grouped as Intl groups it', () => {
  const number = fc.oneof(
    fc.maxSafeInteger(),
    fc.integer({ min: -2_000, max: 2_000 }),
    fc.double({ noNaN: true }),
  )
  fc.assert(
    fc.property(number, (count) => {
      // Of -0 nobody wants to see the sign.
      expect(grouped(count)).toBe((count || 0).toLocaleString('en-US'))
    }),
  )
})
