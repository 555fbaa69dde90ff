/** What an account's object says of payees that change: alarms, call-backs and claims that a change overtakes. */
import { runInDurableObject } from 'cloudflare:test'
import { describe, expect, test } from 'vitest'
import { payeesOf } from '../../src/account/account-stub.ts'
import type { Notification } from '../../src/account/notify/deliver.ts'
import type { Notifier } from '../../src/account/notify/notifier.ts'
import { insertClaim } from '../../src/account/tables/ledger/ledger.ts'
import { lastPaidAt } from '../../src/account/tables/ledger/movements.ts'
import { Tenant } from '../../src/account/tenant.ts'
import { Payees } from '../../src/account/writes/payees.ts'
import { DAY_MS } from '../../src/core/time.ts'
import type { PayeeSight } from '../../src/rules/payees/verified.ts'
import { makeAccount } from '../accounts/support.ts'
import { accountWithServer, claimRequest } from '../writes/claims.ts'

const OLD = Date.now() - 400 * DAY_MS
const sight = (supplier: string, email = 'a', more: Partial<PayeeSight> = {}): PayeeSight => ({
  supplier,
  state: {
    shown: { remit_email: `clear ${email}` },
    numbersShown: true,
    changes: [{ id: 'created', at: OLD }],
    updated: OLD,
    newestEntry: OLD,
  },
  since: null,
  paidBefore: true,
  ...more,
})
const ANN = { ids: ['ann'], issuers: [], name: 'Ann' }
const call = {
  called: 'Rita',
  called_at: Date.now(),
  number_from: 'outside_source',
  source: 'contract',
  note: null,
}
const vouch = (one: PayeeSight, version = 0) => [{ sight: one, version, call }] as const

/** The payees of an account, and what would be notified. */
const inside = async <Of>(
  work: (payees: Payees, sent: Notification[], sql: SqlStorage) => Promise<Of>,
): Promise<Of> => {
  const { object } = await makeAccount()
  return runInDurableObject(object, async (_, { storage }) => {
    const sent: Notification[] = []
    const tenant = new Tenant(storage, async () => {})
    tenant.exists = true
    const notifier = { send: (one: Notification) => sent.push(one) } as unknown as Notifier
    return work(new Payees(tenant, notifier), sent, storage.sql)
  })
}
const paid = (sql: SqlStorage, supplier: string, days: number) => {
  const movements = [{ buyer: 'b', supplier, cents: 1, count: 1 }]
  insertClaim(sql, claimRequest({ key: `key of ${supplier}`, movements }), Date.now() - days * DAY_MS)
}
const changedEntries = (sql: SqlStorage) =>
  sql
    .exec<{ entry: string }>("SELECT entry FROM audit WHERE type = 'payee' ORDER BY seq")
    .toArray()
    .map(({ entry }) => JSON.parse(entry))
    .filter(({ event }) => event === 'changed')

describe('a change of a payee for whom somebody vouched', () => {
  test.each([
    ['paid through us lately, whatever Finexio says', 10, false, true],
    ['paid through us long ago, with an unsettled payment', 100, true, true],
    ['never paid through us, with an unsettled payment of another program', null, true, true],
    ['of which nobody could find out', null, null, null],
    ['paid through us long ago, of which nobody could find out', 100, null, null],
    ['all of it settled', 100, false, false],
  ] as const)('raises the alarm unless all is settled: %s', async (_, days, unsettled, unpaid) => {
    await inside(async (payees, sent, sql) => {
      if (days !== null) paid(sql, 's', days)
      expect(lastPaidAt(sql, 's') === null).toBe(days === null)
      await payees.vouch(vouch(sight('s')), ANN, { request_id: 'r' })
      await payees.observe([sight('s', 'b', { unsettled })], { request_id: 'r' })
      expect(sent.map(({ type }) => type)).toEqual(unpaid === false ? [] : ['payee.changed'])
      expect(changedEntries(sql)).toMatchObject([{ supplier_id: 's', changed: ['remit_email'], unpaid }])
      expect(payees.alarmed()).toBe(unpaid === false ? 0 : 1)
      // Once: it is void then.
      await payees.observe([sight('s', 'c', { unsettled })], { request_id: 'r' })
      expect(sent.length).toBe(unpaid === false ? 0 : 1)
    })
  })

  test('is alarmed of when any page shows it, while another payee is paid', async () => {
    await inside(async (payees, sent, sql) => {
      paid(sql, 's', 3)
      await payees.vouch(vouch(sight('s')), ANN, { request_id: 'r' })
      const fields = [{ field: 'remit_email', before: 'a@x.example', after: 'b@x.example' }]
      const glimpse = { supplier: 's', shown: { remit_email: 'clear b' as const }, changes: [], fields }
      await payees.notice([{ ...glimpse, at: Date.now() - 60_000 }], { request_id: 'r' })
      expect([sent.length, payees.alarmed()]).toEqual([0, 0])
      await payees.notice([{ ...glimpse, at: Date.now() + 1 }], { request_id: 'r' })
      expect([sent.length, payees.alarmed()]).toEqual([1, 1])
      expect(changedEntries(sql)).toMatchObject([{ fields, unpaid: true }])
      // A page that shows nothing new verifies nothing.
      const same = {
        supplier: 's',
        shown: { remit_email: 'clear a' as const },
        changes: [],
        at: Date.now() + 2,
      }
      await payees.notice([same], { request_id: 'r' })
      expect(payees.known(['s'])?.rows[0]?.voided).not.toBeNull()
      expect(await payees.vouch(vouch(sight('s', 'b'), 2), ANN, { request_id: 'r' })).toBeNull()
      expect(payees.alarmed()).toBe(0)
    })
  })
})

