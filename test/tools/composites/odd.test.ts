/** What Finexio does not promise to leave out: missing and odd values, unknown words, pages that repeat, faults midway. */
import { describe, expect, test } from 'vitest'
import { callWith } from '../fake-finexio.ts'
import { entry, failing, finexioOf, invoice, PARTIES, paged, payment, type World } from './world.ts'

type Row = Record<string, unknown>

const ask = (tool: string, args: object, world: World, sees = (_: string) => true) =>
  callWith(tool, args, finexioOf({ parties: PARTIES, ...world }), { sees })

describe('reconcile_finexio_drawdown', () => {
  const reconcile = (world: World, args: object = {}, sees?: (name: string) => boolean) =>
    ask(
      'reconcile_finexio_drawdown',
      { id: 'd1', ...args },
      {
        drawdown: { processor_request_id: 'd1', amount_cents: 3_006, status: 'received' },
        funded: [payment(1), payment(2), payment(3)],
        image: () => ({ check_image_url: 'https://x.test/i' }),
        ...world,
      },
      sees,
    )

  test.each([[null], [undefined], [1002.5], ['ten'], [true]])(
    'an amount of %j is no zero: sums are not compared',
    async (amount_cents) => {
      const { data, text } = await reconcile({ funded: [payment(1), payment(2, { amount_cents })] })
      expect(data).toMatchObject({ reconciled: null, differences: [], is_partial_response: true })
      expect(text).toMatch(/No readable amount, itself or on an invoice: 1 payment \(p2\)/)
      expect(text).not.toMatch(/add up|differ/)
    },
  )

  test('nor is that of an invoice, or of the drawdown itself', async () => {
    const funded = [payment(1, { invoices: [{ id: 'i1', payment_amount_cents: null }] })]
    expect((await reconcile({ funded })).data).toMatchObject({ reconciled: null, differences: [] })
    const drawdown = { processor_request_id: 'd1', amount_cents: null, status: null }
    const { data, text } = await reconcile({ drawdown })
    expect(data.reconciled).toBeNull()
    expect(text).toMatch(
      /^Drawdown d1 \(without status, no amount\).*the drawdown itself comes without an amount/,
    )
  })

  test.each([['1001'], ['1001.00'], [1001]])('%j is 10.01', async (amount_cents) => {
    const { data } = await reconcile({ funded: [payment(1, { amount_cents }), payment(2), payment(3)] })
    expect(data).toMatchObject({ reconciled: true, payments_cents: 3_006 })
  })

  test('two wrong payments that cancel out in the sum are named', async () => {
    const wrong = (at: number, payment_amount_cents: number) =>
      payment(at, { invoices: [{ id: `i${at}`, payment_amount_cents, discount_amount_cents: 50 }] })
    const { data } = await reconcile({ funded: [wrong(1, 1_101), wrong(2, 902), payment(3)] })
    expect(data.reconciled).toBe(false)
    expect(data.differences).toEqual([
      'payment p1 ($10.01) and its invoices ($11.01) differ by $1.00, with discounts of $0.50 on these',
      'payment p2 ($10.02) and its invoices ($9.02) differ by $1.00, with discounts of $0.50 on these',
    ])
  })

  test('payments without invoices are named, the first ten of them', async () => {
    const funded = Array.from({ length: 14 }, (_, at) => payment(at, { invoices: at % 2 ? null : [] }))
    const { differences } = (await reconcile({ funded })).data
    expect(differences).toContain('payment p0 ($10.00) lists no invoices')
    expect(differences.at(-1)).toBe('4 more payments differ from their invoices')
  })

  test('money that goes back lowers the sum, exactly', async () => {
    const { data } = await reconcile({ funded: [payment(1), payment(2), payment(3, { amount_cents: -500 })] })
    expect(data).toMatchObject({ payments_cents: 1_503, payments_amount: '15.03', reconciled: false })
  })

  test('words that nobody documented are open, whatever they mean', async () => {
    const funded = [payment(1, { status: 'returned' }), payment(2, { status: 'SETTLED' }), payment(3)]
    const { data } = await reconcile({ funded })
    expect(data.payments.map(({ open }: Row) => open)).toEqual(['returned', null, null])
  })

  test('images that the server hides, or nobody wants, are said; what is open does not turn on them', async () => {
    const hidden = await reconcile({}, {}, (name) => !name.includes('image'))
    expect(hidden.text).toMatch(/shows no check images/)
    expect(hidden.text).toMatch(/Nothing is open\./)
    const unwanted = await reconcile({}, { images: false })
    expect([unwanted.sent.length, unwanted.data.payments[0].scanned]).toEqual([3, null])
  })

  test.each(['throttled', 'upstream_fault', 'no_answer'] as const)(
    '%s on the second page of payments: what was read, and no word on sums',
    async (kind) => {
      const funded = Array.from({ length: 250 }, (_, at) => payment(at))
      const over = ({ path, query }: { path: string; query?: Row }) =>
        path.endsWith('/payments') && query?.page === 2 ? failing(kind) : undefined
      const { data, text } = await reconcile({ funded, over } as World)
      expect(data).toMatchObject({ payments_count: 100, reconciled: null, is_partial_response: true })
      expect(text).toMatch(/read so far.*100 of 250 payments were read.*The same call again reads them all/)
      expect(text).not.toMatch(/add up|Nothing is open\./)
    },
  )

  test('pages that repeat end the reading at once, and are told', async () => {
    const funded = Array.from({ length: 100 }, (_, at) => payment(at, { payment_method: 'ach' }))
    const over = ({ path }: { path: string }) =>
      path.endsWith('/payments')
        ? { count: 250, next: 'https://finexio.test/?page=2', results: funded }
        : undefined
    const { data, sent, text } = await reconcile({ over })
    expect(sent.length).toBeLessThanOrEqual(5)
    expect(data).toMatchObject({ payments_count: 100, is_partial_response: true, next_cursor: null })
    expect(text).toMatch(/(page 2 names page 2|sent the same page again).*100 of 250 payments were read/)
  })

  test('what a resumed call says of open payments is said of those it lists', async () => {
    let images = 0
    const image = () => (++images > 1 ? failing('throttled') : { check_image_url: 'https://x.test/i' })
    const funded = [payment(1, { status: 'pending' }), payment(2), payment(3)]
    const { data } = await reconcile({ funded, image })
    const rest = await reconcile({ funded }, { next_cursor: data.next_cursor })
    expect(rest.data.payments.map(({ id }: Row) => id)).not.toContain('p1')
    expect(rest.text).toMatch(/Nothing is open among the 2 payments listed here/)
  })
})

