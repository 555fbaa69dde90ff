/** Invoices in the user's own form: what is ready, what is left out and why, and what was asked of Finexio. */
import { describe, expect, it } from 'vitest'
import type { FinexioRequest } from '../../../src/finexio/types.ts'
import { runsText } from '../../../src/tools/prepare/told-once.ts'
import { callWith, envelope, payableSupplier } from '../fake-finexio.ts'

const ACME = '5a000001-0000-4000-8000-000000000001'
const TYRES = '5a000002-0000-4000-8000-000000000002'
const BUYER = 'b0000001-0000-4000-8000-000000000001'

const parties = [
  { id: ACME, name: 'Acme Co.', type: 'Supplier', internal_id: 'ACME-1' },
  { id: TYRES, name: 'Imaginary Tyres', type: 'Supplier', internal_id: 'TYRES' },
  { id: 'twin-1', name: 'Twin Ltd', type: 'Supplier', internal_id: 'TWIN-1' },
  { id: 'twin-2', name: 'TWIN LTD', type: 'Supplier', internal_id: 'TWIN-2' },
  { id: BUYER, name: 'Example1', type: 'Buyer', internal_id: 'BUY' },
]

const submitted = (invoice_number: string, more: object = {}) => ({
  id: `inv-${invoice_number}`,
  invoice_number,
  status: 'sent',
  amount_cents: 1,
  originating_counterparty_id: BUYER,
  receiving_counterparty_id: ACME,
  can_be_resubmitted: false,
  created: '2026-11-01T00:00:00',
  ...more,
})

const has = (value: string, part: unknown) =>
  part === undefined || value.toLowerCase().includes(String(part).toLowerCase())

/** Finexio's own filters: part of a name, exact internal ids, the type. */
const answer =
  (before: readonly object[] = [], records: Readonly<Record<string, object>> = {}) =>
  ({ path, query = {} }: FinexioRequest): unknown => {
    if (path === '/invoices/') return envelope(before)
    if (path === '/counterparties/suppliers') return envelope(parties.map(({ id }) => payableSupplier(id)))
    const one = parties.find(({ id }) => path.includes(id))
    if (path.startsWith('/counterparties/suppliers/')) return payableSupplier(one!.id, records[one!.id])
    if (path !== '/counterparties/') return one
    const ids = [query.internal_id ?? []].flat()
    return envelope(
      parties.filter(
        ({ name, type, internal_id }) =>
          has(name, query.name) &&
          (query.type === undefined || query.type === type) &&
          (ids.length === 0 || (ids as string[]).includes(internal_id)),
      ),
    )
  }

const prepare = (args: object, before: readonly object[] = [], more = {}) =>
  callWith('prepare_finexio_invoices', args, answer(before), more)

const CSV = `Vendor,Invoice #,Amount,Date,Due Date,Memo
"Acme Co.",A-1,"$1,250.50",11/20/2026,12/20/2026,"Smith, ""Bob"""
imaginary tyres,T-1,0.29,2026-11-21,,`

