import { runInDurableObject } from 'cloudflare:test'
import { expect, test } from 'vitest'
import type { DirectoryObject } from '../../src/account/directory-object.ts'
import { directoryMigrations, migrate } from '../../src/account/tables/migrations.ts'
import * as tokens from '../../src/account/tables/principals/api-tokens.ts'
import { idsOf, selectPeople } from '../../src/account/tables/principals/people.ts'
import { heldSince, noteRoles } from '../../src/account/tables/principals/roles-held.ts'
import { env } from '../accounts/support.ts'

const directories = env.DIRECTORY as DurableObjectNamespace<DirectoryObject>
const [A, B] = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222'] as const

/** Those that refer to others first. */

/** An object's storage, emptied. */
const inStorage = <Result>(name: string, run: (storage: DurableObjectStorage) => Result) =>
  runInDurableObject(directories.get(directories.idFromName(name)), (_: DirectoryObject, { storage }) => {
    // What refers to a table goes before it.
    storage.transactionSync(() => {
      storage.sql.exec('PRAGMA defer_foreign_keys = on')
      const made = storage.sql.exec<{ name: string }>(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB '_cf_*' AND name NOT GLOB 'sqlite_*' ORDER BY rowid DESC",
      )
      for (const { name } of made.toArray()) storage.sql.exec(`DROP TABLE ${name}`)
    })
    return run(storage)
  })

const ALL = { limit: 10, before: Number.MAX_SAFE_INTEGER }

/** The directory as version 0.1.0 left it: five migrations, five API tokens. */
const VERSION_0_1_0 = 5

