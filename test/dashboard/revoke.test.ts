/** What revoking takes along is said before the button is pressed; and templates say what is refused. At 3fc9183b neither was. */
import { expect, test } from 'vitest'
import { TEMPLATES } from '../../src/dashboard/pages/server-form/templates.tsx'
import { canceledWords } from '../../src/dashboard/parts/server/revoke.tsx'

test.each([
  [
    { drafts: 2, cents: 50_000, more: false },
    '2 drafts ($500.00) of it that wait for approval would be canceled.',
  ],
  // Siblings: one that moves no money, none, more than one page has, somebody who may not see drafts.
  [{ drafts: 1, cents: 0, more: false }, '1 draft of it that waits for approval would be canceled.'],
  [{ drafts: 0, cents: 0, more: false }, 'No draft of it waits.'],
  [
    { drafts: 3, cents: 100, more: true },
    'At least 3 drafts ($1.00) of it that wait for approval would be canceled.',
  ],
  [{ drafts: 0, cents: 0, more: true }, 'Drafts of it that wait for approval are canceled.'],
  [null, 'Drafts of it that wait for approval are canceled.'],
])('%j', (waiting, words) => {
  expect(canceledWords(waiting)).toBe(words)
})

test('a template that limits an invoice says that a larger one is refused, and not that it waits', () => {
  const pay = TEMPLATES.find(({ value }) => value === 'pay')!
  expect(pay.hint).toContain('one above $5,000.00 is refused')
  expect(pay.hint).not.toContain('larger')
})
