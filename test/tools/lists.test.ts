import { describe, expect, it, vi } from 'vitest'
import { FinexioFailure } from '../../src/finexio/failure.ts'
import type { FinexioRequest } from '../../src/finexio/types.ts'
import { callWith, envelope } from './fake-finexio.ts'

const stamp = (n: number) => new Date(Date.UTC(2026, 0, 1) + n * 60_000).toISOString().replace('Z', '000')
const payment = (n: number, more: object = {}) => ({
  id: `pay_${n}`,
  amount_cents: n * 100,
  status: 'settled',
  tracking_id: `RC${n}`,
  instrument_number: null,
  originating_counterparty_id: 'buy_1',
  created: stamp(n),
  invoices: [],
  ...more,
})

/** 100 rows a page, `next` as an absolute link on another host, as Finexio sends it. */
const pages = (rows: readonly object[]) => (request: FinexioRequest) => {
  const number = Number(request.query?.page ?? 1)
  const next = number * 100 < rows.length ? `https://elsewhere.example/v2/payments/?page=${number + 1}` : null
  return { count: rows.length, next, previous: null, results: rows.slice((number - 1) * 100, number * 100) }
}

const many = (count: number, more: (n: number) => object = () => ({})) =>
  Array.from({ length: count }, (_, i) => payment(count - i, more(count - i)))

