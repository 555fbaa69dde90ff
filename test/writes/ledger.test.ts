import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonical } from '../../src/core/keys.ts'
import { CLAIM_MS, decide, presentState, REPEAT_MS } from '../../src/rules/ledger.ts'
import type { Earlier, WriteState } from '../../src/rules/write-contract.ts'

const NOW = 1_800_000_000_000
const earlier = (state: WriteState, ago = 1_000): Earlier => ({
  key: 'k',
  tool: 't',
  state,
  at: NOW - ago,
  kept: null,
})
const kindOf = (given: Partial<Parameters<typeof decide>[0]>) =>
  decide({ byKey: null, equal: null, keyless: false, ...given }, NOW).kind

test.each([
  ['succeeded', 'replay'],
  ['claimed', 'in_flight'],
  ['unknown', 'unknown'],
  ['rejected', 'go'],
  ['not_sent', 'go'],
] as const)('the same key and arguments after %s: %s', (state, kind) => {
  expect(kindOf({ byKey: { ...earlier(state), same: true } })).toBe(kind)
})

test('the same key with other arguments is refused, whatever became of the first', () => {
  for (const state of ['succeeded', 'claimed', 'unknown', 'rejected', 'not_sent'] as const)
    expect(kindOf({ byKey: { ...earlier(state), same: false } })).toBe('key_reused')
})

test('a claim that nobody settled for a minute is unknown', () => {
  const stale = { ...earlier('claimed', CLAIM_MS), same: true }
  expect(kindOf({ byKey: stale })).toBe('unknown')
  expect(presentState(earlier('claimed', CLAIM_MS - 1), NOW).state).toBe('claimed')
})

test.each([
  ['claimed', 0, 'possible_repeat'],
  ['unknown', REPEAT_MS * 100, 'possible_repeat'],
  ['succeeded', REPEAT_MS - 1, 'possible_repeat'],
  ['succeeded', REPEAT_MS, 'go'],
] as const)('keyless and equal to one %s %i ms ago: %s', (state, ago, kind) => {
  expect(kindOf({ equal: earlier(state, ago), keyless: true })).toBe(kind)
})

test('an explicit new key overrides an equal write', () => {
  expect(kindOf({ equal: earlier('succeeded'), keyless: false })).toBe('go')
  expect(kindOf({ equal: earlier('claimed'), keyless: false })).toBe('go')
})

// At b8f2a26 a new key let it go: B13.
test.each([
  ['unknown', 1_000],
  ['unknown', 8 * 24 * 3_600_000],
  ['claimed', CLAIM_MS],
  ['claimed', -CLAIM_MS],
] as const)('no key overrides an equal write that is %s for %i ms', (state, ago) => {
  for (const keyless of [true, false])
    expect(kindOf({ equal: earlier(state, ago), keyless })).toBe('possible_repeat')
  const free = { ...earlier('rejected'), same: true }
  expect(kindOf({ byKey: free, equal: earlier(state, ago) })).toBe('possible_repeat')
})

// At b8f2a26 it stayed "under way" until time caught up: B31. Siblings: a day, a month, the very bound.
test.each([2 * 3_600_000, 86_400_000, 30 * 86_400_000, CLAIM_MS])(
  'a claim is unknown at once when the clock was set back by %i ms',
  (back) => {
    expect(presentState(earlier('claimed', -back), NOW).state).toBe('unknown')
    expect(kindOf({ byKey: { ...earlier('claimed', -back), same: true } })).toBe('unknown')
  },
)

test('nothing that may have been executed ever leaves twice under one key', () => {
  const states = fc.constantFrom<WriteState>('claimed', 'succeeded', 'unknown')
  fc.assert(
    fc.property(states, fc.nat(10 * 24 * 3_600_000), fc.boolean(), (state, ago, same) => {
      expect(kindOf({ byKey: { ...earlier(state, ago), same } })).not.toBe('go')
    }),
  )
})

test('equal values have one canonical text, different ones two', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
      const shuffled = JSON.parse(JSON.stringify(a), (_, item) =>
        item && typeof item === 'object' && !Array.isArray(item)
          ? Object.fromEntries(Object.entries(item).reverse())
          : item,
      )
      expect(canonical(shuffled)).toBe(canonical(a))
      const plain = (value: unknown) => JSON.parse(JSON.stringify(value))
      let same = true
      try {
        expect(plain(a)).toStrictEqual(plain(b))
      } catch {
        same = false
      }
      expect(canonical(plain(a)) === canonical(plain(b))).toBe(same)
    }),
  )
})