describe('trace_finexio_invoice', () => {
  const trace = (args: object, world: World, sees?: (name: string) => boolean) =>
    ask('trace_finexio_invoice', args, world, sees)

  test('a number that two suppliers use is never answered with the one that happens to be paid', async () => {
    const namesake = invoice(2, { invoice_number: 'N-1', receiving_counterparty_id: 's2', status: 'pending' })
    const world: World = {
      invoices: [invoice(1), namesake],
      payments: [payment(1)],
      drawdowns: ({ invoice_number }) => (invoice_number ? [{ processor_request_id: 'd1' }] : []),
      funded: [payment(1, { supplier_name: 'Acme' })],
    }
    const { data, text } = await trace({ invoice_number: 'N-1' }, world)
    expect(data.matches.map((row: Row) => [row.id, row.status, row.supplier_name])).toEqual([
      ['i1', 'complete', 'Acme'],
      ['i2', 'pending', 'Bolt'],
    ])
    expect(data).not.toHaveProperty('verdict')
    expect(text).toMatch(/2 invoices fit: none was picked/)
    const one = await trace({ invoice_number: 'N-1', supplier_name: 'acme' }, world)
    expect(one.data).toMatchObject({ verdict: 'paid', invoice: { id: 'i1' } })
  })

  test('of an invoice that was sent again the latest payment counts', async () => {
    const again = invoice(1, { payment_id: 'p9' })
    const { data } = await trace(
      { invoice_number: 'N-1', supplier_name: 'Acme' },
      {
        invoices: [again],
        payments: [payment(1, { status: 'failed' }), payment(9)],
        drawdowns: ({ invoice_number, tracking_id }) =>
          invoice_number
            ? [{ processor_request_id: 'old' }]
            : tracking_id === 'RC9'
              ? [{ processor_request_id: 'new' }]
              : [],
        funded: [payment(1, { status: 'failed', supplier_name: 'Acme' })],
      },
    )
    expect(data).toMatchObject({
      verdict: 'paid',
      payment: { id: 'p9' },
      drawdown: { processor_request_id: 'new' },
    })
  })

  test('a payment that is gone dates nothing, and is said to be missing', async () => {
    const { data, text } = await trace({ id: 'i1' }, { invoices: [invoice(1)] })
    expect(data).toMatchObject({ verdict: 'paid', since: null, payment: null })
    expect(text).toMatch(/^PAID: the invoice is complete; its payment p1 could not be read/)
  })

  test.each([
    [{ status: 'voided', payment_id: null }, undefined, /"voided", a word that this server does not know/],
    [
      { status: null, payment_id: null, amount_cents: '1.5' },
      undefined,
      /^STATE UNKNOWN.* an unreadable amount/,
    ],
    [{}, { status: 'returned' }, /its payment is "returned", a word that/],
    [{}, { status: 'failed' }, /FAILED since .* its payment is failed; the invoice itself says complete/],
  ])('invoice %j, payment %j', async (more, paid, words) => {
    const payments = paid ? [payment(1, paid)] : []
    const { text } = await trace({ id: 'i1' }, { invoices: [invoice(1, more)], payments })
    expect(text).toMatch(words)
  })

  test('events that are none are left out', async () => {
    const events = [null, 'x', {}, { timestamp: '2026-10-09T10:00:00.123', event_name: 'cashed' }]
    const { data } = await trace({ id: 'i1' }, { invoices: [invoice(1)], payments: [payment(1, { events })] })
    expect(data.events).toHaveLength(1)
    expect(data.since).toBe('2026-10-09T10:00:00.123')
  })

  test('drawdowns that were not looked into are told', async () => {
    const drawdowns = () => Array.from({ length: 14 }, (_, at) => ({ processor_request_id: `d${at}` }))
    const { text, data } = await trace({ invoice_number: 'N-1', supplier_name: 'Bolt' }, { drawdowns })
    expect(data.matches_count).toBe(0)
    expect(text).toMatch(/4 more drawdowns hold this number and were not looked into/)
  })

  test('an id with another number or supplier is no match', async () => {
    const { data, text } = await trace({ id: 'i1', invoice_number: 'N-2' }, { invoices: [invoice(1)] })
    expect(data.matches_count).toBe(0)
    expect(text).toMatch(/has another number or supplier/)
  })

  test('a bound that ends the search is not "there is none"', async () => {
    const invoices = Array.from({ length: 5_000 }, (_, at) => invoice(at))
    const { text, data } = await trace({ invoice_number: 'LATE' }, { invoices })
    expect(data.is_partial_response).toBe(true)
    expect(text).toMatch(/^None of the invoices looked at fits.*\d+ of 5000 invoices/)
  })

  test('check images that the server hides are said to be', async () => {
    const { data, text } = await trace(
      { id: 'i1' },
      { invoices: [invoice(1)], payments: [payment(1)] },
      (name) => !name.includes('image'),
    )
    expect(data.check).toBeNull()
    expect(text).toMatch(/shows no check images/)
  })
})