describe('list_all_finexio_payments', () => {
  it('answers the newest rows as CSV and as structure, in the same columns', async () => {
    const { data, text, sent } = await callWith('list_all_finexio_payments', { limit: 2 }, pages(many(250)))
    expect(data).toMatchObject({ result_count: 2, is_partial_response: false })
    expect(data.result[0]).toMatchObject({
      id: 'pay_250',
      amount_cents: 25000,
      amount: '250.00',
      tracking_id: 'RC250',
    })
    expect(data.result[0]).toHaveProperty('instrument_number', null)
    expect(data.result[0]).not.toHaveProperty('invoices')
    const [summary, header, first] = text.split('\n')
    expect(summary).toMatch(/^2 of 250 payments\. More: next_cursor=/)
    expect(header).toBe('id,amount_cents,amount,status,tracking_id,originating_counterparty_id,created')
    expect(first).toBe(`pay_250,25000,250.00,settled,RC250,buy_1,2026-01-01T04:10:00Z`)
    expect(data.result[0].created).toBe('2026-01-01T04:10:00.000000')
    expect(sent).toMatchObject([
      { verb: 'GET', template: '/payments/', path: '/payments/', query: {}, effect: 'read' },
    ])
  })

  it('goes on where the cursor says, and only for the same question', async () => {
    const first = await callWith(
      'list_all_finexio_payments',
      { limit: 120, status: 'settled' },
      pages(many(250)),
    )
    expect(first.sent.map(({ query }) => query)).toEqual([
      { status: 'settled' },
      { status: 'settled', page: 2 },
    ])
    const next_cursor = first.data.next_cursor
    const second = await callWith(
      'list_all_finexio_payments',
      { limit: 1, status: 'settled', next_cursor },
      pages(many(250)),
    )
    expect(second.data.result[0].id).toBe('pay_130')
    for (const [args, more] of [
      [{ status: 'pending', next_cursor }, {}],
      [{ status: 'settled', next_cursor }, { scope: 'server-1 reconfigured' }],
      [{ status: 'settled', next_cursor: 'garbage' }, {}],
    ] as const) {
      const refused = await callWith('list_all_finexio_payments', args, pages(many(250)), more)
      expect(refused.text).toMatch(/next_cursor: it belongs to another query/)
      expect(refused.sent).toEqual([])
    }
  })

  it('gives the newest rows of a list that Finexio sends oldest first, and remembers the order', async () => {
    const learnOrder = vi.fn()
    const { data, sent } = await callWith(
      'list_all_finexio_payments',
      { limit: 3 },
      pages(many(250).toReversed()),
      { learnOrder },
    )
    expect(data.result.map(({ id }: { id: string }) => id)).toEqual(['pay_250', 'pay_249', 'pay_248'])
    expect(sent.map(({ query }) => query?.page)).toEqual([undefined, 3])
    expect(learnOrder).toHaveBeenCalledWith('payments', 'oldest')
  })

  it('says so when the order cannot be recognised', async () => {
    const mixed = many(250).toSorted((a, b) => Number(a.amount_cents % 700) - Number(b.amount_cents % 700))
    const { data } = await callWith('list_all_finexio_payments', { limit: 5 }, pages(mixed))
    expect(data.note).toMatch(/order .* could not be recognised/)
  })

  it('finds a status that Finexio cannot filter by, and says how far it looked', async () => {
    const rows = many(4_500, (n) => (n % 300 === 0 ? { status: 'failed' } : {}))
    const { data, sent } = await callWith(
      'list_all_finexio_payments',
      { status: 'failed', limit: 2 },
      pages(rows),
    )
    expect(data.result.map(({ id }: { id: string }) => id)).toEqual(['pay_4500', 'pay_4200'])
    expect(sent.every(({ query }) => query?.status === undefined)).toBe(true)
    expect(data.note).toMatch(
      /no filter for status failed: 301 rows were read back to .*; older rows were not looked at yet/,
    )
    const bounded = await callWith('list_all_finexio_payments', { status: 'canceled' }, pages(rows))
    expect(bounded.sent).toHaveLength(40)
    expect(bounded.data).toMatchObject({ result_count: 0, is_partial_response: true })
    expect(bounded.data.note).toMatch(/4,000 rows were read.*Partial: 40 requests.*Continue with next_cursor/)
    expect(bounded.data.next_cursor).toEqual(expect.any(String))
  })

  it('picks columns, all of them with *, and refuses unknown ones', async () => {
    const some = await callWith('list_all_finexio_payments', { fields: ['id', 'events'] }, pages(many(1)))
    expect(some.data.result[0]).toEqual({ id: 'pay_1', events: null })
    expect(some.data.note).toBe('Empty in all rows: events.')
    const all = await callWith('list_all_finexio_payments', { fields: ['*'] }, pages(many(1)))
    expect(all.data.result[0]).toHaveProperty('invoices', [])
    const wrong = await callWith('list_all_finexio_payments', { fields: ['trackingid'] }, pages(many(1)))
    expect(wrong.text).toMatch(/fields: unknown column "trackingid": did you mean "tracking_id"/)
    expect(wrong.sent).toEqual([])
  })

  it('answers JSON text where the server asks for it', async () => {
    const { text, data } = await callWith('list_all_finexio_payments', { limit: 1 }, pages(many(1)), {
      textFormat: 'json',
    })
    expect(JSON.parse(text)).toMatchObject({ result: [{ id: 'pay_1', amount: '1.00' }], result_count: 1 })
    expect(text).not.toContain('null')
    expect(data.next_cursor).toBeNull()
  })

  it('keeps the pages it read when a later one is throttled, and tells of the throttle', async () => {
    const rows = many(400)
    const rate = { limit: 10, remaining: 0, reset: 20 }
    const answer = (request: FinexioRequest) => {
      if (request.query?.page !== 3) return pages(rows)(request)
      throw new FinexioFailure({
        kind: 'throttled',
        status: 429,
        message: 'Too many requests',
        rate,
        retryAfter: 20,
        sent: true,
      })
    }
    const { result, data, sent, headers } = await callWith(
      'list_all_finexio_payments',
      { limit: 400 },
      answer,
    )
    expect(sent).toHaveLength(3)
    expect(result.isError).toBeUndefined()
    expect(data).toMatchObject({ result_count: 200, is_partial_response: true })
    expect(data.note).toMatch(/stopped: .*20 s/s)
    expect(result._meta).toMatchObject({
      'dev.finexio-mcp/rate-limit': { status: 429, remaining: 0, retry_after: 20 },
    })
    expect(headers).toMatchObject({ 'ratelimit-remaining': '0', 'retry-after': '20' })
  })

  it('ends a page at 100 KB and says so', async () => {
    const rows = many(500, () => ({ tracking_id: 'x'.repeat(1_500) }))
    const { text, data } = await callWith('list_all_finexio_payments', { limit: 500 }, pages(rows))
    expect(text.length).toBeLessThan(101_000)
    expect(data.note).toBe('This page ends after 53 rows, at 100 KB; next_cursor goes on there.')
    expect(data).toMatchObject({ result_count: 53, has_more: true, is_partial_response: false })
    expect(JSON.stringify(data).length).toBeLessThan(101_000)
  })
})

