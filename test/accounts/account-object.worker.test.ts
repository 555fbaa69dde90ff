import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { afterEach, expect, test, vi } from 'vitest'
import type { AccountObject } from '../../src/account/account-object.ts'
import { accountObject, credentialsOf, serversOf } from '../../src/account/account-stub.ts'
import { accountMigrations, migrate, schemaVersion } from '../../src/account/tables/migrations.ts'
import { digestOf } from '../../src/core/keys.ts'
import { mintToken } from '../../src/rules/mcp-token.ts'
import { admitted } from '../support/admitted.ts'
import { env, makeAccount, makeServer } from './support.ts'

afterEach(() => {
  vi.useRealTimers()
})

const HOUR = 3_600_000

type Stub = ReturnType<typeof accountObject>

const rowsIn = (object: Stub) =>
  runInDurableObject<AccountObject, number>(
    object,
    (_, { storage }) => storage.sql.exec<{ n: number }>('SELECT count(*) AS n FROM server').one().n,
  )

const alarmOf = (object: Stub) =>
  runInDurableObject<AccountObject, number | null>(object, (_, { storage }) => storage.getAlarm())

const ring = (object: Stub) => runInDurableObject<AccountObject, void>(object, (instance) => instance.alarm())

/** Two servers that end one hour and two hours from now, and one that never ends. */
const threeServers = async () => {
  const now = Date.now()
  const { id, object } = await makeAccount()
  const first = await makeServer(id, now + HOUR)
  const second = await makeServer(id, now + 2 * HOUR)
  const forever = await makeServer(id)
  return { now, id, object, first, second, forever }
}

test('the alarm is set for the next expiry and follows changes', async () => {
  const { now, object, first, second } = await threeServers()
  expect(await alarmOf(object)).toBe(now + HOUR)
  await serversOf(object).update(first.id, { expires_at: now + 3 * HOUR }, ['editor'])
  expect(await alarmOf(object)).toBe(now + 2 * HOUR)
  await serversOf(object).delete(second.id)
  expect(await alarmOf(object)).toBe(now + 3 * HOUR)
  await serversOf(object).update(first.id, { expires_at: null }, ['editor'])
  expect(await alarmOf(object)).toBeNull()
})

test('an early alarm erases nothing and is set again', async () => {
  const { now, object, first } = await threeServers()
  expect(await runDurableObjectAlarm(object)).toBe(true)
  expect(await rowsIn(object)).toBe(3)
  expect(await alarmOf(object)).toBe(now + HOUR)
  expect(await admitted(env, first.token)).not.toBeNull()
})

test.each([0, 1, 2, 7])('an alarm delivered %i times, 24 hours late', async (times) => {
  const { now, object, first, second, forever } = await threeServers()
  vi.useFakeTimers({ toFake: ['Date'] })
  vi.setSystemTime(now + 26 * HOUR)
  for (let count = 0; count < times; count++) await ring(object)
  expect(await rowsIn(object)).toBe(times === 0 ? 3 : 1)
  expect(await admitted(env, first.token)).toBeNull()
  expect(await admitted(env, second.token)).toBeNull()
  expect(await admitted(env, forever.token)).not.toBeNull()
  expect(await serversOf(object).read(first.id)).toBeNull()
  expect((await serversOf(object).list(10))?.servers.map(({ id }) => id)).toEqual([forever.id])
  expect(await serversOf(object).update(first.id, { expires_at: null }, ['editor'])).toBeNull()
})

test('between two expiries the alarm erases one and waits for the other', async () => {
  const { now, object, second } = await threeServers()
  vi.useFakeTimers({ toFake: ['Date'] })
  vi.setSystemTime(now + HOUR)
  await ring(object)
  expect(await rowsIn(object)).toBe(2)
  expect(await alarmOf(object)).toBe(now + 2 * HOUR)
  expect(await admitted(env, second.token)).not.toBeNull()
})

test('the alarm erases a token whose overlap ended, though its server lives on', async () => {
  const { id, object } = await makeAccount()
  const server = await makeServer(id)
  const ends = Date.now() + HOUR
  await serversOf(object).rotate(server.id, await digestOf(env, mintToken(id)), ends, ['editor'])
  expect(await alarmOf(object)).toBe(ends)
  vi.useFakeTimers({ toFake: ['Date'] })
  vi.setSystemTime(ends)
  await ring(object)
  const retired = await runInDurableObject(object, (_, { storage }) =>
    storage.sql.exec('SELECT digest FROM retired_token').toArray(),
  )
  expect([retired, await rowsIn(object), await alarmOf(object)]).toEqual([[], 1, null])
})