test('duplicates: no rows at all is zero, not an error', async () => {
  const { data, result } = await ask('find_possible_duplicate_finexio_invoices', {}, {})
  expect([result.isError, data.is_partial_response]).toEqual([undefined, false])
})

describe('audit_finexio_counterparty_changes', () => {
  const audit = (args: object, history: readonly unknown[], world: World = {}) =>
    ask('audit_finexio_counterparty_changes', args, { history, ...world })

  test('both shapes, entries without fields and without a readable time are all told', async () => {
    const { data, text } = await audit({ object_id: 's1' }, [
      entry('2026-10-06T00:00:00', null, { action: 'Deleted' }),
      {
        id: 'h',
        objectId: 's1',
        date: '2026-10-04T00:00:00',
        username: 'bob',
        action: 'Update',
        changes: { field: 'paymentMethod', oldValue: 'Check', newValue: 'ACH' },
      },
      entry('2026-10-01T00:00:00', { bank_account_number: ['1234567890', '9876543210'] }),
      entry('10/02/2026', { email: ['a@b.c', 'd@e.f'] }),
      entry(null, { name: ['a', 'b'] }),
    ])
    expect(data.result.map(({ field, action, risk }: Row) => [field, action, risk])).toEqual([
      ['(none)', 'Deleted', null],
      ['paymentMethod', 'Update', 'payment_method'],
      ['bank_account_number', 'Updated', 'bank_account'],
      ['email', 'Updated', 'email'],
      ['name', 'Updated', null],
    ])
    expect(text).toMatch(/2 changes without a readable time: listed last/)
    expect(text).not.toMatch(/1234567890|9876543210/)
  })

  test('a field that nobody changed is not a field that is misspelt', async () => {
    const history = [entry('2026-10-01T00:00:00', { bank_account_number: ['1', '2'] })]
    const { text } = await audit({ object_id: 's1', field: 'bank_acount' }, history)
    expect(text).toMatch(/No change of a field called "bank_acount".*Did you mean "bank_account"\?/)
  })

  test('a party that the log does not know may be a wrong id', async () => {
    expect((await audit({ object_id: 'nope' }, [])).text).toMatch(/has no entry of this buyer or supplier/)
  })
})

