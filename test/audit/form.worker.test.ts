/**
 * The form of the trail through its life: rows of 0.1.0 and of this version in one chain, tidied in slices, by age and by size.
 * Seen at commit b8f2a26 (H1): trimming counted once per expired row, and 100,000 rows took minutes in one go.
 */
import { evictDurableObject, runInDurableObject } from 'cloudflare:test'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fillTrail } from '../../bench/workers/trail.ts'
import { auditOf } from '../../src/account/account-stub.ts'
import { hashOf } from '../../src/account/audit/chain.ts'
import { keepTrailAlone } from '../../src/account/audit/outlived.ts'
import { entryIn } from '../../src/account/audit/stored.ts'
import { Trail } from '../../src/account/audit/trail.ts'
import * as rows from '../../src/account/tables/audit.ts'
import { accountMigrations, directoryMigrations, migrate } from '../../src/account/tables/migrations.ts'
import { env, makeAccount } from '../accounts/support.ts'
import { runs, times } from '../support/size.ts'
import { called, DAY, everything, managed } from './support.ts'

const VERSION_0_1_0 = 13
const START = Date.parse('2026-11-01T00:00:00Z')

const accounts = env.ACCOUNTS as DurableObjectNamespace
/** An object of no account, to try tables in. */
const bare = <Answer>(work: (storage: DurableObjectStorage) => Promise<Answer> | Answer): Promise<Answer> =>
  runInDurableObject(accounts.get(accounts.newUniqueId()), (_, { storage }) => work(storage))

/** A row as 0.1.0 wrote it; its hash came up to a second later. */
const oldRow = (sql: SqlStorage, at: number, isSealed = true): void => {
  const entry = JSON.stringify(called())
  const { seq } = sql
    .exec<{ seq: number }>(
      "INSERT INTO audit (at, type, entry) VALUES (?, 'mcp', ?) RETURNING seq",
      at,
      entry,
    )
    .one()
  if (!isSealed) return
  const before = sql
    .exec<{ hash: string }>('SELECT hash FROM audit WHERE seq < ? ORDER BY seq DESC LIMIT 1', seq)
    .toArray()[0]
  const hash = hashOf(before?.hash ?? rows.checkpointOf(sql).hash, { seq, at, entry })
  sql.exec('UPDATE audit SET hash = ? WHERE seq = ?', hash, seq)
}

const namesOf = (sql: SqlStorage) =>
  sql
    .exec<{ name: string }>(
      "SELECT name FROM sqlite_master WHERE tbl_name = 'audit' AND type = 'index' ORDER BY name",
    )
    .toArray()
    .map(({ name }) => name)

test('what 0.1.0 stored reads and verifies, rows that it left without a hash included', async () => {
  const { verified, page, indexes } = await bare(async (storage) => {
    const { sql } = storage
    migrate(storage, accountMigrations.slice(0, VERSION_0_1_0))
    for (let count = 0; count < 5; count++) oldRow(sql, START + count)
    for (let count = 5; count < 8; count++) oldRow(sql, START + count, false)
    migrate(storage, accountMigrations)
    rows.appendAudit(sql, called({ tool_name: 'search' }), START + 9)
    const trail = new Trail(sql)
    return {
      verified: await trail.verify(null),
      page: await trail.read(everything('a')),
      indexes: namesOf(sql),
    }
  })
  expect(verified).toMatchObject({ valid: true, rows: 9 })
  expect(indexes).toEqual(['audit_by_time', 'audit_by_type'])
  const [newest, ...older] = page.rows.map(({ entry }) => entryIn(entry))
  expect(newest).toMatchObject({
    type: 'mcp',
    mcp_method: 'tools/call',
    tool_name: 'search',
    outcome: 'succeeded',
  })
  expect(older).toEqual(Array(8).fill(called()))
})

test('a row of a call reads as it was given, without what is null', async () => {
  const given = called({
    caller_id: 'token',
    person_id: 'ann',
    issued_by: ['root'],
    reason: 'why',
    repeated: 3,
  })
  const text = await bare((storage) => {
    migrate(storage, directoryMigrations)
    rows.appendAudit(storage.sql, given, START)
    return storage.sql.exec<{ entry: string }>('SELECT entry FROM audit').one().entry
  })
  const kept = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null))
  expect(entryIn(text)).toEqual(kept)
  expect(text.length).toBeLessThan(JSON.stringify(given).length * 0.75)
})

test('the trail of an account that 0.1.0 deleted goes on in the new form', async () => {
  const { object } = await makeAccount()
  await object.eraseAccount()
  await runInDurableObject(object, (_, { storage }) => {
    const { sql } = storage
    sql.exec('DROP TABLE audit; DROP TABLE audit_state')
    migrate(storage, accountMigrations.slice(0, VERSION_0_1_0))
    keepTrailAlone(sql)
    oldRow(sql, START)
    oldRow(sql, START + 1, false)
  })
  await evictDurableObject(object)
  await object.record([managed('late')])
  expect(await auditOf(object).verify(null)).toMatchObject({ valid: true, rows: 3 })
  await evictDurableObject(object)
  expect(await auditOf(object).verify(null)).toMatchObject({ valid: true, rows: 3 })
})