test('a lost alarm is set again when the object wakes', async () => {
  const { now, object } = await threeServers()
  await runInDurableObject(object, (_, { storage }) => storage.deleteAlarm())
  await evictDurableObject(object)
  expect(await alarmOf(object)).toBe(now + HOUR)
})

test('a failing alarm escapes nobody and comes again', async () => {
  const { now, object } = await threeServers()
  const logged = vi.spyOn(console, 'error').mockImplementation(() => {})
  const next = await runInDurableObject<AccountObject, number | null>(
    object,
    async (instance, { storage }) => {
      const broken = vi.spyOn(storage.sql, 'exec').mockImplementation(() => {
        throw new RangeError('secret in message')
      })
      await instance.alarm()
      broken.mockRestore()
      return storage.getAlarm()
    },
  )
  expect(next).toBeGreaterThanOrEqual(now + 60_000)
  expect(next).toBeLessThan(now + HOUR)
  expect(logged.mock.calls).toEqual([[{ event: 'alarm_fault', error: 'RangeError' }]])
  logged.mockRestore()
})

test('erasing an account ends its tokens and leaves nothing but the tables of its trail, and of whose use it tells', async () => {
  const { id, object, first, forever } = await threeServers()
  expect(await object.eraseAccount()).toBe(true)
  expect(await admitted(env, first.token)).toBeNull()
  expect(await admitted(env, forever.token)).toBeNull()
  const left = await runInDurableObject<AccountObject, unknown>(object, async (_, { storage }) => ({
    tables: storage.sql
      .exec("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_cf%' ESCAPE '\\'")
      .toArray()
      .map(({ name }) => name),
    alarm: await storage.getAlarm(),
  }))
  expect(left).toEqual({ tables: ['sqlite_sequence', 'audit', 'audit_state', 'ended_token'], alarm: null })
  expect(await object.eraseAccount()).toBe(false)
  await evictDurableObject(object)
  expect(await accountObject(env, id).readAccount()).toBeNull()
})

test('everything is still there after the object slept', async () => {
  const { object, forever, id } = await threeServers()
  await object.learnOrder('invoices', 'newest')
  await evictDurableObject(object)
  expect(await admitted(env, forever.token)).toMatchObject({
    account: { id },
    orders: { invoices: 'newest' },
  })
})

test('an order is written only when it is news', async () => {
  const { object } = await makeAccount()
  const written = () =>
    runInDurableObject<AccountObject, number>(object, (instance, { storage }) => {
      const exec = vi.spyOn(storage.sql, 'exec')
      instance.learnOrder('payments', 'newest')
      const rows = exec.mock.results.reduce((sum, { value }) => sum + value.rowsWritten, 0)
      exec.mockRestore()
      return rows
    })
  expect(await written()).toBeGreaterThan(0)
  expect(await written()).toBe(0)
  await object.learnOrder('payments', 'oldest')
  expect(await written()).toBeGreaterThan(0)
})

test('config is merged key by key, arrays whole; the token stays', async () => {
  const { object, forever } = await threeServers()
  const config = { tags: ['payments'], text_format: 'json' as const }
  expect(await serversOf(object).update(forever.id, { config }, ['editor'])).toMatchObject({
    name: 'Agent',
    config: { methods: ['read'], ...config },
  })
  expect(
    await serversOf(object).update(forever.id, { config: { methods: ['list'] }, name: 'B' }, ['editor']),
  ).toMatchObject({
    name: 'B',
    config: { methods: ['list'], ...config },
  })
  expect(await admitted(env, forever.token)).toMatchObject({ server: { name: 'B' } })
})

test('servers are listed newest first, page by page, each once', async () => {
  const { id, object } = await makeAccount()
  const made: string[] = []
  for (let count = 0; count < 7; count++) made.unshift((await makeServer(id)).id)
  const seen: string[] = []
  let before: number | undefined
  do {
    const page = await serversOf(object).list(3, before)
    seen.push(...page!.servers.map((server) => server.id))
    before = page!.next ?? undefined
  } while (before !== undefined)
  expect(seen).toEqual(made)
})

