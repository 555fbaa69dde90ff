/** The plain functions under the summaries, for all inputs. */

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { payeeKindOf } from '../../../schemas/sensitive.ts'
import { isOneSlip } from '../../../src/core/text.ts'
import {
  byGravity,
  paymentsAfter,
  spansAfter,
} from '../../../src/tools/composites/audit-changes/after-change.ts'
import { bareNumber, findRepeats, likeness } from '../../../src/tools/composites/find-duplicates/repeats.ts'
import { gapsOf } from '../../../src/tools/reading/supplier-gaps.ts'
import { type Change, isField, stateAt, timelineOf } from '../../../src/tools/reading/timeline.ts'

const DAY = 86_400_000
const NOW = Date.parse('2026-11-23T12:00:00Z')
const day = (offset: number) => new Date(NOW + offset * DAY).toISOString().slice(0, 10)

/** Edit distance with adjacent swaps, the slow and plain way. */
const distance = (a: string, b: string): number => {
  if (a === '' || b === '') return a.length + b.length
  const same = a[0] === b[0] ? 0 : 1
  const options = [
    distance(a.slice(1), b) + 1,
    distance(a, b.slice(1)) + 1,
    distance(a.slice(1), b.slice(1)) + same,
  ]
  if (a.length > 1 && b.length > 1 && a[0] === b[1] && a[1] === b[0])
    options.push(distance(a.slice(2), b.slice(2)) + 1)
  return Math.min(...options)
}

describe('invoice numbers', () => {
  const short = fc.string({ unit: fc.constantFrom('A', 'B', '1'), maxLength: 5 })

  test('one slip is edit distance one', () => {
    fc.assert(fc.property(short, short, (a, b) => isOneSlip(a, b) === (distance(a, b) === 1)))
  })

  test('likeness does not depend on which invoice came first', () => {
    const number = fc.string({ unit: fc.constantFrom('A', 'b', '0', '1', '-', ' ', '/'), maxLength: 7 })
    fc.assert(fc.property(number, number, (a, b) => likeness(a, b) === likeness(b, a)))
  })

  test('letter case and punctuation never make another number', () => {
    const pieces = fc.array(
      fc.tuple(fc.constantFrom('-', ' ', '/', '.', ''), fc.constantFrom('A', 'q', '7', '0')),
      {
        minLength: 1,
        maxLength: 9,
      },
    )
    fc.assert(
      fc.property(pieces, (parts) => {
        const written = parts.map(([mark, sign]) => mark + sign).join('')
        const bare = parts.map(([, sign]) => sign.toLowerCase()).join('')
        expect(bareNumber(written)).toBe(bareNumber(bare))
        expect(likeness(written, bare)).toBe(written === bare ? 'same_number' : 'case_or_punctuation')
      }),
    )
  })

  test.each([
    ['INV-0012', 'INV-12', 'leading_zeros'],
    ['007', '7', 'leading_zeros'],
    ['INV-1001', 'inv1001', 'case_or_punctuation'],
    ['INV-1001', 'INV-1010', 'one_character'],
    ['INV-1001', 'INV-101', 'one_character'],
    ['INV-1001', 'INV-1001', 'same_number'],
    ['INV-1001', 'INV-2002', null],
    ['A1', 'A2', null],
    ['--', '..', null],
  ])('%s and %s: %s', (a, b, expected) => expect(likeness(a, b)).toBe(expected))
})

const bill = (id: string, more: object = {}) => ({
  id,
  invoice_number: `N-${id.repeat(6)}`,
  amount_cents: 45_000,
  status: 'pending',
  receiving_counterparty_id: 'sup',
  originating_counterparty_id: 'buy',
  invoice_date: day(-10),
  created: `${day(-5)}T00:00:00.000000`,
  can_be_resubmitted: false,
  ...more,
})