const storedBy010 = (storage: DurableObjectStorage) => {
  migrate(storage, directoryMigrations.slice(0, VERSION_0_1_0))
  const rows: [
    id: string,
    name: string,
    kind: string,
    scopes: string[],
    by: string,
    expires: number | null,
  ][] = [
    ['t1', 'Dana', 'person', ['mcp'], 'root', null],
    ['t2', 'Dana', 'person', ['approve', `account:${A}`], 'root', null],
    ['t3', 'Robot', 'system', ['mcp', `account:${B}`], 't2', null],
    ['t4', 'Ola', 'person', ['admin', `account:${B}`], 't1', 9_000],
    ['t5', 'Dana', 'system', [`account:${A}`], 'root', null],
  ]
  for (const [index, [id, name, kind, scopes, by, expires]] of rows.entries())
    storage.sql.exec(
      `INSERT INTO api_token (id, digest, name, kind, scopes, expires_at, created_by, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      ...[id, new Uint8Array(32).fill(index), name, kind, JSON.stringify(scopes), expires, by, 1_000 + index],
    )
}

test('a directory that 0.1.0 stored opens: tokens of equal names and kinds become one person, scopes narrow', async () => {
  const found = await inStorage('stored', (storage) => {
    storedBy010(storage)
    migrate(storage, directoryMigrations)
    const { sql } = storage
    const list = tokens.selectApiTokens(sql, ALL, 5_000).tokens
    return {
      tokens: list.map(({ id, holder, name, kind, grants, created_by }) => [
        id,
        holder,
        name,
        kind,
        grants,
        created_by,
      ]),
      people: selectPeople(sql, ALL).people.map(({ id }) => id),
      ids: idsOf(sql, 't1'),
      since: [heldSince(sql, 't1', 'approve', A, 5_000), heldSince(sql, 't1', 'use', B, 5_000)],
      elsewhere: heldSince(sql, 't1', 'approve', B, 5_000),
      used: tokens.useApiToken(sql, new Uint8Array(32).fill(2), 5_000)?.name,
    }
  })
  expect(found).toEqual({
    tokens: [
      ['t5', 't5', 'Dana', 'system', [`manage:${A}`], 'root'],
      ['t4', 't4', 'Ola', 'person', [`manage:${B}`], 't1'],
      ['t3', 't3', 'Robot', 'system', [`use:${B}`], 't1'],
      ['t2', 't1', 'Dana', 'person', [`approve:${A}`], 'root'],
      ['t1', 't1', 'Dana', 'person', ['use'], 'root'],
    ],
    people: ['t5', 't4', 't3', 't1'],
    ids: ['t1', 't2'],
    since: [1_001, 1_000],
    elsewhere: null,
    used: 'Robot',
  })
})

test('a role counts from its first grant, unless it was lost in between', async () => {
  const seen = await inStorage('held', (storage) => {
    migrate(storage, directoryMigrations)
    const { sql } = storage
    const approve = (ends_at: number | null = null) => ({ grant: 'approve' as const, ends_at })
    const narrow = { grant: `approve:${A}` as const, ends_at: null }
    const since = (now: number) => heldSince(sql, 'p', 'approve', A, now)
    noteRoles(sql, 'p', [approve()], 100)
    noteRoles(sql, 'p', [approve(), approve(900)], 200)
    const kept = since(250)
    noteRoles(sql, 'p', [approve(900)], 300)
    noteRoles(sql, 'p', [approve(900), narrow], 400)
    const narrowed = [
      since(450),
      heldSince(sql, 'p', 'approve', B, 450),
      heldSince(sql, 'p', 'approve', B, 901),
    ]
    noteRoles(sql, 'p', [narrow], 500)
    const after = since(550)
    noteRoles(sql, 'p', [], 600)
    const lost = since(650)
    noteRoles(sql, 'p', [narrow], 700)
    return { kept, narrowed, after, lost, again: since(750) }
  })
  expect(seen).toEqual({ kept: 100, narrowed: [100, 100, null], after: 100, lost: null, again: 700 })
})

test('a role that ended by its time and is granted anew begins anew', async () => {
  const since = await inStorage('ended', (storage) => {
    migrate(storage, directoryMigrations)
    noteRoles(storage.sql, 'p', [{ grant: 'approve', ends_at: 200 }], 100)
    noteRoles(storage.sql, 'p', [{ grant: 'approve', ends_at: null }], 300)
    return heldSince(storage.sql, 'p', 'approve', A, 400)
  })
  expect(since).toBe(300)
})

// O2: at b8f2a26 and until this change a role that OIDC_ROLES gave took over the date of a key that had expired long before.
test('a role of the company counts from its first sign-in, not from a key that expired before it', async () => {
  const seen = await inStorage('mapped', (storage) => {
    migrate(storage, directoryMigrations)
    const { sql } = storage
    const key = (ends_at: number) => ({ grant: 'approve' as const, ends_at })
    const mapped = (ends_at: number) => ({ ...key(ends_at), renews: true as const })
    const narrow = (ends_at: number) => ({ grant: `approve:${A}` as const, ends_at, renews: true as const })
    const since = (who: string, now: number) => heldSince(sql, who, 'approve', A, now)
    const noted = (who: string, ...steps: [now: number, ...Parameters<typeof noteRoles>[2][number][]][]) => {
      for (const [now, ...sources] of steps) noteRoles(sql, who, sources, now)
      return since(who, steps.at(-1)![0])
    }
    return {
      expired: noted('a', [100, key(200)], [300, mapped(400)]),
      // Sibling: a wider key that expired.
      narrower: noted('b', [100, key(200)], [300, narrow(400)]),
      // Sibling: a key that lived on while the sign-in ended, and ended itself before the next sign-in.
      outlived: noted('c', [100, key(300)], [150, key(300), mapped(250)], [260, key(300), mapped(250)]),
      renewed: noted('c', [400, mapped(500)]),
      // Sibling: a key in between two sign-ins is no sign-in.
      between: noted('d', [50, mapped(60)], [100, key(200), mapped(60)]),
      back: noted('d', [300, mapped(400)]),
      // Sibling: what a sign-in did not give any more was lost.
      lost: noted('e', [100, mapped(200)], [150], [180, mapped(280)]),
    }
  })
  expect(seen).toEqual({
    ...{ expired: 300, narrower: 300, outlived: 100, renewed: 100, between: 100, back: 50, lost: 180 },
  })
})

test('a directory of before keeps since when a mapped role is held', async () => {
  const found = await inStorage('mapped-before', (storage) => {
    migrate(storage, directoryMigrations.slice(0, 11))
    const { sql } = storage
    sql.exec(`INSERT INTO person (id, kind, name, issuer, subject, grants, mapped_grants, mapped_until, created_by, created_at)
      VALUES ('p', 'person', 'Ada', 'https://login.example.com', 'ada', '[]', '["approve"]', 200, 'root', 1);
      INSERT INTO role_held VALUES ('p', 'approve', 100, 200), ('q', 'approve', 100, 200)`)
    migrate(storage, directoryMigrations)
    for (const id of ['p', 'q']) noteRoles(sql, id, [{ grant: 'approve', ends_at: 400, renews: true }], 300)
    return ['p', 'q'].map((id) => heldSince(sql, id, 'approve', A, 350))
  })
  expect(found).toEqual([100, 300])
})
