/** One event, one row in the reader's list. At b8f2a26 a rejection stood there twice, once as "done". */
import { runInDurableObject } from 'cloudflare:test'
import { expect, test, vi } from 'vitest'
import { auditOf } from '../../src/account/account-stub.ts'
import type { AuditEntry } from '../../src/account/audit/entry.ts'
import { appendAudit, rowsBefore } from '../../src/account/tables/audit.ts'
import { nearTo } from '../../src/account/tables/audit-near.ts'
import { meaningOf } from '../../src/rules/sentences/meaning.ts'
import { makeAccount } from '../accounts/support.ts'
import { call, connect, fakeFinexio } from '../api/support.ts'
import { everything, managed } from './support.ts'

const write = (event: string, more: object = {}) =>
  ({
    ...{ type: 'write', event, request_id: 'r', mcp_server_id: 's', tool_name: 't', idempotency_key: 'k' },
    ...{ outcome: null, actor_id: 'a', actor_name: 'Ann', ...more },
  }) as AuditEntry
const payee = (event: string, more: object = {}) =>
  ({ type: 'payee', event, request_id: 'r', supplier_id: 'sup_1', actor_id: 'a', ...more }) as AuditEntry

type Placed = readonly [entry: AuditEntry, at: number]
const NOW = 1_800_000_000_000

const trailOf = async (entries: readonly Placed[], more: object = {}) => {
  const { object } = await makeAccount()
  await runInDurableObject(object, (_, { storage }) => {
    for (const [entry, at] of entries) appendAudit(storage.sql, entry, at)
  })
  const { rows } = await auditOf(object).read({ ...everything('a'), fold: { accounts: {} }, ...more })
  return rows.map(({ seq, call: of }) => [seq, of?.seq ?? null])
}

const ACCOUNT = '/integrated-account/:account'

test.each([
  ['a rejection', write('rejected'), 'POST /approval/:approval/reject', 'rejected'],
  ['an approval', write('approved'), 'POST /approval/:approval/approve', 'approved'],
  // Siblings that the list of leftovers does not name.
  [
    'an outcome concluded by hand',
    write('concluded', { outcome: 'succeeded' }),
    `POST ${ACCOUNT}/unknown-write/:key/settle`,
    'done',
  ],
  ['a call-back', payee('called_back'), `POST ${ACCOUNT}/payee/:supplier/callback`, 'done'],
  [
    'an acceptance',
    payee('present_accepted', { supplier_id: null }),
    `POST ${ACCOUNT}/payee/acceptance`,
    'done',
  ],
])('%s is one row, with its call', async (_, event, action, meaning) => {
  const at = managed(action)
  expect(meaningOf(at).meaning).toBe(meaning)
  const pair: Placed[] = [
    [event, NOW],
    [at, NOW + 40_000],
  ]
  expect(await trailOf(pair)).toEqual([[1, 2]])
  // A clock that was set back in between.
  expect(
    await trailOf([
      [event, NOW],
      [at, NOW - 1_000],
    ]),
  ).toEqual([[1, 2]])
  // Where the event is not shown, its call is.
  expect(await trailOf(pair, { types: ['management'] })).toEqual([[2, null]])
  expect(await trailOf(pair, { after: NOW })).toEqual([[2, null]])
  expect(await trailOf(pair, { filters: { actor_id: 'b' } })).toEqual([])
  expect(await trailOf(pair, { filters: { action } })).toEqual([[2, null]])
  // Page by page nothing is lost and nothing twice.
  expect(await trailOf(pair, { limit: 1 })).toEqual([[1, 2]])
  // The chain has both.
  expect(await trailOf(pair, { fold: undefined })).toHaveLength(2)
})

test.each([
  ['was refused', managed('POST /approval/:approval/reject', { http_status_code: 409 })],
  ['is another request', managed('POST /approval/:approval/reject', { request_id: 'other' })],
  [
    'only holds its id in a text',
    managed('POST /approval/:approval/reject', { request_id: 'x', reason: 'r' } as object),
  ],
  ['changed settings', managed('POST /x', { target_kind: 'mcp_server', made: 'changed', changes: [] })],
])('a call that %s keeps its row', async (_, row) => {
  expect(
    await trailOf([
      [write('rejected'), NOW],
      [row, NOW],
    ]),
  ).toEqual([
    [2, null],
    [1, null],
  ])
})

