/** An unknown write settled by a person: who may, what it releases, what the page and the trail say. At b8f2a26 nobody could. */
import { runInDurableObject } from 'cloudflare:test'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { accountObject, unknownsOf } from '../../src/account/account-stub.ts'
import { insertClaim } from '../../src/account/tables/ledger/ledger.ts'
import { call, connect, env, fakeFinexio } from '../api/support.ts'
import { formIn } from '../dashboard/forms-in.ts'
import { browser } from '../dashboard/support.ts'
import { claimRequest } from './claims.ts'

beforeEach(() => {
  fakeFinexio()
})
afterEach(() => {
  vi.unstubAllGlobals()
})

const KEY = 'inv-2026/11?#'

const personWith = async (name: string, grants: string[]) =>
  (await call('POST', '/api-token', { body: { name, kind: 'person', grants } })).body as {
    holder: string
    token: string
  }

/** An account with a write whose answer was lost two minutes ago. @param calledBy who may have called */
const lost = async (calledBy: string[], kept: object | null = null) => {
  const id = await connect('Unknown Corp')
  const body = { name: 'Agent', config: { methods: ['read', 'write'] } }
  const server = (await call('POST', `/integrated-account/${id}/mcp`, { body })).body
  const request = claimRequest({ serverId: server.id, key: KEY })
  await runInDurableObject(accountObject(env, id), (_, { storage }) => {
    insertClaim(storage.sql, request, Date.now() - 120_000, calledBy)
    if (kept) storage.sql.exec("UPDATE ledger SET state = 'rejected', kept = ?", JSON.stringify(kept))
  })
  const path = `/integrated-account/${id}/unknown-write/${encodeURIComponent(KEY)}`
  const cents = () =>
    runInDurableObject(
      accountObject(env, id),
      (_, { storage }) =>
        storage.sql.exec<{ cents: number }>('SELECT coalesce(sum(cents), 0) AS cents FROM movement').one()
          .cents,
    )
  return { id, path, cents }
}

const settling = (carried_out: boolean) => ({ carried_out, reason: 'Looked up in the portal.' })

test.each([
  [true, 'succeeded', 500],
  [false, 'rejected', 0],
] as const)('carried out %s: %s, with %i cents reserved after it', async (wasDone, state, reserved) => {
  const caller = await personWith('Cal Caller', ['approve'])
  const ann = await personWith('Ann Approver', ['approve'])
  const { id, path, cents } = await lost([caller.holder])
  const listed = await call('GET', `/integrated-account/${id}/unknown-write`, { key: ann.token })
  expect(listed.body.result).toMatchObject([
    { idempotency_key: KEY, state: 'unknown', total: '5.00', count: 1 },
  ])
  expect((await call('GET', path, { key: caller.token })).body.cannot_settle).toMatch(/^Who called/)
  const byCaller = await call('POST', `${path}/settle`, { key: caller.token, body: settling(wasDone) })
  expect(byCaller.status).toBe(403)
  expect((await call('POST', `${path}/settle`, { body: settling(wasDone) })).status).toBe(403)
  expect(
    (await call('POST', `${path}/settle`, { key: ann.token, body: { carried_out: wasDone } })).status,
  ).toBe(400)
  expect(await cents()).toBe(500)
  expect((await call('GET', path, { key: ann.token })).body).toMatchObject({
    cannot_settle: null,
    last_look: null,
  })
  const settled = await call('POST', `${path}/settle`, { key: ann.token, body: settling(wasDone) })
  expect(settled).toMatchObject({ status: 200, body: { state } })
  expect(await cents()).toBe(reserved)
  expect((await call('POST', `${path}/settle`, { key: ann.token, body: settling(wasDone) })).status).toBe(409)
  expect((await call('GET', `/integrated-account/${id}/unknown-write`)).body.result).toEqual([])
  const trail = await call('GET', `/log?log_type=write&integrated_account_id=${id}`)
  expect(trail.body.result[0]).toMatchObject({
    event: 'concluded',
    outcome: state,
    actor_name: 'Ann Approver',
  })
})

test('rows of a batch that was refused in part are settled in the same way', async () => {
  const ann = await personWith('Ann Partial', ['approve'])
  const { path, cents } = await lost([], { partial: true })
  expect((await call('GET', path, { key: ann.token })).body).toMatchObject({ refused_in_part: true })
  await call('POST', `${path}/settle`, { key: ann.token, body: settling(false) })
  expect(await cents()).toBe(0)
})

test('the page says what is known, and settles', async () => {
  const ann = await personWith('Ann Page', ['approve'])
  const { id, cents } = await lost([])
  const look = { at: Date.now(), found: 0, expected: 1, whole: true, looked: '40 invoices, newest first' }
  await unknownsOf(accountObject(env, id)).noteLook({ key: KEY, requestId: 'request' }, look, Date.now())
  const visitor = browser()
  await visitor.signIn(ann.token)
  expect((await visitor.get('/dashboard/unknown-writes')).text).toContain('Unknown Corp')
  const page = `/dashboard/unknown-writes/${id}/${encodeURIComponent(KEY)}`
  const { text } = await visitor.get(page)
  for (const known of [
    'finexio_invoices_bulk_create',
    '$5.00 for 1',
    '$5.00 in 1 invoice to s, buyer b',
    'Agent',
    'Not there when looked at',
    '2 min after it left',
  ])
    expect(text.replaceAll(/<wbr\/?>/g, '')).toContain(known)
  const form = {
    ...Object.fromEntries(formIn(text, page)),
    outcome: 'not_carried_out',
    reason: 'Not in the portal.',
  }
  expect((await visitor.send('POST', page, { form })).status).toBe(303)
  expect(await cents()).toBe(0)
  expect((await visitor.get(page)).text).toContain('rejected')
})

test('a page that was opened before a later write left under the same key settles nothing', async () => {
  const ann = await personWith('Ann Stale', ['approve'])
  const { id, path, cents } = await lost([])
  const { left_at } = (await call('GET', path, { key: ann.token })).body
  await runInDurableObject(accountObject(env, id), (_, { storage }) =>
    storage.sql.exec('UPDATE ledger SET claimed_at = claimed_at + 1, settled_at = NULL'),
  )
  const stale = await call('POST', `${path}/settle`, {
    key: ann.token,
    body: { ...settling(false), left_at },
  })
  expect(stale.status).toBe(409)
  expect(stale.body.message).toMatch(/Another write left .* Nothing was settled\. Look at it again/)
  expect(await cents()).toBe(500)
})
