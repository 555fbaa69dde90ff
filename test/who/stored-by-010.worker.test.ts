/**
 * A directory and an account that version 0.1.0 stored (its own SQL lies in stored/) open under this one: keys go on
 * working, hands that were recorded by the ids of API tokens are those of people, and drafts are for the right ones to decide.
 */
import { evictDurableObject, runInDurableObject } from 'cloudflare:test'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { accountObject } from '../../src/account/account-stub.ts'
import { directoryObject } from '../../src/account/directory-stub.ts'
import { sealDraft } from '../../src/account/vault/drafts.ts'
import { sealCredential } from '../../src/account/vault/vault.ts'
import { digestOf } from '../../src/core/keys.ts'
import { secretDigest } from '../../src/identity/session.ts'
import { mintApiToken, mintToken } from '../../src/rules/mcp-token.ts'
import { mintDraftId } from '../../src/rules/resource-id.ts'
import { BASE, call, env, fakeFinexio } from '../api/support.ts'
import { browser } from '../dashboard/support.ts'
import accountSql from './stored/account.sql?raw'
import directorySql from './stored/directory.sql?raw'

const A = crypto.randomUUID()
const ROOT = '00000000-0000-0000-0000-000000000000'
const DAY = 24 * 3_600_000
const LONG_AGO = Date.now() - 30 * DAY
const YESTERDAY = Date.now() - DAY

type Value = string | number | Uint8Array | null
const insert = (sql: SqlStorage, table: string, row: Record<string, Value>) => {
  const names = Object.keys(row)
  sql.exec(
    `INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`,
    ...(Object.values(row) as SqlStorageValue[]),
  )
}

/** As 0.1.0 spelled them: name, kind, scopes, and whose token issued it. */
const TOKENS = {
  annCalls: ['Ann', 'person', ['mcp'], ROOT],
  annApproves: ['Ann', 'person', ['approve', `account:${A}`], ROOT],
  bob: ['Bob', 'person', ['approve'], ROOT],
  mira: ['Mira', 'person', [`account:${A}`], ROOT],
  miraApproves: ['Mira', 'person', ['approve'], ROOT],
  robot: ['Robot', 'system', ['mcp', `account:${A}`], 'mira'],
  late: ['Late', 'person', ['approve'], ROOT],
} as const
type Who = keyof typeof TOKENS
const keys = {} as Record<Who, { id: string; token: string }>
const session = '5'.repeat(128)

const storeDirectory = async () => {
  const digests = {} as Record<Who, Uint8Array>
  for (const who of Object.keys(TOKENS) as Who[]) {
    keys[who] = { id: crypto.randomUUID(), token: mintApiToken() }
    digests[who] = await digestOf(env, keys[who].token)
  }
  const digest = await secretDigest(env, 'session', session)
  const directory = directoryObject(env)
  await runInDurableObject(directory, (_, { storage }) => {
    const { sql } = storage
    storage.transactionSync(() => {
      sql.exec('PRAGMA defer_foreign_keys = on')
      const tables = sql.exec<{ name: string }>(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB 'sqlite_*' AND name NOT GLOB '_cf_*'",
      )
      // What refers to others goes first.
      const names = ['session', ...tables.toArray().map(({ name }) => name)]
      for (const name of names) sql.exec(`DROP TABLE IF EXISTS ${name}`)
      sql.exec(directorySql)
      insert(sql, 'account', { id: A, name: 'Acme', created_at: LONG_AGO })
      for (const who of Object.keys(TOKENS) as Who[]) {
        const [name, kind, scopes, by] = TOKENS[who]
        const created_by = by === ROOT ? by : keys[by].id
        const created_at = who === 'late' ? Date.now() : LONG_AGO
        const row = { id: keys[who].id, digest: digests[who], name, kind, created_by, created_at }
        insert(sql, 'api_token', { ...row, scopes: JSON.stringify(scopes) })
      }
      const now = Date.now()
      insert(sql, 'session', { digest, api_token_id: keys.mira.id, opened_at: now, seen_at: now })
    })
  })
  await evictDurableObject(directory)
}

