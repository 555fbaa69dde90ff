/** Lists that can be asked: whole days, filters that Finexio does not have, names, and columns that are never dropped. */
import { describe, expect, test } from 'vitest'
import { finexioOf, paged } from '../composites/world.ts'
import { callWith } from '../fake-finexio.ts'

type Row = Record<string, unknown>
const idsOf = ({ result }: { result: Row[] }) => result.map(({ id }) => id)

describe('D2: a plain date is the whole day; at commit b8f2a26 created_end of a day read its midnight', () => {
  test.each([
    [
      'list_all_finexio_payments',
      { created_end: '2026-11-22' },
      { created_end: '2026-11-22T23:59:59.999999Z' },
      'created to 2026-11-22T23:59:59.999999Z',
    ],
    [
      'list_all_finexio_payments',
      { updated_start: '2026-11-01', updated_end: '2026-11-22' },
      { updated_start: '2026-11-01T00:00:00Z', updated_end: '2026-11-22T23:59:59.999999Z' },
      'updated from 2026-11-01T00:00:00Z to 2026-11-22T23:59:59.999999Z',
    ],
    [
      'list_all_finexio_drawdowns',
      { completed_end: '2026-11-22' },
      { completed_end: '2026-11-22T23:59:59.999999Z' },
      'completed to 2026-11-22T23:59:59.999999Z',
    ],
    [
      'list_all_finexio_suppliers',
      { updated_after: '2026-11-22' },
      { updated_after: '2026-11-22T00:00:00Z' },
      'updated from 2026-11-22T00:00:00Z',
    ],
  ])('%s %j', async (tool, args, query, words) => {
    const { data, text, sent } = await callWith(tool, args, () => paged([]))
    expect(sent[0]?.query).toEqual(query)
    expect(data.note).toBe(`Range: ${words}.`)
    expect(text).toContain(data.note)
  })

  test('a complete time is taken as it is, and needs no word', async () => {
    const { data } = await callWith(
      'list_all_finexio_payments',
      { created_end: '2026-11-22T10:00:00Z' },
      () => paged([]),
    )
    expect(data.note).toBeUndefined()
  })

  test.each([
    [
      'list_all_finexio_payments',
      { created_start: '2026-11-23', created_end: '2026-11-22' },
      'created_start (2026-11-23) is after created_end (2026-11-22): swap the two.',
    ],
    [
      'list_all_finexio_drawdowns',
      { amount_cents_start: 5, amount_cents_end: 4 },
      'amount_cents_start (5) is after amount_cents_end (4): swap the two.',
    ],
    [
      'list_all_finexio_invoices',
      { invoice_date_start: '2026-02-01', invoice_date_end: '2026-01-01' },
      'invoice_date_start (2026-02-01) is after invoice_date_end (2026-01-01): swap the two.',
    ],
  ])('%s: a range that ends before it begins is refused, nothing is sent', async (tool, args, words) => {
    const { text, sent, result } = await callWith(tool, args, () => paged([]))
    expect(result.isError).toBe(true)
    expect(text).toContain(words)
    expect(sent).toEqual([])
  })
})

describe('D3: what was asked for is there; at commit b8f2a26 it was dropped in silence', () => {
  const row = { id: 'p1', amount_cents: 1_234_50, created: '2026-11-01T00:00:00' }

  test.each([
    ['list_all_finexio_payments', '1234.50'],
    ['list_all_finexio_invoices', '1234.50'],
    ['list_all_finexio_drawdowns', '1234.50'],
  ])('%s: amount without amount_cents', async (tool, amount) => {
    const args = { fields: ['amount'], created_start: '2026-01-01' }
    const { data, text } = await callWith(tool, args, () => paged([{ ...row, processor_request_id: 'd1' }]))
    expect(data.result).toEqual([{ amount }])
    expect(text.split('\n').slice(1)).toEqual(['amount', amount])
  })

  test.each([
    ['null', { tracking_id: null, events: [] }],
    ['absent', {}],
    ['blank', { tracking_id: '', events: null }],
  ])('columns that are %s in all rows are null in the structure and named', async (_, more) => {
    const args = { fields: ['id', 'tracking_id', 'events'] }
    const { data, text } = await callWith('list_all_finexio_payments', args, () =>
      paged([{ ...row, ...more }]),
    )
    expect(Object.keys(data.result[0])).toEqual(['id', 'tracking_id', 'events'])
    expect(data.note).toBe('Empty in all rows: tracking_id, events.')
    expect(text).toContain('Empty in all rows: tracking_id, events.')
  })

  test('columns that nobody asked for say nothing when they are empty', async () => {
    const { data } = await callWith('list_all_finexio_payments', {}, () => paged([row]))
    expect(data.note).toBeUndefined()
  })
})

