/** What cards work out by themselves: filters, order, sums, words. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { entriesOf } from '../../../src/mcp/cards/browser/entries.ts'
import { counted, day, label, moment, money, shortId, toneOf } from '../../../src/mcp/cards/browser/format.ts'
import { groups, kept, nextSort, sorted } from '../../../src/mcp/cards/browser/table.ts'
import { fieldsOf, rowsOf, sumOf, textOf } from '../../../src/mcp/cards/browser/values.ts'

const row = fc.record(
  {
    amount_cents: fc.option(fc.integer({ min: -1_000_000, max: 1_000_000 })),
    status: fc.constantFrom('pending', 'settled', 'failed', ''),
    payment_method: fc.constantFrom('ach', 'check', null),
    supplier: fc.string(),
  },
  { requiredKeys: [] },
)
const rows = fc.array(row)
const EVERYTHING = { text: '', status: null, method: null }

describe('a table', () => {
  test('without a filter keeps every row, sorted keeps the same rows', () =>
    fc.assert(
      fc.property(rows, fc.boolean(), (all, down) => {
        expect(kept(all, ['supplier'], EVERYTHING)).toEqual(all)
        const order = sorted(all, { field: 'amount_cents', down })
        expect(new Set(order)).toEqual(new Set(all))
        const amounts = order
          .map(({ amount_cents }) => amount_cents)
          .filter((cents) => typeof cents === 'number')
        expect(amounts).toEqual([...amounts].sort((a, b) => (down ? b - a : a - b)))
        const firstEmpty = order.findIndex(({ amount_cents }) => typeof amount_cents !== 'number')
        if (firstEmpty >= 0) expect(amounts).toHaveLength(firstEmpty)
      }),
    ))

  test('groups by status add up to the whole, and each filter to its group', () =>
    fc.assert(
      fc.property(rows, (all) => {
        const named = all.filter(({ status }) => textOf(status) !== '')
        const made = groups(all, 'status')
        expect(made.reduce((sum, { cents }) => sum + cents, 0)).toBe(sumOf(named, 'amount_cents'))
        for (const { value, count } of made)
          expect(kept(all, [], { ...EVERYTHING, status: value })).toHaveLength(count)
      }),
    ))

  test('finds all words, each in any column, whatever the case', () => {
    const all = [
      { supplier: 'Cedar Notch Timber', tracking_id: 'RC1' },
      { supplier: 'Cedar Hill', tracking_id: 'RC2' },
    ]
    const found = (text: string) => kept(all, ['supplier', 'tracking_id'], { ...EVERYTHING, text })
    expect(found('cedar')).toHaveLength(2)
    expect(found(' rc2  CEDAR ')).toEqual([all[1]])
    expect(found('cedar rc3')).toEqual([])
  })

  test('turns around on a second press, and begins a new column its own way', () => {
    expect(nextSort({ field: 'a', down: true }, 'a', true)).toEqual({ field: 'a', down: false })
    expect(nextSort({ field: 'a', down: true }, 'b', false)).toEqual({ field: 'b', down: false })
  })
})

describe('words', () => {
  test.each([
    [0, '$0.00'],
    [29, '$0.29'],
    [-5_000, '-$50.00'],
    [1_234_567_890_12, '$1,234,567,890.12'],
    [null, '–'],
    ['12', '–'],
  ])('%s cents are %s', (cents, text) => expect(money(cents)).toBe(text))

  test('no cent is lost up to 100 billion dollars', () =>
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000_000_000_000 }), (cents) => {
        expect(Number(money(cents).replace(/[$,.]/g, ''))).toBe(cents)
      }),
    ))

  // The clock of Finexio was shown, with no word of its zone, at b8f2a26.
  test.each([
    ['2026-11-03T15:10:00.590000', 'Nov 3, 2026', 'Nov 3, 2026, 10:10 AM EST'],
    ['2026-11-03T15:10:00Z', 'Nov 3, 2026', 'Nov 3, 2026, 10:10 AM EST'],
    ['2026-07-01T02:05:00+00:00', 'Jul 1, 2026', 'Jun 30, 2026, 10:05 PM EDT'],
    ['2026-01-31', 'Jan 31, 2026', 'Jan 31, 2026'],
    ['2026-13-01', '2026-13-01', '2026-13-01'],
    ['2026-02-03T25:61:00', 'Feb 3, 2026', 'Feb 3, 2026'],
    ['soon', 'soon', 'soon'],
    [null, '–', '–'],
  ])('%s is the day %s and in New York the moment %s', (given, date, time) => {
    expect(day(given)).toBe(date)
    expect(moment(given, 'America/New_York')).toBe(time)
  })

  test.each([
    ['Asia/Kolkata', 'Nov 3, 2026, 8:40 PM GMT+5:30'],
    ['UTC', 'Nov 3, 2026, 3:10 PM UTC'],
  ])('in %s it is %s', (zone, text) => expect(moment('2026-11-03T15:10:00', zone)).toBe(text))

  test('a zone that nobody knows is that of the browser', () => {
    for (const zone of ['Mars/Olympus', '', 'constructor'])
      expect(moment('2026-11-03T15:10:00', zone)).toBe(moment('2026-11-03T15:10:00'))
  })

  test.each([
    ['in-progress', 'In progress'],
    ['ach', 'ACH'],
    ['PrintedCheck', 'Check'],
    ['remit_email', 'Remit email'],
    ['buyer_ref_id', 'Buyer ref ID'],
    ['constructor', 'Constructor'],
    ['to_string__proto__', 'To string proto'],
    ['', ''],
    [null, ''],
  ])('%s reads %s', (given, text) => expect(label(given)).toBe(text))

  test('counts, ids and tones', () => {
    expect([1, 1_282, 0, null, '7'].map((count) => counted(count, 'payment'))).toEqual([
      '1 payment',
      '1,282 payments',
      '0 payments',
      '– payments',
      '– payments',
    ])
    expect([shortId('pay_1'), shortId('0427de23-200a-49bd-af2d-c3f00b09d961')]).toEqual([
      'pay_1',
      '0427de23…',
    ])
    expect(['Settled', 'a word of 2030', 'constructor', null].map(toneOf)).toEqual([
      'good',
      'plain',
      'plain',
      'plain',
    ])
  })
})

test('changes of one person, party and moment are one entry, in the order given', () => {
  const change = (timestamp: string, field: string, risk: string | null, object_id = 'sup_1') => ({
    timestamp,
    object_id,
    actor: 'ann',
    action: 'Updated',
    name: null,
    field,
    risk,
  })
  const entries = entriesOf([
    change('2026-02-02', 'city', 'address'),
    change('2026-02-02', 'state', 'address'),
    change('2026-02-02', 'city', null, 'sup_2'),
    change('2026-01-01', 'terms', null),
  ])
  expect(entries.map(({ party, risks, changes }) => [party, risks, changes.length])).toEqual([
    ['sup_1', ['address'], 2],
    ['sup_2', [], 1],
    ['sup_1', [], 1],
  ])
})

test('nothing that a host hands over makes reading fail', () =>
  fc.assert(
    fc.property(fc.anything(), (given) => {
      expect(typeof textOf(given)).toBe('string')
      expect(Array.isArray(rowsOf(given))).toBe(true)
      expect(typeof fieldsOf(given)).toBe('object')
      entriesOf(rowsOf(given))
      sorted(rowsOf(given), { field: 'x', down: true })
      money(given)
      label(given)
      moment(given)
      moment(given, textOf(given))
      counted(given, 'payment')
    }),
  ))
