/** What verified payees cost: the first day of an old account, onboarding, batches; each by the requests that reach Finexio. */
import { expect, test } from 'vitest'
import { DAY_MS } from '../../src/core/time.ts'
import { vouchedOf } from '../../src/rules/payees/verified.ts'
import { noticePayees } from '../../src/tools/writing/guard/notice.ts'
import { numbersOnFile, sightsFor, verifyPayees } from '../../src/tools/writing/guard/vouching.ts'
import { NOW } from '../tools/fake-finexio.ts'
import { contextOf, idOf, isoAt, Kept, ManySuppliers } from './many.ts'

const ids = (count: number, from = 0) => Array.from({ length: count }, (_, index) => idOf(from + index))
const NOBODY = new Set<string>()

const verified = async (finexio: ManySuppliers, kept: Kept, of: string[], paid = NOBODY) => {
  finexio.requests = []
  const found = await verifyPayees(of, paid, await contextOf(finexio, kept.writes()))
  return { requests: finexio.requests.length, held: found.filter((one) => 'why' in one) }
}

test('on the first day of 2,000 suppliers acceptance asks nothing: each is looked at when it is next paid', async () => {
  const finexio = new ManySuppliers(2_000)
  const kept = new Kept(NOW - 60_000)
  expect(finexio.requests).toEqual([])
  const one = await verified(finexio, kept, ids(1), new Set(ids(1)))
  expect(one).toEqual({ requests: 2, held: [] })
  // 500 at once: the lists, a page of 100 a request, instead of thousands one by one.
  const many = await verified(finexio, kept, ids(500))
  expect(many.held).toEqual([])
  expect(many.requests).toBeLessThanOrEqual(60)
  // Known from now on: two requests, however many.
  expect(await verified(finexio, kept, ids(500))).toEqual({ requests: 2, held: [] })
  expect((await verified(finexio, kept, ids(12))).requests).toBe(2)
})

test('onboarding 500 suppliers is one call-back record, out of the lists', async () => {
  const finexio = new ManySuppliers(2_000)
  // Imported in one moment, so that their entries have no order among themselves.
  const imported = isoAt(NOW - DAY_MS)
  for (const [index, row] of new ManySuppliers(500).suppliers.entries()) {
    const id = `new_${index}`
    finexio.suppliers.unshift({ ...row, id, created: imported, updated: imported })
    const changes = { name: ['None', row.name] }
    finexio.history.unshift({
      object_id: id,
      timestamp: imported,
      action: 'Created',
      actor: 'portal',
      changes,
    })
  }
  const kept = new Kept()
  finexio.requests = []
  const all = Array.from({ length: 500 }, (_, index) => `new_${index}`)
  const seen = await sightsFor(all, NOW, await contextOf(finexio, kept.writes()))
  expect(seen.filter(({ sight }) => sight.state === null)).toEqual([])
  expect(finexio.requests.length).toBeLessThanOrEqual(60)
  for (const { sight } of seen) kept.vouch(sight.supplier, vouchedOf(sight.state!, sight.since))
  // Within the hour in which entries may show up late, the pages of the import are looked at again.
  expect(await verified(finexio, kept, all)).toEqual({ requests: 11, held: [] })
})

test('a batch in which one payee is not verified names it alone, and why', async () => {
  const finexio = new ManySuppliers(50)
  const kept = new Kept(NOW - 60_000)
  finexio.change(idOf(7), { bank_account_number: '999' })
  const { held } = await verified(finexio, kept, ids(20))
  expect(held).toEqual([{ supplier: idOf(7), why: 'never_vouched' }])
  finexio.change(idOf(3), { remit_email: 'me@elsewhere.example' }, NOW - 1_000)
  expect((await verified(finexio, kept, ids(7))).held).toEqual([{ supplier: idOf(3), why: 'changed' }])
})

test('of suppliers that nobody could have been vouched for nothing is asked', async () => {
  const finexio = new ManySuppliers(50)
  const { requests, held } = await verified(finexio, new Kept(), ids(20))
  expect([requests, held.length]).toEqual([0, 20])
})

test('a telephone number that was changed before the bank account proves nothing, whichever of both is called', async () => {
  const finexio = new ManySuppliers(3)
  const kept = new Kept()
  const see = async () => (await sightsFor([idOf(1)], NOW, await contextOf(finexio, kept.writes())))[0]!
  const before = await see()
  const vouched = vouchedOf(before.sight.state!, before.sight.since)
  kept.vouch(idOf(1), vouched)
  finexio.change(idOf(1), { corporate_phone_number: '555-010-6666' }, NOW - 3 * DAY_MS)
  expect((await verified(finexio, kept, [idOf(1)])).held).toEqual([{ supplier: idOf(1), why: 'changed' }])
  finexio.change(idOf(1), { bank_account_number: '999' }, NOW - DAY_MS)
  const now = await see()
  expect(await numbersOnFile(now, vouched, await contextOf(finexio, kept.writes()))).toMatchObject({
    vouched: ['555-010-0100'],
    present: ['555-010-6666'],
  })
})

test('of a change it is asked whether money is under way, and old and new go into the trail, masked', async () => {
  const finexio = new ManySuppliers(3)
  const kept = new Kept(NOW - 60_000)
  await verified(finexio, kept, ids(3), new Set(ids(3)))
  finexio.payments.push(finexio.payment(idOf(1), 3, 'pending'))
  finexio.change(idOf(1), { bank_account_number: '123456789', remit_email: 'me@elsewhere.example' }, NOW)
  finexio.change(idOf(2), { remit_email: 'you@elsewhere.example' }, NOW)
  kept.observed = []
  const { held } = await verified(finexio, kept, ids(3))
  expect(held.map(({ supplier }) => supplier)).toEqual([idOf(1), idOf(2)])
  const [, one, two] = kept.observed
  expect([one?.unsettled, two?.unsettled]).toEqual([true, false])
  expect(one?.fields).toEqual([
    { field: 'bank_account_number', before: '****0001', after: '****6789' },
    { field: 'remit_email', before: 'remit-1@supplier.example', after: 'me@elsewhere.example' },
  ])
})

test('whatever page shows a change of a payee that is not paid now is noticed, and nothing else', async () => {
  const finexio = new ManySuppliers(5)
  const kept = new Kept(NOW - 60_000)
  const writes = kept.writes()
  await verified(finexio, kept, ids(4), new Set(ids(4)))
  finexio.change(idOf(1), { remit_email: 'me@elsewhere.example' }, NOW)
  finexio.change(idOf(2), { notes: 'called' }, NOW)
  finexio.change(idOf(4), { remit_email: 'unknown@elsewhere.example' }, NOW)
  const context = await contextOf(finexio, writes)
  const told: Promise<void>[] = []
  const notice = (resource: string, rows: () => readonly Record<string, unknown>[]) =>
    void told.push(noticePayees(resource, rows, NOW, writes))
  await verifyPayees([idOf(0), idOf(3)], NOBODY, { ...context, notice })
  await Promise.all(told)
  expect(new Set(kept.noticed.map(({ supplier }) => supplier))).toEqual(new Set([idOf(1)]))
  expect(kept.noticed.flatMap(({ fields }) => fields)).toContainEqual({
    field: 'remit_email',
    before: 'remit-1@supplier.example',
    after: 'me@elsewhere.example',
  })
})
