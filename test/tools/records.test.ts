import { describe, expect, it, vi } from 'vitest'
import { FinexioFailure } from '../../src/finexio/failure.ts'
import type { Settlement } from '../../src/rules/write-contract.ts'
import { callWith, envelope, NOW, openWrites } from './fake-finexio.ts'

const fails =
  (kind: ConstructorParameters<typeof FinexioFailure>[0]['kind'], status: number | null, more: object = {}) =>
  () => {
    throw new FinexioFailure({ kind, status, message: 'told by Finexio', rate: null, sent: true, ...more })
  }

describe('get tools', () => {
  it('answer the record with its own fields at the top, lenient in what Finexio sends', async () => {
    const raw = {
      id: 'pay_1',
      amount_cents: '1999',
      status: 'failed',
      unheard_of: 1,
      adjustments: [],
      refund_user: null,
    }
    const { data, text, sent } = await callWith(
      'get_single_finexio_payment_by_id',
      { id: 'pay_1' },
      () => raw,
    )
    expect(sent[0]?.path).toBe('/payments/pay_1/')
    expect(data).toEqual({
      id: 'pay_1',
      amount_cents: 1999,
      amount: '19.99',
      status: 'failed',
      adjustments: {},
      refund_user: null,
    })
    expect(text).toBe('{"id":"pay_1","amount_cents":1999,"amount":"19.99","status":"failed"}')
  })

  it('call what is no record a fault of Finexio', async () => {
    const { result, text } = await callWith('get_single_finexio_payment_by_id', { id: 'x' }, () => 'surprise')
    expect(result.isError).toBe(true)
    expect(result.structuredContent).toBeUndefined()
    expect(text).toContain('not the record')
  })

  it('mask bank and tax numbers', async () => {
    const raw = {
      id: 's',
      bank_account_number: '000123456789',
      bank_routing_number: '021000021',
      tax_id: '12-3456789',
    }
    const { data, text } = await callWith('get_single_finexio_supplier_by_id', { id: 's' }, () => raw)
    expect(data).toMatchObject({
      bank_account_number: '****6789',
      bank_routing_number: '****0021',
      tax_id: '****6789',
    })
    expect(text).not.toContain('000123456789')
  })
})

describe('get_single_finexio_drawdown_by_id', () => {
  const info = { processor_request_id: 'req_1', amount_cents: '500', status: 'received' }
  const payment = {
    id: 'p1',
    amount_cents: '500',
    supplier_name: 'Acme',
    invoices: [{ id: 'i1', account_number: '123456789' }],
  }
  const answer =
    (body: unknown) =>
    ({ path }: { path: string }) =>
      path.endsWith('/payments') ? envelope([payment], { count: 130, next: 'https://x/?page=2' }) : body

  it.each([
    ['an object', info],
    ['an envelope of one', envelope([info])],
  ])('merges %s with its payments', async (_, body) => {
    const { data, sent } = await callWith('get_single_finexio_drawdown_by_id', { id: 'req_1' }, answer(body))
    expect(sent.map(({ path }) => path)).toEqual([
      '/reconciliation/drawdown/req_1',
      '/reconciliation/drawdown/req_1/payments',
    ])
    expect(data).toMatchObject({
      processor_request_id: 'req_1',
      amount_cents: 500,
      amount: '5.00',
      payments_count: 130,
      payments_next_page: 2,
      payments: [
        { id: 'p1', amount_cents: 500, amount: '5.00', invoices: [{ id: 'i1', account_number: '****6789' }] },
      ],
    })
  })

  it('fails as a whole when the payments fail', async () => {
    const { result, sent } = await callWith(
      'get_single_finexio_drawdown_by_id',
      { id: 'req_1' },
      ({ path }) => (path.endsWith('/payments') ? fails('upstream_fault', 500)() : info),
    )
    expect(result.isError).toBe(true)
    expect(sent).toHaveLength(2)
  })

  it('sends no second request after a failing first', async () => {
    const { sent } = await callWith(
      'get_single_finexio_drawdown_by_id',
      { id: 'req_1' },
      fails('not_found', 404),
    )
    expect(sent).toHaveLength(1)
  })
})

