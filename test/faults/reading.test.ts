/** Lines B8-B11, B24, D11, D12, D18, D21, D23 of the faults of 0.1.0, each with what was seen at commit b8f2a26, and siblings. */
import { describe, expect, test } from 'vitest'
import { createFinexio } from '../../src/finexio/client.ts'
import type { FinexioRequest } from '../../src/finexio/types.ts'
import type { WriteSettings } from '../../src/rules/server-settings.ts'
import type { ClaimRequest } from '../../src/rules/write-contract.ts'
import { callTool } from '../../src/tools/call/call.ts'
import { catalogue } from '../../src/tools/catalogue.ts'
import { callWith, envelope, environment, ONE_ROUND, openWrites } from '../tools/fake-finexio.ts'
import { ARGUMENTS } from './every-tool.ts'

const rows = (count: number, more: object = {}) =>
  Array.from({ length: count }, (_, at) => ({
    id: `pay_${at}`,
    amount_cents: at,
    created: '2026-11-01T00:00:00',
    ...more,
  }))

describe('B9: the list of payments', () => {
  test('100 rows, count 200 and a cursor: was "100 of 250 payments. No more pages."', async () => {
    const { data, text } = await callWith('list_all_finexio_payments', { limit: 500 }, () =>
      envelope(rows(100), { count: 250, next: 'https://x/?cursor=abc' }),
    )
    expect(data).toMatchObject({ is_partial_response: true, total_count: 250, result_count: 100 })
    expect(text).toMatch(/^100 of 250 payments\. Partial: .*its link to the next page cannot be followed/)
  })

  test('what an earlier call gave counts, so that the last page is not short by itself', async () => {
    const page = ({ query }: FinexioRequest) =>
      Number(query?.page ?? 1) === 1
        ? envelope(rows(100), { count: 150, next: 'https://x/?page=2' })
        : envelope(
            rows(50).map((row) => ({ ...row, id: `${row.id}-2` })),
            { count: 150 },
          )
    const first = await callWith('list_all_finexio_payments', { limit: 100 }, page)
    const last = await callWith(
      'list_all_finexio_payments',
      { limit: 100, next_cursor: first.data.next_cursor },
      page,
    )
    expect([first.data.is_partial_response, last.data.is_partial_response]).toEqual([false, false])
    const short = ({ query }: FinexioRequest) =>
      Number(query?.page ?? 1) === 1 ? page({ query } as FinexioRequest) : envelope(rows(5), { count: 5 })
    const shrunk = await callWith(
      'list_all_finexio_payments',
      { limit: 100, next_cursor: first.data.next_cursor },
      short,
    )
    expect(shrunk.text).toMatch(/Partial: .*it counts 150 and ended after/)
  })
})

describe('B24: a count of millions', () => {
  test.each([
    ['analyze_finexio_payables', { over: 'payments' }],
    ['analyze_finexio_payables', { over: 'invoices', by: ['method'] }],
    ['find_possible_duplicate_finexio_invoices', {}],
  ])(
    '%s %j asks no more than one call may, and needs no memory; the process ran out of it',
    async (name, args) => {
      const { sent, data } = await callWith(name, args, ({ query }) =>
        envelope([{ id: `a${query?.page}` }, { id: `b${query?.page}` }], {
          count: 5_000_000,
          next: `https://x/?page=${Number(query?.page ?? 1) + 1}`,
        }),
      )
      expect(sent.length).toBeLessThanOrEqual(100)
      expect(data.is_partial_response).toBe(true)
    },
  )
})

const paying = async (settings: WriteSettings, answer: (request: FinexioRequest) => unknown) => {
  const claims: ClaimRequest[] = []
  const writes = openWrites([], {
    settings: { duplicate_guard: { requests: 0 }, ...settings },
    claim: async (request) => {
      claims.push(request)
      return { kind: 'claimed', key: 'k' }
    },
  })
  const { sent } = await callWith(
    'finexio_invoices_bulk_create',
    ARGUMENTS.finexio_invoices_bulk_create,
    answer,
    {
      writes,
    },
  )
  return { sent, concerns: claims.flatMap((claim) => claim.concerns) }
}

const supplier = { id: 'sup_999', name: 'Acme', external_reference_id: 'A-1', payment_method: 'ACH' }

