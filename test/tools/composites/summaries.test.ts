/** Duplicates, audits and readiness as tools, against a Finexio that answers what the test says. */
import { describe, expect, test } from 'vitest'
import { FinexioFailure } from '../../../src/finexio/failure.ts'
import type { FinexioRequest } from '../../../src/finexio/types.ts'
import { viewOf } from '../../../src/tools/visible/view.ts'
import { callWith, envelope, NOW } from '../fake-finexio.ts'
import { listed } from '../listed.ts'

const DAY = 86_400_000
const at = (days: number) => new Date(NOW + days * DAY).toISOString().slice(0, 23)
const day = (days: number) => at(days).slice(0, 10)

const throttle = () =>
  new FinexioFailure({
    kind: 'throttled',
    status: 429,
    message: 'slow',
    rate: null,
    retryAfter: 20,
    sent: true,
  })

const payment = (id: string, more: object = {}) => ({
  id,
  amount_cents: 10_000,
  status: 'settled',
  payment_method: 'ach',
  receiving_counterparty_id: 'sup',
  originating_counterparty_id: 'buy',
  created: at(-2),
  refund_timestamp: null,
  ...more,
})
const invoice = (id: string, more: object = {}) => ({
  id,
  invoice_number: `N-${id.repeat(5)}`,
  amount_cents: 5_000,
  status: 'pending',
  invoice_date: day(-20),
  invoice_due_date: day(10),
  receiving_counterparty_id: 'sup',
  originating_counterparty_id: 'buy',
  created: at(-19),
  ...more,
})
const PARTIES = [
  { id: 'sup', name: 'Acme', type: 'Supplier' },
  { id: 'buy', name: 'Example1', type: 'Buyer' },
]

type Data = Record<string, readonly unknown[]>

/** Lists by the beginning of their path; each in pages of `perPage`. */
const finexio =
  (data: Data, perPage = 100) =>
  ({ path, query }: FinexioRequest) => {
    const rows = Object.entries({ '/counterparties/': PARTIES, ...data }).find(
      ([start]) => path === start,
    )?.[1]
    if (!rows) throw new Error(`unexpected ${path}`)
    const page = Number(query?.page ?? 1)
    return envelope(rows.slice((page - 1) * perPage, page * perPage), {
      count: rows.length,
      next: page * perPage < rows.length ? `https://x/?page=${page + 1}` : null,
    })
  }

describe('find_possible_duplicate_finexio_invoices', () => {
  const name = 'find_possible_duplicate_finexio_invoices'
  const answer = finexio({
    '/invoices/': [
      invoice('new', { invoice_number: 'inv 77', payment_id: null }),
      invoice('old', {
        invoice_number: 'INV-0077',
        status: 'complete',
        payment_id: 'pay',
        invoice_date: day(-200),
      }),
      invoice('far', { amount_cents: 1 }),
    ],
  })

  test('names both invoices, the reason, and that one is paid', async () => {
    const { data, text } = await callWith(name, {}, answer)
    expect(data.result).toMatchObject([
      {
        reason: 'leading_zeros',
        paid: 'one of the two',
        id: 'new',
        earlier_id: 'old',
        earlier_payment_id: 'pay',
        days_apart: 180,
        supplier: 'Acme',
      },
    ])
    expect(text).toMatch(/^1 possible duplicate among 3 invoices; 1 of them with one of the two paid/)
  })

  test('what was not compared is said', async () => {
    const { data } = await callWith(name, {}, (request) => {
      if (request.query?.page === 2) throw throttle()
      return finexio({ '/invoices/': Array.from({ length: 30 }, (_, i) => invoice(`i${i}`)) }, 10)(request)
    })
    expect(data.is_partial_response).toBe(true)
    expect(data.note).toMatch(/20 of 30 invoices were read\. Earlier ones/)
  })
})

const change = (days: number, changes: object, more: object = {}) => ({
  object_id: 'sup',
  actor: 'someone',
  remote_addr: '192.0.2.1',
  timestamp: at(days),
  action: 'Updated',
  changes,
  ...more,
})

