/** Wherever it breaks, Finexio gets a write once, and the ledger never says less than what happened. */
import { runDurableObjectAlarm } from 'cloudflare:test'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { CLAIM_MS } from '../../src/rules/ledger.ts'
import { times as atSize } from '../support/size.ts'
import { accountWithServer } from './claims.ts'
import {
  type Account,
  type Attempt,
  attempt,
  type Counted,
  type Crash,
  type Kept,
  keptBy,
  objectOf,
  POINTS,
  REPLIES,
} from './crashes.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] })
})
afterEach(() => {
  vi.useRealTimers()
})

const later = (milliseconds: number) => vi.setSystemTime(Date.now() + milliseconds)
const newCount = (): Counted => ({ executed: [], asked: [] })

const MAY_STILL_COUNT: ReadonlySet<string> = new Set(['claimed', 'succeeded', 'unknown'])

/** The same write over and over: at once and after its claim went stale, under its key and without one. */
const repeated = async (account: Account, once: Attempt, counted: Counted) => {
  const result: Result[] = []
  const again = async (key: string | null) => {
    result.push(await attempt(account, { ...once, key, reply: 'answered', crash: null }, counted))
  }
  await again(once.key)
  await again(null)
  later(CLAIM_MS + 1_000)
  await runDurableObjectAlarm(objectOf(account))
  await again(once.key)
  await again(null)
  return result
}

type Result = Awaited<ReturnType<typeof attempt>>

/** Repeats are answered with what was done, or refused in words that call nothing failed. */
const expectRefusedRepeats = (result: readonly Result[]) => {
  for (const { outcome, text } of result.map((each) => each!)) {
    expect(['refused', 'replayed', 'succeeded']).toContain(outcome)
    if (outcome === 'refused') expect(text).toMatch(/OUTCOME UNKNOWN|is under way|possible_repeat/)
    expect(text).not.toMatch(/failed|rejected|not executed/)
  }
}

const firstOutcome = ({ at, of }: Crash): string | undefined => {
  if (of === 'worker') return undefined
  return at === 'after the claim committed' ? 'fault' : 'succeeded'
}

/** Whether Finexio got it in the first call: the Worker went on, or died too late to keep it back. */
const isExecuted = (crash: Crash): boolean =>
  firstOutcome(crash) === 'succeeded' || POINTS.indexOf(crash.at) >= POINTS.indexOf('after it left')

/** Whether the outcome got into the ledger in the end: the claim was free to repeat, or its settlement was not lost. */
const isSettled = ({ at, of }: Crash): boolean => {
  if (at === 'before the claim' || at === 'after the settlement') return true
  return of !== 'worker' && (at === 'before the request leaves' || at === 'after it left')
}

describe.each(POINTS)('a crash %s', (at) => {
  // At b8f2a26 a reset after the POST left the claim open for ever: the client heard `succeeded`, repeats heard OUTCOME UNKNOWN (B20).
  test.each(['object', 'reset', 'worker'] as const)(
    'of the %s: one POST at most, no false "failed"',
    async (of) => {
      const crash: Crash = { at, of }
      const account = await accountWithServer()
      const counted = newCount()
      const once: Attempt = { cents: 500, key: crypto.randomUUID(), reply: 'answered', crash }
      expect((await attempt(account, once, counted))?.outcome).toBe(firstOutcome(crash))
      expect(counted.executed).toEqual(isExecuted(crash) ? [500] : [])
      expectRefusedRepeats(await repeated(account, once, counted))
      expect(counted.asked).toHaveLength(isExecuted(crash) || at === 'before the claim' ? 1 : 0)
      const { rows, cents } = await keptBy(account)
      expect(rows.map(({ state }) => state)).toEqual([isSettled(crash) ? 'succeeded' : 'unknown'])
      expect(cents).toEqual([500])
    },
  )
})

/** Three writes that are each meant once; their amounts tell them apart. The last one never has a key. */
const INTENTS = [
  { cents: 100, key: 'key-of-the-first' },
  { cents: 1_000, key: 'key-of-the-second' },
  { cents: 10_000, key: null },
]

const crashes = fc.record({ at: fc.constantFrom(...POINTS), of: fc.constantFrom('reset', 'worker') })
const steps = fc.array(
  fc.record({
    intent: fc.constantFrom(...INTENTS),
    reply: fc.constantFrom(...REPLIES),
    crash: fc.option(crashes, { freq: 2 }),
    wait: fc.constantFrom(0, 1_000, CLAIM_MS + 1_000),
  }),
  { minLength: 1, maxLength: 12 },
)

/** What the ledger has of one of them. */
const ofIntent = ({ rows }: Kept, { key }: (typeof INTENTS)[number]) => {
  const keys = INTENTS.map((intent) => intent.key)
  return rows.filter((row) => (key === null ? !keys.includes(row.key) : row.key === key))
}

const times = (cents: number, all: readonly number[]) => all.filter((each) => each === cents).length

const expectTrue = (kept: Kept, { executed, asked }: Counted) => {
  for (const intent of INTENTS) {
    const states = ofIntent(kept, intent).map(({ state }) => state)
    const open = states.filter((state) => MAY_STILL_COUNT.has(state))
    const done = times(intent.cents, executed)
    const unsure = asked.filter(
      ({ cents, reply }) => cents === intent.cents && !/refused|throttled/.test(reply),
    )
    expect(unsure.length).toBeLessThanOrEqual(1)
    expect(done).toBeLessThanOrEqual(1)
    expect(open.length).toBeGreaterThanOrEqual(unsure.length)
    expect(open.length).toBeLessThanOrEqual(1)
    if (intent.key !== null && done === 1) expect(states).toEqual(open)
    if (states.includes('succeeded')) expect(done).toBe(1)
    expect(times(intent.cents, kept.cents)).toBe(open.length)
  }
}

/** What a caller is answered is what happened, or that it is unknown. */
const expectHonest = (result: Result, before: number, counted: Counted, cents: number) => {
  if (!result) return
  const done = times(cents, counted.executed) === 1
  if (result.outcome === 'succeeded' || result.outcome === 'replayed') expect(done).toBe(true)
  if (result.outcome === 'rejected' || result.outcome === 'throttled') expect(done).toBe(false)
  if (result.outcome === 'refused') expect(counted.asked.length).toBe(before)
  expect(result.outcome).not.toBe('failed')
}

test('whatever breaks, in whatever order: every write at most once, and a ledger that is true to it', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (all) => {
      const account = await accountWithServer()
      const counted = newCount()
      for (const { intent, reply, crash, wait } of all) {
        later(wait)
        if (wait > CLAIM_MS) await runDurableObjectAlarm(objectOf(account))
        const before = counted.asked.length
        const result = await attempt(account, { ...intent, reply, crash }, counted)
        expectHonest(result, before, counted, intent.cents)
        expectTrue(await keptBy(account), counted)
      }
    }),
    { numRuns: atSize(20, 80) },
  )
})
