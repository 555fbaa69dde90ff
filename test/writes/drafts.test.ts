import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type Decider,
  DRAFT_MS,
  type Draft,
  type DraftEvent,
  type DraftState,
  deciderProblem,
  presentDraft,
  stepDraft,
} from '../../src/rules/drafts.ts'
import { runs } from '../support/size.ts'

const NOW = 1_800_000_000_000
const ACCOUNT = '11111111-1111-4111-8111-111111111111'
const draft = (state: DraftState = 'pending', more: Partial<Draft> = {}): Draft => ({
  ...{ id: 'd', accountId: ACCOUNT, state, created_at: NOW, caller: { kind: 'url' } },
  ...{ serverCreatedBy: 'creator', decidedBy: null, ...more },
})
const person: Decider = { id: 'approver', name: 'Ann', kind: 'person', scopes: ['approve'] }
const by = (more: Partial<Decider> = {}): Decider => ({ ...person, ...more })

describe('who may decide', () => {
  test('a person with approve, also when confined to this very account', () => {
    expect(deciderProblem(draft(), person)).toBeNull()
    expect(deciderProblem(draft(), by({ scopes: ['approve', `account:${ACCOUNT}`] }))).toBeNull()
  })

  test.each<[string, Decider]>([
    ['the root key', by({ kind: 'admin_key', scopes: ['admin', 'approve'] })],
    ['a system', by({ kind: 'system' })],
    ['a person without approve', by({ scopes: ['admin'] })],
    [
      'a person of another account',
      by({ scopes: ['approve', 'account:22222222-2222-4222-8222-222222222222'] }),
    ],
    ['the creator of the server', by({ id: 'creator' })],
    ['the caller', by({ id: 'caller' })],
  ])('not %s, neither to approve nor to reject', (_, decider) => {
    const own = draft('pending', { caller: { kind: 'api_token', id: 'caller', name: 'Agent' } })
    for (const kind of ['approve', 'reject'] as const)
      expect(stepDraft(own, { kind, by: decider }, NOW)).toEqual({
        kind: 'refused',
        why: expect.any(String),
        forbidden: true,
      })
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
  const event = kind === 'approve' || kind === 'reject' ? { kind, by: person } : { kind }
  const step = stepDraft(draft(from), event, NOW)
  expect(step.kind === 'moved' ? step.draft.state : null).toBe(to)
})

test('who decided is written down', () => {
  const step = stepDraft(draft(), { kind: 'approve', by: person }, NOW)
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
  const decider = fc.constantFrom(person, by({ id: 'creator' }), by({ id: 'caller' }), by({ kind: 'system' }))
  const event: fc.Arbitrary<DraftEvent> = fc.oneof(
    fc.record({ kind: fc.constantFrom('approve' as const, 'reject' as const), by: decider }),
    fc.record({ kind: fc.constantFrom('cancel' as const, 'execute' as const) }),
  )
  const timed = fc.record({ event, wait: fc.integer({ min: 0, max: DRAFT_MS / 4 }) })
  fc.assert(
    fc.property(fc.array(timed, { maxLength: 20 }), (list) => {
      let now = NOW
      let current = draft('pending', { caller: { kind: 'api_token', id: 'caller', name: 'Agent' } })
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
