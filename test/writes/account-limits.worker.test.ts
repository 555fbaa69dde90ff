/**
 * Limits of a whole account beside those of its servers, and `over_cents` added up over the account (fault B7). At commit b8f2a26 four
 * servers under `over_cents: 10000` let 32,000 cents out without anybody's approval, and no limit could be set for the account.
 */
import { runInDurableObject } from 'cloudflare:test'
import { expect, test } from 'vitest'
import { canonicalMovements } from '../../src/account/tables/ledger/movements.ts'
import type { ServerConfig } from '../../src/rules/server-settings.ts'
import type { ClaimRequest } from '../../src/rules/write-contract.ts'
import { makeServer } from '../accounts/support.ts'
import { accountWithServer, print } from './claims.ts'

const SUPPLIER = '5a000002-0000-4000-8000-00000000abcd'

/** An account with several servers of one configuration; `pay` claims through one of them. */
const several = async (config: ServerConfig, count = 4) => {
  const { id, object, request, server } = await accountWithServer(config)
  const servers = [server.id]
  while (servers.length < count)
    servers.push((await makeServer(id, null, { methods: ['read', 'write'], ...config })).id)
  let calls = 0
  const requestTo = async (at: number, cents: number, supplier = 's', more: Partial<ClaimRequest> = {}) => {
    const { revision } = (await object.readAccount())!
    return request({
      serverId: servers[at]!,
      key: null,
      fingerprint: print(`f${++calls}`),
      subjects: [print(`s${calls}`)],
      movements: [{ buyer: 'b', supplier, cents, count: 1 }],
      largest: cents,
      letIn: { digest: null, revision: `${revision}.1`, caller: { kind: 'url' } },
      ...more,
    })
  }
  const pay = async (at: number, cents: number, supplier?: string, more?: Partial<ClaimRequest>) =>
    object.claimWrite(await requestTo(at, cents, supplier, more))
  const preview = async (at: number, cents: number) => object.previewWrite(await requestTo(at, cents))
  return { id, object, pay, preview }
}

test('over_cents adds up what went to a supplier through any server of the account', async () => {
  const { pay } = await several({ approval: { over_cents: 10_000 } })
  expect((await pay(0, 8_000)).kind).toBe('claimed')
  for (const at of [1, 2, 3])
    expect(await pay(at, 8_000)).toMatchObject({
      kind: 'needs_approval',
      reasons: [{ kind: 'over', cents: 16_000 }],
    })
  // Siblings: another supplier is another sum; what fits still goes; what was approved does not count.
  expect((await pay(1, 8_000, 'other')).kind).toBe('claimed')
  expect((await pay(2, 2_000)).kind).toBe('claimed')
  expect((await pay(3, 1)).kind).toBe('needs_approval')
})

test('each limit holds over all servers together, in the transaction of the claim', async () => {
  const cases: [object, number, object][] = [
    [{ per_day: { cents: 1_000 } }, 600, { limit: 'per_day', unit: 'cents', left: 400 }],
    [{ per_30_days: { count: 1 } }, 1, { limit: 'per_30_days', unit: 'count', left: 0 }],
    [{ per_supplier_day: { cents: 1_000 } }, 600, { limit: 'per_supplier_day', supplier: 's', left: 400 }],
  ]
  for (const [limits, cents, breach] of cases) {
    const { object, pay } = await several({})
    await object.changeAccount({ limits })
    expect((await pay(0, cents)).kind).toBe('claimed')
    expect(await pay(1, cents)).toMatchObject({
      kind: 'limited',
      breach: { source: 'account_limit', ...breach },
    })
  }
  for (const [limits, limit] of [
    [{ per_invoice: { cents: 100 } }, 'per_invoice'],
    [{ per_call: { cents: 100 } }, 'per_call'],
  ] as const) {
    const { object, pay } = await several({})
    await object.changeAccount({ limits })
    expect(await pay(0, 101)).toMatchObject({ kind: 'limited', breach: { source: 'account_limit', limit } })
    expect((await pay(0, 100)).kind).toBe('claimed')
  }
})

test('twelve calls at once through four servers pass no limit of the account together', async () => {
  const { object, pay } = await several({})
  await object.changeAccount({ limits: { per_day: { cents: 1_000 } } })
  const claims = await Promise.all(Array.from({ length: 12 }, (_, at) => pay(at % 4, 300)))
  expect(claims.filter(({ kind }) => kind === 'claimed')).toHaveLength(3)
})

test('a dry run shows the smaller room of both; a change of the limits ends calls that were let in before', async () => {
  const { object, preview, pay } = await several({ limits: { per_day: { cents: 5_000 } } })
  await object.changeAccount({ limits: { per_day: { cents: 1_000, count: 7 } } })
  await pay(0, 400)
  expect((await preview(1, 1)).room).toEqual({ cents: 600, count: 6 })
  const stale = await pay(0, 1, 's', { letIn: { digest: null, revision: '1.1', caller: { kind: 'url' } } })
  expect(stale.kind).toBe('changed')
})

test('what 0.1.0 stored under other spellings of a UUID counts towards the same supplier', async () => {
  const { object, pay } = await several({ limits: { per_supplier_day: { cents: 1_000 } } }, 1)
  for (const spelling of [SUPPLIER.toUpperCase(), SUPPLIER.replaceAll('-', ''), `{${SUPPLIER}}`])
    await pay(0, 300, spelling)
  await runInDurableObject(object, (_, { storage }) => canonicalMovements(storage.sql))
  expect(await pay(0, 300, SUPPLIER)).toMatchObject({ kind: 'limited', breach: { left: 100 } })
})
