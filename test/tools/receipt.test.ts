/** Receipts are compared with what was sent. At b8f2a26 a batch answered with another number and amount `succeeded` (B16). */
import { expect, test } from 'vitest'
import type { Settlement } from '../../src/rules/write-contract.ts'
import { differencesOf, differing } from '../../src/tools/derived/receipt.ts'
import { callWith, openWrites } from './fake-finexio.ts'

const invoice = (invoice_number: string, amount_cents: number, supplier = 'sup_1') => ({
  invoice_number,
  amount_cents,
  invoice_date: '2026-11-23',
  originating_counterparty_id: 'buy_1',
  receiving_counterparty_id: supplier,
})

const sent = [invoice('Z-1', 100), invoice('Z-2', 100)]
const whole = (at: number, more: object = {}) => ({ ...sent[at], id: `inv_${at}`, ...more })

const pay = async (answered: unknown) => {
  const settled: Settlement[] = []
  const called = await callWith('finexio_invoices_bulk_create', { body: sent }, () => answered, {
    writes: openWrites(settled),
  })
  return { ...called, settled }
}

// Siblings: another amount, another supplier, another buyer, another date, the rows exchanged, one row twice.
test.each<[string, unknown[], [number, string][]]>([
  [
    'another number and amount',
    [whole(0), whole(1, { invoice_number: 'OTHER-9', amount_cents: 999_900 })],
    [
      [1, 'invoice_number'],
      [1, 'amount_cents'],
    ],
  ],
  ['another amount', [whole(0, { amount_cents: 10_000 }), whole(1)], [[0, 'amount_cents']]],
  [
    'another supplier',
    [whole(1, { receiving_counterparty_id: 'sup_9' }), whole(0)],
    [[1, 'receiving_counterparty_id']],
  ],
  [
    'another buyer',
    [whole(0), whole(1, { originating_counterparty_id: 'buy_9' })],
    [[1, 'originating_counterparty_id']],
  ],
  ['another date', [whole(0, { invoice_date: '2026-11-24' }), whole(1)], [[0, 'invoice_date']]],
  ['one row twice', [whole(0), whole(0)], [[1, 'invoice_number']]],
])('%s is the first thing that the result says, and no plain success', async (_, answered, fields) => {
  const { data, text, ran, settled } = await pay(answered)
  expect(data.outcome).toBe('differs')
  expect(data.differences.map(({ index, field }: Record<string, unknown>) => [index, field])).toEqual(fields)
  expect(text).toMatch(/^\{"outcome":"differs","differs":"Finexio answered other values than were sent: body/)
  expect(ran?.outcome).toBe('differs')
  expect(settled).toMatchObject([{ state: 'succeeded', kept: { outcome: 'differs', differs: data.differs } }])
})

test('a row that is missing in the answer is no plain success either', async () => {
  const { data } = await pay([whole(0)])
  expect(data).toMatchObject({
    outcome: 'differs',
    differs: expect.stringMatching(/batch of 2 but listed 1/),
  })
})

test('what Finexio spells in its own way is the same, in any order', async () => {
  const spelled = [
    whole(1, { invoice_number: ' z-2 ', amount_cents: '100', invoice_date: '2026-11-23T00:00:00Z' }),
    whole(0, { receiving_counterparty_id: 'SUP_1', originating_counterparty_id: null }),
  ]
  expect((await pay(spelled)).data).toMatchObject({ outcome: 'succeeded', result_count: 2 })
  expect(differencesOf(sent, [])).toEqual([])
})

test('text of Finexio stands quoted, cleaned and capped', async () => {
  const { data } = await pay([whole(0), whole(1, { invoice_number: `X\u202e\n${'y'.repeat(500)}` })])
  expect(data.differs.length).toBeLessThan(400)
  expect(data.differs).not.toMatch(/[\u202e\n]/)
})

// A supplier, a contact and a webhook: each field that comes back.
test.each<[string, object, object, string[]]>([
  [
    'a supplier',
    { name: 'Acme', payment_method: 'ACH' },
    { name: 'Evil', payment_method: 'Check' },
    ['name', 'payment_method'],
  ],
  [
    'a contact',
    { email: 'a@x.com', primary: true },
    { email: 'b@x.com', primary: false },
    ['email', 'primary'],
  ],
  ['a webhook', { url: 'https://a.com/f', event: 'payment.changed' }, { url: 'https://b.com/f' }, ['url']],
  ['a list', { tags: ['a', 'b'] }, { tags: ['b', 'c'] }, ['tags']],
  [
    'a nested record',
    { contact: { email: 'a@x.com', fax: '1' } },
    { contact: { email: 'b@x.com' } },
    ['contact'],
  ],
  ['a masked number', { bank_account_number: '12345678' }, { bank_account_number: '****5678' }, []],
  ['a list in another order', { tags: ['a', 'b'] }, { tags: ['B', 'A'] }, []],
  ['what does not come back', { note: 'x' }, {}, []],
])('%s', (_, given, answered, fields) => {
  expect(differing(given as Record<string, unknown>, answered as Record<string, unknown>)).toEqual(fields)
})

test('a change that Finexio did not apply is no plain success', async () => {
  const args = { id: 'sup_1', payment_method: 'ACH', notes: 'n' }
  const answered = { id: 'sup_1', payment_method: 'Check', notes: 'n' }
  const { data, text } = await callWith('finexio_suppliers_partial_update', args, () => answered)
  expect(data).toMatchObject({ outcome: 'differs', not_applied: ['payment_method'] })
  expect(text).toMatch(/^\{"outcome":"differs","differs":"Finexio answered other values/)
})
