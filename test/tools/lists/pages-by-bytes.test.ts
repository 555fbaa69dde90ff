/**
 * D1: at commit b8f2a26 the text of `list_all_finexio_invoices {limit: 500}` ended after 384 rows while `next_cursor` went on at
 * row 501, and the structure grew to 1.3 MB. Siblings: rows that are long in the text alone (quotes), in the structure alone (nested
 * records), and one row that is too long by itself.
 */
import { expect, test } from 'vitest'
import { bytesIn, LONGEST_ANSWER } from '../../../src/tools/present/present.ts'
import { paged } from '../composites/world.ts'
import { callWith } from '../fake-finexio.ts'

const created = (n: number) => new Date(Date.UTC(2026, 9, 1) - n * 60_000).toISOString().slice(0, 19)

const KINDS: readonly [string, string, object, (n: number) => object][] = [
  [
    'invoices with a long note',
    'list_all_finexio_invoices',
    { fields: ['id', 'note'] },
    () => ({ note: '読'.repeat(200) }),
  ],
  [
    'payments with quotes',
    'list_all_finexio_payments',
    { fields: ['id', 'refund_comment'] },
    () => ({ refund_comment: '"'.repeat(400) }),
  ],
  [
    'payments with all their events',
    'list_all_finexio_payments',
    { fields: ['*'] },
    () => ({ events: Array(9).fill({ description: 'x'.repeat(60) }) }),
  ],
  [
    'drawdowns',
    'list_all_finexio_drawdowns',
    { created_start: '2020-01-01' },
    () => ({ buyer_name: 'ł'.repeat(300) }),
  ],
]

test.each(KINDS)(
  '%s: page after page gives each row once, each within 100 KB',
  async (_, tool, args, more) => {
    const rows = Array.from({ length: 620 }, (__, n) => ({
      id: `r${n}`,
      processor_request_id: `r${n}`,
      created: created(n),
      ...more(n),
    }))
    for (const format of ['csv', 'json']) {
      const seen: string[] = []
      let next_cursor: string | null = null
      do {
        const {
          data,
          text,
          rows: made,
        } = await callWith(
          tool,
          { limit: 500, format, ...args, ...(next_cursor && { next_cursor }) },
          ({ query }) => paged(rows, query),
        )
        expect(bytesIn(text)).toBeLessThanOrEqual(LONGEST_ANSWER)
        expect(bytesIn(JSON.stringify(data))).toBeLessThanOrEqual(LONGEST_ANSWER)
        expect(text).not.toContain('Text cut')
        expect(made).toBe(JSON.stringify(data.result))
        const ids = data.result.map((row: Record<string, string>) => row.id ?? row.processor_request_id)
        for (const id of ids) expect(text).toContain(id)
        seen.push(...ids)
        next_cursor = data.next_cursor
        expect(data.has_more).toBe(next_cursor !== null)
      } while (next_cursor)
      expect(seen).toEqual(rows.map(({ id }) => id))
    }
  },
)

test('a row that no answer has room for is shown without its longest value, which says so, and the next one follows', async () => {
  const events = Array(200).fill({ description: 'x'.repeat(1_500) })
  const rows = [0, 1].map((n) => ({ id: `p${n}`, amount_cents: 5, created: created(n), events }))
  const first = await callWith('list_all_finexio_payments', { fields: ['id', 'amount', 'events'] }, () =>
    paged(rows),
  )
  expect(first.data.result).toEqual([
    {
      id: 'p0',
      amount: '0.05',
      events: expect.stringMatching(/^\[left out: 3\d{5} bytes; ask for this record by its id\]$/),
    },
  ])
  expect(first.text).toContain('left out: 3')
  expect(first.rows).toBe(JSON.stringify(first.data.result))
  const second = await callWith(
    'list_all_finexio_payments',
    { fields: ['id', 'amount', 'events'], next_cursor: first.data.next_cursor },
    () => paged(rows),
  )
  expect(second.data.result[0].id).toBe('p1')
  expect(second.data.next_cursor).toBeNull()
})

test('a page of rows that were looked for ends by bytes as well, and goes on behind the last of them', async () => {
  const rows = Array.from({ length: 900 }, (_, n) => ({
    id: `p${n}`,
    created: created(n),
    status: n % 3 ? 'settled' : 'failed',
    tracking_id: 'x'.repeat(1_200),
  }))
  const seen: string[] = []
  let next_cursor: string | null = null
  do {
    const { data } = await callWith(
      'list_all_finexio_payments',
      { limit: 500, status: 'failed', ...(next_cursor && { next_cursor }) },
      ({ query }) => paged(rows, query),
    )
    seen.push(...data.result.map(({ id }: { id: string }) => id))
    next_cursor = data.next_cursor
  } while (next_cursor)
  expect(seen).toEqual(rows.filter(({ status }) => status === 'failed').map(({ id }) => id))
})
