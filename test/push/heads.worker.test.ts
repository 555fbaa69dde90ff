/** Once a day somebody else gets the heads of all chains; a head that was kept shows later whether the past was rewritten. */
import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { accountObject, auditOf } from '../../src/account/account-stub.ts'
import { follow, GENESIS, hashOf } from '../../src/account/audit/chain.ts'
import type { AuditRow } from '../../src/account/audit/entry.ts'
import { directoryObject } from '../../src/account/directory-stub.ts'
import { env, makeAccount } from '../accounts/support.ts'
import { called, DAY, managed } from '../audit/support.ts'
import { COLLECTOR, collector, settings } from './support.ts'

const NOTIFY = { NOTIFY_URL: 'https://ops.test/hook', NOTIFY_SECRET: `whsec_${btoa('x'.repeat(24))}` }
type Heads = { heads: { chain: string; seq: number; hash: string }[]; unread: string[]; more: boolean }

let restore = () => {}
beforeEach(() => {
  restore = settings(NOTIFY)
  vi.useFakeTimers({ toFake: ['Date'] })
})
afterEach(() => {
  restore()
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

const heard = () => {
  const heads: Heads[] = []
  vi.stubGlobal('fetch', async (_: string, init: RequestInit) => {
    const { type, data } = JSON.parse(String(init.body))
    if (type === 'audit.heads') heads.push(data)
    return new Response(null, { status: 204 })
  })
  return heads
}
const listed = async () => {
  const { id, object } = await makeAccount()
  await directoryObject(env).put({ id, name: 'Acme', created_at: Date.now() })
  await object.record([called()])
  return { id, object }
}
const pass = (ms: number) => vi.setSystemTime(Date.now() + ms)
const ring = () => runDurableObjectAlarm(directoryObject(env))

test('the newest row of every chain leaves once a day, in parts where there are many, and a quiet account with them', async () => {
  const heads = heard()
  const { id } = await listed()
  const others = Array.from({ length: 100 }, (_, at) => ({
    id: crypto.randomUUID(),
    name: `${at}`,
    created_at: 0,
  }))
  for (const other of others) await directoryObject(env).put(other)
  await directoryObject(env).record([managed('PUT /writes')])
  // The first look came when the directory started, before these were there.
  pass(DAY)
  await ring()
  await ring()
  await expect.poll(() => heads.slice(-2).map(({ more }) => more)).toEqual([true, false])
  const chains = heads.slice(-2).flatMap((part) => part.heads)
  const sent = heads.length
  const kept = await auditOf(accountObject(env, id)).head()
  expect(chains.filter(({ chain }) => chain === 'deployment')).toHaveLength(1)
  expect(chains.filter(({ chain }) => chain === id)).toEqual([{ chain: id, ...kept }])
  pass(DAY - 1)
  await ring()
  expect(heads).toHaveLength(sent)
  pass(1)
  await ring()
  await ring()
  await expect.poll(() => heads.length).toBe(sent + 2)
  for (const other of others) await directoryObject(env).remove(other.id)
})

test('where rows are pushed, the daily look wakes an account that nobody calls', async () => {
  const { id } = await listed()
  restore()
  restore = settings(COLLECTOR)
  const { kept } = collector(() => 'takes')
  pass(2 * DAY)
  await runInDurableObject(accountObject(env, id), (_, state) => state.abort('asleep')).catch(() => {})
  await directoryObject(env).record([managed('PUT /writes')])
  await ring()
  pass(60_000)
  await runDurableObjectAlarm(accountObject(env, id))
  expect(kept.filter(({ chain }) => chain === id).map(({ seq }) => seq)).toEqual([1])
})

/** Somebody with access to the storage writes the past anew, so that it fits. */
const rewrite = (id: string, from: string, to: string) =>
  runInDurableObject(accountObject(env, id), (_, { storage: { sql } }) => {
    let before = GENESIS
    for (const row of sql.exec<AuditRow>('SELECT seq, at, entry, hash FROM audit ORDER BY seq').toArray()) {
      const entry = row.entry.replace(from, to)
      before = hashOf(before, { ...row, entry })
      sql.exec('UPDATE audit SET entry = ?, hash = ? WHERE seq = ?', entry, before, row.seq)
    }
  })

test.each([
  ['rewritten', (id: string) => rewrite(id, 'Ann', 'Bob')],
  [
    'cut off at the end, with its count',
    (id: string) =>
      runInDurableObject(accountObject(env, id), (_, { storage: { sql } }) => {
        sql.exec('DELETE FROM audit WHERE seq > 1')
        sql.exec("UPDATE sqlite_sequence SET seq = 1 WHERE name = 'audit'")
      }),
  ],
  [
    'emptied',
    (id: string) =>
      runInDurableObject(accountObject(env, id), (_, { storage: { sql } }) => {
        sql.exec('DELETE FROM audit')
        sql.exec("DELETE FROM sqlite_sequence WHERE name = 'audit'")
      }),
  ],
] as [string, (id: string) => Promise<void>][])(
  'a trail that was %s holds by itself, and not by the head that was kept',
  async (_, tamper) => {
    const { id, object } = await listed()
    await object.record([managed('PATCH /x'), managed('PATCH /x')])
    const audit = auditOf(object)
    const head = (await audit.head())!
    expect(await audit.verify(head)).toMatchObject({ valid: true, broken_at: null })
    await object.record([called()])
    expect(await audit.verify(head)).toMatchObject({ valid: true, rows: 1 })
    await tamper(id)
    expect(await audit.verify(null)).toMatchObject({ valid: true })
    expect(await audit.verify(head)).toMatchObject({ valid: false, broken_at: head.seq })
  },
)

test('the chain as this test rewrites it is the chain', () => {
  const row = { seq: 1, at: 1, entry: '{}' }
  expect(follow({ seq: 0, hash: GENESIS }, [{ ...row, hash: hashOf(GENESIS, row) }]).brokenAt).toBeNull()
})

test('an account that was deleted stays in the daily heads until retention took its last row, and its chain is verified on', async () => {
  const heads = heard()
  const { id, object } = await listed()
  const kept = (await auditOf(object).head())!
  await object.eraseAccount({ ...managed('DELETE /integrated-account/:account') })
  await directoryObject(env).remove(id)
  const last = await auditOf(object).head()
  const ofIt = () => heads.flatMap((part) => part.heads).filter(({ chain }) => chain === id)
  // At b8f2a26 and later it was in no further message.
  for (const day of [1, 2]) {
    pass(DAY)
    await directoryObject(env).record([managed('PUT /writes')])
    // Those that other tests left take a message of their own.
    await ring()
    await ring()
    await expect.poll(ofIt).toHaveLength(day)
  }
  expect(ofIt()[1]).toEqual({ chain: id, ...last, ended: true })
  expect(await auditOf(object).verify(kept)).toMatchObject({ valid: true })
  expect(await auditOf(object).verify(last)).toMatchObject({ valid: true, rows: 0 })
  // Somebody who rewrites what is left is found by the head that was kept.
  await runInDurableObject(object, (_, { storage }) => {
    storage.sql.exec("UPDATE audit SET hash = 'x' WHERE seq = ?", last!.seq)
  })
  expect(await auditOf(object).verify(last)).toMatchObject({ valid: false, broken_at: last!.seq })
  await runInDurableObject(object, (_, { storage }) => {
    storage.sql.exec('DELETE FROM audit')
  })
  const before = ofIt().length
  pass(DAY)
  await ring()
  await ring()
  expect(ofIt()).toHaveLength(before)
  expect(await directoryObject(env).hasEnded(id)).toBe(true)
})