test('readiness names each field with what is wrong with it', async () => {
  const suppliers = [{ id: 's1' }, { id: 's2', name: 'B', payment_method: 'Crypto', enabled: null }, null]
  const { data, text } = await ask('check_finexio_supplier_readiness', {}, { suppliers })
  expect(data.not_ready_count).toBe(2)
  expect(text).toMatch(/external_reference_id: This field is required\. payment_method: must be one of/)
  expect(text).toMatch(/1 row of Finexio could not be read and is missing/)
})

test('a list whose pages repeat ends, in every tool that reads whole lists', async () => {
  const same = (rows: readonly unknown[]) => ({ ...paged(rows), count: 900, next: 'https://x.test/?page=2' })
  const over = ({ path }: { path: string }) =>
    path === '/invoices/' ? same(Array.from({ length: 100 }, (_, at) => invoice(at))) : undefined
  const calls: [tool: string, args: object][] = [
    ['analyze_finexio_payables', { over: 'invoices' }],
    ['find_possible_duplicate_finexio_invoices', {}],
  ]
  for (const [tool, args] of calls) {
    const { sent, text } = await ask(tool, args, { over })
    expect(sent.length, tool).toBeLessThan(20)
    expect(text).toMatch(/^PART OF THE LIST, 100 of 900: .*(page 2 names page 2|sent the same page again)/)
  }
})

describe('lists that Finexio gives oldest first, or counts wrongly', () => {
  const all = Array.from({ length: 4_500 }, (_, at) =>
    invoice(at, { created: new Date(Date.UTC(2026, 0, 1) + at * 60_000).toISOString().slice(0, -1) }),
  )
  const counting =
    (rows: readonly unknown[], count: unknown) =>
    ({ path, query }: { path: string; query?: Row }) =>
      path === '/invoices/' ? { ...paged(rows, query), count } : undefined

  test.each([
    ['oldest', all],
    ['newest', all.toReversed()],
  ])('%s first: the newest are looked through', async (_, invoices) => {
    const { data, text } = await ask('trace_finexio_invoice', { invoice_number: 'N-4499' }, { invoices })
    expect(data).toMatchObject({ matches_count: 1, invoice: { id: 'i4499' }, is_partial_response: true })
    expect(text).toMatch(/the newest \d+ of 4500 invoices/)
    const { data: found } = await ask('search', { query: 'N-4499' }, { invoices })
    expect(found.results).toEqual([expect.objectContaining({ id: 'invoice:i4499' })])
  })

  test.each([null, 0, 90, 250, 900, -1, 'many'])('a count of %j misleads nobody', async (count) => {
    const invoices = all.slice(0, 250)
    const { data } = await ask(
      'trace_finexio_invoice',
      { invoice_number: 'N-249' },
      { over: counting(invoices, count) },
    )
    expect(data.matches_count).toBe(1)
    const summed = await ask(
      'analyze_finexio_payables',
      { over: 'invoices' },
      { over: counting(invoices, count) },
    )
    expect(summed.data).toMatchObject({ total: { count: 250 }, next_cursor: null })
  })
})