describe('repeated invoices', () => {
  const found = (rows: object[], days = 14) => findRepeats(rows as never, days)

  test('same amount within the days, not beyond them', () => {
    const rows = [bill('a', { invoice_date: day(-24) }), bill('b')]
    expect(found(rows, 14).repeats).toMatchObject([
      { invoice: { id: 'b' }, of: { id: 'a' }, reason: 'same_amount', days: 14, paid: 'none' },
    ])
    expect(found(rows, 13).repeats).toEqual([])
  })

  test('the same number in another spelling counts at any distance and any amount', () => {
    const rows = [
      bill('a', { invoice_number: 'AB-01', invoice_date: day(-300), status: 'complete' }),
      bill('b', { invoice_number: 'ab1', amount_cents: 1 }),
    ]
    expect(found(rows, 0).repeats).toMatchObject([{ reason: 'leading_zeros', days: 290, paid: 'one' }])
  })

  test('an alike number wins over a nearer invoice of the same amount', () => {
    const rows = [
      bill('a', { invoice_number: 'X-10001', invoice_date: day(-12) }),
      bill('b', { invoice_number: 'Q-77', invoice_date: day(-11) }),
      bill('c', { invoice_number: 'X-10007' }),
    ]
    expect(found(rows).repeats.find(({ invoice }) => invoice.id === 'c')).toMatchObject({
      of: { id: 'a' },
      reason: 'one_character',
    })
  })

  test('other suppliers, failed, canceled and refunded ones are no repeats', () => {
    const rows = [
      bill('a'),
      bill('b', { receiving_counterparty_id: 'other' }),
      bill('c', { status: 'Canceled' }),
      bill('d', { status: 'failed' }),
      bill('e', { can_be_resubmitted: true, status: 'complete' }),
    ]
    expect(found(rows)).toEqual({ repeats: [], setAside: 3 })
  })

  test('a payment that can still be stopped comes first, then money paid twice', () => {
    const pair = (supplier: string, first: string, second: string) => [
      bill(`${supplier}1`, { receiving_counterparty_id: supplier, status: first }),
      bill(`${supplier}2`, { receiving_counterparty_id: supplier, status: second }),
    ]
    const rows = [
      ...pair('n', 'pending', 'pending'),
      ...pair('b', 'sent', 'complete'),
      ...pair('o', 'complete', 'pending'),
    ]
    expect(found(rows).repeats.map(({ paid }) => paid)).toEqual(['one', 'both', 'none'])
  })

  test('missing numbers are not alike', () => {
    const rows = [
      bill('a', { invoice_number: null, amount_cents: 1 }),
      bill('b', { invoice_number: '', amount_cents: 2 }),
    ]
    expect(found(rows).repeats).toEqual([])
  })

  test('for any invoices: each at most once, only against an earlier one of the same supplier', () => {
    const row = fc.record({
      id: fc.uuid(),
      invoice_number: fc.constantFrom('A-1', 'a1', 'A-10001', 'A-10010', null),
      amount_cents: fc.constantFrom(100, 200, null),
      status: fc.constantFrom('pending', 'complete', 'failed', null),
      receiving_counterparty_id: fc.constantFrom('s1', 's2'),
      invoice_date: fc.constantFrom(day(-1), day(-9), day(-40), null),
    })
    fc.assert(
      fc.property(fc.uniqueArray(row, { selector: ({ id }) => id }), fc.nat(60), (rows, days) => {
        const { repeats, setAside } = found(rows, days)
        expect(new Set(repeats.map(({ invoice }) => invoice.id)).size).toBe(repeats.length)
        expect(setAside).toBe(rows.filter(({ status }) => status === 'failed').length)
        for (const { invoice, of, reason, days: apart } of repeats) {
          expect(of).not.toBe(invoice)
          expect(of.receiving_counterparty_id).toBe(invoice.receiving_counterparty_id)
          expect(apart).toBeGreaterThanOrEqual(0)
          const needsNearness = reason === 'same_amount' || reason === 'one_character'
          if (needsNearness) expect([apart <= days, of.amount_cents]).toEqual([true, invoice.amount_cents])
        }
      }),
    )
  })
})

const entry = (at: number, changes: object[], more: object = {}) => ({
  object_id: 'sup',
  timestamp: `${day(at)}T08:00:00.000001`,
  action: 'Updated',
  actor: 'someone',
  changes,
  ...more,
})

describe('timelines', () => {
  const alpha = timelineOf([
    entry(-100, [{ field: 'payment_method', before: null, after: 'PrintedCheck' }], { action: 'Created' }),
    entry(-10, [{ field: 'notes', before: 'a', after: 'b' }]),
    entry(-45, [{ field: 'payment_method', before: 'PrintedCheck', after: 'ACH' }]),
  ])

  test('newest first, with the risky kind named; first values are no risk', () => {
    expect(alpha.map(({ field, risk }) => [field, risk])).toEqual([
      ['notes', null],
      ['payment_method', 'payment_method'],
      ['payment_method', null],
    ])
  })

  test('the state at a date is what the changes up to then made of it', () => {
    expect(stateAt(alpha, NOW - 60 * DAY)).toEqual({ notes: 'a', payment_method: 'PrintedCheck' })
    expect(stateAt(alpha, NOW)).toEqual({ notes: 'b', payment_method: 'ACH' })
  })

  test('replaying forwards gives the same state at every moment', () => {
    const steps = fc.array(
      fc.record({ gap: fc.integer({ min: 1, max: 50 }), field: fc.constantFrom('a', 'b') }),
    )
    fc.assert(
      fc.property(steps, fc.nat(400), (list, back) => {
        const now: Record<string, unknown> = { a: 0, b: 0 }
        const moment = NOW - back * DAY
        let at = NOW - 400 * DAY
        let truth = { ...now }
        const entries = list.map(({ gap, field }, value) => {
          at += gap * DAY
          const change = { field, before: now[field], after: value + 1 }
          now[field] = value + 1
          if (at <= moment) truth = { ...now }
          return entry(0, [change], { timestamp: new Date(at).toISOString().slice(0, 23) })
        })
        const told = stateAt(timelineOf(entries), moment)
        for (const [field, value] of Object.entries(told)) expect(value).toBe(truth[field])
        expect(Object.keys(told)).toEqual([...new Set(list.map(({ field }) => field))].toSorted())
      }),
    )
  })

  test.each([
    ['bank_account_number', 'bank_account'],
    ['drawdownBankRoutingNumber', 'bank_account'],
    ['remit_email', 'email'],
    ['primary_contact_email', 'email'],
    ['address_1', 'address'],
    ['remit_zipcode', 'address'],
    ['payment_method', 'payment_method'],
    ['payment_terms', null],
    ['notes', null],
  ])('%s: %s', (field, risk) => expect(payeeKindOf(field)).toBe(risk))

  test('fields are found by name in any spelling, or by their kind', () => {
    const change = { field: 'bank_account_number', risk: 'bank_account' } as Change
    expect(
      [['bankAccountNumber'], ['bank_account'], [], ['notes', 'bank_account']].map((wanted) =>
        isField(wanted, change),
      ),
    ).toEqual([true, true, true, true])
    expect(isField(['bank'], change)).toBe(false)
  })
})

