import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { type PartyRow, partyOf } from '../../sandbox/parties/parties.ts'
import { counterpartyView, supplierView } from '../../sandbox/parties/party-views.ts'
import { DAY, type Micros, startOfDay } from '../../sandbox/tenants/micros.ts'
import { seedRows } from '../../sandbox/tenants/seeding.ts'
import { declaredBody, newlyBroken } from '../../sandbox/wire/validation.ts'

const NOW: Micros = Date.UTC(2026, 10, 23, 9, 30) * 1_000
const DEMO = { username: 'demo', marker: 'DEMO00' }
const made = seedRows(DEMO, 1, startOfDay(NOW), NOW)
const digest = (value: unknown) => createHash('sha256').update(JSON.stringify(value)).digest('hex')

test('the same owner, day and moment give the same seeds; another owner others', () => {
  expect(digest(seedRows(DEMO, 1, startOfDay(NOW), NOW))).toBe(digest(made))
  expect(digest(seedRows({ username: 'anna', marker: 'ANNA00' }, 1, startOfDay(NOW), NOW))).not.toBe(
    digest(made),
  )
})

test('another day shifts every moment and keeps every id and amount', () => {
  const later = seedRows(DEMO, 1, startOfDay(NOW) + 3 * DAY, NOW + 3 * DAY)
  for (const table of ['payments', 'invoices', 'drawdowns', 'parties', 'history'] as const) {
    expect(later[table].map(({ id }) => id)).toEqual(made[table].map(({ id }) => id))
    expect(later[table].map(({ amount }) => amount)).toEqual(made[table].map(({ amount }) => amount))
    const shifts = later[table].map(({ created }, at) =>
      created === null ? null : Number(created) - Number(made[table][at]!.created),
    )
    expect(new Set(shifts.filter((shift) => shift !== null))).toEqual(new Set([3 * DAY]))
  }
})

test('there is enough of everything, over fourteen months, in every state and method', () => {
  const kinds = (kind: string) => made.parties.filter((row) => row.kind === kind).length
  expect(kinds('Supplier')).toBeGreaterThanOrEqual(60)
  expect(kinds('Buyer')).toBe(4)
  expect(made.invoices.length).toBeGreaterThanOrEqual(3_000)
  expect(made.payments.length).toBeGreaterThanOrEqual(1_200)
  expect(made.drawdowns.length).toBeGreaterThanOrEqual(120)
  expect(made.history.length).toBeGreaterThan(200)
  const days = (NOW - Math.min(...made.payments.map(({ created }) => Number(created)))) / DAY
  expect(days).toBeGreaterThan(14 * 30)
  const words = (column: string) => [...new Set(made.payments.map((row) => row[column]))].sort()
  expect(words('status')).toEqual(['canceled', 'failed', 'in-progress', 'pending', 'settled'])
  expect(words('method')).toEqual(['ach', 'card', 'check', 'wire'])
  expect([...new Set(made.drawdowns.map(({ status }) => status))].sort()).toEqual([
    'canceled',
    'error',
    'received',
    'requested',
  ])
  expect([...new Set(made.invoices.map(({ status }) => status))].sort()).toEqual([
    'canceled',
    'complete',
    'failed',
    'in-progress',
    'pending',
    'sent',
  ])
})

test('ids are unique, nothing lies in the future, sums agree', () => {
  for (const rows of Object.values(made)) expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length)
  expect(new Set(made.payments.map(({ tracking }) => tracking)).size).toBe(made.payments.length)
  for (const { created, updated } of [...made.payments, ...made.invoices, ...made.parties])
    expect(Math.max(Number(created), Number(updated))).toBeLessThan(NOW)
  const sum = (rows: Record<string, unknown>[]) =>
    rows.reduce((total, row) => total + Number(row.amount) - Number(row.discount ?? 0), 0)
  const invoices = Map.groupBy(made.invoices, ({ payment }) => payment)
  for (const payment of made.payments) expect(sum(invoices.get(payment.id)!)).toBe(payment.amount)
  const payments = Map.groupBy(made.payments, ({ drawdown }) => drawdown)
  for (const drawdown of made.drawdowns) expect(sum(payments.get(drawdown.id)!)).toBe(drawdown.amount)
})

test.each([0, 7, 12, 23.99])(
  'the newest 50 payments hold every kind of trouble at hour %d of the day',
  (hour) => {
    const day = startOfDay(NOW)
    const now = day + hour * 3_600_000_000
    const newest = seedRows(DEMO, 1, day, now)
      .payments.sort((one, other) => Number(other.created) - Number(one.created))
      .slice(0, 50)
    const count = (status: string) => newest.filter((row) => row.status === status).length
    expect(count('failed')).toBeGreaterThanOrEqual(2)
    expect(count('canceled')).toBeGreaterThanOrEqual(2)
    expect(newest.filter(({ refunded }) => refunded === 1).length).toBeGreaterThanOrEqual(1)
  },
)

test('the example prompts find what they ask about', () => {
  const ofDrawdown = (id: string) => made.payments.filter(({ drawdown }) => drawdown === id)
  const first = ofDrawdown('req_987654')
  expect(new Set(first.map(({ supplier }) => supplier)).size).toBe(4)
  const invoices = made.invoices.filter(({ payment }) => first.some(({ id }) => id === payment))
  expect(invoices).toHaveLength(10)
  const checks = ofDrawdown('req_009988')
  expect(checks.every(({ method, delivery }) => method === 'check' && delivery === 'mail')).toBe(true)
  expect(checks.map(({ steps }) => Number(steps) >= 5)).toEqual([true, false, true, false, true, false])
  const payment = (id: string) => made.payments.find((row) => row.id === id)
  expect(payment('pay_555777')).toMatchObject({ method: 'check', steps: 4, next: null })
  expect(payment('pay_555778')).toMatchObject({ method: 'check', steps: 5 })
})

test('VENDOR_ALPHA moved, then went from check to ACH', () => {
  const alpha = made.parties.find(({ ref }) => ref === 'VENDOR_ALPHA')!
  const entries = made.history
    .filter(({ object_id }) => object_id === alpha.id)
    .map(({ changes }) => changes as { field: string; before: unknown; after: unknown }[])
  expect(entries[1]).toContainEqual({
    field: 'address_1',
    before: '14 Cannery Row',
    after: '88 Foundry Road',
  })
  expect(entries[2]).toContainEqual({ field: 'payment_method', before: 'PrintedCheck', after: 'ACH' })
  const party = partyOf(alpha as unknown as PartyRow)
  expect(counterpartyView(party)).toMatchObject({ payment_method: 'ACH', address_1: '88 Foundry Road' })
})

test('seeded suppliers obey the rules for creating one', () => {
  for (const row of made.parties.filter(({ kind }) => kind === 'Supplier')) {
    const view = supplierView(partyOf(row as unknown as PartyRow))
    expect(newlyBroken(declaredBody('suppliers', 'create'), {}, view)).toBeNull()
  }
})
