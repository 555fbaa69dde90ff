/** Whether somebody vouched for a payee as Finexio shows it now, and what a call-back proves. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DAY_MS } from '../../src/core/time.ts'
import { momentProblem, numberProblem } from '../../src/rules/payees/call-back.ts'
import {
  isUnpaid,
  judgePayee,
  lastChange,
  type PayeeSight,
  type PayeeState,
  showsChange,
  vouchedOf,
} from '../../src/rules/payees/verified.ts'
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
    // A contact has no history: what touched the record may have been one, although every number is shown.
    ['touched by what no entry explains', sight({ updated: NOW - DAY_MS }), 'unreadable'],
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

  // Until 2026-11-30 each of these counted as a number from elsewhere, since only the last ten digits were compared.
  it.each([
    ['with an extension', '555 010 2222 ext. 1'],
    ['with an extension after x', '(555) 010-2222x17'],
    ['with more digits behind it', '5550102222,,9'],
    ['without its area code', '010-2222'],
    ['in digits of another script', '٥٥٥ ٠١٠ ٢٢٢٢'],
    ['in one digit of another script', '٥55 010 2222'],
    ['in wide digits', '５５５０１０２２２２'],
    ['from a country with shorter numbers', '030 1234567', ['+49 30 1234567']],
    ['with a country where the record has none', '0049 (0)30 123456-7', ['030 1234567']],
    ['in letters', '1-800-FLOWERS', ['1 800 356 9377']],
    ['whose letters are digits in the record', '+1 800 3569377', ['1-800-FLOWERS']],
    ['that has an extension in the record', '555 010 2222', ['+1 555 010 2222 ext 44']],
    ['that stands in a note', '555 010 7777', [], ['Remit questions: call 555-010-7777 or write.']],
  ])('%s proves nothing', (_, number, present: string[] = [...files.present], elsewhere: string[] = []) =>
    expect(
      numberProblem(
        { number, number_from: 'outside_source', source: 'their e-mail' },
        { vouched: null, present, elsewhere },
      ),
    ).toMatch(/proves nothing/),
  )

  it.each([
    ['+1 555 010 1111', '5550101111', true],
    ['555-010-1111', '001 (555) 010 1111', true],
    ['+49 30 1234567', '+4930 123 45 67', true],
    ['+1 555 010 1111', '+44 1555 010 1111', false],
    ['555 010 1111', '555 010 1111 ext 9', false],
    ['010 1111', '555 010 1111', false],
  ])('%s on file, %s called: the same %s', (vouched, number, same) =>
    expect(
      numberProblem(
        { number, number_from: 'last_vouched', source: null },
        { vouched: [vouched], present: [vouched] },
      ),
    ).toEqual(same ? null : expect.stringMatching(/not among the numbers/)),
  )

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

  // Until 2026-11-30 only the history counted, which may be late by minutes: a change after the call was vouched for by it.
  it.each([
    [
      'a change whose entry is there',
      { updated: NOW, newestEntry: NOW, changes: [{ id: 'x', at: NOW }] },
      NOW,
    ],
    ['a change whose entry is not there yet', { updated: NOW }, NOW],
    ['a change of a record without history', { updated: NOW, newestEntry: null, changes: [] }, NOW],
    ['a change of notes', { updated: NOW, newestEntry: NOW }, OLD],
    ['nothing', {}, OLD],
    ['nothing, of a record that does not say when', { updated: null }, OLD],
  ])('dates the last change after %s', (_, more, at) => expect(lastChange(state(more))).toBe(at))

  it('of a call after the change does', () =>
    expect(momentProblem(NOW - 60_000, NOW - DAY_MS, NOW)).toBeNull())
})

describe('a page that was read for something else', () => {
  const [, ...others] = state().changes
  it.each([
    ['nothing of it', { shown: {}, changes: [] }, false],
    ['the same', { shown: state().shown, changes: state().changes }, false],
    ['some fields, the same', { shown: { remit_email: 'clear e' as const }, changes: others }, false],
    ['another e-mail', { shown: { remit_email: 'clear x' as const }, changes: [] }, true],
    ['an entry that was not known', { shown: {}, changes: [{ id: 'x', at: NOW }] }, true],
  ])('shows a change or says nothing: %s', (_, seen, expected) =>
    expect(showsChange(record.vouched, seen)).toBe(expected),
  )
})

it.each([
  ['paid yesterday, whatever Finexio says', NOW - DAY_MS, false, true],
  ['paid 46 days ago, all settled', NOW - 46 * DAY_MS, false, false],
  ['paid 46 days ago, one open', NOW - 46 * DAY_MS, true, true],
  ['never paid, nothing known', null, null, null],
] as const)('money is under way, or not, or nobody knows: %s', (_, paidAt, unsettled, expected) =>
  expect(isUnpaid(paidAt, unsettled, NOW)).toBe(expected),
)
