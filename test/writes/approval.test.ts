import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { resources } from '../../schemas/index.ts'
import { isParty, payeeKindOf, writableFields } from '../../schemas/sensitive.ts'
import { DAY_MS } from '../../src/core/time.ts'
import { approvalReasons } from '../../src/rules/approval.ts'

const PAYEE_FIELDS = new Set(
  resources
    .filter(isParty)
    .flatMap(writableFields)
    .filter((name) => payeeKindOf(name) !== null),
)

import { changedPayees, type Payee, payeeConcerns } from '../../src/rules/payees/concerns.ts'
import { catalogue } from '../../src/tools/catalogue.ts'

const NOW = 1_800_000_000_000
const pay = (cents: number, supplier = 's1') => ({ buyer: 'b', supplier, cents, count: 1 })
const QUIET = { effect: 'money' as const, movements: [], fields: [], concerns: [], unchecked: [] }
const money = (...movements: ReturnType<typeof pay>[]) => ({
  ...QUIET,
  movements,
})
const change = (...fields: string[]) => ({ ...QUIET, fields })
const none = () => 0

describe('approval', () => {
  test('none asks nobody, always asks for every write and no read', () => {
    expect(approvalReasons('none', change('bank_account_number'), none)).toEqual([])
    expect(approvalReasons('always', { ...QUIET, effect: 'write' }, none)).toEqual([{ kind: 'always' }])
    expect(approvalReasons('always', { ...QUIET, effect: 'read' }, none)).toEqual([])
  })

  test('over an amount: the amount itself still passes', () => {
    const ask = (cents: number) => approvalReasons({ over_cents: 1_000 }, money(pay(cents)), none).length > 0
    expect([ask(1_000), ask(1_001)]).toEqual([false, true])
  })

  test('an amount split among suppliers of one call is judged as one', () => {
    expect(approvalReasons({ over_cents: 1_000 }, money(pay(600), pay(600, 's2')), none)).toEqual([
      { kind: 'over', supplier: null, cents: 1_200, over_cents: 1_000 },
    ])
  })

  test('an amount split among calls of a day is never more than the threshold without approval', () => {
    const calls = fc.array(fc.tuple(fc.integer({ min: 1, max: 600 }), fc.constantFrom('s1', 's2')), {
      maxLength: 30,
    })
    fc.assert(
      fc.property(calls, fc.integer({ min: 0, max: 1_500 }), (list, over_cents) => {
        const spent = new Map<string, number>()
        for (const [cents, supplier] of list) {
          const before = spent.get(supplier) ?? 0
          const asked = approvalReasons(
            { over_cents },
            money(pay(cents, supplier)),
            (id) => spent.get(id) ?? 0,
          )
          expect(asked.length > 0).toBe(before + cents > over_cents)
          if (asked.length === 0) spent.set(supplier, before + cents)
        }
        for (const sum of spent.values()) expect(sum).toBeLessThanOrEqual(over_cents)
      }),
    )
  })

  test.each([...PAYEE_FIELDS])('setting %s needs approval whatever the threshold', (field) => {
    expect(approvalReasons({ over_cents: Number.MAX_SAFE_INTEGER }, change('notes', field), none)).toEqual([
      { kind: 'payee_fields', fields: [field] },
    ])
  })

  test('other fields do not', () => {
    expect(approvalReasons({ over_cents: 0 }, change('notes', 'category', 'payment_terms'), none)).toEqual([])
  })

  test('every bank, method, delivery, remit and funding field of every money tool is one', () => {
    const shapes = catalogue
      .filter(({ effect }) => effect === 'money')
      .map(({ input }) => Object.keys(input.shape))
    const fields = new Set(shapes.flat())
    const redirecting = [...fields].filter((name) =>
      /bank|_method$|^remit|^care_of$|^address_|^city$/.test(name),
    )
    expect(redirecting.filter((name) => !PAYEE_FIELDS.has(name))).toEqual([])
  })
})

describe('suppliers that call for care', () => {
  const settings = { first_payment: 'approve', changed_supplier: { days: 7, action: 'refuse' } } as const
  const facts = (more: object) => [{ supplier: 's', paidBefore: true, changedAt: 'never' as const, ...more }]
  const kinds = (more: object) => payeeConcerns(settings, facts(more), NOW)

  test('a supplier that was paid before and never changed calls for none', () => {
    expect(kinds({})).toEqual([])
    expect(payeeConcerns({}, facts({ paidBefore: null, changedAt: null }), NOW)).toEqual([])
  })

  test('a first payment and a recent change are named, the oldest change of the window included', () => {
    expect(kinds({ paidBefore: false })).toEqual([
      { supplier: 's', kind: 'first_payment', action: 'approve', known: true },
    ])
    expect(kinds({ changedAt: NOW - 7 * DAY_MS + 1 })).toEqual([
      { supplier: 's', kind: 'changed', action: 'refuse', known: true },
    ])
    expect(kinds({ changedAt: NOW - 7 * DAY_MS })).toEqual([])
  })

  test('what could not be read counts as the worse case', () => {
    expect(kinds({ paidBefore: null, changedAt: null })).toEqual([
      { supplier: 's', kind: 'first_payment', action: 'approve', known: false },
      { supplier: 's', kind: 'changed', action: 'refuse', known: false },
    ])
  })
})

describe('between draft and approval', () => {
  const payee: Payee = {
    ...{ supplier: 's', name: 'Acme', enabled: true, bank: 'digest', method: 'ACH' },
    ...{ delivery: null, remit: 'digest of address' },
  }

  test('nothing changed', () => {
    expect(changedPayees([payee], [{ ...payee }])).toEqual([])
  })

  test.each([
    ['name', 'Acrne'],
    ['enabled', false],
    ['bank', 'other'],
    ['method', 'Check'],
    ['delivery', 'Email'],
    ['remit', 'other'],
  ] as const)('another %s stops it', (field, value) => {
    expect(changedPayees([payee], [{ ...payee, [field]: value }])).toEqual([
      { kind: 'payee_changed', supplier: 's', fields: [field] },
    ])
  })

  test('a supplier that is gone or was disabled all along stops it', () => {
    expect(changedPayees([payee], [])).toEqual([{ kind: 'payee_gone', supplier: 's' }])
    const off = { ...payee, enabled: false }
    expect(changedPayees([off], [off])).toEqual([{ kind: 'payee_disabled', supplier: 's' }])
  })
})