const PARTIES = [
  { id: 's1', type: 'Supplier', name: 'Bäckerei Grünwald GmbH', internal_id: 'V-1' },
  { id: 's2', type: 'Supplier', name: 'Café Lumière Catering', internal_id: 'V-2' },
  { id: 's3', type: 'Supplier', name: 'Northgate Paper &amp; Board', internal_id: 'V-3' },
  { id: 's4', type: 'Supplier', name: 'Łódź Møbler & Straße', internal_id: 'V-4' },
  { id: 's5', type: 'Supplier', name: 'Northgate Steel', internal_id: 'V-5' },
  { id: 'b1', type: 'Buyer', name: 'Prärie Foods', internal_id: 'B-1' },
]
const day = (n: number) => `2026-11-${String(n).padStart(2, '0')}T09:00:00.000000`
const money = (n: number, supplier: string, more: Row = {}) => ({
  id: `m${n}`,
  amount_cents: n * 1_000,
  status: 'settled',
  payment_method: n % 2 ? 'check' : 'ach',
  instrument_number: `000${700 + n}`,
  invoice_number: `INV-${10_000 + n}`,
  invoice_date: `2026-10-${String(n).padStart(2, '0')}`,
  originating_counterparty_id: 'b1',
  receiving_counterparty_id: supplier,
  created: day(n),
  ...more,
})
const ROWS = [6, 5, 4, 3, 2, 1].map((n) => money(n, ['s1', 's2', 's3', 's4', 's5', 's1'][n - 1]!))
const world = finexioOf({ parties: PARTIES, payments: ROWS, invoices: ROWS, suppliers: PARTIES.slice(0, 5) })

