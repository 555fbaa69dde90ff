/** Charts of the dashboard. Seen at 452f3913: on the first of a month one bar filled the whole chart, from "1 Dec" to "today". */
import { expect, test } from 'vitest'
import { MoneyByDay } from '../../src/dashboard/parts/charts.tsx'

/** @param cents by day of the month */
const december = (
  cents: Readonly<Record<number, number>>,
  unsettled: Readonly<Record<number, number>> = {},
) =>
  String(
    MoneyByDay({
      days: Array.from({ length: 31 }, (_, index) => ({
        day: `2026-12-${String(index + 1).padStart(2, '0')}`,
        cents: (cents[index + 1] ?? 0) + (unsettled[index + 1] ?? 0),
        unsettled_cents: unsettled[index + 1] ?? 0,
      })),
    }),
  )

test.each([
  ['nothing', {}, {}, ['Sent by agents this month: nothing.']],
  ['one day', { 1: 125_000 }, {}, ['Sent by agents this month: $1,250.00, on 1 Dec.']],
  // Siblings.
  ['one day, late', { 30: 5 }, {}, ['Sent by agents this month: $0.05, on 30 Dec.']],
  [
    'nothing that is known',
    {},
    { 2: 700 },
    ['Sent by agents this month: nothing.', 'Outcome unknown: $7.00, on 2 Dec.'],
  ],
])('%s is a sentence', (_, cents, unsettled, sentences) => {
  const text = december(cents, unsettled)
  expect([...text.matchAll(/<p>([^<]*)<\/p>/g)].map(([, sentence]) => sentence)).toEqual(sentences)
  expect(text).not.toContain('<svg')
})

test('bars of two days have the width that they have in a full month', () => {
  const text = december({ 1: 125_000, 2: 500 })
  expect(text).toContain('viewBox="0 0 620 89"')
  expect(text).toContain('<span>1 Dec</span><span>31 Dec</span>')
  expect(text.match(/<rect/g)).toHaveLength(2)
})
