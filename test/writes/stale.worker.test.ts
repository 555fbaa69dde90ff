/** What is said of one claim must not reach a later claim under the same key. All of it was seen on 2026-11-30, before this test. */
import { runInDurableObject } from 'cloudflare:test'
import { afterEach, expect, test, vi } from 'vitest'
import { payeesOf, unknownsOf } from '../../src/account/account-stub.ts'
import type { Settlement } from '../../src/rules/write-contract.ts'
import { accountWithServer, print } from './claims.ts'

afterEach(() => {
  vi.useRealTimers()
})

const later = (ms: number) => {
  const time = Date.now() + ms
  vi.useFakeTimers({ toFake: ['Date'] })
  vi.setSystemTime(time)
}

type Account = Awaited<ReturnType<typeof accountWithServer>>

const reserved = ({ object }: Account) =>
  runInDurableObject(
    object,
    (_, { storage }) =>
      storage.sql.exec<{ cents: number }>('SELECT coalesce(sum(cents), 0) AS cents FROM movement').one()
        .cents,
  )

const FIRST = { requestId: 'first call' }
const SECOND = { requestId: 'second call' }

/** A key that Finexio refused once, and under which a second call is under way. */
const claimedTwice = async (first: Omit<Settlement, 'key'>, guard: object | null = null) => {
  const account = await accountWithServer()
  const { object, request } = account
  expect(await object.claimWrite(request(FIRST))).toMatchObject({ kind: 'claimed' })
  await object.settleWrite({ key: 'key-of-caller', ...first, ...FIRST })
  later(61_000)
  expect(await object.claimWrite(request({ ...SECOND, guard: guard as null }))).toMatchObject({
    kind: 'claimed',
  })
  return account
}

// A settlement is sent again where the object was reset; a look at Finexio takes seconds, and its verdict comes when it comes.
test.each<[string, Omit<Settlement, 'key'>, object | null]>([
  ['refused', { state: 'rejected', kept: null }, null],
  ['not sent', { state: 'not_sent', kept: null }, null],
  [
    'a look that found nothing of a batch refused in part',
    { state: 'rejected', kept: { partial: true } },
    { free: [], absent: [0] },
  ],
])('%s, said again of the first call, leaves the second one alone', async (_, first, guard) => {
  const account = await claimedTwice(first, guard)
  const { object, request } = account
  await object.settleWrite({ key: 'key-of-caller', state: 'rejected', kept: { resolved: true }, ...FIRST })
  expect(await reserved(account)).toBe(500)
  await object.settleWrite({ key: 'key-of-caller', state: 'succeeded', kept: { id: 'inv_1' }, ...SECOND })
  expect(await object.claimWrite(request())).toMatchObject({ kind: 'replay' })
  expect(await reserved(account)).toBe(500)
})

test('a look of the first call does not date the absence of the second', async () => {
  const { object } = await claimedTwice({ state: 'not_sent', kept: null })
  const look = { at: 1, found: 0, expected: 1, whole: true, looked: 'all' }
  await unknownsOf(object).noteLook({ key: 'key-of-caller', ...FIRST }, look, 1)
  expect(await object.readWrite('key-of-caller')).toMatchObject({ look: null, absentSince: null })
  await unknownsOf(object).noteLook({ key: 'key-of-caller', ...SECOND }, look, 1)
  expect(await object.readWrite('key-of-caller')).toMatchObject({ look, absentSince: 1 })
})

// Finexio may show a batch late: resolve_finexio_write does not believe a look before a minute has passed, nor does the guard.
test.each([
  [0, 'in_ledger'],
  [30_000, 'in_ledger'],
  [59_000, 'in_ledger'],
  [61_000, 'claimed'],
])('rows of a batch refused in part that the guard misses %i ms later: %s', async (ms, kind) => {
  const { object, request } = await accountWithServer()
  await object.claimWrite(request())
  await object.settleWrite({ key: 'key-of-caller', state: 'rejected', kept: { partial: true } })
  later(ms)
  const again = request({ key: 'other', fingerprint: print('b'), guard: { free: [], absent: [0] } })
  expect((await object.claimWrite(again)).kind).toBe(kind)
})

const change = (key: string) => ({
  ...{ key, requestId: key, fingerprint: print(key), tool: 'finexio_suppliers_partial_update' },
  ...{ target: { id: 's' }, movements: [], largest: 0, subjects: [], fields: ['bank_account_number'] },
  ...{ changes: { payee: 's', unsettled: false } },
})

// Two changes of one payee under way: one is refused, which must not take back what the other one voided. Siblings: three, the
// later one refused, the first one said twice.
test.each<[string[], string[], boolean]>([
  [['a'], ['a'], false],
  [['a', 'b'], ['a'], true],
  [['a', 'b'], ['b'], true],
  [['a', 'b'], ['a', 'a'], true],
  [['a', 'b', 'c'], ['c', 'a'], true],
  [['a', 'b', 'c'], ['b', 'c', 'a'], false],
])('changes %j, of which %j are refused: still changed %s', async (made, refused, isVoided) => {
  const { object, request } = await accountWithServer()
  for (const key of made)
    expect(await object.claimWrite(request(change(key)))).toMatchObject({ kind: 'claimed' })
  for (const key of refused) await object.settleWrite({ key, requestId: key, state: 'rejected', kept: null })
  const known = await payeesOf(object).known(['s'])
  expect(known?.rows.map(({ voided }) => voided !== null)).toEqual([isVoided])
})

test('a refusal that was written down before takes nothing back', async () => {
  const { object, request } = await accountWithServer()
  const refused = { key: 'a', requestId: 'a', state: 'rejected' as const, kept: null }
  await object.claimWrite(request(change('a')))
  await object.settleWrite({ ...refused, state: 'unknown' })
  await object.settleWrite({ ...refused, state: 'succeeded' })
  await object.settleWrite(refused)
  expect((await payeesOf(object).known(['s']))?.rows[0]?.voided).toMatchObject({ key: 'a' })
})