describe('a race with a change', () => {
  const withVouched = async () => {
    const made = await accountWithServer()
    await made.object.changeAccount({ payees: 'verified', payees_set_by: 'root' }, null)
    const payees = payeesOf(made.object)
    await payees.vouch([...vouch(sight('s'))], ANN, { request_id: 'r' })
    const [found] = await payees.observe([sight('s')], { request_id: 'r' })
    const letIn = { digest: null, revision: '2.1', caller: { kind: 'url' as const } }
    const request = made.request({
      vouching: [found!],
      letIn,
      movements: [{ buyer: 'b', supplier: 's', cents: 1, count: 1 }],
    })
    return { ...made, payees, request }
  }

  test('goes through without one', async () => {
    const { object, request } = await withVouched()
    expect((await object.claimWrite(request)).kind).toBe('claimed')
  })

  test.each([
    [
      'a change is seen at Finexio',
      (of: Awaited<ReturnType<typeof withVouched>>) =>
        of.payees.observe([sight('s', 'b')], { request_id: 'r' }),
    ],
    [
      'another page shows it',
      (of: Awaited<ReturnType<typeof withVouched>>) =>
        of.payees.notice(
          [{ supplier: 's', shown: { remit_email: 'clear b' }, changes: [], at: Date.now() + 1 }],
          { request_id: 'r' },
        ),
    ],
    [
      'a change leaves through us',
      ({ object, request }: Awaited<ReturnType<typeof withVouched>>) =>
        object.claimWrite({
          ...request,
          key: 'change',
          movements: [],
          subjects: [],
          fingerprint: new Uint8Array(32),
          target: { id: 's' },
          fields: ['remit_email'],
          changes: { payee: 's', unsettled: false },
        }),
    ],
    [
      'it is changed, and vouched for anew',
      async ({ payees }: Awaited<ReturnType<typeof withVouched>>) => {
        await payees.observe([sight('s', 'b')], { request_id: 'r' })
        await payees.vouch([...vouch(sight('s', 'b'), 2)], ANN, { request_id: 'r' })
      },
    ],
  ])('stops a claim that was looked into before: %s', async (_, meanwhile) => {
    const made = await withVouched()
    await meanwhile(made)
    const suppliers = [{ supplier: 's', why: 'changed' }]
    expect(await made.object.claimWrite(made.request)).toMatchObject({
      kind: 'needs_approval',
      reasons: [{ kind: 'unverified', supplier: 's', why: 'changed' }],
    })
    // Nobody's approval outweighs it: a draft that is approved at this moment stops too.
    const approval = {
      kind: 'approved',
      draftId: 'd',
      by: { person: 'bob', token: 't' },
      reason: null,
    } as const
    expect(await made.object.claimWrite({ ...made.request, approval })).toEqual({
      kind: 'unverified',
      suppliers,
    })
  })

  test('stops a call-back about what was looked at before', async () => {
    const { payees } = await withVouched()
    const version = (await payees.known(['s']))!.rows[0]!.version
    await payees.observe([sight('s', 'b')], { request_id: 'r' })
    expect(await payees.vouch([...vouch(sight('s'), version)], ANN, { request_id: 'r' })).toMatch(
      /while this was looked at/,
    )
    expect((await payees.known(['s']))!.rows[0]!.voided).not.toBeNull()
    // All or none: of two, neither is recorded.
    expect(
      await payees.vouch([...vouch(sight('t')), ...vouch(sight('s'), version)], ANN, { request_id: 'r' }),
    ).toMatch(/^s:/)
    expect((await payees.known(['t']))!.rows).toEqual([])
  })
})
