/** What revoking takes along is said before the button is pressed; and templates say what is refused. At 3fc9183b neither was. */
import { describe, expect, test } from 'vitest'
import { TEMPLATES } from '../../src/dashboard/pages/server-form/templates.tsx'
import { canceledWords } from '../../src/dashboard/parts/server/revoke.tsx'
import { approvalReasons } from '../../src/rules/approval.ts'
import { callBreach } from '../../src/rules/limits.ts'
import { effectiveConfig, type ServerConfig } from '../../src/rules/server-settings.ts'

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
  expect(pay.hint).toContain('One invoice above $10,000.00, or more than $20,000.00 in a day, is refused')
  expect(pay.hint).not.toContain('larger')
})

/**
 * Seen on main until now: the amount above which a person is asked was the amount above which an invoice is refused, so that none ever
 * waited. Siblings: an invoice just at each bound, two that are only together above it, one of another template.
 */
describe('between what goes at once and what is refused an invoice waits', () => {
  const became = (name: string, ...cents: number[]) => {
    const { approval = 'none', limits = {} } = effectiveConfig(
      TEMPLATES.find(({ value }) => value === name)!.config as ServerConfig,
      { approval: 'none', payees: 'open' },
    )
    const movements = [
      { buyer: 'b', supplier: 's', cents: cents.reduce((a, b) => a + b), count: cents.length },
    ]
    if (callBreach(limits, movements, Math.max(...cents))) return 'refused'
    const asked = { effect: 'money' as const, movements, fields: [], concerns: [], unchecked: [] }
    return approvalReasons(approval, asked, () => 0).length > 0 ? 'waits' : 'goes'
  }

  test.each([
    ['pay', [500_000], 'goes'],
    ['pay', [500_001], 'waits'],
    ['pay', [1_000_000], 'waits'],
    ['pay', [1_000_001], 'refused'],
    ['pay', [300_000, 300_000], 'waits'],
    ['prepare', [1], 'waits'],
    ['everything', [99_000_000], 'goes'],
  ])('%s %j %s', (name, cents, what) => {
    expect(became(name, ...cents)).toBe(what)
  })

  test('no template asks a person only above what it refuses', () => {
    for (const { config } of TEMPLATES as readonly { config: ServerConfig }[]) {
      const { approval, limits = {} } = config
      if (typeof approval !== 'object') continue
      for (const { cents = Number.MAX_SAFE_INTEGER } of Object.values(limits))
        expect(cents).toBeGreaterThan(approval.over_cents)
    }
  })
})
