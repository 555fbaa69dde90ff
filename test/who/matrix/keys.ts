/** Every kind of key that somebody may bring: of each role and place, and of those who lost theirs. */
import { runInDurableObject } from 'cloudflare:test'
import { accountObject } from '../../../src/account/account-stub.ts'
import { directoryObject } from '../../../src/account/directory-stub.ts'
import { insertClaim } from '../../../src/account/tables/ledger/ledger.ts'
import { sealDraft, sealPage } from '../../../src/account/vault/drafts.ts'
import { digestOf } from '../../../src/core/keys.ts'
import { mintApiToken, mintToken } from '../../../src/rules/mcp-token.ts'
import { mintDraftId } from '../../../src/rules/resource-id.ts'
import { call, connect, env } from '../../api/support.ts'
import { newServer, signedIn } from '../../oauth/support.ts'
import { claimRequest, print } from '../../writes/claims.ts'
import type { Held } from './table.ts'

/** `held` null: it opens nothing. `key` null: none is sent. */
export type Key = { name: string; key: string | null; held: readonly Held[] | null }

type Token = { id: string; holder: string; token: string }

let count = 0
const tokenWith = async (grants: readonly string[], more: object = {}): Promise<Token> => {
  const body = { name: `holder ${count++}`, kind: 'person', grants, ...more }
  const { status, body: made } = await call('POST', '/api-token', { body })
  if (status !== 201) throw new Error(`${grants.join()}: ${JSON.stringify(made)}`)
  return made
}

const LIVING: readonly (readonly Held[])[] = [
  ...(['use', 'approve', 'manage', 'audit', 'admin'] as const).flatMap((role) => [
    [role] as const,
    [`${role}:A`] as const,
    [`${role}:B`] as const,
  ]),
  ['approve', 'audit'],
  ['approve:A', 'audit:A'],
  ['approve:A', 'audit:B'],
  ['approve:B', 'audit:A'],
  ['manage:A', 'manage:B'],
  ['manage:A', 'audit:B'],
  ['manage:B', 'audit:A'],
  ['admin', 'manage:B'],
  ['use:A', 'use:B'],
]

const invoice = {
  invoice_number: 'A-1',
  amount_cents: 500,
  invoice_date: '2026-11-20',
  originating_counterparty_id: 'b',
  receiving_counterparty_id: 's',
}

/** A has a server, one that asks to sign in, a draft that waits, and a write whose answer was lost. */
export const placesMade = async () => {
  const [A, B] = await Promise.all([connect('Hidden Corp'), connect('Another')])
  const body = { name: 'Agent', config: { methods: ['read', 'write'], approval: 'always' } }
  const server = (await call('POST', `/integrated-account/${A}/mcp`, { body })).body
  const draft = mintDraftId(A)
  const sealed = await sealDraft(env, A, draft, { args: { body: [invoice] }, payees: [] })
  const drafted = await accountObject(env, A).draftWrite({
    id: draft,
    request: claimRequest({ serverId: server.id }),
    reasons: [{ kind: 'always' }],
    reason: null,
    summary: { count: 1, total_cents: 500, suppliers: [], target: null, fields: [] },
    caller: { kind: 'url' },
    wrapped_key: sealed.wrapped_key,
    body: sealed.ciphertext,
    page: await sealPage(env, A, draft, { would_send: { request: 'POST /invoices/batch/' }, names: {} }),
    notice: {},
  })
  if (drafted.kind !== 'drafted') throw new Error(drafted.kind)
  const unknown = 'key-of-unknown'
  const lost = { key: unknown, fingerprint: print(unknown), subjects: [print(unknown)], movements: [] }
  await runInDurableObject(accountObject(env, A), (_, { storage }) =>
    insertClaim(storage.sql, claimRequest({ serverId: server.id, ...lost }), Date.now() - 120_000),
  )
  return { A, B, server, draft, unknown }
}

const ofMaking = async (A: string, B: string): Promise<Key[]> => {
  const keys: Key[] = []
  for (const held of LIVING) {
    const grants = held.map((one) => one.replace(':A', `:${A}`).replace(':B', `:${B}`))
    keys.push({ name: held.join(' + '), key: (await tokenWith(grants)).token, held })
  }
  const system = await tokenWith([`manage:${A}`], { kind: 'system' })
  return [...keys, { name: 'a system, manage:A', key: system.token, held: ['manage:A'] }]
}

/** Keys that opened everything a moment ago. */
const lost = async (): Promise<Key[]> => {
  const [revoked, disabled, removed, approver] = await Promise.all([
    tokenWith(['admin']),
    tokenWith(['admin']),
    tokenWith(['admin']),
    tokenWith(['approve', 'audit']),
  ])
  // Each is answered after the lease: together they wait once.
  const answers = await Promise.all([
    call('DELETE', `/api-token/${revoked.id}`),
    call('PATCH', `/person/${disabled.holder}`, { body: { disabled: true } }),
    call('DELETE', `/person/${removed.holder}`),
    call('PATCH', `/person/${approver.holder}`, { body: { disabled: true } }),
  ])
  if (answers.some(({ status }) => status !== 200)) throw new Error('Nothing was taken away.')
  return [
    { name: 'revoked', key: revoked.token, held: null },
    { name: 'admin, disabled', key: disabled.token, held: null },
    { name: 'admin, removed', key: removed.token, held: null },
    { name: 'approve + audit, disabled', key: approver.token, held: null },
  ]
}

/** @param expires_at milliseconds since the epoch; null: never */
const stored = async (grants: readonly string[], expires_at: number | null): Promise<string> => {
  const token = mintApiToken()
  const { holder } = await tokenWith(['use'])
  const made = {
    id: crypto.randomUUID(),
    digest: await digestOf(env, token),
    holder,
    created_by: holder,
    issuers: [],
  }
  await directoryObject(env).createApiToken({ ...made, grants: grants as never, expires_at, asleep: null })
  return token
}

const empty = async (): Promise<Key[]> => {
  const gone = await connect('Soon gone')
  const orphan = await tokenWith([`manage:${gone}`])
  await call('DELETE', `/integrated-account/${gone}`)
  return [
    { name: 'no role', key: await stored([], null), held: [] },
    { name: 'manage of an account that was deleted', key: orphan.token, held: null },
    { name: 'admin, expired', key: await stored(['admin'], Date.now() - 1), held: null },
  ]
}

/** Keys to other doors. */
const foreign = async (A: string, url: string): Promise<Key[]> => {
  const server = await newServer(A)
  const apiToken = (await tokenWith([`use:${A}`])).token
  const { access, refreshToken } = await signedIn({ resource: server.resource_url, apiToken })
  return [
    { name: 'the token of an MCP URL', key: url, held: null },
    { name: 'the access token of a sign-in', key: access, held: null },
    { name: 'the refresh token of a sign-in', key: refreshToken, held: null },
    { name: 'an API token that was never issued', key: mintApiToken(), held: null },
    { name: 'an MCP token that was never issued', key: mintToken(A), held: null },
    { name: 'the admin key in capitals', key: 'THE-ADMIN-KEY', held: null },
    { name: 'nobody', key: null, held: null },
    { name: 'root', key: 'the-root-of-all-tests-4f8Kq2Zx7-Lm', held: ['admin'] },
  ]
}

export const keysMade = async ({ A, B, server }: Awaited<ReturnType<typeof placesMade>>): Promise<Key[]> => [
  ...(await ofMaking(A, B)),
  ...(await lost()),
  ...(await empty()),
  ...(await foreign(A, server.token)),
]
