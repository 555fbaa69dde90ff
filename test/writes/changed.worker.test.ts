/** A change of how somebody is paid is told as payments are: with its outcome. Seen on 2026-12-01: `changed` was written at the claim. */
import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { afterEach, expect, test, vi } from 'vitest'
import { CLAIM_MS } from '../../src/rules/ledger.ts'
import { payeeSentence } from '../../src/rules/sentences/calls.ts'
import type { Settlement } from '../../src/rules/write-contract.ts'
import { accountWithServer, print } from './claims.ts'

afterEach(() => {
  vi.useRealTimers()
})

type Account = Awaited<ReturnType<typeof accountWithServer>>
const FIELDS = [{ field: 'bank_account_number', before: '****0001', after: '****6789' }]

const claimed = async (changed = ['bank_account_number']) => {
  const account = await accountWithServer()
  const { object, request } = account
  const change = {
    ...{ key: 'k', requestId: 'r', fingerprint: print('k'), tool: 'finexio_suppliers_partial_update' },
    ...{
      target: { id: 's' },
      movements: [],
      largest: 0,
      subjects: [],
      fields: [...changed, 'id'],
    },
    ...{ changes: { payee: 's', unsettled: false, fields: FIELDS }, names: { s: 'Northwind' } },
  }
  expect(await object.claimWrite(request(change))).toMatchObject({ kind: 'claimed' })
  return account
}

const told = ({ object }: Account) =>
  runInDurableObject(object, (_, { storage }) =>
    storage.sql
      .exec<{ entry: string }>("SELECT entry FROM audit WHERE type = 'payee' ORDER BY seq")
      .toArray()
      .map(({ entry }) => JSON.parse(entry)),
  )
const settled = ({ object }: Account, state: Settlement['state']) =>
  object.settleWrite({ key: 'k', requestId: 'r', state, kept: null })

test.each<[Settlement['state'], string]>([
  ['succeeded', 'changed'],
  ['rejected', 'not_changed'],
  ['not_sent', 'not_changed'],
  ['unknown', 'change_unknown'],
])('%s: %s', async (state, event) => {
  const account = await claimed()
  expect(await told(account)).toEqual([])
  await settled(account, state)
  await settled(account, state)
  const [row, ...more] = (await told(account)).slice(0, state === 'unknown' ? 1 : 9)
  expect(more).toEqual([])
  expect(row).toMatchObject({
    ...{ event, outcome: state, supplier_id: 's', supplier_name: 'Northwind', unpaid: false },
    ...{ changed: ['bank_account_number'], fields: FIELDS, idempotency_key: 'k', request_id: 'r' },
  })
})

// Seen on 2026-12-01: Finexio answered the record as it was, and the trail said that it was changed.
test('what Finexio answered with other values is not told as changed', async () => {
  const account = await claimed(['bank_account_number', 'payment_method'])
  await account.object.settleWrite({
    ...{ key: 'k', requestId: 'r', state: 'succeeded', kept: null },
    unapplied: ['bank_account_number', 'notes'],
  })
  const rows = await told(account)
  expect(rows.map(({ event, changed, outcome }) => [event, changed, outcome])).toEqual([
    ['changed', ['payment_method'], 'succeeded'],
    ['change_unknown', ['bank_account_number'], 'succeeded'],
  ])
  expect(rows.map(({ fields }) => fields)).toEqual([[], FIELDS])
  expect(payeeSentence(rows[1])).toMatch(
    /^Finexio answered other values than were sent .*bank account number/,
  )
})

test('where all came back otherwise, nothing is told as changed', async () => {
  const account = await claimed()
  const settlement = { key: 'k', requestId: 'r', state: 'succeeded', kept: null } as const
  await account.object.settleWrite({ ...settlement, unapplied: ['bank_account_number'] })
  expect((await told(account)).map(({ event }) => event)).toEqual(['change_unknown'])
})

test('of a sender that died nobody knows it, until it is found out', async () => {
  const account = await claimed()
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + CLAIM_MS + 1 })
  await runDurableObjectAlarm(account.object)
  expect((await told(account)).map(({ event }) => event)).toEqual(['change_unknown'])
  await settled(account, 'succeeded')
  expect((await told(account)).map(({ event }) => event)).toEqual(['change_unknown', 'changed'])
})

test('what a look did not find is told as such', async () => {
  const account = await claimed()
  await settled(account, 'unknown')
  await account.object.settleWrite({ key: 'k', requestId: 'r', state: 'rejected', kept: { resolved: true } })
  const row = (await told(account)).at(-1)
  expect(row).toMatchObject({ event: 'not_changed', known_by: 'look' })
  expect(payeeSentence(row)).toMatch(/counts as not changed: a look at Finexio did not find it$/)
})

test('a claim of an earlier version has its row, and gets no second one', async () => {
  const account = await claimed()
  await runInDurableObject(account.object, (_, { storage }) => {
    storage.sql.exec('UPDATE ledger SET change = NULL')
  })
  await settled(account, 'succeeded')
  expect(await told(account)).toEqual([])
})