describe('get_single_finexio_payment_image_by_id', () => {
  it.each([[[]], [{}], [{ check_image_url: null }]])('says plainly that %j is no image', async (body) => {
    const { data } = await callWith(
      'get_single_finexio_payment_image_by_id',
      { payment_id: 'pay_1' },
      () => body,
    )
    expect(data).toMatchObject({
      payment_id: 'pay_1',
      scanned: false,
      check_image_url: null,
      note: expect.stringMatching(/no check image/),
    })
  })
  // Seen at b8f2a26: the note named three reasons that there may be, and not the one that holds.
  it.each([
    [
      { payment_method: 'ach', instrument_number: '0910' },
      'Paid by ACH trace 0910: there is no check to scan.',
    ],
    [{ status: 'in-progress', events: [] }, 'The check was not printed yet: its payment is in-progress.'],
    [
      { status: 'in-progress', events: [{ event_name: 'printed', timestamp: '2026-11-02T00:00:00' }] },
      'The check was printed on 2026-11-02 and not scanned yet: its payment is in-progress.',
    ],
    [
      { status: 'canceled', events: [{ event_name: 'canceled', timestamp: '2026-11-03T00:00:00' }] },
      'The check has no scan: its payment was canceled on 2026-11-03.',
    ],
    [{ status: 'settled' }, 'Finexio has no scan of this check, though it was cashed.'],
  ])('says of %j why there is none', async (payment, note) => {
    const { data } = await callWith(
      'get_single_finexio_payment_image_by_id',
      { payment_id: 'p' },
      ({ path }) => (path.endsWith('/images') ? {} : { id: 'p', payment_method: 'check', ...payment }),
    )
    expect(data).toMatchObject({ scanned: false, note })
  })
  it('asks nothing more where the server hides payments', async () => {
    const { data, sent } = await callWith(
      'get_single_finexio_payment_image_by_id',
      { payment_id: 'p' },
      () => ({}),
      {
        sees: () => false,
      },
    )
    expect([data.note, sent.length]).toEqual([expect.stringMatching(/no check image/), 1])
  })
  it.each([[{ check_image_url: 'https://img.example/1' }], [[{ check_image_url: 'https://img.example/1' }]]])(
    'gives the address in %j',
    async (body) => {
      const { data, sent } = await callWith(
        'get_single_finexio_payment_image_by_id',
        { payment_id: 'p', checkImageType: 'Issued' },
        () => body,
      )
      expect(data).toEqual({ payment_id: 'p', scanned: true, check_image_url: 'https://img.example/1' })
      expect(sent[0]?.query).toEqual({ checkImageType: 'Issued' })
    },
  )
})

describe('write tools', () => {
  const contact = { supplier_id: 's', external_reference_id: 'CT-2', primary: false }

  it('answer a short receipt', async () => {
    const answered = [
      { id: 'c1', external_reference_id: 'CT-1', primary: true },
      { id: 'c2', external_reference_id: 'CT-2', primary: false },
    ]
    const { data, sent } = await callWith('create_a_finexio_supplier_contact', contact, () => answered)
    expect(sent[0]).toMatchObject({
      verb: 'POST',
      // An object, as documented; at b8f2a26 always an array.
      body: { external_reference_id: 'CT-2', primary: false },
      effect: 'write',
    })
    expect(data).toEqual({ outcome: 'succeeded', id: 'c2', idempotency_key: 'minted-key' })
  })

  it('say when Finexio returned no record', async () => {
    const { data } = await callWith('create_a_finexio_supplier_contact', contact, () => null)
    expect(data).toMatchObject({ outcome: 'succeeded', id: null, note: expect.stringContaining('no record') })
  })

  it('name the fields that were not applied', async () => {
    const args = { id: 's1', payment_method: 'ACH', notes: 'hello', external_reference_id: 'v-1' }
    const settled: Settlement[] = []
    const { data } = await callWith(
      'finexio_suppliers_partial_update',
      args,
      () => ({
        id: 's1',
        payment_method: 'Check',
        notes: 'hello',
        external_reference_id: 'V-1',
      }),
      { writes: openWrites(settled) },
    )
    expect(settled).toMatchObject([{ state: 'succeeded', unapplied: ['payment_method'] }])
    expect(data).toEqual({
      outcome: 'differs',
      differs: expect.stringMatching(/other values than were sent, of payment_method/),
      id: 's1',
      not_applied: ['payment_method'],
      idempotency_key: 'minted-key',
    })
  })

  it('refuse a change of nothing, and a body that breaks a rule across fields', async () => {
    const nothing = await callWith('finexio_suppliers_partial_update', { id: 's1' }, () => ({}))
    expect(nothing.text).toMatch(/nothing to change/)
    const rule = await callWith(
      'create_a_finexio_supplier',
      { name: 'A', external_reference_id: 'a', payment_method: 'ACH' },
      () => ({}),
    )
    expect(rule.text).toMatch(/bank_account_number: This field is required when/)
    expect([...nothing.sent, ...rule.sent]).toEqual([])
  })

  it('tell a deletion that deleted nothing from one that did', async () => {
    const args = { supplier_id: 's', id: 'CT-1' }
    expect((await callWith('delete_a_finexio_supplier_contact_by_id', args, () => true)).data).toEqual({
      outcome: 'succeeded',
      id: 'CT-1',
      idempotency_key: 'minted-key',
    })
    expect(
      (await callWith('delete_a_finexio_supplier_contact_by_id', args, () => false)).result.isError,
    ).toBe(true)
  })

  it('never echo a webhook password', async () => {
    const args = {
      event: 'payment.changed',
      url: 'https://hooks.example/f',
      username: 'u',
      password: 'canary-secret',
    }
    const { result } = await callWith('create_a_finexio_webhook', args, () => ({ id: 'w', ...args }))
    expect(JSON.stringify(result)).not.toContain('canary-secret')
    const { result: read } = await callWith('get_single_finexio_webhook_by_id', { id: 'w' }, () => ({
      id: 'w',
      ...args,
    }))
    expect(JSON.stringify(read)).not.toContain('canary-secret')
  })

  it('report a lost answer as unknown, never as failed', async () => {
    const { result, text } = await callWith(
      'create_a_finexio_supplier_contact',
      contact,
      fails('outcome_unknown', null),
    )
    expect(result.isError).toBe(true)
    expect(text).toMatch(/unknown/i)
  })
})