describe('B11: paid before', () => {
  const world =
    (payments: unknown) =>
    ({ path }: FinexioRequest): unknown => {
      if (path.endsWith('/payments')) return payments
      if (path === '/reconciliation/drawdown') return envelope([{ processor_request_id: 'req_1' }])
      if (path.endsWith('/history'))
        return envelope([{ object_id: 'sup_999', timestamp: '2026-01-01T00:00:00' }])
      return path.includes('/batch') ? [] : supplier
    }
  const paid = { id: 'p1', receiving_counterparty_id: 'sup_999', status: 'settled' }

  test('is said of the supplier that was paid', async () => {
    expect((await paying({ first_payment: 'refuse' }, world(envelope([paid])))).concerns).toEqual([])
  })

  test.each([
    [
      'of another supplier: any row at all was enough',
      [{ ...paid, receiving_counterparty_id: 'sup_1' }],
      true,
    ],
    ['of nobody', [{ ...paid, receiving_counterparty_id: null }], true],
    ['that failed', [{ ...paid, status: 'failed' }], true],
    ['that was cancelled', [{ ...paid, status: 'Cancelled' }], true],
    ['that nobody sees', [], true],
  ])('is not said for a payment %s', async (_, payments, known) => {
    const { concerns } = await paying({ first_payment: 'refuse' }, world(envelope(payments)))
    expect(concerns).toEqual([{ supplier: 'sup_999', kind: 'first_payment', action: 'refuse', known }])
  })
})

describe('B10: a history that says nothing', () => {
  const world =
    (history: unknown) =>
    ({ path }: FinexioRequest): unknown => {
      if (path.endsWith('/history')) return history
      return path.includes('/batch') ? [] : path.includes('drawdown') ? envelope([]) : supplier
    }
  const changed = { object_id: 'sup_999', action: 'Updated', changes: { bank_account_number: ['1', '2'] } }

  test.each([
    ['null', null],
    ['a text', 'x'],
    ['a message', { detail: 'maintenance' }],
    ['25 of which none comes', { count: 25, next: null, results: [] }],
    ['none at all: the creation is logged too', envelope([])],
    [
      'an old change, and 24 that do not come',
      envelope([{ ...changed, timestamp: '2020-01-01T00:00:00' }], { count: 25 }),
    ],
    ['a change without a time', envelope([{ ...changed, timestamp: null }])],
  ])('%s: was paid, and is a concern', async (_, history) => {
    for (const action of ['refuse', 'approve'] as const) {
      const { concerns } = await paying({ changed_supplier: { days: 30, action } }, world(history))
      expect(concerns).toEqual([{ supplier: 'sup_999', kind: 'changed', action, known: false }])
    }
  })
})

describe('D12, D18: errors of Finexio', () => {
  const answering = async (name: string, args: object, status: number, body: unknown) => {
    const finexio = createFinexio({
      baseUrl: 'https://finexio.test/v2',
      credentials: { username: 'u', password: 'correct horse' },
      fetch: async () => Response.json(body, { status }),
    })
    const tool = catalogue.find((one) => one.name === name)!
    const { result } = await callTool(tool, args, environment(finexio), ONE_ROUND)
    return result.content.map((block) => ('text' in block ? block.text : '')).join('')
  }

  test.each([
    ['title and errors', { title: 'Validation failed', errors: { remit_email: ['Not an address.'] } }],
    ['detail and errors', { detail: 'Validation failed', errors: { remit_email: 'Not an address.' } }],
    [
      'message and a list',
      { message: 'Validation failed', errors: [{ field: 'remit_email', message: 'Not an address.' }] },
    ],
    [
      'title and pointers',
      { title: 'Validation failed', errors: [{ pointer: '#/remit_email', detail: 'Not an address.' }] },
    ],
    ['a field beside the detail', { detail: 'Validation failed', remit_email: ['Not an address.'] }],
  ])('%s: both are told, the fields were dropped', async (_, body) => {
    const text = await answering('finexio_suppliers_partial_update', { id: 's1', notes: 'x' }, 400, body)
    expect(text).toMatch(/Validation failed\. remit_email: Not an address\./)
  })

  test('paths of FastAPI', async () => {
    const body = { detail: [{ loc: ['body', 'remit_email'], msg: 'Not an address.' }] }
    const text = await answering('finexio_suppliers_partial_update', { id: 's1', notes: 'x' }, 422, body)
    expect(text).toMatch(/remit_email: Not an address\./)
  })

  test.each([
    ['list_all_finexio_payments', {}],
    ['list_all_finexio_suppliers', {}],
    ['analyze_finexio_payables', { over: 'payments' }],
    ['create_a_finexio_webhook', ARGUMENTS.create_a_finexio_webhook],
  ])('404 on %s is no matter of an id; it was said to be', async (name, args) => {
    const text = await answering(name, args as object, 404, { detail: 'Invalid page.' })
    expect(text).not.toMatch(/record with this id/)
    expect(text).toMatch(/No id was sent|OUTCOME UNKNOWN/)
  })

  test.each([
    ['get_single_finexio_payment_by_id', { id: 'p1' }],
    ['list_all_finexio_supplier_contacts', { supplier_id: 's1' }],
  ])('404 on %s is', async (name, args) => {
    expect(await answering(name, args, 404, { detail: 'Not found.' })).toMatch(
      /There is no record with this id/,
    )
  })
})

