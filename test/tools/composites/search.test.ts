import { expect, test } from 'vitest'
import { FinexioFailure } from '../../../src/finexio/failure.ts'
import type { FinexioRequest } from '../../../src/finexio/types.ts'
import { callWith, envelope } from '../fake-finexio.ts'

const missing = () => {
  throw new FinexioFailure({ kind: 'not_found', status: 404, message: 'Not found', rate: null, sent: true })
}
const payment = {
  id: 'p1',
  tracking_id: 'RC1',
  amount_cents: 45_000,
  status: 'settled',
  payment_method: 'check',
}
const supplier = {
  id: 's1',
  name: 'Acme Paper',
  type: 'Supplier',
  internal_id: 'V-1',
  bank_account_number: '123456789',
}
const invoice = { id: 'i1', invoice_number: 'A-1', amount_cents: 100, status: 'sent' }

const finexio = ({ path, query }: FinexioRequest): unknown => {
  if (path === '/payments/') return envelope(query?.tracking_id === 'RC1' ? [payment] : [])
  if (path === '/payments/p1/') return payment
  if (path === '/counterparties/')
    return envelope(query?.name && 'acme paper'.includes(String(query.name).toLowerCase()) ? [supplier] : [])
  if (path === '/counterparties/s1/' || path === '/counterparties/s1') return supplier
  if (path === '/invoices/') return envelope([invoice])
  if (path === '/reconciliation/drawdown') return envelope([])
  return missing()
}

test.each([
  [
    'RC1',
    {
      id: 'payment:p1',
      title: 'Payment RC1, $450.00, settled, check',
      url: 'https://finexio.test/v2/payments/p1/',
    },
  ],
  ['acme', { id: 'counterparty:s1', title: 'Supplier Acme Paper, V-1' }],
  ['a-1', { id: 'invoice:i1', title: 'Invoice A-1, $1.00, sent' }],
  ['p1', { id: 'payment:p1' }],
])('%s is found, in exactly the shape that deep research reads', async (query, expected) => {
  const { data, text } = await callWith('search', { query }, finexio, { textFormat: 'csv' })
  expect(Object.keys(data)).toEqual(['results'])
  expect(data.results).toEqual([expect.objectContaining(expected)])
  for (const one of data.results) expect(Object.keys(one)).toEqual(['id', 'title', 'url'])
  expect(JSON.parse(text)).toEqual(data)
})

test('nothing found is an empty list', async () => {
  expect((await callWith('search', { query: 'nothing at all' }, finexio)).data).toEqual({ results: [] })
})

test('what search answered can be fetched, with bank numbers masked', async () => {
  const { data, text } = await callWith('fetch', { id: 'counterparty:s1' }, finexio)
  expect(data).toMatchObject({
    id: 'counterparty:s1',
    title: 'Supplier Acme Paper, V-1',
    metadata: { kind: 'counterparty' },
  })
  expect(JSON.parse(data.text)).toMatchObject({ name: 'Acme Paper' })
  expect(text).not.toContain('123456789')
  expect(JSON.parse(text)).toEqual(data)
})

test.each(['p1', 'check:p1', 'payment:', 'constructor:x'])('%s is no id of search', async (id) => {
  const { result, sent } = await callWith('fetch', { id }, finexio)
  expect([result.isError, sent.length]).toEqual([true, 0])
})

test('hidden resources are neither searched nor fetched', async () => {
  const sees = (name: string) => name.includes('counterpart')
  const { data, sent } = await callWith('search', { query: 'RC1' }, finexio, { sees })
  expect(data.results).toEqual([])
  expect(sent.every(({ path }) => path.startsWith('/counterparties'))).toBe(true)
  expect((await callWith('fetch', { id: 'payment:p1' }, finexio, { sees })).result.isError).toBe(true)
})

test('a refusal of Finexio with nothing found is told, not called an empty list', async () => {
  const { result } = await callWith('search', { query: 'RC1' }, () => {
    throw new FinexioFailure({
      kind: 'throttled',
      status: 429,
      message: '',
      rate: null,
      retryAfter: 5,
      sent: true,
    })
  })
  expect(result.isError).toBe(true)
})

test('a sentence is searched for the number and the name in it', async () => {
  const { data } = await callWith('search', { query: 'Was invoice A-1 from Acme paid?' }, finexio)
  expect(data.results.map(({ id }: { id: string }) => id)).toEqual(['counterparty:s1', 'invoice:i1'])
})

test('a filter that lets all rows pass finds nothing that was not asked for', async () => {
  const all = ({ path }: FinexioRequest) =>
    path === '/counterparties/'
      ? envelope([supplier])
      : path === '/payments/'
        ? envelope([payment])
        : path === '/invoices/' || path === '/reconciliation/drawdown'
          ? envelope([])
          : missing()
  expect((await callWith('search', { query: 'unheard-of' }, all)).data.results).toEqual([])
})

test.each(['..', 'INV/2026/001', 'a?b#c', '%2e%2e', '   x   ', '\u202eabc', 'what is this?'])(
  'the text %j is searched like any other',
  async (query) => {
    const { data, result } = await callWith('search', { query }, finexio)
    expect([result.isError, data]).toEqual([undefined, { results: [] }])
  },
)

test('a huge record stays below 100 KB, and text and structure stay the same JSON', async () => {
  const events = Array.from({ length: 99 }, () => ({ description: '"'.repeat(1_999) }))
  const { data, text } = await callWith('fetch', { id: 'payment:p1' }, () => ({ ...payment, events }))
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(100_000)
  expect(JSON.parse(text)).toEqual(data)
  expect(data.text).toMatch(
    /Text cut: [\d,]+ more characters; get_single_finexio_payment_by_id gives the whole/,
  )
})