describe('audit_finexio_counterparty_changes', () => {
  const name = 'audit_finexio_counterparty_changes'
  const history = [
    change(-5, { bank_account_number: ['000111222333', '999888777666'], notes: ['None', 'x'] }),
    change(-60, { payment_method: ['PrintedCheck', 'ACH'] }),
    change(-400, { payment_method: ['None', 'PrintedCheck'] }, { action: 'Created' }),
  ]
  const paid = [payment('soon', { created: at(-3) }), payment('before', { created: at(-6) })]
  const answer = (request: FinexioRequest) => {
    const { created_start, created_end } = (request.query ?? {}) as Record<string, string>
    const within = paid.filter(({ created }) => created >= created_start! && created <= created_end!)
    return finexio({ '/counterparties/history': history, '/payments/': within })(request)
  }

  test('timeline, risks, and the payment that followed; bank numbers by their last four', async () => {
    const { data, text } = await callWith(name, { object_id: 'sup', include_created: true }, answer)
    expect(data.result.map(({ field, before, after, risk }: never) => [field, before, after, risk])).toEqual([
      ['bank_account_number', '****2333', '****7666', 'bank_account'],
      ['notes', null, 'x', null],
      ['payment_method', 'PrintedCheck', 'ACH', 'payment_method'],
      ['payment_method', null, 'PrintedCheck', null],
    ])
    expect(data.days).toBe(10)
    expect(text).toContain('Payments within 10 days of a risky change')
    expect(data.payments_after).toMatchObject([
      { payment_id: 'soon', days_after: 2, risks: 'bank_account', name: 'Acme', actor: 'someone' },
    ])
    expect(text).toMatch(
      /^4 changed fields, 2 of a risky kind .*; 1 payment followed within 10 days of one\. risk names these kinds; directs_money is wider/,
    )
    expect(JSON.stringify([data, text])).not.toMatch(/000111222333|999888777666/)
  })

  test('numbers inside told records are masked, whether those are JSON or not', async () => {
    const owner = '[{"first_name": "A", "ssn": "123-45-6789"}]'
    const told = [change(-1, { owners: [owner, owner.replaceAll('"', "'")] })]
    const args = { object_id: 'sup', state_at: day(0) }
    const { data, text } = await callWith(name, args, (request) =>
      request.path === '/counterparties/history' ? envelope(told) : answer(request),
    )
    expect(data.state.owners).toEqual(data.result[0].after)
    expect(data.result[0].before).toEqual([{ first_name: 'A', ssn: '****6789' }])
    expect(data.result[0].after).toContain("'ssn': '****6789'")
    expect(JSON.stringify([data, text])).not.toContain('123-45')
  })

  test('both published shapes tell the same', async () => {
    const openapi = history.map(({ object_id, actor, timestamp, action, changes, remote_addr }) => ({
      userIpAddress: remote_addr,
      id: timestamp,
      objectId: object_id,
      username: actor,
      date: timestamp,
      action,
      changes: Object.entries(changes).map(([field, [oldValue, newValue]]) => ({
        field,
        oldValue: oldValue === 'None' ? null : oldValue,
        newValue,
      })),
    }))
    const other = (request: FinexioRequest) =>
      request.path === '/counterparties/history' ? envelope(openapi) : answer(request)
    const [guide, declared] = [
      await callWith(name, { object_id: 'sup' }, answer),
      await callWith(name, { object_id: 'sup' }, other),
    ]
    expect(declared.data).toEqual(guide.data)
  })

  // Seen at b8f2a26: 18 of 27 lines were those of the creation, a field at a time, and a name had to be looked up before.
  test('by a part of the name, several fields; first values are left out and counted', async () => {
    const { data } = await callWith(name, { name: 'acm', fields: ['payment_method', 'notes'] }, answer)
    expect(data.result.map(({ field, before }: never) => [field, before])).toEqual([
      ['notes', null],
      ['payment_method', 'PrintedCheck'],
    ])
    expect(data.note).toMatch(/1 first value of records left out; include_created shows them\./)
    const strange = await callWith(name, { name: 'Acme', fields: ['notes', 'payment_methd'] }, answer)
    expect(strange.data.note).toMatch(/No change of a field called "payment_methd" was read\. Did you mean/)
  })

  test.each([
    [{ name: 'Nobody Ltd' }, /nobody has "Nobody Ltd" in the name/],
    [{ name: 'e' }, /have "e" in their name, such as .*give the id of one/],
  ])('%o is not guessed', async (args, words) => {
    const twins = [
      { id: 'sup', name: 'Acme', type: 'Supplier' },
      { id: 's2', name: 'Else', type: 'Supplier' },
    ]
    const { text, result } = await callWith(name, args, (request) =>
      request.path === '/counterparties/' ? envelope(twins) : answer(request),
    )
    expect(result.isError).toBe(true)
    expect(text).toMatch(words)
  })

  test('a name that is one exactly is that one, though others hold it', async () => {
    const parties = [
      { id: 'sup', name: 'Acme', type: 'Supplier' },
      { id: 's2', name: 'Acme Two', type: 'Supplier' },
    ]
    const { sent } = await callWith(name, { name: 'ACME' }, (request) =>
      request.path === '/counterparties/' ? envelope(parties) : answer(request),
    )
    expect(sent.find(({ path }) => path === '/counterparties/history')?.query).toMatchObject({
      object_id: 'sup',
    })
    const hidden = await callWith(name, { name: 'Acme' }, answer, {
      sees: (tool) => tool !== 'list_all_finexio_counterparties',
    })
    expect(hidden.text).toContain('this MCP server shows no names')
  })

  test('one field, and the state at a date', async () => {
    const { data } = await callWith(
      name,
      { object_id: 'sup', field: 'paymentMethod', state_at: day(-100) },
      answer,
    )
    expect(data.state).toEqual({ payment_method: 'PrintedCheck' })
    expect(data.changes_count).toBe(1)
    const early = await callWith(name, { object_id: 'sup', state_at: day(-500) }, answer)
    expect(early.data.note).toMatch(/earlier than the first entry/)
    const masked = await callWith(name, { object_id: 'sup', state_at: day(0) }, answer)
    expect(masked.data.state.bank_account_number).toBe('****7666')
  })

  test('all parties: the last 90 days alone; no payments where the server hides them', async () => {
    const { data, sent } = await callWith(name, {}, answer, { sees: (tool) => !tool.includes('payments') })
    expect(data.changes_count).toBe(3)
    expect(data.note).toMatch(/shows no payments/)
    expect(sent.some(({ path }) => path === '/payments/')).toBe(false)
  })

  test.each([
    [{ object_id: 'a', internal_id: 'b' }, /Give one of object_id, internal_id and name/],
    [{ state_at: '2026-01-01' }, /give object_id, internal_id or name/],
    [{ changed_start: '2026-02-01', changed_end: '2026-01-01' }, /swap the two/],
  ])('%o is refused before anything is sent', async (args, words) => {
    const { text, sent } = await callWith(name, args, answer)
    expect(text).toMatch(words)
    expect(text).toMatch(/Nothing was sent/)
    expect(sent).toEqual([])
  })

  test('payments that could not be read are said, the changes stay', async () => {
    const { data } = await callWith(name, { object_id: 'sup' }, (request) => {
      if (request.path === '/payments/') throw throttle()
      return answer(request)
    })
    expect(data).toMatchObject({ changes_count: 3, is_partial_response: true })
    expect(data.note).toMatch(/were not all read\. Partial: .*Wait 20 s/)
  })
})