describe('finexio_invoices_bulk_create', () => {
  const invoice = (n: number, more: object = {}) => ({
    invoice_number: `A-${n}`,
    amount_cents: 100 * n,
    invoice_date: '2026-11-01',
    originating_counterparty_id: 'buy_111',
    receiving_counterparty_id: 'sup_999',
    ...more,
  })
  const name = 'finexio_invoices_bulk_create'

  it('sends the bare array once and answers ids, count and total', async () => {
    const body = [450, 1200, 80].map((dollars, i) => invoice(i + 1, { amount_cents: dollars * 100 }))
    const { data, sent } = await callWith(name, { body }, () =>
      body.map((row, i) => ({ ...row, id: `inv_${i}` })),
    )
    expect(sent).toMatchObject([
      { verb: 'POST', template: '/invoices/batch/', path: '/invoices/batch/', body, effect: 'money' },
    ])
    expect(data).toMatchObject({
      outcome: 'succeeded',
      result_count: 3,
      total_cents: 173000,
      total: '1730.00',
    })
    expect(data.result.map(({ id }: { id: string }) => id)).toEqual(['inv_0', 'inv_1', 'inv_2'])
  })

  it('refuses a date more than a year away', async () => {
    const { text, sent } = await callWith(
      name,
      { body: [invoice(1), invoice(2, { invoice_date: '2025-11-22' })] },
      () => [],
    )
    expect(text).toMatch(/body\[1\]\.invoice_date: must be within 365 days/)
    expect(sent).toEqual([])
    const edge = new Date(NOW - 365 * 86_400_000).toISOString().slice(0, 10)
    const accepted = await callWith(name, { body: [invoice(1, { invoice_date: edge })] }, () => [{ id: 'i' }])
    expect(accepted.sent).toHaveLength(1)
  })

  it('says when fewer invoices came back than were sent', async () => {
    const { data } = await callWith(name, { body: [invoice(1), invoice(2)] }, () => ({
      id: 'only',
      invoice_number: 'A-1',
    }))
    expect(data).toMatchObject({ result_count: 1, differs: expect.stringMatching(/batch of 2 but listed 1/) })
  })
})

describe('a throttle', () => {
  const rate = { limit: 100, remaining: 0, reset: 45 }
  const answer = fails('throttled', 429, { rate, retryAfter: 45 })

  it('reaches the model as an error result with numbers', async () => {
    const { result, text, headers, http, sent } = await callWith(
      'get_single_finexio_payment_by_id',
      { id: 'p' },
      answer,
    )
    expect(sent).toHaveLength(1)
    expect(http).toBeUndefined()
    expect(result).toMatchObject({ isError: true })
    expect(result.structuredContent).toBeUndefined()
    expect(result._meta).toEqual({
      'dev.finexio-mcp/rate-limit': {
        source: 'finexio',
        status: 429,
        limit: 100,
        remaining: 0,
        reset: 45,
        retry_after: 45,
      },
    })
    expect(text).toMatch(/45/)
    expect(headers).toEqual({
      'ratelimit-limit': '100',
      'ratelimit-remaining': '0',
      'ratelimit-reset': '45',
      'retry-after': '45',
    })
  })

  it('becomes HTTP 429 where the server asks for it', async () => {
    const { http } = await callWith('get_single_finexio_payment_by_id', { id: 'p' }, answer, {
      upstream429: 'http',
    })
    expect(http).toMatchObject({
      status: 429,
      code: expect.any(Number),
      data: { source: 'finexio', remaining: 0 },
    })
  })
})

describe('a fault of ours', () => {
  it('is reported and answered without detail', async () => {
    const report = vi.fn()
    const { result, text } = await callWith(
      'get_single_finexio_payment_by_id',
      { id: 'p' },
      () => {
        throw new TypeError('secret detail')
      },
      { report },
    )
    expect(result.isError).toBe(true)
    expect(text).not.toContain('secret detail')
    expect(report).toHaveBeenCalledOnce()
  })
})