describe('prepare_finexio_invoices', () => {
  it('makes a body with exact cents, ISO dates and found parties', async () => {
    const { data, text, sent } = await prepare({ csv: CSV, buyer: 'Example1' })
    expect(data).toMatchObject({
      body: [
        {
          invoice_number: 'A-1',
          amount_cents: 125_050,
          originating_counterparty_id: BUYER,
          receiving_counterparty_id: ACME,
          invoice_date: '2026-11-20',
          invoice_due_date: '2026-12-20',
          note: 'Smith, "Bob"',
        },
        {
          invoice_number: 'T-1',
          amount_cents: 29,
          receiving_counterparty_id: TYRES,
          invoice_date: '2026-11-21',
        },
      ],
      ready_count: 2,
      row_count: 2,
      total_cents: 125_079,
      total: '1250.79',
      problems: [],
      ignored_columns: [],
      is_partial_response: false,
      columns: { Vendor: 'supplier', 'Invoice #': 'invoice_number', Memo: 'note' },
    })
    expect(text).toContain('2 of 2 invoices are ready, $1,250.79 in all. Nothing was submitted.')
    expect(text).toContain(`body: ${JSON.stringify(data.body)}`)
    expect(sent.every(({ verb }) => verb === 'GET')).toBe(true)
  })

  it('is accepted as it is by finexio_invoices_bulk_create', async () => {
    const { data } = await prepare({ csv: CSV, buyer: BUYER })
    const created = await callWith(
      'finexio_invoices_bulk_create',
      { body: data.body, dry_run: true },
      () => [],
    )
    expect(created.result.isError).toBeUndefined()
    expect(created.ran?.outcome).toBe('dry_run')
  })

  it('takes rows as well, with numbers and with parties by id and internal id', async () => {
    const rows = [
      { invoice_number: 'R-1', amount: 1250.1, invoice_date: '2026-11-20', supplier: ACME, buyer: 'buy' },
      {
        invoice_number: 'R-2',
        amount: '12',
        invoice_date: '2026-11-20',
        supplier: 'TYRES',
        buyer: BUYER,
        metadata: { po: 'P', line: 1 },
      },
    ]
    const { data } = await prepare({ rows })
    expect(data.problems).toEqual([])
    expect(data.body).toMatchObject([
      { amount_cents: 125_010, receiving_counterparty_id: ACME, originating_counterparty_id: BUYER },
      { amount_cents: 1200, receiving_counterparty_id: TYRES, metadata: { po: 'P', line: 1 } },
    ])
  })

  it('leaves rows with problems out, and says which and why', async () => {
    const csv = `vendor,invoice no,amount,date
Acme Co.,B-1,-5.00,2026-11-20
Twin Ltd,B-2,5.00,2026-11-20
Nobody,B-3,5.00,2026-11-20
Acme Co.,B#4,5.00,2026-11-20
Acme Co.,B-5,5.00,2024-11-20
Acme Co.,,5.00,2026-11-20
Acme Co.,B-7,0,02/30/2026
=cmd(),B-8,5,2026-11-20
Acme Co.,B-9,"1,000,000,000.00",2026-11-20
Acme Co.,B-10,1,250.00,2026-11-20
Acme Co.,B-11,5.00,2026-11-20`
    const { data, text } = await prepare({ csv, buyer: 'Example1' })
    expect(data.body.map(({ invoice_number }: Record<string, string>) => invoice_number)).toEqual(['B-11'])
    const told = data.problems.map(
      ({ row, field, problem }: Record<string, string>) => `${row} ${field}: ${problem}`,
    )
    for (const [row, words] of [
      [1, 'amount_cents: is negative: credits cannot be submitted'],
      [2, 'receiving_counterparty_id: 2 suppliers have this name (twin-1, twin-2): give the id'],
      [3, 'receiving_counterparty_id: no supplier has this id, internal id or name: find it with'],
      [4, "invoice_number: must be 1 to 49 letters, digits, blanks or / . - ? : ( ) , ' +"],
      [5, 'invoice_date: must be within 365 days of today'],
      [6, 'invoice_number: required (text)'],
      [7, 'amount_cents: must be at least one cent'],
      [7, 'invoice_date: is not a day of the calendar when read as month/day/year'],
      [8, 'receiving_counterparty_id: begins like a spreadsheet formula'],
      [9, 'amount_cents: must be at most 9,999,999.00 dollars'],
      [10, 'row: has 5 cells for 4 headings'],
    ])
      expect(told, `${row} ${words}`).toContainEqual(expect.stringContaining(`${row} ${words}`))
    expect(data).toMatchObject({
      ready_count: 1,
      row_count: 11,
      total_cents: 500,
      is_partial_response: false,
    })
    expect(text).toContain('10 rows have problems and are left out of body.')
    expect(new Set(data.problems.map(({ row }: { row: number }) => row)).size).toBe(10)
  })

  // Seen on 2026-11-30: a column of dates that are none was 8 rows and 16 equal lines, half of them that the next row had no date. Siblings: of some rows, a field that is missing,
  // and what differs from row to row stays by row.
  it('says what is wrong with a whole column once, with its rows', async () => {
    const rows = Array.from(
      { length: 8 },
      (_, at) => `Acme Co.,${at === 3 ? '' : `INV-${at}`},5.00,next week`,
    )
    const { data, text } = await prepare({
      csv: ['vendor,invoice no,amount,date', ...rows].join('\n'),
      buyer: 'Nobody',
    })
    const dates = data.problems.filter(({ field }: { field: string }) => field === 'invoice_date')
    expect(dates).toEqual([
      {
        row: 1,
        line: 2,
        rows: [1, 2, 3, 4, 5, 6, 7, 8],
        lines: [2, 3, 4, 5, 6, 7, 8, 9],
        field: 'invoice_date',
        problem: expect.any(String),
      },
    ])
    expect(
      data.problems.map(({ row, rows: all, field }: Record<string, unknown>) => [field, all ?? row]),
    ).toEqual([
      ['invoice_date', [1, 2, 3, 4, 5, 6, 7, 8]],
      ['originating_counterparty_id', [1, 2, 3, 4, 5, 6, 7, 8]],
      // Which row the one without a number belongs to is a question of its own.
      ['invoice_number', 3],
      ['invoice_number', 4],
    ])
    expect(text.match(/^1-8,2-9,/gm)).toHaveLength(2)
    expect(text).toContain('8 rows have problems and are left out of body.')
  })

  it('writes rows as ranges', () => {
    expect(runsText([3])).toBe('3')
    expect(runsText([1, 2, 3, 7, 9, 10])).toBe('1-3, 7, 9-10')
  })

  it('lets no number through twice: in the file, or submitted before unless it may be used again', async () => {
    const line = (number: string, vendor = 'Acme Co.') => `${vendor},${number},5.00,2026-11-20`
    const csv = [
      'vendor,invoice,amount,date',
      line('D-1'),
      line('d-1'),
      line('D-1', 'TYRES'),
      line('OLD'),
      line('FREE'),
    ].join('\n')
    const { data } = await prepare({ csv, buyer: BUYER }, [
      submitted('old'),
      submitted('FREE', { can_be_resubmitted: true }),
    ])
    expect(
      data.body.map((one: Record<string, string>) => [one.invoice_number, one.receiving_counterparty_id]),
    ).toEqual([
      ['D-1', TYRES],
      ['FREE', ACME],
    ])
    expect(data.problems).toEqual([
      { row: 1, line: 2, field: 'invoice_number', problem: expect.stringContaining('is also in row 2') },
      { row: 2, line: 3, field: 'invoice_number', problem: expect.stringContaining('is also in row 1') },
      {
        row: 4,
        line: 5,
        field: 'invoice_number',
        problem: expect.stringContaining('already submitted as invoice inv-old (sent)'),
      },
    ])
    expect(data.note).toBe('Compared with 2 submitted invoices: all that Finexio has.')
  })

  // Seen at b8f2a26: a supplier that Finexio had disabled was ready, and the readiness tool called it not payable.
  it.each([
    ['disabled', { enabled: false }, 'enabled: Finexio has this supplier disabled.'],
    ['ACH without a bank account', { payment_method: 'ACH' }, 'bank_account_number: This field is required'],
    ['a check with no address', { remit_city: '' }, 'remit_city: This field is required'],
    ['no method', { payment_method: null }, 'payment_method: This field is required.'],
  ])('lets no supplier through that cannot be paid: %s', async (_, record, words) => {
    const csv = 'vendor,invoice,amount,date\nTYRES,P-1,5,2026-11-20\nAcme Co.,P-2,5,2026-11-20'
    const { data } = await callWith(
      'prepare_finexio_invoices',
      { csv, buyer: BUYER },
      answer([], { [TYRES]: record }),
    )
    expect(data.body.map((one: Record<string, string>) => one.invoice_number)).toEqual(['P-2'])
    expect(data.problems).toEqual([
      { row: 1, line: 2, field: 'receiving_counterparty_id', problem: expect.stringContaining(words) },
    ])
  })

  it('lets nobody through of whom Finexio has no supplier record, or whose record did not come', async () => {
    const { FinexioFailure } = await import('../../../src/finexio/failure.ts')
    const failing = (kind: 'not_found' | 'upstream_fault') => (request: FinexioRequest) => {
      if (!request.path.startsWith('/counterparties/suppliers/')) return answer()(request)
      throw new FinexioFailure({ kind, status: 500, message: 'no', rate: null, sent: true })
    }
    const args = { csv: 'vendor,invoice,amount,date\nTYRES,P-1,5,2026-11-20', buyer: BUYER }
    const unknown = await callWith('prepare_finexio_invoices', args, failing('not_found'))
    expect(unknown.data.problems[0].problem).toContain('is not among the suppliers of Finexio')
    expect(unknown.data).toMatchObject({ ready_count: 0, is_partial_response: false })
    const unread = await callWith('prepare_finexio_invoices', args, failing('upstream_fault'))
    expect(unread.data.problems[0].problem).toContain('whether this supplier can be paid was not read')
    expect(unread.data).toMatchObject({ ready_count: 0, is_partial_response: true })
    expect(unread.sent.some(({ path }) => path === '/invoices/')).toBe(false)
  })

  // Seen at b8f2a26: the copy got "invoice_number: required (string)" besides.
  it('says of a copy of an earlier row only that it is one', async () => {
    const line = 'Acme Co.,C-1,5.00,2026-11-20'
    const { data } = await prepare({
      csv: ['vendor,invoice,amount,date', line, line].join('\n'),
      buyer: BUYER,
    })
    expect(data.ready_count).toBe(1)
    expect(data.problems).toEqual([
      { row: 2, line: 3, field: 'row', problem: 'is the same as row 1 in every cell: that one was taken' },
    ])
  })

  it('reads the list once when many parties are named', async () => {
    const names = ['Acme Co.', 'Imaginary Tyres', 'TWIN-1', 'TWIN-2', ACME, 'x', 'y', 'z']
    const csv = [
      'vendor,invoice,amount,date',
      ...names.map((name, at) => `${name},N-${at},5,2026-11-20`),
    ].join('\n')
    const { data, sent } = await prepare({ csv, buyer: BUYER })
    expect(data.ready_count).toBe(5)
    const byId = [ACME, TYRES, 'twin-1', 'twin-2'].map((id) => `/counterparties/suppliers/${id}/`)
    expect(sent.map(({ path }) => path)).toEqual(['/counterparties/', ...byId, '/invoices/'])
  })

  it('looks each party up once, however often it is named', async () => {
    const csv = [
      'vendor,invoice,amount,date',
      ...[1, 2, 3].map((at) => `ACME co.,N-${at},5,2026-11-20`),
    ].join('\n')
    const { sent } = await prepare({ csv, buyer: BUYER })
    expect(sent.map(({ path, query }) => [path, query?.name ?? query?.internal_id])).toEqual([
      ['/counterparties/', 'ACME co.'],
      ['/counterparties/', 'ACME CO.'],
      ['/counterparties/', 'ACME co.'],
      [`/counterparties/${BUYER}/`, undefined],
      [`/counterparties/suppliers/${ACME}/`, undefined],
      ['/invoices/', undefined],
    ])
  })

  it('says how far back it compared when there is more', async () => {
    const pageOf = (page: number) =>
      Array.from({ length: 100 }, (_, at) =>
        submitted(`P-${page}-${at}`, {
          created: `2026-10-01T00:${60 - page}:${99 - at < 60 ? 99 - at : 59}`,
        }),
      )
    const endless = (request: FinexioRequest) => {
      const page = Number(request.query?.page ?? 1)
      return request.path === '/invoices/'
        ? envelope(pageOf(page), { count: 5_000, next: `https://x/?page=${page + 1}` })
        : answer()(request)
    }
    const args = { csv: 'vendor,invoice,amount,date\nTYRES,N-1,5,2026-11-20', buyer: BUYER }
    const { data, sent } = await callWith('prepare_finexio_invoices', args, endless)
    expect(sent.filter(({ path }) => path === '/invoices/')).toHaveLength(10)
    expect(data.note).toMatch(
      /^Compared with 1,000 submitted invoices: the newest ones, back to .*; older ones were not looked at\.$/,
    )
    expect(data.is_partial_response).toBe(false)
  })

  it.each([
    [{}, 'Give the invoices either as rows or as csv'],
    [{ csv: 'a', rows: [{}] }, 'Give the invoices either as rows or as csv'],
    [{ csv: 'vendor,invoice,amount,date' }, 'csv: no rows below a heading row.'],
    [
      { csv: `vendor,invoice,amount,date\n${'a,b,1,2026-11-20\n'.repeat(501)}`, buyer: 'x' },
      'csv: more than 500 rows.',
    ],
    [{ csv: 'vendor,invoice\n"a,b' }, 'csv: line 2: a quote is opened and never closed.'],
    [{ rows: [{ vendor: 'a' }] }, 'rows: no column means invoice_number'],
    [{ rows: Array.from({ length: 501 }, () => ({})) }, 'rows: must have at most 500 entries'],
    [
      { rows: [Object.fromEntries(Array.from({ length: 61 }, (_, at) => [`c${at}`, 1]))] },
      'rows: more than 60',
    ],
    [{ rows: [{}], columns: { vendor: 'payee' } }, 'columns.vendor: must be one of ignore, supplier, buyer'],
  ])('refuses %.60j in one line, before anything is sent', async (args, words) => {
    const { result, text, sent } = await prepare(args)
    expect(result.isError).toBe(true)
    expect(text).toContain(words)
    expect(text).not.toContain('\n')
    expect(sent).toEqual([])
  })

  it('sends nothing after a failing page, and says what was not looked at', async () => {
    const { FinexioFailure } = await import('../../../src/finexio/failure.ts')
    const limited = (request: FinexioRequest) => {
      if (request.query?.page === 2)
        throw new FinexioFailure({
          kind: 'throttled',
          status: 429,
          message: 'slow down',
          rate: null,
          retryAfter: 20,
          sent: true,
        })
      return envelope(parties, { count: 300, next: 'https://x/?page=2' })
    }
    const names = ['Acme Co.', 'b', 'c', 'd', 'e', 'f', 'g']
    const csv = [
      'vendor,invoice,amount,date',
      ...names.map((name, at) => `${name},N-${at},5,2026-11-20`),
    ].join('\n')
    const { data, sent, headers } = await callWith('prepare_finexio_invoices', { csv, buyer: BUYER }, limited)
    expect(sent).toHaveLength(2)
    expect(headers).toMatchObject({ 'retry-after': '20' })
    expect(data).toMatchObject({ is_partial_response: true, ready_count: 0 })
    expect(data.note).toMatch(/ended early: .*20 s.*Not compared with submitted invoices\./s)
    // Whether the one that was found can be paid was not looked at either.
    expect(data.problems[0].problem).toContain('whether this supplier can be paid was not read')
    expect(data.problems[1].problem).toContain('not among the 5 counterparties read')
  })

  it('does not show half a body in text', async () => {
    const rows = Array.from({ length: 500 }, (_, at) => ({
      vendor: 'Acme Co.',
      invoice: `L-${at}`,
      amount: '10',
      date: '2026-11-20',
      note: 'x'.repeat(300),
    }))
    const { data, text } = await prepare({ rows, buyer: BUYER })
    expect(data.body).toHaveLength(500)
    expect(text.length).toBeLessThan(1_000)
    expect(text).toMatch(/body: too long for text \(\d+ characters\); it is whole in structuredContent/)
  })

  it('answers JSON where the server asks for it', async () => {
    const { data, text } = await prepare({ csv: CSV, buyer: BUYER }, [], { textFormat: 'json' })
    expect(JSON.parse(text)).toMatchObject({ body: data.body, total_cents: 125_079, ready_count: 2 })
  })
})