const servers = { root: crypto.randomUUID(), mira: crypto.randomUUID() }
const urls = { root: mintToken(A), mira: mintToken(A) }
const callerOf = (who: Who) => ({ kind: 'api_token', id: keys[who].id, name: TOKENS[who][0] })
const invoice = {
  invoice_number: 'OLD-1',
  amount_cents: 500,
  invoice_date: new Date(YESTERDAY).toISOString().slice(0, 10),
  originating_counterparty_id: 'buy_111',
  receiving_counterparty_id: 'sup_999',
}

const BATCH = 'finexio_invoices_bulk_create'
const drafts: Record<string, string> = {}
const storeDraft = async (name: string, server: keyof typeof servers, caller: object, tool = BATCH) => {
  const id = mintDraftId(A)
  drafts[name] = id
  const { wrapped_key, ciphertext } = await sealDraft(env, A, id, { args: { body: [invoice] }, payees: [] })
  const created = server === 'root' ? ROOT : keys.mira.id
  return (sql: SqlStorage) =>
    insert(sql, 'draft', {
      ...{ id, key: `key-of-${name}`, fingerprint: new Uint8Array(32).fill(name.length), effect: 'money' },
      ...{ tool, server_id: servers[server], server_name: server },
      ...{ server_created_by: created, state: 'pending', reasons: '[{"kind":"always"}]' },
      summary: '{"count":1,"total_cents":500,"suppliers":[],"target":null,"fields":[]}',
      ...{ caller: JSON.stringify(caller), created_at: YESTERDAY, wrapped_key, body: ciphertext },
    })
}

const storeAccount = async () => {
  const { wrapped_key } = await sealCredential(env, A, 1, { username: 'ap', password: 'stored by 0.1.0' })
  const digests = { root: await digestOf(env, urls.root), mira: await digestOf(env, urls.mira) }
  const waiting = [
    await storeDraft('ann', 'root', callerOf('annCalls')),
    await storeDraft('robot', 'root', callerOf('robot')),
    await storeDraft('mira', 'mira', { kind: 'url' }),
    await storeDraft('spare', 'root', { kind: 'url' }),
    await storeDraft('gone', 'root', { kind: 'url' }, 'a_tool_that_is_gone'),
  ]
  const object = accountObject(env, A)
  await runInDurableObject(object, (_, { storage }) => {
    const { sql } = storage
    storage.transactionSync(() => {
      sql.exec(accountSql)
      const times = { created_at: LONG_AGO, updated_at: LONG_AGO }
      const credential = { credential_version: 1, wrapped_key, last_version: 1 }
      insert(sql, 'account', { id: A, name: 'Acme', base_url: BASE, ...credential, ...times })
      const config = JSON.stringify({ methods: ['read', 'write'], approval: 'always' })
      for (const name of ['root', 'mira'] as const) {
        const created_by = name === 'root' ? ROOT : keys.mira.id
        insert(sql, 'server', {
          id: servers[name],
          digest: digests[name],
          name,
          config,
          created_by,
          ...times,
        })
      }
      for (const store of waiting) store(sql)
      insert(sql, 'oauth_grant', {
        ...{
          id: 'g'.repeat(16),
          server_id: servers.root,
          api_token_id: keys.annCalls.id,
          api_token_name: 'Ann',
        },
        ...{ client_id: 'c', client_name: 'Bot', redirect_uri: 'https://c.example/', scopes: '["mcp:read"]' },
        ...{ code_used: 1, created_at: LONG_AGO, expires_at: Date.now() + DAY },
      })
    })
  })
  await evictDurableObject(object)
}

beforeAll(async () => {
  fakeFinexio()
  await storeDirectory()
  await storeAccount()
})
afterAll(() => {
  vi.unstubAllGlobals()
})

test('tokens of one name are one person, with grants in place of scopes', async () => {
  const { result } = (await call('GET', '/api-token')).body as {
    result: { id: string; holder: string; grants: string[]; issued_by: string }[]
  }
  const of = (who: Who) => result.find(({ id }) => id === keys[who].id)!
  expect(of('annCalls').holder).toBe(of('annApproves').holder)
  expect(of('mira').holder).toBe(of('miraApproves').holder)
  expect([of('annCalls').grants, of('annApproves').grants]).toEqual([['use'], [`approve:${A}`]])
  expect([of('mira').grants, of('robot').grants]).toEqual([[`manage:${A}`], [`use:${A}`]])
  expect(of('robot').issued_by).toBe(of('mira').holder)
})