describe('check_finexio_supplier_readiness', () => {
  const name = 'check_finexio_supplier_readiness'
  const ready = {
    id: 'ok',
    name: 'Ready Ltd',
    external_reference_id: 'R-1',
    payment_method: 'ACH',
    bank_account_number: '000111222333',
    bank_routing_number: '011000015',
  }
  const answer = (request: FinexioRequest) => {
    if (request.path === '/counterparties/suppliers/ok/') return ready
    const unready = {
      ...ready,
      id: 'no',
      name: 'Unready Ltd',
      external_reference_id: 'U-1',
      bank_account_number: '',
    }
    return finexio({ '/counterparties/suppliers': [ready, unready] })(request)
  }

  test('all suppliers, those that lack something first', async () => {
    const { data, text } = await callWith(name, {}, answer)
    expect(data.result).toMatchObject([
      { id: 'no', ready: false, missing: ['bank_account_number'] },
      { id: 'ok', ready: true, missing: [] },
    ])
    expect(data.result[0].why).toMatch(/required when payment_method is ACH/)
    expect(text).toMatch(/^1 of 2 suppliers lacks something/)
    expect(JSON.stringify([data, text])).not.toContain('000111222333')
  })

  test('one by id, by reference, by part of the name', async () => {
    const by = async (args: object) =>
      (await callWith(name, args, answer)).data.result.map(({ id }: never) => id)
    expect(await by({ id: 'ok' })).toEqual(['ok'])
    expect(await by({ external_reference_id: 'u-1' })).toEqual(['no'])
    expect(await by({ name: 'READY' })).toEqual(['no', 'ok'])
    const nobody = await callWith(name, { name: 'zzz' }, answer)
    expect(nobody.text).toMatch(/^No supplier fits; list_all_finexio_suppliers/)
    const both = await callWith(name, { id: 'ok', name: 'x' }, answer)
    expect([both.text, both.sent]).toEqual([expect.stringMatching(/not both/), []])
  })

  test('an unknown id is the failure that Finexio said', async () => {
    const { result, text } = await callWith(name, { id: 'x' }, () => {
      throw new FinexioFailure({
        kind: 'not_found',
        status: 404,
        message: 'Not found.',
        rate: null,
        sent: true,
      })
    })
    expect(result.isError).toBe(true)
    expect(text).toMatch(/no record with this id/)
  })
})

