/** Whether a change of a payee waits because money is under way to it, and which changes of a record call for care. */
import { describe, expect, it } from 'vitest'
import { canonicalId } from '../../src/core/ids.ts'
import { DAY_MS } from '../../src/core/time.ts'
import { careDays, underWayConcern } from '../../src/rules/payees/under-way.ts'
import { leadsMoney, timelineOf } from '../../src/tools/reading/timeline.ts'

const NOW = Date.parse('2026-11-30T12:00:00Z')
const change = (unsettled: boolean | null) => ({ payee: 'sup_123', unsettled })

describe('for how many days a payment makes its payee one that calls for care', () => {
  it.each([
    ['no rule anywhere', [{}, {}], false, null],
    ['first_payment on another server', [{}, { first_payment: 'refuse' }], false, 30],
    ['the days of the rule', [{ changed_supplier: { days: 90, action: 'approve' } }], false, 90],
    [
      'the longest of several',
      [{ changed_supplier: { days: 7, action: 'refuse' } }, { first_payment: 'approve' }],
      false,
      30,
    ],
    ['a short rule alone', [{ changed_supplier: { days: 7, action: 'refuse' } }], false, 7],
    ['verified payees alone', [], true, 30],
  ] as const)('%s', (_, servers, verified, days) => expect(careDays(servers, verified)).toBe(days))
})

describe('a change of a payee', () => {
  it.each([
    ['paid lately', change(false), 30, NOW - DAY_MS, true],
    ['with unsettled payments, paid by others', change(true), 30, null, true],
    ['of whom nobody could find out', change(null), 30, null, false],
    ['paid lately, whatever could be found out', change(null), 30, NOW - 29 * DAY_MS, true],
  ] as const)('waits: %s', (_, one, days, paidAt, known) =>
    expect(underWayConcern(one, days, paidAt, NOW)).toEqual({
      supplier: 'sup_123',
      kind: 'money_under_way',
      action: 'approve',
      known,
    }),
  )

  it.each([
    ['no rule is set', change(true), null, NOW],
    ['paid before the days of the rule, all settled', change(false), 30, NOW - 30 * DAY_MS],
    ['never paid', change(false), 30, null],
    ['none is changed', null, 30, NOW],
  ] as const)('goes on: %s', (_, one, days, paidAt) =>
    expect(underWayConcern(one, days, paidAt, NOW)).toBeNull(),
  )
})

describe('an entry of the history', () => {
  const entry = (more: object) =>
    timelineOf([{ object_id: 's', timestamp: '2026-11-29T10:00:00', action: 'Updated', ...more }])
  const of = (field: string, before: unknown = 'a') => entry({ changes: [{ field, before, after: 'b' }] })

  // B2, seen at b8f2a26: only bank account and method counted. Siblings: a contact, a reference, a phone number, an unknown name.
  it.each([
    'remit_address_1',
    'care_of',
    'remit_email',
    'primary_contact_email',
    'external_reference_id',
    'internal_id',
    'corporate_phone_number',
    'contacts',
    'enabled',
    'never_heard_of',
  ])('of %s counts', (field) => expect(of(field).map(leadsMoney)).toEqual([true]))

  it.each(['notes', 'payment_terms', 'metadata', 'category'])('of %s does not', (field) =>
    expect(of(field).map(leadsMoney)).toEqual([false]),
  )

  it('counts when it cannot be read, and not when it holds the first values', () => {
    expect(entry({}).map(leadsMoney)).toEqual([true])
    const first = { action: 'Created', changes: [{ field: 'bank_account_number', before: null, after: '1' }] }
    expect(entry(first).map(leadsMoney)).toEqual([false])
    const odd = { action: 'Created', changes: [{ field: 'bank_account_number', before: '2', after: '1' }] }
    expect(entry(odd).map(leadsMoney)).toEqual([true])
  })
})

// B6, seen at b8f2a26: five suppliers for every rule. Siblings: upper case in braces, urn in upper case, blanks around.
it('knows one supplier by every spelling of its UUID, and other ids as they are', () => {
  const id = '5a000001-0000-4000-8000-00000000abcd'
  const spelt = [
    id.toUpperCase(),
    id.replaceAll('-', ''),
    `{${id}}`,
    `urn:uuid:${id}`,
    `{${id.toUpperCase()}}`,
    `URN:UUID:${id}`,
    ` ${id}\n`,
  ]
  expect(new Set(spelt.map(canonicalId))).toEqual(new Set([id]))
  expect(canonicalId(' Sup_123 ')).toBe('Sup_123')
})
