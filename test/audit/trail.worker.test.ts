import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { afterEach, expect, test, vi } from 'vitest'
import { accountObject, auditOf } from '../../src/account/account-stub.ts'
import { entryIn } from '../../src/account/audit/stored.ts'
import { admit } from '../../src/account/door/admit.ts'
import { makeAccount, makeServer } from '../accounts/support.ts'
import { called, DAY, everything, managed } from './support.ts'

afterEach(() => {
  vi.useRealTimers()
})

const entry = managed

const at = (time: number) => {
  vi.useFakeTimers({ toFake: ['Date'] })
  vi.setSystemTime(time)
}

test('rows have their hashes at once, in order, however they come', async () => {
  const { object } = await makeAccount()
  await Promise.all(Array.from({ length: 50 }, (_, index) => object.record([entry(String(index))])))
  const open = await runInDurableObject(object, (_, { storage }) =>
    storage.sql.exec('SELECT 1 FROM audit WHERE hash IS NULL').toArray(),
  )
  expect(open).toEqual([])
  await evictDurableObject(object)
  expect(await auditOf(object).verify(null)).toMatchObject({
    valid: true,
    rows: 50,
    rows_in_all: 50,
    rows_left: 0,
    next: null,
    broken_at: null,
  })
})

test.each([
  ['changed', "UPDATE audit SET entry = replace(entry, 'Ann', 'Bob') WHERE seq = 3", 3],
  ['taken out', 'DELETE FROM audit WHERE seq = 2', 3],
  ['cut off at the end', 'DELETE FROM audit WHERE seq = 5', 5],
  ['dated back', 'UPDATE audit SET at = 0 WHERE seq = 4', 4],
])('a row that was %s is found', async (_, sql, brokenAt) => {
  const { object } = await makeAccount()
  await object.record(Array.from({ length: 5 }, () => entry()))
  await auditOf(object).verify(null)
  await runInDurableObject(object, (_instance, { storage }) => {
    storage.sql.exec(sql)
  })
  expect(await auditOf(object).verify(null)).toMatchObject({ valid: false, broken_at: brokenAt })
})

test('retention takes old rows away and leaves a checkpoint from which the chain still holds', async () => {
  const { object } = await makeAccount()
  const start = Date.now()
  await object.changeAccount({ audit_retention_days: 30 })
  await object.record([entry('old'), entry('old')])
  await auditOf(object).verify(null)
  at(start + 31 * DAY)
  await object.record([entry('new')])
  await auditOf(object).verify(null)
  await runDurableObjectAlarm(object).catch(() => false)
  await runInDurableObject(object, (instance) => instance.alarm())
  const verified = await auditOf(object).verify(null)
  expect(verified).toMatchObject({ valid: true, rows: 1, checkpoint: { seq: 2, removed: 2 } })
})

test('the trail outlives its account, and nothing else does', async () => {
  const { object, credential } = await makeAccount()
  await object.record([entry('made')])
  await object.eraseAccount()
  await object.record([entry('deleted')])
  await evictDurableObject(object)
  const query = {
    account: 'a',
    types: ['management'],
    after: 0,
    before: Date.now() + 1,
    filters: {},
    cursor: null,
    limit: 10,
  }
  const { rows } = await auditOf(object).read(query)
  expect(rows.map((row) => JSON.parse(row.entry).action)).toEqual(['deleted', 'made'])
  expect(await auditOf(object).verify(null)).toMatchObject({ valid: true, rows: 2 })
  expect(await object.readAccount()).toBeNull()
  const dump = await runInDurableObject(object, (_, { storage }) =>
    storage.sql.exec("SELECT name FROM sqlite_master WHERE type = 'table'").toArray(),
  )
  const ours = dump.map(({ name }) => String(name)).filter((name) => !name.startsWith('_cf_'))
  expect(ours.sort()).toEqual(['audit', 'audit_state', 'ended_token', 'sqlite_sequence'])
  expect(credential.version).toBe(1)
})

test('rows that could not be written are counted by the next one', async () => {
  const { object } = await makeAccount()
  await object.recordGap(3)
  await object.record([entry()])
  const query = {
    account: 'a',
    types: ['gap'],
    after: 0,
    before: Date.now() + 1,
    filters: {},
    cursor: null,
    limit: 10,
  }
  expect((await auditOf(object).read(query)).rows.map((row) => JSON.parse(row.entry).lost)).toEqual([3])
})

test('an id that never was an account keeps nothing', async () => {
  const { object } = await makeAccount()
  await object.eraseAccount()
  const { env } = await import('../accounts/support.ts')
  const stranger = accountObject(env, crypto.randomUUID())
  await stranger.record([entry()])
  expect(await auditOf(stranger).verify(null)).toBeNull()
})

test('C7: a server that fills more than its share of the trail is throttled, the others of its account are not', async () => {
  const { id, object } = await makeAccount()
  const [greedy, calm] = [await makeServer(id), await makeServer(id)]
  const limits = { calls: null, requests: null, at_once: null }
  const verdictOf = async ({ digest }: typeof greedy) => {
    using verdict = await object.admit(digest, limits, { kind: 'url' })
    return { ...verdict }
  }
  // Rows of 14 KB, so that few are enough.
  const issued_by_names = Array(14).fill('n'.repeat(990))
  const part = Array(100).fill(called({ mcp_server_id: greedy.id, issued_by_names }))
  for (let count = 0; count < 13; count++) {
    expect((await verdictOf(greedy)).kind).toBe(count < 12 ? 'admitted' : 'limited')
    await object.record(part)
  }
  expect(await verdictOf(greedy)).toMatchObject({ kind: 'limited', counted: 'bytes', remaining: 0 })
  expect((await verdictOf(calm)).kind).toBe('admitted')
})

test('an admission names who holds the server, under whose name its calls are found', async () => {
  const { id, object } = await makeAccount()
  const server = await makeServer(id)
  await runInDurableObject(object, (_, { storage }) => {
    storage.sql.exec("UPDATE server SET holder = 'ann', holder_kind = 'system', holder_name = 'Ann'")
  })
  const admission = await runInDurableObject(object, (_, { storage }) =>
    admit(storage.sql, server.digest, { kind: 'url' }, Date.now()),
  )
  expect(admission?.server.holder).toBe('ann')
  await object.record([called({ person_id: 'ann' }), called({ caller_id: 'key' })])
  const { rows } = await auditOf(object).read({ ...everything(id), filters: { person: 'ann' } })
  expect(rows.map(({ entry }) => entryIn(entry).person_id)).toEqual(['ann'])
})

test('how often something was refused becomes a row once its minute is over, also where nothing else happens', async () => {
  const { object } = await makeAccount()
  const refused = called({ outcome: 'unknown_tool' })
  for (let count = 0; count < 5; count++) await object.record([refused])
  const read = async () =>
    (await auditOf(object).read(everything('a'))).rows.map(({ entry }) => entryIn(entry).repeated)
  expect(await read()).toEqual([undefined])
  at(Date.now() + 61_000)
  expect(await read()).toEqual([3, undefined])
})