test.each(['object', 'array'] as const)(
  'D11: a contact travels as an %s where the deployment says so',
  async (contactBody) => {
    const sent: unknown[] = []
    const finexio = createFinexio({
      baseUrl: 'https://finexio.test/v2',
      credentials: { username: 'u', password: 'correct horse' },
      contactBody,
      fetch: async (_, { body }) => {
        sent.push(JSON.parse(String(body)))
        return Response.json([])
      },
    })
    const tool = catalogue.find(({ name }) => name === 'create_a_finexio_buyer_contact')!
    await callTool(tool, ARGUMENTS.create_a_finexio_buyer_contact, environment(finexio), ONE_ROUND)
    expect(Array.isArray(sent[0])).toBe(contactBody === 'array')
  },
)

describe('D23: an amount that cannot be read', () => {
  test.each(['123.45', '12,345', 12.5, '1e3', true, ['x']])(
    '%j is named in its row; it was null without a word',
    async (amount) => {
      const answer = () => envelope([...rows(1, { amount_cents: amount }), ...rows(2).slice(1)])
      const { data, text } = await callWith('list_all_finexio_payments', {}, answer)
      const odd = data.result.find(({ id }: { id: string }) => id === 'pay_0')
      expect(odd).toMatchObject({
        amount_cents: null,
        note: expect.stringMatching(/^No whole number of US cents: amount_cents "/),
      })
      expect(text).toMatch(/No whole number of US cents/)
      expect(data.result.find(({ id }: { id: string }) => id === 'pay_1')).not.toHaveProperty('note')
    },
  )

  test('within a record, in one record, and in a sum', async () => {
    const payment = { id: 'p1', amount_cents: 5, invoices: [{ id: 'i1', payment_amount_cents: '5.00 USD' }] }
    const { data } = await callWith('get_single_finexio_payment_by_id', { id: 'p1' }, () => payment)
    expect(data.note).toBe('No whole number of US cents: payment_amount_cents "5.00 USD".')
    const sum = await callWith('analyze_finexio_payables', { over: 'payments' }, () =>
      envelope(rows(1, { amount_cents: '12,345' })),
    )
    expect(sum.data.note).toMatch(/counted, not summed\. pay_0 \(.*"12,345"\)/)
  })
})

test('D21: the audit tells from which address a change came, and whether it directs money', async () => {
  const entry = (changes: object, more: object = {}) => ({
    object_id: 'sup_999',
    timestamp: '2026-11-20T00:00:00',
    action: 'Updated',
    actor: 'a',
    remote_addr: '192.0.2.10',
    changes,
    ...more,
  })
  const history = [
    entry({ bank_account_number: ['1', '2'] }),
    entry(
      { metadata: ['{}', '{"a": "b"}'] },
      { timestamp: '2026-11-19T00:00:00', remote_addr: undefined, userIpAddress: '192.0.2.11' },
    ),
  ]
  const { data } = await callWith(
    'audit_finexio_counterparty_changes',
    { object_id: 'sup_999' },
    ({ path }) => envelope(path.endsWith('/history') ? history : []),
  )
  const told = data.result.map(({ field, remote_addr, directs_money }: Record<string, unknown>) => [
    field,
    remote_addr,
    directs_money,
  ])
  expect(told).toEqual([
    ['bank_account_number', '192.0.2.10', true],
    ['metadata', '192.0.2.11', false],
  ])
})
