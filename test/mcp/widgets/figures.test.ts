/** How an analysis is read by its card: groups, figures, form, words. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  coloursOf,
  dimensionsOf,
  drawnIn,
  figure,
  formOf,
  groupWords,
  lengthOf,
  measuresOf,
} from '../../../src/mcp/cards/browser/figures.ts'
import { rowsOf } from '../../../src/mcp/cards/browser/values.ts'

const figures = { count: 2, amount_cents: 1_000, amount: '10.00' }

describe('the form follows the question', () => {
  test.each([
    [{ month: '2026-10', ...figures }, 'bars'],
    [{ day: '2026-10-01', ...figures }, 'bars'],
    [{ weekday: 'Monday', ...figures }, 'bars'],
    [{ month: '2026-10', status: 'settled', ...figures }, 'stack'],
    [{ aging: 'overdue_1_30', ...figures }, 'stack'],
    [{ receiving_counterparty_id: 's', supplier: 'Acme', aging: 'due_later', ...figures }, 'stack'],
    [{ status: 'settled', ...figures }, 'table'],
    [{ receiving_counterparty_id: 's', supplier: 'Acme', ...figures }, 'table'],
    [{ supplier: 'Acme', month: '2026-10', ...figures }, 'table'],
    [{ something_new: 'x', ...figures }, 'table'],
    [undefined, 'table'],
  ])('%j: %s', (row, form) => expect(formOf(dimensionsOf(row ? [row] : []))).toBe(form))

  test('what does not add up is never stacked', () => {
    const averages = measuresOf([{ count: 3, average_cents: 5, days_to_pay_average: 2 }])
    expect(drawnIn('stack', averages)).toBe('count')
    expect(drawnIn('bars', averages)).toBe('average_cents')
    expect(drawnIn('stack', measuresOf([figures]))).toBe('amount_cents')
  })
})

test.each([
  ['amount_cents', 1_250, '$12.50'],
  ['amount_cents', null, '–'],
  ['amount_cents', '1250', '–'],
  ['amount_cents_before', -5, '-$0.05'],
  ['count', 1_282, '1,282'],
  ['count', Number.NaN, '–'],
  ['share_of_amount', '12.3', '12.3 %'],
  ['share_of_count', null, '–'],
  ['days_to_pay_average', 0, '0'],
])('%s of %j reads %s', (key, value, text) => expect(figure(key, value)).toBe(text))

test.each([
  [{ month: '2026-10' }, 'month', 'Oct 2026'],
  [{ month: '2026-99' }, 'month', '2026-99'],
  [{ quarter: '2026-Q4' }, 'quarter', 'Q4 2026'],
  [{ week: '2026-11-02' }, 'week', 'Nov 2, 2026'],
  [{ aging: 'overdue_over_90' }, 'aging', 'More than 90 days overdue'],
  [{ aging: 'constructor' }, 'aging', 'Constructor'],
  [{ money: 'bounced' }, 'money', 'Failed or canceled'],
  [{ supplier: 'Acme & Sons_Ltd' }, 'supplier', 'Acme & Sons_Ltd'],
  [{ supplier: null, receiving_counterparty_id: 'sup_1' }, 'supplier', 'sup_1'],
  [{ supplier: '(43 others)', receiving_counterparty_id: null }, 'supplier', '43 others'],
  [{ failure_reason: '(none)' }, 'failure_reason', 'No failure reason'],
  [{ age: '31-60' }, 'age', '31 to 60 days'],
  [{ age: '91+' }, 'age', '91+ days'],
  [{ age: 'no_invoice_date' }, 'age', 'No invoice date'],
  [{ age: 'later' }, 'age', 'Later'],
  [{ refund_reason: '(none)' }, 'refund_reason', 'No refund reason'],
  [{ status: {} }, 'status', '–'],
])('%j by %s reads %s', (row, dimension, text) => expect(groupWords(row, dimension)).toBe(text))

test('a bar is never longer than its figure, and nothing where there is none', () => {
  expect(
    [5, 0, -5, null, '9', Number.POSITIVE_INFINITY].map((count) => lengthOf({ count }, 'count')),
  ).toEqual([5, 0, 0, 0, 0, 0])
})

test('a part has one colour in every group, and aging its own whatever is there', () => {
  const rows = [{ status: 'settled' }, { status: 'failed' }, { status: 'settled' }]
  const colour = coloursOf(rows, 'status')
  expect(rows.map(colour)).toEqual(['var(--c4)', 'var(--c0)', 'var(--c4)'])
  const names = [{ supplier: 'constructor' }, { supplier: 'B' }, { supplier: 'constructor' }]
  expect(names.map(coloursOf(names, 'supplier'))).toEqual(['var(--c5)', 'var(--c4)', 'var(--c5)'])
  expect(coloursOf([{ aging: 'due_later' }], 'aging')({ aging: 'due_later' })).toBe('var(--c6)')
})

test('nothing that a host hands over makes reading fail', () =>
  fc.assert(
    fc.property(fc.anything(), (given) => {
      const rows = rowsOf([given])
      const dimensions = dimensionsOf(rows)
      const measures = measuresOf(rows)
      for (const row of rows) {
        for (const dimension of dimensions) coloursOf(rows, dimension)(row)
        for (const [key] of measures) expect(typeof figure(key, row[key])).toBe('string')
        expect(lengthOf(row, drawnIn(formOf(dimensions), measures))).toBeGreaterThanOrEqual(0)
      }
    }),
  ))