test('what a call relied on does not take the call’s row', async () => {
  expect(
    await trailOf([
      [payee('accepted'), NOW],
      [managed('POST /x'), NOW],
    ]),
  ).toHaveLength(2)
})

test('a batch of call-backs is a row for each supplier, each with the one call', async () => {
  const many = Array.from(
    { length: 30 },
    (_, at): Placed => [payee('called_back', { supplier_id: `s${at}` }), NOW],
  )
  const rows = await trailOf([...many, [managed('POST x'), NOW]])
  expect(rows).toHaveLength(30)
  expect(rows.every(([, of]) => of === 31)).toBe(true)
})

test('an account that was connected is one row among all trails, its own', async () => {
  fakeFinexio()
  const id = await connect('Once')
  vi.unstubAllGlobals()
  const rows = async (query: string) =>
    (await call('GET', `/log?log_type=management&limit=100${query}`)).body.result.filter(
      ({ target_id }: { target_id: string }) => target_id === id,
    )
  // Seen at 452f3913: unfolded both said the same, as if it had been done twice.
  expect((await rows('')).map(({ sentence }: { sentence: string }) => sentence)).toEqual([
    'The admin key connected the account Once (noted in the list of accounts)',
    'The admin key connected the account Once',
  ])
  expect(await rows('&folded=true')).toEqual([expect.objectContaining({ integrated_account_id: id })])
  expect(await rows('&folded=true&integrated_account_id=deployment')).toHaveLength(1)
})

// Attacks on the folded list. At commit 0de9742c each of them took a row out of it.

test('texts that name another request do not take the place of its rows', async () => {
  const noise = Array.from(
    { length: 501 },
    (_, at): Placed => [managed('PUT /x', { request_id: `other ${at}`, why: 'r', target_id: 'r' }), NOW - 10],
  )
  const rows = await trailOf(
    [...noise, [write('rejected', { request_id: 'r' }), NOW], [managed('POST /x', { request_id: 'r' }), NOW]],
    { limit: 1 },
  )
  expect(rows).toEqual([[502, 503]])
})

const NEAR = 300_000
const renamed = (at: number): Placed => [
  managed('PATCH /x', { target_kind: 'integrated_account', target_id: 'acc', made: 'changed', changes: [] }),
  at,
]

test.each([
  ['is told by its own trail', {}, { acc: 0 }, []],
  ['has a trail that begins later, older rows having gone', {}, { acc: NOW + 1 }, [[1, null]]],
  ['has a trail that begins at about then', {}, { acc: NOW - NEAR }, [[1, null]]],
  ['may be told of just outside of the range, before it', { after: NOW - 1 }, { acc: 0 }, [[1, null]]],
  ['may be told of just outside of the range, after it', { before: NOW + 1 }, { acc: 0 }, [[1, null]]],
  ['is another one', {}, { other: 0 }, [[1, null]]],
])('what the deployment says of an account that %s', async (_, range, accounts, rows) => {
  expect(await trailOf([renamed(NOW)], { ...range, fold: { accounts } })).toEqual(rows)
})

test('a slice of calls is folded by one look at what others left, be that very much', async () => {
  const { object } = await makeAccount()
  const looks = await runInDurableObject(object, (_, { storage: { sql } }) => {
    for (let at = 0; at < 60; at++) appendAudit(sql, managed('POST /x', { request_id: `own ${at}` }), NOW)
    for (let at = 0; at < 60; at++) appendAudit(sql, write('rejected', { request_id: `own ${at}` }), NOW + at)
    let count = 0
    const exec = (...asked: [string]) => {
      count += 1
      return sql.exec(...asked)
    }
    const counting = { exec } as unknown as SqlStorage
    const slice = rowsBefore(sql, { at: NOW + 1, seq: 0 }, { after: 0, type: 'management', most: 125 })
    const near = nearTo(counting, slice)
    for (let at = 0; at < 60; at++) {
      expect(near('write', `own ${at}`)).toHaveLength(1)
      expect(near('payee', `own ${at}`)).toEqual([])
    }
    return count
  })
  // At commit 0de9742c: one for each call and kind of event, 6.6 ms each where 10,000 suppliers were paid in these minutes.
  expect(looks).toBe(2)
})
