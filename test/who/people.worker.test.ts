import { runInDurableObject } from 'cloudflare:test'
import { expect, test } from 'vitest'
import type { DirectoryObject } from '../../src/account/directory-object.ts'
import * as tokens from '../../src/account/tables/api-tokens.ts'
import { directoryMigrations, migrate } from '../../src/account/tables/migrations.ts'
import { idsOf, selectPeople } from '../../src/account/tables/people.ts'
import { heldSince, noteRoles } from '../../src/account/tables/roles-held.ts'
import { env } from '../accounts/support.ts'

const directories = env.DIRECTORY as DurableObjectNamespace<DirectoryObject>
const [A, B] = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222'] as const

/** Those that refer to others first. */
const TABLES = [
  'settings_draft',
  'outbox',
  'session',
  'sign_in_code',
  'oauth_client',
  'role_held',
  'person_alias',
  'api_token',
  'person',
  'deployment',
  'audit',
  'audit_state',
  'account',
  'schema_version',
]

/** An object's storage, emptied. */
const inStorage = <Result>(name: string, run: (storage: DurableObjectStorage) => Result) =>
  runInDurableObject(directories.get(directories.idFromName(name)), (_: DirectoryObject, { storage }) => {
    storage.transactionSync(() => {
      storage.sql.exec('PRAGMA defer_foreign_keys = on')
      for (const table of TABLES) storage.sql.exec(`DROP TABLE IF EXISTS ${table}`)
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