describe('list_all_finexio_drawdowns', () => {
  it('is refused without a filter, before anything is sent', async () => {
    const { text, sent } = await callWith('list_all_finexio_drawdowns', {}, () => envelope([]))
    expect(text).toMatch(/At least one filter is needed: buyer_ref_id/)
    expect(sent).toEqual([])
  })
  it('looks for canceled ones with a filter that lets all pass', async () => {
    const rows = [
      { processor_request_id: 'a', status: 'canceled' },
      { processor_request_id: 'b', status: 'received' },
    ]
    const { data, sent } = await callWith('list_all_finexio_drawdowns', { status: 'canceled' }, () =>
      envelope(rows),
    )
    expect(data.result.map((row: { processor_request_id: string }) => row.processor_request_id)).toEqual([
      'a',
    ])
    expect(sent[0]?.query).toEqual({ created_start: '1970-01-01T00:00:00Z' })
  })
})

describe('contact lists', () => {
  it('page a bare array here', async () => {
    const contacts = Array.from({ length: 5 }, (_, i) => ({
      id: `c${i}`,
      external_reference_id: `r${i}`,
      primary: i === 0,
    }))
    const args = { supplier_id: 'sup 1', limit: 2 }
    const first = await callWith('list_all_finexio_supplier_contacts', args, () => contacts)
    expect(first.sent[0]?.path).toBe('/counterparties/suppliers/sup%201/contacts')
    const second = await callWith(
      'list_all_finexio_supplier_contacts',
      { ...args, next_cursor: first.data.next_cursor },
      () => contacts,
    )
    expect(second.data.result.map(({ id }: { id: string }) => id)).toEqual(['c2', 'c3'])
  })
})

describe('list_all_finexio_counterparty_history', () => {
  const vendor = { id: 'cp_1', name: 'Alpha', type: 'Supplier', internal_id: 'VENDOR_ALPHA' }
  const entry = {
    object_id: 'cp_1',
    actor: 'ann',
    timestamp: '2026-05-01T00:00:00.000000',
    action: 'Updated',
    changes: { payment_method: ['PrintedCheck', 'ACH'], bank_account_number: ['None', '000111222333'] },
  }

  it('finds the counterparty of an internal_id in any letter case, one spelling a request', async () => {
    const { data, sent } = await callWith(
      'list_all_finexio_counterparty_history',
      { internal_id: 'vendor_alpha' },
      ({ path, query }) => {
        if (path !== '/counterparties/') return envelope([entry])
        return envelope(query?.internal_id === 'VENDOR_ALPHA' ? [vendor] : [])
      },
    )
    // At b8f2a26 both values went in one query, which Finexio's description does not allow.
    expect(sent.map(({ path, query }) => [path, query])).toEqual([
      ['/counterparties/', { internal_id: 'vendor_alpha' }],
      ['/counterparties/', { internal_id: 'VENDOR_ALPHA' }],
      ['/counterparties/history', { object_id: 'cp_1' }],
    ])
    expect(data.result[0].changes).toEqual([
      { field: 'payment_method', before: 'PrintedCheck', after: 'ACH' },
      { field: 'bank_account_number', before: null, after: '****2333' },
    ])
  })

  it('never guesses', async () => {
    const none = await callWith('list_all_finexio_counterparty_history', { internal_id: 'x' }, () =>
      envelope([]),
    )
    expect(none.text).toMatch(/No counterparty has the internal_id "x".*no history was read/)
    const two = [vendor, { ...vendor, id: 'cp_2', type: 'Buyer' }]
    const several = await callWith(
      'list_all_finexio_counterparty_history',
      { internal_id: 'Vendor_Alpha' },
      () => envelope(two),
    )
    expect(several.text).toMatch(/2 counterparties .* cp_1 \(Supplier "Alpha"\), cp_2 \(Buyer "Alpha"\)/)
    expect(several.sent).toHaveLength(1)
  })
})
