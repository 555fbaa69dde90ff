/** The guard looks for an invoice number in each spelling by which Finexio may hold it. */
import { describe, expect, test } from 'vitest'
import type { FinexioRequest } from '../../src/finexio/types.ts'
import { callWith, envelope, openWrites } from '../tools/fake-finexio.ts'

// Until 2026-11-30 the number was asked for as given alone, and counted as not there where a filter that is taken to the letter
// holds it as Finexio compares it. Siblings: with blanks around it, found as given, in neither spelling.
describe('a number that is looked for in drawdowns before a batch leaves', () => {
  const taken = {
    ...{ id: 'inv_1', invoice_number: 'INV-9A', status: 'paid', amount_cents: 1, can_be_resubmitted: false },
    ...{ originating_counterparty_id: 'buy_1', receiving_counterparty_id: 'sup_1' },
  }
  const pageOf = (page: number) =>
    envelope(
      Array.from({ length: 100 }, (_, at) => ({ id: `${page} ${at}`, created: '2026-11-01T00:00:00' })),
      { count: 5_000, next: `https://x/?page=${page + 1}` },
    )
  const drawdownsOf = (found: boolean) => envelope(found ? [{ processor_request_id: 'req_1' }] : [])
  const payments = envelope([{ ...taken, id: 'pay_1', invoices: [{ ...taken }] }])
  const world = (stored: string, asked: unknown[]) => {
    const drawdowns = (number: unknown) => {
      asked.push(number)
      return drawdownsOf(number === stored)
    }
    const answers: Record<string, (query: FinexioRequest['query']) => unknown> = {
      '/invoices/': (query) => pageOf(Number(query?.page ?? 1)),
      '/reconciliation/drawdown': (query) => drawdowns(query?.invoice_number),
      '/invoices/inv_1/': () => taken,
    }
    return ({ path, query, body }: FinexioRequest): unknown =>
      path === '/invoices/batch/'
        ? (body as object[]).map((row) => ({ ...row, id: 'inv_9' }))
        : (answers[path]?.(query) ?? payments)
  }
  const batch = (invoice_number: string) => ({
    body: [
      {
        ...{ invoice_number, amount_cents: 1, invoice_date: '2026-11-23' },
        ...{ originating_counterparty_id: 'buy_1', receiving_counterparty_id: 'sup_1' },
      },
    ],
  })
  test.each([
    [
      'inv-9a',
      'INV-9A',
      ['inv-9a', 'INV-9A'],
      /body\[0\] \(invoice "inv-9a", \$0\.01, supplier sup_1\) is invoice inv_1 already/,
    ],
    [' inv-9a ', 'INV-9A', ['inv-9a', 'INV-9A'], /is invoice inv_1 already/],
    ['inv-9a', 'inv-9a', ['inv-9a'], /is invoice inv_1 already/],
    ['INV-9A', 'INV-9A', ['INV-9A'], /is invoice inv_1 already/],
    ['inv-9b', 'INV-9A', ['inv-9b', 'INV-9B'], /"outcome":"succeeded"/],
  ])('%j, stored as %j, is asked for as %j', async (given, stored, spelled, words) => {
    const asked: unknown[] = []
    const writes = openWrites([], { settings: { duplicate_guard: { requests: 40 } } })
    const { text } = await callWith('finexio_invoices_bulk_create', batch(given), world(stored, asked), {
      writes,
    })
    expect(asked).toEqual(spelled)
    expect(text).toMatch(words)
  })
})

test('rows of one batch that are the same invoice are named by number, amount and supplier', async () => {
  const row = {
    ...{ invoice_number: 'TWICE-1', amount_cents: 125_000, invoice_date: '2026-11-23' },
    ...{ originating_counterparty_id: 'buy_1', receiving_counterparty_id: 'sup_1' },
  }
  const writes = openWrites([], { settings: { duplicate_guard: { requests: 40 } } })
  const { text } = await callWith('finexio_invoices_bulk_create', { body: [row, row] }, () => envelope([]), {
    writes,
  })
  expect(text).toContain(
    'body[1] (invoice "TWICE-1", $1,250.00, supplier sup_1) is the same invoice as body[0]',
  )
})