test('a loop that creates servers is stopped at 20,000, and expired ones do not count', async () => {
  const { id, object } = await makeAccount()
  await runInDurableObject(object, (_, { storage }) => {
    storage.sql.exec(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
      INSERT INTO server (id, digest, name, config, expires_at, created_by, created_at, updated_at)
      SELECT 's' || i, randomblob(32), 'n', '{}', iif(i = 1, 5, NULL), 'x', 0, 0 FROM n`)
  })
  expect((await makeServer(id)).outcome).toHaveProperty('server')
  expect((await makeServer(id)).outcome).toEqual({ refused: 'too_many' })
})

/** The tables as the first release made them: written out, so that no later change of the code changes them here. */
const VERSION_1 = `
  CREATE TABLE account (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    base_url TEXT NOT NULL,
    credential_version INTEGER NOT NULL,
    wrapped_key BLOB NOT NULL,
    last_version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE server (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    digest BLOB NOT NULL UNIQUE,
    name TEXT NOT NULL,
    config TEXT NOT NULL,
    expires_at INTEGER,
    created_by TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX server_by_expiry ON server (expires_at) WHERE expires_at IS NOT NULL;
`

test('an object stored with the first schema is brought up to date when it wakes, and keeps its data', async () => {
  const id = crypto.randomUUID()
  const object = accountObject(env, id)
  const token = mintToken(id)
  const digest = await digestOf(env, token)
  await runInDurableObject(object, (_, { storage }) => {
    storage.sql.exec('CREATE TABLE schema_version (version INTEGER NOT NULL)')
    storage.sql.exec('INSERT INTO schema_version VALUES (1)')
    storage.sql.exec(VERSION_1)
    storage.sql.exec("INSERT INTO account VALUES (?, 'Old', 'https://a.test/v2', 4, x'0102', 5, 1, 2)", id)
    storage.sql.exec(
      `INSERT INTO server (digest, id, name, config, expires_at, created_by, created_at, updated_at)
       VALUES (?, 'old', 'Old agent', '{"methods":["list"]}', NULL, 'x', 1, 2)`,
      digest,
    )
  })
  await evictDurableObject(object)
  expect(await admitted(env, token)).toEqual({
    account: {
      id,
      name: 'Old',
      base_url: 'https://a.test/v2',
      credential: { version: 4, wrapped_key: Uint8Array.of(1, 2) },
      status: 'active',
      read_only: false,
    },
    server: {
      id: 'old',
      name: 'Old agent',
      config: { methods: ['list'] },
      expires_at: null,
      holder: null,
      holder_name: null,
    },
    orders: {},
    caller: { kind: 'url' },
    digest: expect.any(Uint8Array),
    revision: '1.1',
  })
  await object.learnOrder('payments', 'newest')
  expect(await credentialsOf(object).takeVersion()).toBe(6)
  const version = await runInDurableObject(object, (_, { storage }) =>
    storage.sql.exec('SELECT version FROM schema_version').one(),
  )
  expect(version).toEqual({ version: accountMigrations.length })
})

test('tables newer than the code are not touched', async () => {
  const { object } = await makeAccount()
  await runInDurableObject(object, (_, { storage }) => {
    expect(() => migrate(storage, accountMigrations.slice(0, 1))).toThrow(
      `version ${accountMigrations.length} is newer than this code (1)`,
    )
    expect(schemaVersion(storage.sql)).toBe(accountMigrations.length)
  })
})

test('a migration that fails leaves nothing of itself', async () => {
  const { object } = await makeAccount()
  await runInDurableObject(object, (_, { storage }) => {
    const broken = [...accountMigrations, 'CREATE TABLE half (a); CREATE TABLE account (a);']
    expect(() => migrate(storage, broken)).toThrow('account')
    expect(schemaVersion(storage.sql)).toBe(accountMigrations.length)
    expect(storage.sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'half'").toArray()).toEqual([])
  })
})

test('of a part only what its class declares can be reached', async () => {
  const { object } = await makeAccount()
  using servers = object.servers() as unknown as { tenant: Promise<unknown> } & Disposable
  await expect(servers.tenant).rejects.toThrow('does not implement')
})
