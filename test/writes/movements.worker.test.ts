import { runInDurableObject } from 'cloudflare:test'
import { expect, test } from 'vitest'
import { insertClaim, settle, tidyLedger } from '../../src/account/tables/ledger/ledger.ts'
import { historyOf } from '../../src/account/tables/ledger/movements.ts'
import { DAY_MS } from '../../src/core/time.ts'
import { KEPT_MS } from '../../src/rules/ledger.ts'
import { type Movement, windowBreach } from '../../src/rules/limits.ts'
import { makeAccount } from '../accounts/support.ts'
import { claimRequest, print } from './claims.ts'

const NOW = 1_800_000_000_000
const pay = (cents: number, supplier = 's1'): Movement => ({ buyer: 'b', supplier, cents, count: 1 })
const request = (key: string, movements: Movement[], serverId = 'server') =>
  claimRequest({ key, serverId, fingerprint: print(key), subjects: [], movements })

const inAccount = async <T>(work: (sql: SqlStorage) => T): Promise<T> => {
  const { object } = await makeAccount()
  return runInDurableObject(object, (_, { storage }) => work(storage.sql))
}

test('the history of a server is its own, within the window, by supplier, oldest first', async () => {
  const seen = await inAccount((sql) => {
    insertClaim(sql, request('late', [pay(4, 's2')]), NOW)
    insertClaim(sql, request('early', [pay(1), pay(2, 's2')]), NOW - 10)
    insertClaim(sql, request('edge', [pay(100)]), NOW - DAY_MS)
    insertClaim(sql, request('other', [pay(1_000)], 'sibling'), NOW)
    const history = historyOf(sql, 'server')
    const since = NOW - DAY_MS
    return {
      all: history.spent(since, null),
      s2: history.spent(since, 's2'),
      none: history.spent(since, 's9'),
      past: [...history.past(since, null)].map(({ cents }) => cents),
    }
  })
  expect(seen).toEqual({
    all: { cents: 7, count: 3 },
    s2: { cents: 6, count: 2 },
    none: { cents: 0, count: 0 },
    past: [1, 2, 4],
  })
})

test('what goes through the limit until it refuses adds up to the limit at most', async () => {
  const { spent, passed } = await inAccount((sql) => {
    const limits = { per_day: { cents: 10_000 } }
    let passed = 0
    for (let index = 0; index < 1_000; index++) {
      const movements = [pay(1 + (index % 97), `s${index % 7}`)]
      if (windowBreach(limits, movements, historyOf(sql, 'server'), NOW + index)) continue
      insertClaim(sql, request(`key ${index}`, movements), NOW + index)
      passed++
    }
    return { spent: historyOf(sql, 'server').spent(0, null), passed }
  })
  expect(spent.cents).toBeLessThanOrEqual(10_000)
  expect(spent.cents).toBeGreaterThan(9_900)
  expect(spent.count).toBe(passed)
})

test('a forgotten key that is taken again and rejected gives back only its own reservation', async () => {
  const cents = await inAccount((sql) => {
    insertClaim(sql, request('key', [pay(500)]), NOW)
    settle(sql, { key: 'key', state: 'succeeded', kept: null }, NOW + 1)
    const later = NOW + KEPT_MS + 1
    tidyLedger(sql, later)
    insertClaim(sql, request('key', [pay(7)]), later)
    const both = historyOf(sql, 'server').spent(0, null).cents
    settle(sql, { key: 'key', state: 'rejected', kept: null }, later + 1)
    return [both, historyOf(sql, 'server').spent(0, null).cents]
  })
  expect(cents).toEqual([507, 500])
})

test.each(['not_sent', 'rejected'] as const)(
  'a late %s releases nothing of what succeeded',
  async (state) => {
    const cents = await inAccount((sql) => {
      insertClaim(sql, request('key', [pay(500)]), NOW)
      settle(sql, { key: 'key', state: 'succeeded', kept: null }, NOW + 1)
      settle(sql, { key: 'key', state, kept: null }, NOW + 2)
      return historyOf(sql, 'server').spent(0, null).cents
    })
    expect(cents).toBe(500)
  },
)

test.each([
  ['not_sent', null, 0],
  ['rejected', null, 0],
  ['rejected', { partial: true }, 500],
  ['unknown', null, 500],
  ['succeeded', null, 500],
] as const)('%s with %j keeps %i cents reserved', async (state, kept, left) => {
  const cents = await inAccount((sql) => {
    insertClaim(sql, request('key', [pay(500)]), NOW)
    settle(sql, { key: 'key', state, kept }, NOW + 1)
    return historyOf(sql, 'server').spent(0, null).cents
  })
  expect(cents).toBe(left)
})