describe('a failure at any step', () => {
  const rows = Array.from({ length: 45 }, (_, index) => payment(`p${index}`, { amount_cents: 2 ** index }))
  const invoices = Array.from({ length: 25 }, (_, index) =>
    invoice(`i${index}`, { invoice_due_date: day(-5) }),
  )
  const answer = finexio(
    {
      '/payments/': rows,
      '/invoices/': invoices,
      '/counterparties/history': [change(-5, { remit_email: ['a', 'b'] }), change(-50, { city: ['a', 'b'] })],
      '/counterparties/suppliers': Array.from({ length: 12 }, (_, index) => ({ id: `s${index}`, name: 'S' })),
    },
    10,
  )
  const NAMES = [
    'find_possible_duplicate_finexio_invoices',
    'audit_finexio_counterparty_changes',
    'check_finexio_supplier_readiness',
  ]

  const CALLS: [name: string, args: object][] = [
    ...NAMES.map((name): [string, object] => [name, {}]),
    ['analyze_finexio_payables', { over: 'payments', by: ['supplier'] }],
    ['analyze_finexio_payables', { over: 'invoices', by: ['method', 'supplier'] }],
    ['analyze_finexio_payables', { over: 'suppliers' }],
  ]

  test.each(CALLS)('%s %j: nothing starts after it, and the answer says so', async (name, args) => {
    const whole = await callWith(name, args, answer)
    expect(whole.data.is_partial_response).toBe(false)
    for (let broken = 1; broken <= whole.sent.length; broken++) {
      let asked = 0
      const { data, result, sent, text } = await callWith(name, args, (request) => {
        if (++asked === broken) throw throttle()
        return answer(request)
      })
      // Up to five others were under way already.
      expect(sent.length).toBeLessThanOrEqual(broken + 5)
      expect(text).toMatch(/Wait 20 s/)
      if (broken === 1) expect(result.isError).toBe(true)
      else expect([data.is_partial_response, data.requests]).toEqual([true, sent.length])
    }
  })
})