test('tidying takes at most a thousand rows at once, and what is left with the next slice', async () => {
  const seen = await bare(async (storage) => {
    const { sql } = storage
    migrate(storage, directoryMigrations)
    for (let count = 0; count < 2_500; count++) rows.appendAudit(sql, called(), START + count)
    rows.appendAudit(sql, called(), START + 500 * DAY)
    const slices = []
    for (let more = true; more; ) {
      const tidied = rows.tidyAudit(sql, START + 450 * DAY)
      more = tidied.more
      slices.push({ ...tidied, ...rows.checkpointOf(sql), ...(await new Trail(sql).verify(null)) })
    }
    return { slices, again: rows.tidyAudit(sql, START + 450 * DAY) }
  })
  expect(seen.slices.map(({ seq, removed, valid, moved }) => [seq, removed, valid, moved])).toEqual([
    [1_000, 1_000, true, true],
    [2_000, 2_000, true, true],
    [2_500, 2_500, true, true],
  ])
  expect(seen.again).toEqual({ moved: false, more: false })
})

// Siblings of H1: a clock that ran ahead, one that ran behind, a chain that is tidied while it is verified.
test.each([
  ['ahead', START + 5_000 * DAY, 1],
  ['behind', START - 5_000 * DAY, 3],
])('a clock that ran %s for a moment costs no row that is not due', async (_, wrong, left) => {
  const kept = await bare(async (storage) => {
    const { sql } = storage
    migrate(storage, directoryMigrations)
    for (const at of [START, wrong, START + 100 * DAY]) rows.appendAudit(sql, called(), at)
    rows.tidyAudit(sql, START + 401 * DAY)
    return sql.exec<{ n: number }>('SELECT count(*) AS n FROM audit').one().n
  })
  expect(kept).toBe(left === 1 ? 2 : 1)
})

test('verification that is under way while rows go says what is true', async () => {
  const verified = await bare(async (storage) => {
    const { sql } = storage
    migrate(storage, directoryMigrations)
    for (let count = 0; count < 3_000; count++) rows.appendAudit(sql, called(), START + count)
    const trail = new Trail(sql)
    const verifying = trail.verify(null)
    await new Promise((done) => setTimeout(done, 0))
    await trail.tidy(START + 401 * DAY)
    rows.appendAudit(sql, called(), START + 402 * DAY)
    return [await verifying, await trail.verify({ seq: 7, hash: 'f'.repeat(64) })]
  })
  expect(verified.map(({ valid, broken_at }) => [valid, broken_at])).toEqual([
    [true, null],
    [true, null],
  ])
})

type World = { storage: DurableObjectStorage; now: number; written: number }

const appended = (world: World, count: number): void => {
  for (let row = 0; row < count; row++, world.written++)
    rows.appendAudit(world.storage.sql, row % 3 === 0 ? managed() : called(), world.now + row)
}

/** Whatever is under way when the object dies is undone as a whole. */
const crashed = ({ storage, now }: World): void =>
  expect(() =>
    storage.transactionSync(() => {
      rows.appendAudit(storage.sql, called(), now)
      rows.tidyAudit(storage.sql, now)
      throw new Error('crash')
    }),
  ).toThrow('crash')

const STEPS: Record<string, (world: World, size: number) => void> = {
  append: appended,
  tidy: ({ storage, now }) => void rows.tidyAudit(storage.sql, now),
  wait: (world, size) => {
    world.now += (size - 2) * 10 * DAY
  },
  crash: crashed,
}

/** A trail of 0.1.0 of which the last rows have no hash yet. */
const begun = (storage: DurableObjectStorage, open: number): World => {
  migrate(storage, accountMigrations.slice(0, VERSION_0_1_0))
  for (let count = 0; count < 4; count++) oldRow(storage.sql, START + count, count < 4 - open)
  return { storage, now: START + 10, written: 4 }
}

const ended = ({ sql }: DurableObjectStorage): void => {
  const names = sql.exec<{ name: string }>("SELECT name FROM sqlite_master WHERE type = 'table'").toArray()
  sql.exec('PRAGMA defer_foreign_keys = on')
  for (const { name } of names) if (!/^(sqlite_|_cf_)/.test(name)) sql.exec(`DROP TABLE "${name}"`)
}

const step = fc.tuple(fc.constantFrom(...Object.keys(STEPS)), fc.integer({ min: 0, max: 40 }))

