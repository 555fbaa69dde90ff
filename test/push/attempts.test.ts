/** What a failed attempt leaves: less at once for what is rejected, later for what is away, and one notification. */
import { expect, test } from 'vitest'
import { afterFailure, afterSuccess } from '../../src/account/push/attempts.ts'
import type { PushState } from '../../src/account/tables/push.ts'
import { DAY } from '../audit/support.ts'

const HOUR = 3_600_000
const fresh: PushState = {
  ...{ seq: 10, passed: 0, chain: null, most: null, failures: 0, since: null },
  ...{ problem: null, status: null, next_at: 0, alone: null, told: false },
}
const rejected = { kind: 'rejected', status: 400, waitMs: null } as const
const away = { kind: 'unreachable', status: 503, waitMs: null } as const

test('what is rejected is halved at once down to the one row, and taken again by doubling', () => {
  let [state, sizes, rows] = [fresh, [] as number[], 9]
  while (rows > 1) {
    const { change, tells } = afterFailure(state, { rows, last: 10 + rows }, rejected, 0, 1)
    expect([change.next_at, tells]).toEqual([0, false])
    state = { ...state, ...change }
    rows = state.most!
    sizes = [...sizes, rows]
  }
  expect(sizes).toEqual([5, 3, 2, 1])
  const grown = [1, 2, 3, 4, 5, 6, 7, 8, 9].map(() => {
    state = { ...state, ...afterSuccess(state, state.seq + 1) }
    return state.most
  })
  expect(grown).toEqual([2, 4, 8, 16, 32, 64, 128, 256, null])
})

test('one row by itself is passed over a day after it was rejected first, not a day after an outage began', () => {
  const [one, other] = [
    { rows: 1, last: 11 },
    { rows: 1, last: 12 },
  ]
  const outage = afterFailure(fresh, one, away, 0, 1)
  const first = afterFailure({ ...fresh, ...outage.change }, one, rejected, 2 * DAY, 1)
  expect([first.tells, first.change.passed]).toEqual([true, undefined])
  const after = { ...fresh, ...first.change }
  expect(afterFailure(after, one, rejected, 3 * DAY - 1, 1).change.passed).toBeUndefined()
  expect(afterFailure(after, one, rejected, 3 * DAY, 1).change).toMatchObject({ passed: 11, next_at: 0 })
  expect(afterFailure(after, other, rejected, 3 * DAY, 1).change.passed).toBeUndefined()
  expect(afterFailure(after, one, away, 3 * DAY, 1).change.passed).toBeUndefined()
})

test.each([
  ['the request as such', { kind: 'refused', status: 401, waitMs: null }, 0, true],
  ['a row', rejected, 0, true],
  ['a short outage', away, HOUR - 1, false],
  ['a long outage', away, HOUR, true],
  ['a request to slow down, for long', { kind: 'unreachable', status: 429, waitMs: 1_000 }, HOUR, true],
] as const)('%s that fails is news: %#', (_, failure, lasted, tells) => {
  const state = { ...fresh, since: lasted === 0 ? null : 0, failures: 3 }
  expect(afterFailure(state, { rows: 1, last: 11 }, failure, lasted, 1).tells).toBe(tells)
  expect(afterFailure({ ...state, told: true }, { rows: 1, last: 11 }, failure, lasted, 1).tells).toBe(false)
})
