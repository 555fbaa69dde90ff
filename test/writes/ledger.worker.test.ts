import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { afterEach, expect, test, vi } from 'vitest'
import { CLAIM_MS, KEPT_MS, REPEAT_MS } from '../../src/rules/ledger.ts'
import { accountWithServer, print } from './claims.ts'

afterEach(() => {
  vi.useRealTimers()
})

const at = (time: number) => {
  vi.useFakeTimers({ toFake: ['Date'] })
  vi.setSystemTime(time)
}
const counts = (object: Awaited<ReturnType<typeof accountWithServer>>['object']) =>
  runInDurableObject(object, (_, { storage }) =>
    ['ledger', 'ledger_subject', 'movement'].map(
      (table) => storage.sql.exec<{ n: number }>(`SELECT count(*) AS n FROM ${table}`).one().n,
    ),
  )

test('of 1,000 parallel claims with one key exactly one goes ahead', async () => {
  const { object, request } = await accountWithServer()
  const claims = await Promise.all(Array.from({ length: 1_000 }, () => object.claimWrite(request())))
  const kinds = Map.groupBy(claims, ({ kind }) => kind)
  expect([kinds.get('claimed')?.length, kinds.get('in_flight')?.length]).toEqual([1, 999])
})

test('of 1,000 parallel keyless equals exactly one goes ahead', async () => {
  const { object, request } = await accountWithServer()
  const claims = await Promise.all(
    Array.from({ length: 1_000 }, () =>
      object.claimWrite(request({ key: null, minted: crypto.randomUUID() })),
    ),
  )
  expect(claims.filter(({ kind }) => kind === 'claimed')).toHaveLength(1)
  expect(claims.filter(({ kind }) => kind === 'possible_repeat')).toHaveLength(999)
})

test('a settled write is replayed, with what was kept of its answer, and other arguments are refused', async () => {
  const { object, request } = await accountWithServer()
  await object.claimWrite(request())
  await object.settleWrite({ key: 'key-of-caller', state: 'succeeded', kept: { id: 'inv_1' } })
  expect(await object.claimWrite(request())).toMatchObject({
    kind: 'replay',
    earlier: { kept: { id: 'inv_1' } },
  })
  for (let count = 0; count < 100; count++) {
    const other = request({ fingerprint: print(`other ${count}`) })
    expect((await object.claimWrite(other)).kind).toBe('key_reused')
  }
})

test('the claim outlives the object: evicted before it settled, it is in flight, then unknown, never free', async () => {
  const { object, request } = await accountWithServer()
  const start = Date.now()
  await object.claimWrite(request())
  await evictDurableObject(object)
  expect((await object.claimWrite(request())).kind).toBe('in_flight')
  at(start + CLAIM_MS + 1_000)
  expect((await object.claimWrite(request())).kind).toBe('unknown')
  await runDurableObjectAlarm(object)
  expect((await object.readWrite('key-of-caller'))?.state).toBe('unknown')
  expect((await object.claimWrite(request({ key: null }))).kind).toBe('possible_repeat')
})

test('an answer that comes after the alarm still counts', async () => {
  const { object, request } = await accountWithServer()
  const start = Date.now()
  await object.claimWrite(request())
  at(start + CLAIM_MS + 1_000)
  await runDurableObjectAlarm(object)
  await object.settleWrite({ key: 'key-of-caller', state: 'succeeded', kept: { id: 'x' } })
  expect((await object.claimWrite(request())).kind).toBe('replay')
})

test('a settled outcome is not changed by a later settlement', async () => {
  const { object, request } = await accountWithServer()
  await object.claimWrite(request())
  await object.settleWrite({ key: 'key-of-caller', state: 'succeeded', kept: null })
  await object.settleWrite({ key: 'key-of-caller', state: 'not_sent', kept: null })
  expect((await object.readWrite('key-of-caller'))?.state).toBe('succeeded')
})

test('what was reserved is released only when nothing was executed', async () => {
  const { object, request } = await accountWithServer()
  const movementsAfter = async (key: string, settlement: object) => {
    await object.claimWrite(request({ key, fingerprint: print(key), subjects: [print(key)] }))
    const [, , before] = await counts(object)
    await object.settleWrite({ key, kept: null, ...settlement } as Parameters<typeof object.settleWrite>[0])
    const [, , after] = await counts(object)
    return after! - before!
  }
  expect(await movementsAfter('succeeded', { state: 'succeeded' })).toBe(0)
  expect(await movementsAfter('unknown1', { state: 'unknown' })).toBe(0)
  expect(await movementsAfter('partial1', { state: 'rejected', kept: { partial: true } })).toBe(0)
  expect(await movementsAfter('rejected', { state: 'rejected' })).toBe(-1)
  expect(await movementsAfter('not_sent', { state: 'not_sent' })).toBe(-1)
})

test('a keyless equal is free again after ten minutes, a key after a week, and nothing is left of it', async () => {
  const { object, request } = await accountWithServer()
  const start = Date.now()
  const change = request({ subjects: [], movements: [] })
  await object.claimWrite(change)
  await object.settleWrite({ key: 'key-of-caller', state: 'succeeded', kept: null })
  at(start + REPEAT_MS + 1_000)
  expect((await object.previewWrite({ ...change, key: null })).obstacle).toBeNull()
  expect((await object.claimWrite(change)).kind).toBe('replay')
  at(start + KEPT_MS + 1_000)
  await runDurableObjectAlarm(object)
  expect((await counts(object)).slice(0, 2)).toEqual([0, 0])
  expect((await object.claimWrite(change)).kind).toBe('claimed')
})

test('a preview reserves nothing', async () => {
  const { object, request } = await accountWithServer()
  expect((await object.previewWrite(request())).obstacle).toBeNull()
  expect(await counts(object)).toEqual([0, 0, 0])
})

test('a stopped account and an unknown one claim nothing', async () => {
  const { object, request } = await accountWithServer()
  await object.changeAccount({ writes_stopped: true })
  expect((await object.claimWrite(request())).kind).toBe('stopped')
  expect(await counts(object)).toEqual([0, 0, 0])
  await object.changeAccount({ writes_stopped: false })
  expect((await object.claimWrite(request())).kind).toBe('claimed')
  await object.eraseAccount()
  expect((await object.claimWrite(request())).kind).toBe('unknown_account')
})

test('a form that was answered counts for nothing beside approval always, as version 0.1.0 could store both (A11)', async () => {
  const stored = await accountWithServer({ approval: 'always', approval_door: 'confirm' })
  const approval = { kind: 'confirmed' } as const
  expect((await stored.object.claimWrite(stored.request({ approval }))).kind).toBe('needs_approval')
  const over = await accountWithServer({ approval: { over_cents: 1 }, approval_door: 'confirm' })
  expect((await over.object.claimWrite(over.request({ approval }))).kind).toBe('claimed')
})