test('the chain holds after any order of rows, tidying, crashes and time, from the migration of 0.1.0 on', async () => {
  await bare((storage) =>
    fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), fc.nat(3), async (steps, open) => {
        const world = begun(storage, open)
        migrate(storage, accountMigrations)
        for (const [name, size] of steps) {
          STEPS[name]!(world, size)
          const { valid, rows_in_all, checkpoint } = await new Trail(storage.sql).verify(null)
          expect([valid, rows_in_all + checkpoint.removed]).toEqual([true, world.written])
        }
        ended(storage)
      }),
      runs(100),
    ),
  )
})

/** Without what a full object would cost: the bound is set below what a few thousand rows take. */
const tight = (sql: SqlStorage, megabytes: number) => sql.exec('UPDATE audit_state SET max_mb = ?', megabytes)

test('past its bound by size the oldest rows go, told long before, and the last ten thousand stay', async () => {
  const seen = await bare(async (storage) => {
    const { sql } = storage
    migrate(storage, directoryMigrations)
    const events: unknown[] = []
    const grow = (count: number) => {
      for (let row = 0; row < count; row++) rows.appendAudit(sql, called({ reason: 'x'.repeat(900) }), START)
      events.push(rows.tellSize(sql, START)?.event, rows.tellSize(sql, START)?.event)
    }
    tight(sql, 16)
    grow(1_000)
    grow(8_000)
    grow(5_000)
    const before = rows.auditSize(sql)
    const trail = new Trail(sql)
    while (await trail.tidy(START));
    return { events, before, after: rows.auditSize(sql), verified: await trail.verify(null) }
  })
  expect(seen.events.filter((event) => event !== undefined)).toEqual(['filling', 'cut_by_size'])
  expect(seen.before.bytes).toBeGreaterThan(seen.before.bound)
  expect(seen.after.bytes).toBeLessThanOrEqual(seen.after.bound)
  expect(seen.verified).toMatchObject({ valid: true, checkpoint: { removed: expect.any(Number) } })
  const kept = await bare(async (storage) => {
    migrate(storage, directoryMigrations)
    for (let row = 0; row < 10_500; row++) rows.appendAudit(storage.sql, called(), START)
    tight(storage.sql, 1)
    while (await new Trail(storage.sql).tidy(START));
    return rows.lastNumber(storage.sql) - rows.checkpointOf(storage.sql).seq
  })
  expect(kept).toBeGreaterThanOrEqual(9_500)
})

const MANY = times(21_000, 1_000_000)

/** Rows that are read or written before anybody else has a turn: unlike a time, the same on every machine. */
const inOneGo = (sql: SqlStorage) => {
  const seen = { longest: 0 }
  let rows = 0
  const counting = {
    exec: (...args: Parameters<SqlStorage['exec']>) => {
      const cursor = sql.exec(...args)
      const found = cursor.toArray()
      if (rows === 0) setTimeout(() => (rows = 0), 0)
      rows += cursor.rowsRead + cursor.rowsWritten
      seen.longest = Math.max(seen.longest, rows)
      return { toArray: () => found, one: () => found[0] }
    },
    get databaseSize() {
      return sql.databaseSize
    },
  } as unknown as SqlStorage
  const of = async (work: () => Promise<unknown>) => {
    seen.longest = 0
    await work()
    return seen.longest
  }
  return { counting, of }
}

// Siblings of H1: a filter that nothing fits, calls that nobody counted, and the whole chain.
test(
  `of ${MANY} rows none is verified, counted, tidied or looked for in one go`,
  async () => {
    const { object } = await makeAccount()
    const seen = await runInDurableObject(object, async (_, { storage }) => {
      const { counting, of } = inOneGo(storage.sql)
      fillTrail(storage.sql, MANY, START, 1)
      const trail = new Trail(counting)
      let verified = await trail.verify(null)
      let rounds = 1
      const none = { ...everything('a'), filters: { tool_name: 'never' } }
      let page = { stopped: null } as Awaited<ReturnType<typeof trail.read>>
      return {
        counted: await of(() => trail.count()),
        verifying: await of(async () => {
          for (; verified.next; rounds++) verified = await trail.verify(verified.next)
        }),
        reading: await of(async () => {
          page = await trail.read(none)
        }),
        tidying: await of(async () => {
          while (await trail.tidy(START + 500 * DAY));
        }),
        verified,
        rounds,
        stopped: page.stopped,
      }
    })
    // Seen: 690, 263 at most, and 3,143 rows.
    expect(seen.counted).toBeLessThanOrEqual(1_000)
    expect(seen.verifying).toBeLessThanOrEqual(300)
    expect(seen.reading).toBeLessThanOrEqual(300)
    expect(seen.tidying).toBeLessThanOrEqual(5_000)
    expect(seen.stopped).not.toBeNull()
    expect(seen.verified).toMatchObject({ valid: true, last_hash: expect.any(String), rows_left: 0 })
    expect(seen.rounds).toBe(Math.floor(MANY / 20_000) + 1)
  },
  times(60_000, 1_800_000),
)
