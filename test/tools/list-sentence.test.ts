import { expect, test } from 'vitest'
import { listText } from '../../src/tools/derived/list-answer.ts'

// Seen at d9f6ffd2: "1 payments. More: next_cursor=…".

const said = (noun: string, count: number, total: number | null) =>
  listText(
    noun,
    [],
    {
      result: [],
      next_cursor: null,
      result_count: count,
      total_count: total,
      is_partial_response: false,
    },
    'csv',
  )

test.each([
  ['payments', 0, null, '0 payments.'],
  ['payments', 1, null, '1 payment.'],
  ['payments', 2, null, '2 payments.'],
  ['payments', 1, 1, '1 payment.'],
  ['payments', 1, 5, '1 of 5 payments.'],
  ['counterparties', 1, 1, '1 counterparty.'],
  ['drawdown_payments', 1, null, '1 drawdown payment.'],
])('%s, %s of %s: %s', (noun, count, total, words) => {
  expect(said(noun, count, total)).toBe(`${words} No more pages.`)
})