describe('issue 13, item 1: filters that Finexio does not have', () => {
  test.each([
    [{ supplier: 's5' }, ['m5']],
    [{ supplier: 'v-5' }, ['m5']],
    [{ supplier: 'Northgate Steel' }, ['m5']],
    [{ supplier: 'northgate' }, ['m5', 'm3']],
    [{ supplier: 'Backerei Grunwald' }, ['m6', 'm1']],
    [{ supplier: 'cafe lumiere' }, ['m2']],
    [{ supplier: 'NORTHGATE PAPER & BOARD' }, ['m3']],
    [{ supplier: 'lodz mobler strasse' }, ['m4']],
    [{ buyer: 'prarie foods', amount_cents_start: 2_500, amount_cents_end: 5_000 }, ['m5', 'm4', 'm3']],
    [{ payment_method: 'check', created_start: '2026-11-03' }, ['m5', 'm3']],
    [{ instrument_number: '704' }, ['m4']],
    [{ instrument_number: '0000702' }, ['m2']],
  ])('payments of %j', async (args, ids) => {
    const inRange = (request: Parameters<typeof world>[0]) =>
      request.query?.created_start && request.path === '/payments/'
        ? paged(ROWS.filter(({ created }) => created >= String(request.query!.created_start)))
        : world(request)
    const { data } = await callWith('list_all_finexio_payments', args, inRange)
    expect(idsOf(data)).toEqual(ids)
    expect(data.note).toMatch(
      /^Finexio has no filter for .*\d rows were read back to .*; that is the whole list\./,
    )
    expect(data.total_count).toBeNull()
  })

  test.each([
    [
      { invoice_date_start: '2026-10-02', invoice_date_end: '2026-10-03' },
      ['m3', 'm2'],
      /6 rows were read back to .*; that is the whole list/,
    ],
    [
      { created_start: '2026-11-04', created_end: '2026-11-05' },
      ['m5', 'm4'],
      /3 rows were read back to 2026-11-04T09:00:00Z; no older row can fit/,
    ],
    [{ invoice_number: 'inv 10002' }, ['m2'], /whole list/],
    [{ invoice_number: 'INV-10004', supplier: 'V-4' }, ['m4'], /supplier "Łódź Møbler & Straße" \(s4\)/],
  ])('invoices of %j', async (args, ids, note) => {
    const { data, sent } = await callWith('list_all_finexio_invoices', args, world)
    expect(idsOf(data)).toEqual(ids)
    expect(data.note).toMatch(note)
    expect(
      sent
        .filter(({ path }) => path === '/invoices/')
        .every(({ query }) => Object.keys(query ?? {}).length === 0),
    ).toBe(true)
  })

  test('rows that do not tell whether they fit are counted, not passed over', async () => {
    const rows = [money(3, 's1', { amount_cents: null }), money(2, 's1')]
    const { data } = await callWith('list_all_finexio_payments', { amount_cents_start: 1 }, () => paged(rows))
    expect(idsOf(data)).toEqual(['m2'])
    expect(data.note).toContain('1 row does not tell whether it fits and is left out.')
  })

  test('a buyer of drawdowns goes to Finexio, by its id', async () => {
    const { sent } = await callWith('list_all_finexio_drawdowns', { buyer: 'prarie' }, world)
    expect(sent.at(-1)?.query).toEqual({ originating_counterparty_id: 'b1' })
  })

  test('the cursor of a list that was looked through goes on behind its last row', async () => {
    const first = await callWith('list_all_finexio_payments', { supplier: 'grunwald', limit: 1 }, world)
    expect(idsOf(first.data)).toEqual(['m6'])
    const args = { supplier: 'grunwald', limit: 1, next_cursor: first.data.next_cursor }
    expect(idsOf((await callWith('list_all_finexio_payments', args, world)).data)).toEqual(['m1'])
  })

  test('a server that shows no counterparties tells no names, and takes ids', async () => {
    const sees = (name: string) => !name.includes('counterpart')
    const byName = await callWith('list_all_finexio_payments', { supplier: 'Northgate Steel' }, world, {
      sees,
    })
    expect(byName.data.result).toEqual([])
    const byId = await callWith('list_all_finexio_payments', { supplier: 's5' }, world, { sees })
    expect(idsOf(byId.data)).toEqual(['m5'])
    expect(byId.text).not.toContain('Northgate')
  })
})

describe('D4: names as people write them; at commit b8f2a26 "No supplier fits"', () => {
  test.each([
    ['list_all_finexio_counterparties', 'Backerei Grunwald', ['s1']],
    ['list_all_finexio_counterparties', 'CAFE LUMIERE', ['s2']],
    ['list_all_finexio_counterparties', 'northgate paper & board', ['s3']],
    ['list_all_finexio_suppliers', 'lodz mobler', ['s4']],
    ['list_all_finexio_suppliers', 'lumière', ['s2']],
  ])('%s finds %j', async (tool, name, ids) => {
    expect(idsOf((await callWith(tool, { name }, world)).data)).toEqual(ids)
  })

  test.each([
    ['list_all_finexio_counterparties', 'Bakerei Grunwald', '"Bäckerei Grünwald GmbH" (s1)'],
    ['list_all_finexio_suppliers', 'Northgate Stele', '"Northgate Steel" (s5)'],
    ['list_all_finexio_suppliers', 'Cafe Lumiere Caterings', '"Café Lumière Catering" (s2)'],
  ])('%s offers for %j who is near, with the id', async (tool, name, offer) => {
    const { data } = await callWith(tool, { name }, world)
    expect(data.result).toEqual([])
    expect(data.note).toContain(`near it is ${offer}`)
  })

  test('a supplier that nobody is, is refused with who is near', async () => {
    const { text, result } = await callWith(
      'list_all_finexio_payments',
      { supplier: 'Northgate Stele' },
      world,
    )
    expect(result.isError).toBe(true)
    expect(text).toContain(
      'No supplier has this id, internal id or name ("Northgate Stele"): near it is "Northgate Steel" (s5); repeat with the id of the one that is meant.',
    )
  })
})