/** What deciding on a draft is answered: 200 would end it, so it is a rejection with a reason. */
const decide = async (who: Who, draft: string) => {
  const key = keys[who].token
  const shown = (await call('GET', `/approval/${drafts[draft]}`, { key })).body.cannot_decide
  const approved = await call('POST', `/approval/${drafts[draft]}/approve`, { key })
  const rejected = await call('POST', `/approval/${drafts[draft]}/reject`, { key, body: { reason: 'no' } })
  return [shown, approved.status, rejected.status]
}

test.each([
  ['annApproves', 'ann', /made a draft/],
  ['miraApproves', 'mira', /created, rotated or last changed/],
  ['miraApproves', 'robot', /issued the caller/],
  ['late', 'spare', /older than the draft/],
] as const)(
  '%s may not decide on the draft of %s, whatever ids their hands were recorded by',
  async (who, draft, why) => {
    expect(await decide(who, draft)).toEqual([expect.stringMatching(why), 403, 403])
    expect((await call('GET', `/approval/${drafts[draft]}`)).body.state).toBe('pending')
  },
)

test.each(['annCalls', 'mira', 'robot'] as const)('%s holds no key that decides', async (who) => {
  const { status } = await call('POST', `/approval/${drafts.spare}/reject`, { key: keys[who].token })
  expect(status).toBe(403)
})

test.each(['ann', 'robot', 'mira', 'spare'])(
  'Bob, who had no hand in it, decides on the draft of %s',
  async (draft) => {
    const key = keys.bob.token
    expect((await call('GET', `/approval/${drafts[draft]}`, { key })).body).toMatchObject({
      cannot_decide: null,
      would_send: { request: expect.stringContaining('POST') },
    })
    const { status, body } = await call('POST', `/approval/${drafts[draft]}/reject`, { key })
    expect([status, body.state, body.decided_by.name]).toEqual([200, 'rejected', 'Bob'])
  },
)

// At b8f2a26 its page was a fault of the server (500), and so could not be rejected in the dashboard.
test('a draft that this version would refuse is shown, not approved, and can be rejected', async () => {
  const key = keys.bob.token
  const { status, body } = await call('GET', `/approval/${drafts.gone}`, { key })
  expect([status, body.state, body.cannot_decide, body.would_send]).toEqual([200, 'pending', null, undefined])
  const approved = await call('POST', `/approval/${drafts.gone}/approve`, { key })
  expect([approved.status, approved.body.message]).toEqual([409, expect.stringContaining('has no such tool')])
  const bob = browser()
  await bob.signIn(key)
  const shown = await bob.get(`/dashboard/approval/${drafts.gone}`)
  expect([shown.status, shown.text]).toEqual([200, expect.stringContaining('cannot show what this draft')])
  expect((await call('POST', `/approval/${drafts.gone}/reject`, { key })).body.state).toBe('rejected')
})

test('sign-ins and MCP URLs go on; a session of 0.1.0 is asked to sign in once more, and the key still does', async () => {
  const mira = browser()
  mira.jar.set('__Host-finexio_mcp', session)
  const { status, location } = await mira.get(`/dashboard/accounts/${A}`)
  expect([status, location]).toEqual([303, expect.stringContaining('/dashboard/sign-in')])
  await mira.signIn(keys.mira.token)
  expect((await mira.get(`/dashboard/accounts/${A}`)).status).toBe(200)
  const path = `/integrated-account/${A}/mcp/${servers.root}/grant`
  expect((await call('GET', path)).body.result).toMatchObject([
    { person_id: keys.annCalls.id, person_name: 'Ann', api_token_id: keys.annCalls.id, active: true },
  ])
  const admitted = await accountObject(env, A).admit(await digestOf(env, urls.mira), null, { kind: 'url' })
  expect(admitted).toMatchObject({ kind: 'admitted', admission: { server: { id: servers.mira } } })
})
