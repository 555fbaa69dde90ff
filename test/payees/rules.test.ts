/** Whether somebody vouched for a payee as Finexio shows it now, and what a call-back proves. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DAY_MS } from '../../src/core/time.ts'
import { momentProblem, numberProblem } from '../../src/rules/payees/call-back.ts'
import { judgePayee, type PayeeSight, type PayeeState, vouchedOf } from '../../src/rules/payees/verified.ts'
import { runs } from '../support/size.ts'

const NOW = Date.parse('2026-11-30T12:00:00Z')
const OLD = NOW - 400 * DAY_MS

const state = (more: Partial<PayeeState> = {}): PayeeState => ({
  shown: { name: 'clear n', bank_account_number: 'clear b', remit_email: 'clear e', contacts: 'empty' },
  numbersShown: true,
  changes: [{ id: 'created', at: OLD }],
  updated: OLD,
  newestEntry: OLD,
  ...more,
})
const sight = (more: Partial<PayeeState> = {}, rest: Partial<PayeeSight> = {}): PayeeSight => ({
  supplier: 's',
  state: state(more),
  since: null,
  paidBefore: true,
  ...rest,
})
const shown = (more: PayeeState['shown']) => ({ shown: { ...state().shown, ...more } })
const record = { vouched: vouchedOf(state(), null), voided: false }
const verdict = (one: PayeeSight, of = record) => {
  const judged = judgePayee(of, null, one)
  return judged.kind === 'unverified' ? judged.why : judged.by
}
const entry = (id: string, at: number | null) => ({ changes: [...state().changes, { id, at }] })

describe('a payee for whom somebody vouched', () => {
  it.each([
    ['as it was', sight(), 'vouched'],
    ['with a change of notes', sight({ updated: NOW, newestEntry: NOW }), 'vouched'],
    ['with another bank account', sight(shown({ bank_account_number: 'clear x' })), 'changed'],
    ['with a bank account where there was none', sight(shown({ contacts: 'clear c' })), 'changed'],
    ['with a change that was reverted', sight(entry('there and back', NOW)), 'changed'],
    ['with a change that shows up late', sight(entry('late', NOW - 5 * 60_000)), 'changed'],
    ['with a change that is dated back by months', sight(entry('back', NOW - 100 * DAY_MS)), 'changed'],
    ['with an entry without a time', sight(entry('odd', null)), 'changed'],
    ['whose record could not be read', sight({}, { state: null }), 'unreadable'],
    ['whose history was read to yesterday alone', sight({}, { since: NOW - DAY_MS }), 'unreadable'],
  ])('%s', (_, one, expected) => expect(verdict(one)).toBe(expected))

  it('whose numbers Finexio masks is vouched for by its history', () => {
    const masked = { ...shown({ bank_account_number: 'masked m' }), numbersShown: false }
    expect(verdict(sight(masked))).toBe('vouched')
    const touched = { ...masked, updated: NOW }
    expect(verdict(sight(touched))).toBe('unreadable')
    expect(verdict(sight({ ...touched, newestEntry: NOW }))).toBe('vouched')
    const filled = { vouched: vouchedOf(state(shown({ bank_account_number: 'empty' })), null), voided: false }
    expect(verdict(sight(masked), filled)).toBe('changed')
  })

  it('stays unvouched once it was voided, whatever it looks like', () =>
    expect(verdict(sight(), { ...record, voided: true })).toBe('changed'))

  it('is never verified by a state that differs in any field shown both times', () => {
    const seen = fc.constantFrom('empty' as const, 'clear 1' as const, 'clear 2' as const)
    const fields = fc.dictionary(fc.constantFrom('a', 'b', 'c'), seen)
    fc.assert(
      fc.property(fields, fields, (before, now) => {
        const same = Object.entries(before).every(([name, value]) => !(name in now) || now[name] === value)
        const of = { vouched: vouchedOf(state({ shown: before }), null), voided: false }
        expect(verdict(sight({ shown: now }), of)).toBe(same ? 'vouched' : 'changed')
      }),
      runs(1_000),
    )
  })
})

describe('the acceptance of the present', () => {
  const judge = (one: PayeeSight) => {
    const judged = judgePayee(null, NOW, one)
    return judged.kind === 'verified' ? judged.by : judged.why
  }

  it.each([
    ['paid before and long unchanged', sight(), 'accepted'],
    ['unchanged but for notes', sight({ updated: NOW, newestEntry: NOW }), 'accepted'],
    ['changed in the 90 days before', sight(entry('x', NOW - 89 * DAY_MS)), 'never_vouched'],
    ['changed after it', sight(entry('x', NOW + DAY_MS)), 'never_vouched'],
    ['never paid', sight({}, { paidBefore: false }), 'never_vouched'],
    ['of whom nobody knows whether it was paid', sight({}, { paidBefore: null }), 'unreadable'],
    ['with an empty history', sight({ changes: [], newestEntry: null }), 'unreadable'],
    ['with a history that was not read far enough', sight({}, { since: NOW - 10 * DAY_MS }), 'unreadable'],
  ])('%s', (_, one, expected) => expect(judge(one)).toBe(expected))
})

describe('the number of a call-back', () => {
  const files = { vouched: ['+1 (555) 010-1111'], present: ['555-010-1111', '555 010 2222'] }
  const called = (number: string, more: object = {}) =>
    numberProblem({ number, number_from: 'outside_source', source: 'contract', ...more }, files)

  it('proves something if it was on file when somebody last vouched, or comes from a named source', () => {
    expect(called('5550101111', { number_from: 'last_vouched', source: null })).toBeNull()
    expect(called('5550103333')).toBeNull()
  })

  it.each([
    ['it came with the change', '1 555 010 2222', {}],
    ['it is said to have been on file', '5550103333', { number_from: 'last_vouched' }],
    ['its source is not named', '5550103333', { source: null }],
    ['it is no number', 'the usual one', {}],
  ])('proves nothing if %s', (_, number, more) => expect(called(number, more)).not.toBeNull())

  it("of a new supplier's own record proves nothing", () =>
    expect(
      numberProblem(
        { number: '5550102222', number_from: 'outside_source', source: 'their e-mail' },
        { vouched: null, present: files.present },
      ),
    ).toMatch(/proves nothing/))

  it.each([
    ['before the change', NOW - DAY_MS, NOW - 60_000, /changed after the call/],
    ['to come', NOW + DAY_MS, null, /future/],
    ['long ago', NOW - 32 * DAY_MS, null, /31 days/],
  ] as const)('of a call %s proves nothing', (_, at, changedAt, words) =>
    expect(momentProblem(at, changedAt, NOW)).toMatch(words),
  )

  it('of a call after the change does', () =>
    expect(momentProblem(NOW - 60_000, NOW - DAY_MS, NOW)).toBeNull())
})