describe('payments after a change', () => {
  const at = (days: number) => ({ object_id: 'sup', field: 'f', at: NOW + days * DAY }) as Change
  const payment = (days: number, more: object = {}) => ({
    id: `p${days}`,
    created: `${day(days)}T12:00:00`,
    receiving_counterparty_id: 'sup',
    ...more,
  })

  test('within the days after it, to that party, beside the latest change', () => {
    const payments = [payment(-9), payment(-3), payment(20), payment(-3, { receiving_counterparty_id: 'x' })]
    const told = paymentsAfter([at(-8), at(-5)], payments, 10)
    expect(told.map(({ payment: { id }, days, changes }) => [id, days, changes.map(({ at }) => at)])).toEqual(
      [['p-3', 2, [NOW - 5 * DAY, NOW - 8 * DAY]]],
    )
  })

  test('changed bank accounts come first, then the newest payment', () => {
    const risk = (kind: string, of: string) => ({ ...at(-5), object_id: of, risk: kind }) as Change
    const changes = [risk('email', 'a'), risk('bank_account', 'b')]
    const to = (days: number, party: string) =>
      payment(days, { id: party + days, receiving_counterparty_id: party })
    const told = paymentsAfter(changes, [to(-4, 'a'), to(-4, 'b'), to(-2, 'a'), to(-3, 'b')], 10)
    expect(told.sort(byGravity).map(({ payment: { id } }) => id)).toEqual(['b-3', 'b-4', 'a-2', 'a-4'])
  })

  test('the spans cover every moment within the days after a change, and no other', () => {
    const offsets = fc.array(fc.integer({ min: -300, max: 0 }))
    fc.assert(
      fc.property(
        offsets,
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: -310, max: 50 }),
        (all, days, probe) => {
          const spans = spansAfter(all.map(at), days)
          const moment = NOW + probe * DAY
          const covered = spans.some(({ from, to }) => from <= moment && moment <= to)
          expect(covered).toBe(all.some((offset) => offset <= probe && probe <= offset + days))
          expect(spans.every(({ from }, index) => index === 0 || from > spans[index - 1]!.to)).toBe(true)
        },
      ),
    )
  })
})

describe('readiness', () => {
  const supplier = {
    id: 's',
    name: 'Acme',
    external_reference_id: 'A-1',
    payment_method: 'Check',
    delivery_method: 'Mail',
    remit_address_1: '1 Nowhere Lane',
    remit_city: 'Springfield',
    remit_state: 'IL',
    remit_zipcode: '00000',
    enabled: true,
  }
  const fields = (more: object) => gapsOf({ ...supplier, ...more }).map(({ field }) => field)

  test('a complete supplier is ready, however its method is spelled', () => {
    expect(gapsOf(supplier)).toEqual([])
    expect(fields({ payment_method: 'check', delivery_method: 'MAIL' })).toEqual([])
  })

  test.each([
    [{ remit_state: '', remit_city: null }, ['remit_city', 'remit_state']],
    [{ payment_method: 'ACH' }, ['bank_account_number', 'bank_routing_number']],
    [{ payment_method: 'Card', delivery_method: 'Email' }, ['remit_email']],
    [{ payment_method: 'Card', delivery_method: null }, ['delivery_method']],
    [{ payment_method: '' }, ['payment_method']],
    [{ payment_method: 'Wire', bank_account_number: '****6789', bank_routing_number: '021000021' }, []],
    [
      { payment_method: 'Wire', bank_account_number: '12-34', bank_routing_number: '021000021' },
      ['bank_account_number'],
    ],
    [{ enabled: false }, ['enabled']],
    // What a check needs nothing of may be as it likes.
    [{ bank_account_number: '12-34', corporate_phone_number: 'a very long telephone number' }, []],
  ])('%o lacks %o', (more, lacking) => expect(fields(more).toSorted()).toEqual(lacking))

  test('a gap names the rule that is broken', () => {
    expect(gapsOf({ ...supplier, payment_method: 'ACH' })[0]?.problem).toMatch(
      /required when payment_method is ACH/,
    )
  })
})
