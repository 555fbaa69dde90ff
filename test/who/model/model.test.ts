import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { times } from '../../support/size.ts'
import * as cases from './cases.ts'
import { agree, explain, type Product } from './driver.ts'
import { type History, histories, run, wide } from './histories.ts'
import {
  auditWidens,
  bothHands,
  lockedOut,
  narrowsLate,
  play,
  tokenBeyondGrants,
  widenedAlone,
} from './invariants.ts'
import { empty, reading, step } from './model.ts'
import type { Op, State } from './types.ts'

const MOST = 2_000
const RUNS = times(400, MOST)
const seed = 11

describe('section 10, sentence by sentence', () => {
  const last = (start: Op[], [, ops, expected]: cases.Case): void => {
    const steps = play(empty(2), [...start, ...ops])
    for (const { op, answer } of steps.slice(0, start.length))
      expect([op, answer]).toEqual([op, { is: 'done' }])
    const { answer } = steps.at(-1)!
    expect('why' in answer ? answer.why : answer.is).toBe(expected)
  }
  const { firm } = cases
  test.each(cases.principals)('principals: %s', (...one) => last(firm, one))
  test.each(cases.grantsAndRoles)('roles: %s', (...one) => last(firm, one))
  test.each(cases.fourEyes)('four eyes: %s', (...one) => last(firm, one))
  test.each(cases.loosening)('loosening: %s', (...one) => last(firm, one))
  test.each(cases.glass)('breaking glass: %s', (...one) => last(firm, one))
  test.each(cases.onePerson)('one person: %s', (...one) => last(cases.alone, one))
  test.each(cases.present)('the present: %s', (...one) => last(firm, one))
})

describe('random histories of the model alone', () => {
  const seen: Record<string, number> = {}

  test('no person has both hands in a payment, nobody is locked out, and nothing widens but as it may', () => {
    fc.assert(
      fc.property(histories(wide), (history) => {
        const trace = run(history)
        expect(bothHands(trace)).toBeNull()
        for (const one of trace) {
          expect([narrowsLate(one), auditWidens(one), widenedAlone(one)]).toEqual([null, null, null])
          const name = `${one.op.do} ${'why' in one.answer ? one.answer.why : one.answer.is}`
          seen[name] = (seen[name] ?? 0) + 1
        }
        const last = trace.at(-1)!.after
        expect(lockedOut(last)).toBeNull()
        // Costs as much as all the others, and depends on little of what came before.
        if (last.now % 3 === 0) expect(tokenBeyondGrants(last)).toBeNull()
      }),
      { numRuns: RUNS, seed },
    )
  })

  test('every answer that matters came up often enough to mean something', () => {
    const often = [
      'decide paid',
      'decide own_hand',
      'decide young_role',
      'decide changed',
      'decide unknown_caller',
    ]
    often.push(
      'call asleep',
      'settle done',
      'settle own_hand',
      'settle lapsed',
      'settle glass',
      'resume proposed',
    )
    for (const name of often) expect(seen[name] ?? 0, name).toBeGreaterThan(times(5, 30))
  })
})

/** The model with a fault, as a product: something is done to what it remembers before each step. */
const faulty = (forget: (state: State) => void, readOtherwise?: keyof typeof reading): Product => {
  let state = empty(1)
  let paid = 0
  return {
    begin: async (accounts) => {
      state = empty(accounts)
      paid = 0
    },
    run: async (op) => {
      forget(state)
      if (readOtherwise) reading[readOtherwise] = false
      const next = step(state, op)
      if (readOtherwise) reading[readOtherwise] = true
      state = next.state
      if (next.answer.is === 'paid') paid += 1
      return next.answer
    },
    sent: async () => paid,
  }
}
const each = <T>(kept: T[], change: (one: T) => Partial<T>): void => {
  for (const one of kept) Object.assign(one as object, change(one))
}
const faults: [string, (state: State) => void][] = [
  ['who rotated', (s) => each(s.servers, () => ({ rotated: [] }))],
  ['who edited', (s) => each(s.servers, () => ({ edited: [] }))],
  ['who created', (s) => each(s.servers, () => ({ creator: [] }))],
  ['who issued a token', (s) => each(s.tokens, () => ({ issuer: [] }))],
  ['who held the server of a draft', (s) => each(s.drafts, () => ({ holder: null }))],
  ['who changed a payee', (s) => each(s.accounts, () => ({ payees: {} }))],
  [
    'that a role was lost',
    (s) =>
      each(s.people, ({ since }) => ({
        since: Object.fromEntries(Object.keys(since).map((name) => [name, 0])),
      })),
  ],
  ['that a key was changed', (s) => each(s.proposals, () => ({ versions: {} }))],
  ['who proposed', (s) => each(s.proposals, () => ({ by: [] }))],
  [
    'that root waits a day',
    (s) => each(s.proposals, ({ key, at }) => (key === 'root' ? { at: at - 86_400 } : {})),
  ],
  [
    'that root’s proposal was cancelled',
    (s) => each(s.proposals, ({ state }) => (state === 'refused' ? { state: 'open' as const } : {})),
  ],
  ['that a token was revoked', (s) => each(s.tokens, () => ({ revoked: false }))],
  ['that a token ends', (s) => each(s.tokens, () => ({ end: null }))],
  ['that a person is disabled', (s) => each(s.people, () => ({ enabled: true }))],
  ['that a new server sleeps', (s) => each(s.servers, () => ({ asleep: false }))],
  ['that a new token sleeps', (s) => each(s.tokens, () => ({ asleep: false }))],
  ['that a server was deleted', (s) => each(s.servers, () => ({ deleted: false }))],
  ['that writes were stopped', (s) => each(s.accounts, () => ({ stopped: false }))],
  ['that settings need a second person', (s) => each(s.accounts, () => ({ second: false }))],
]

describe('a product that disagrees is found', () => {
  const holds = async (history: History, product: Product): Promise<boolean> =>
    (await agree({ accounts: history.accounts, ops: run(history).map(({ op }) => op) }, product)) === null
  const found = async (product: Product, numRuns: number): Promise<number> => {
    const { failed, numRuns: needed } = await fc.check(
      fc.asyncProperty(histories(), (history) => holds(history, product)),
      { numRuns, seed, endOnFailure: true },
    )
    return failed ? needed : Number.POSITIVE_INFINITY
  }

  test('and one that agrees is not', async () => {
    expect(
      await found(
        faulty(() => {}),
        100,
      ),
    ).toBe(Number.POSITIVE_INFINITY)
  })

  test.each(faults)('if it forgets %s, within 300 histories', async (_, forget) => {
    expect(await found(faulty(forget), 300)).toBeLessThanOrEqual(300)
  })

  test.each(Object.keys(reading) as (keyof typeof reading)[])('if it reads %s otherwise', async (name) => {
    const n = await found(
      faulty(() => {}, name),
      MOST,
    )
    expect(n).toBeLessThanOrEqual(MOST)
  })

  test('and what is said of it names the step, both answers and the hands', async () => {
    const history = fc
      .sample(histories(), { numRuns: MOST, seed })
      .find((one) => run(one).some(({ answer }) => 'why' in answer && answer.why === 'own_hand'))!
    const ops = run(history).map(({ op }) => op)
    const said = explain(
      (await agree(
        { accounts: history.accounts, ops },
        { ...faulty(() => {}), run: async () => ({ is: 'done' }) },
      ))!,
    )
    expect(said).toMatch(/^step \d+: \{.*\n {2}expected \{.*\n {2}heard .*/)
  })
})