test('a buyer fixed for all tools holds in composites, which then show no names', () => {
  const fixed = { '*': { originating_counterparty_id: 'buy' } }
  const { byName } = viewOf({ methods: ['read'], fixed })
  const shown = [...byName.keys()].filter((name) => /analyze|duplicate|audit|readiness/.test(name))
  expect(shown.toSorted()).toEqual(['analyze_finexio_payables', 'find_possible_duplicate_finexio_invoices'])
  for (const name of shown)
    expect(listed(byName.get(name)!).inputSchema.properties).not.toHaveProperty('originating_counterparty_id')
  expect(byName.has('list_all_finexio_counterparties')).toBe(false)
})

test('as JSON the text is the structure without what is empty', async () => {
  const { text, data } = await callWith(
    'analyze_finexio_payables',
    { over: 'payments' },
    finexio({ '/payments/': [payment('a')] }),
    { textFormat: 'json' },
  )
  expect(JSON.parse(text)).toMatchObject({ over: 'payments', total: data.total, by_money: data.by_money })
})

test('long text is cut, and says by how much', async () => {
  const rows = Array.from({ length: 200 }, (_, index) =>
    payment(`p${index}`, { tracking_id: 'x'.repeat(1_900) }),
  )
  const where = [{ column: 'tracking_id', blank: false }]
  const { text } = await callWith(
    'analyze_finexio_payables',
    { over: 'payments', where, list: 200 },
    finexio({ '/payments/': rows }),
  )
  expect(text.length).toBeLessThanOrEqual(100_000)
  expect(text).toMatch(/Text cut: 1\d\d more lines/)
})

// D9, seen at b8f2a26: "No possible duplicates" while 18 refunds said "Duplicate payment". Siblings: invoices that may be
// submitted again, payments of one amount, a server without the payment list.
describe('duplicates whose money came back, and among payments', () => {
  const name = 'find_possible_duplicate_finexio_invoices'
  const ids = (data: { result: { id: string; earlier_id: string }[] }) =>
    data.result.map(({ id, earlier_id }) => [id, earlier_id])

  test('invoices that may be submitted again after a refund are compared when asked for', async () => {
    const answer = finexio({
      '/invoices/': [
        invoice('a', { invoice_number: 'X-1', status: 'complete', invoice_date: day(-30) }),
        invoice('b', { invoice_number: 'x1', status: 'complete', can_be_resubmitted: true }),
      ],
    })
    const without = await callWith(name, {}, answer)
    expect([ids(without.data), without.data.note]).toEqual([
      [],
      expect.stringMatching(/1 invoice left out.*include_refunded compares/),
    ])
    expect(ids((await callWith(name, { include_refunded: true }, answer)).data)).toEqual([['b', 'a']])
  })

  test('payments of one supplier and amount within days; refunded ones only when asked for', async () => {
    const refund = { refund_timestamp: at(-1), refund_reason: 'Duplicate payment' }
    const answer = finexio({
      '/payments/': [
        payment('a', { created: at(-20) }),
        payment('b', { created: at(-10) }),
        payment('c', { created: at(-9), ...refund }),
        payment('d', { created: at(-8), receiving_counterparty_id: 'other' }),
        payment('e', { created: at(-8), amount_cents: 10_001 }),
        payment('f', { created: at(-8), status: 'failed' }),
        payment('g', { created: at(-60) }),
      ],
    })
    const { data, sent } = await callWith(name, { among: 'payments' }, answer)
    expect(ids(data)).toEqual([['b', 'a']])
    expect(sent[0]?.path).toBe('/payments/')
    const all = await callWith(name, { among: 'payments', include_refunded: true }, answer)
    expect(ids(all.data)).toEqual(
      expect.arrayContaining([
        ['b', 'a'],
        ['c', 'b'],
      ]),
    )
    expect(all.text).toContain('Duplicate payment')
    const hidden = await callWith(name, { among: 'payments' }, answer, {
      sees: (tool) => tool !== 'list_all_finexio_payments',
    })
    expect(hidden.text).toMatch(/does not show list_all_finexio_payments/)
  })
})
