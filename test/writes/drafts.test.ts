import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  DRAFT_MS,
  type Draft,
  type DraftEvent,
  type DraftState,
  presentDraft,
  stepDraft,
} from '../../src/rules/drafts.ts'
import type { Decider, Setting } from '../../src/rules/who/four-eyes.ts'
import { runs } from '../support/size.ts'

const NOW = 1_800_000_000_000
const ACCOUNT = '11111111-1111-4111-8111-111111111111'
const draft = (state: DraftState = 'pending'): Draft => ({
  ...{ id: 'd', accountId: ACCOUNT, state, created_at: NOW, caller: { kind: 'url' }, decidedBy: null },
  onePerson: false,
  hands: {
    caller: { id: 'caller', kind: 'person' },
    callerIssuers: [],
    holders: [],
    editors: ['creator'],
    payeeChangers: [],
  },
})
const person: Decider = {
  ids: ['approver'],
  issuers: [],
  name: 'Ann',
  kind: 'person',
  approvesSince: NOW - 1,
}
const by = (more: Partial<Decider> = {}): Decider => ({ ...person, ...more })
const setting: Setting = { secondPersonForSettings: false, onePerson: null }

test.each<[string, Decider]>([
  ['the creator of the server', by({ ids: ['creator'] })],
  ['the caller', by({ ids: ['caller'] })],
  ['a system', by({ kind: 'system' })],
  ['who does not hold approve', by({ approvesSince: null })],
])('not %s, neither to approve nor to reject', (_, decider) => {
  for (const kind of ['approve', 'reject'] as const)
    expect(stepDraft(draft(), { kind, by: decider, setting }, NOW)).toEqual({
      kind: 'refused',
      why: expect.any(String),
      forbidden: true,
    })
})

test.each<[DraftState, DraftEvent['kind'], DraftState | null]>([
  ['pending', 'approve', 'approved'],
  ['pending', 'reject', 'rejected'],
  ['pending', 'cancel', 'canceled'],
  ['pending', 'execute', null],
  ['approved', 'approve', null],
  ['approved', 'reject', null],
  ['approved', 'cancel', 'canceled'],
  ['approved', 'execute', 'executed'],
])('%s, then %s: %s', (from, kind, to) => {
  const event = kind === 'approve' || kind === 'reject' ? { kind, by: person, setting } : { kind }
  const step = stepDraft(draft(from), event, NOW)
  expect(step.kind === 'moved' ? step.draft.state : null).toBe(to)
})

test('who decided is written down', () => {
  const step = stepDraft(draft(), { kind: 'approve', by: person, setting }, NOW)
  expect(step).toMatchObject({ kind: 'moved', draft: { state: 'approved', decidedBy: 'approver' } })
})

test('after 72 hours it is expired, approved or not, and nothing moves it', () => {
  for (const state of ['pending', 'approved'] as const) {
    expect(presentDraft(draft(state), NOW + DRAFT_MS - 1).state).toBe(state)
    expect(presentDraft(draft(state), NOW + DRAFT_MS).state).toBe('expired')
  }
  expect(stepDraft(draft('approved'), { kind: 'execute' }, NOW + DRAFT_MS)).toEqual({
    kind: 'refused',
    why: 'Draft d is expired: it cannot be executed any more.',
    forbidden: false,
  })
  expect(presentDraft(draft('executed'), NOW + DRAFT_MS).state).toBe('executed')
})

test('whatever happens to a draft, it runs at most once, approved by another person before, in time', () => {
  const decider = fc.constantFrom(
    person,
    by({ ids: ['creator'] }),
    by({ ids: ['caller'] }),
    by({ kind: 'system' }),
  )
  const event: fc.Arbitrary<DraftEvent> = fc.oneof(
    fc.record({
      kind: fc.constantFrom('approve' as const, 'reject' as const),
      by: decider,
      setting: fc.constant(setting),
    }),
    fc.record({ kind: fc.constantFrom('cancel' as const, 'execute' as const) }),
  )
  const timed = fc.record({ event, wait: fc.integer({ min: 0, max: DRAFT_MS / 4 }) })
  fc.assert(
    fc.property(fc.array(timed, { maxLength: 20 }), (list) => {
      let now = NOW
      let current = draft()
      const states: DraftState[] = []
      for (const { event, wait } of list) {
        now += wait
        const step = stepDraft(current, event, now)
        if (step.kind === 'refused') continue
        current = step.draft
        states.push(current.state)
        expect(now - NOW).toBeLessThan(DRAFT_MS)
      }
      const runs = states.filter((state) => state === 'executed')
      expect(runs.length).toBeLessThanOrEqual(1)
      if (runs.length === 0) return
      expect(states).toEqual(['approved', 'executed'])
      expect(current.decidedBy).toBe('approver')
    }),
    runs(1_000),
  )
})
