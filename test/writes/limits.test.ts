import fc from 'fast-check'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { DAY_MS } from '../../src/core/time.ts'
import {
  breachWords,
  callBreach,
  type History,
  type Movement,
  type Past,
  roomLeft,
  strangerOf,
  totalOf,
  WINDOWS,
  windowBreach,
} from '../../src/rules/limits.ts'
import { type Limits, writeSettings } from '../../src/rules/server-settings.ts'
import { runs } from '../support/size.ts'

const NOW = 1_800_000_000_000
const pay = (cents: number, supplier = 's1', count = 1): Movement => ({ buyer: 'b1', supplier, cents, count })

/** The history as a plain list, oldest first. */
const historyOf = (all: readonly Past[]): History => {
  const past = (since: number, supplier: string | null) =>
    all.filter((one) => one.at > since && (supplier === null || one.supplier === supplier))
  return { spent: (since, supplier) => totalOf(past(since, supplier)), past }
}

const bounds = (most: number) =>
  fc.record(
    { cents: fc.integer({ min: 0, max: most }), count: fc.integer({ min: 0, max: 12 }) },
    { requiredKeys: [] },
  )
const limitsArbitrary: fc.Arbitrary<Limits> = fc.record(
  { per_day: bounds(1_000), per_30_days: bounds(3_000), per_supplier_day: bounds(600) },
  { requiredKeys: [] },
)
const step = fc.record({
  wait: fc.integer({ min: 0, max: 2 * DAY_MS }),
  movements: fc.array(
    fc.record({
      buyer: fc.constant('b1'),
      supplier: fc.constantFrom('s1', 's2', 's3'),
      cents: fc.integer({ min: 1, max: 500 }),
      count: fc.integer({ min: 1, max: 4 }),
    }),
    { minLength: 1, maxLength: 3 },
  ),
})

const WHOSE = { per_day: [null], per_30_days: [null], per_supplier_day: ['s1', 's2', 's3'] }

const expectWithin = (limits: Limits, done: readonly Past[], at: number) => {
  const history = historyOf(done.filter((one) => one.at <= at))
  for (const window of ['per_day', 'per_30_days', 'per_supplier_day'] as const)
    for (const supplier of WHOSE[window]) {
      const spent = history.spent(at - WINDOWS[window], supplier)
      expect(spent.cents).toBeLessThanOrEqual(limits[window]?.cents ?? Number.MAX_SAFE_INTEGER)
      expect(spent.count).toBeLessThanOrEqual(limits[window]?.count ?? Number.MAX_SAFE_INTEGER)
    }
}

test('whatever is asked, no window ever holds more than its limit, and a refusal was due', () => {
  fc.assert(
    fc.property(limitsArbitrary, fc.array(step, { maxLength: 40 }), (limits, steps) => {
      const done: Past[] = []
      let now = NOW
      for (const { wait, movements } of steps) {
        now += wait
        const breach = windowBreach(limits, movements, historyOf(done), now)
        const before = done.length
        done.push(...movements.map((one) => ({ ...one, at: now })))
        if (!breach) continue
        const { limit, unit, value, supplier } = breach
        const window = limit as keyof typeof WINDOWS
        const full = historyOf(done).spent(now - WINDOWS[window], supplier)
        expect(full[unit]).toBeGreaterThan(value)
        done.length = before
      }
      for (const { at } of done) expectWithin(limits, done, at)
    }),
    runs(300),
  )
})

test('at its reset a refused call passes that limit, and a millisecond earlier it does not', () => {
  const past = fc.array(
    fc.record({ ago: fc.integer({ min: 0, max: DAY_MS - 1 }), cents: fc.integer({ min: 1, max: 300 }) }),
    { maxLength: 20 },
  )
  fc.assert(
    fc.property(
      past,
      fc.integer({ min: 1, max: 1_200 }),
      fc.integer({ min: 1, max: 1_000 }),
      (list, asked, most) => {
        const limits = { per_day: { cents: most } }
        const done = list
          .map(({ ago, cents }) => ({ ...pay(cents), at: NOW - ago }))
          .sort((a, b) => a.at - b.at)
        const ask = (now: number) => windowBreach(limits, [pay(asked)], historyOf(done), now)
        const breach = ask(NOW)
        if (!breach) return
        expect(breach.resets_at === null).toBe(asked > most)
        if (breach.resets_at === null) return
        expect(ask(breach.resets_at)).toBeNull()
        expect(ask(breach.resets_at - 1)).not.toBeNull()
      },
    ),
  )
})

test('an amount split among suppliers meets the limit of the day, one among calls that of the supplier', () => {
  const done = [{ ...pay(900), at: NOW - 1_000 }]
  expect(
    windowBreach({ per_day: { cents: 1_000 } }, [pay(60, 's2'), pay(60, 's3')], historyOf(done), NOW),
  ).toEqual({
    ...{ source: 'server_limit', limit: 'per_day', unit: 'cents', value: 1_000, asked: 120, left: 100 },
    ...{ resets_at: NOW - 1_000 + DAY_MS, supplier: null },
  })
  const perSupplier = { per_supplier_day: { cents: 1_000 } }
  expect(windowBreach(perSupplier, [pay(101, 's2')], historyOf(done), NOW)).toBeNull()
  expect(windowBreach(perSupplier, [pay(1, 's2'), pay(101)], historyOf(done), NOW)).toMatchObject({
    supplier: 's1',
    left: 100,
    asked: 101,
  })
  const twoBuyers = [pay(60), { ...pay(60), buyer: 'b2' }]
  expect(windowBreach(perSupplier, twoBuyers, historyOf(done), NOW)).toMatchObject({ asked: 120 })
})

test('one invoice and one call have limits of their own', () => {
  const limits = { per_invoice: { cents: 500 }, per_call: { cents: 800, count: 2 } }
  expect(callBreach(limits, [pay(800, 's1', 2)], 500)).toBeNull()
  expect(callBreach(limits, [pay(501)], 501)).toMatchObject({
    limit: 'per_invoice',
    left: 500,
    resets_at: null,
  })
  expect(callBreach(limits, [pay(801, 's1', 2)], 401)).toMatchObject({ limit: 'per_call', unit: 'cents' })
  expect(callBreach(limits, [pay(300, 's1', 2), pay(1, 's2')], 300)).toMatchObject({
    unit: 'count',
    asked: 3,
  })
  expect(callBreach({}, [pay(1e9)], 1e9)).toBeNull()
})

test('a limit lowered below what was spent says that nothing is left, and waits until enough has left', () => {
  const done = [100, 200, 300].map((cents, index) => ({ ...pay(cents), at: NOW - 3_000 + index * 1_000 }))
  const breach = windowBreach({ per_day: { cents: 400 } }, [pay(50)], historyOf(done), NOW)
  expect(breach).toMatchObject({ left: 0, resets_at: NOW - 2_000 + DAY_MS })
})

test('what is left is the least of what the limits leave', () => {
  const done = [{ ...pay(900), at: NOW - 1_000 }]
  const limits = { per_call: { count: 5 }, per_day: { cents: 1_000 }, per_30_days: { cents: 950, count: 9 } }
  expect(roomLeft(limits, historyOf(done), NOW)).toEqual({ cents: 50, count: 5 })
  expect(roomLeft({}, historyOf(done), NOW)).toEqual({ cents: null, count: null })
})

test('a buyer or supplier that is not listed is found, wherever it is in the list; an empty list allows none', () => {
  const movements = [pay(1, 's1'), pay(1, 's2')]
  expect(strangerOf(movements, {})).toBeNull()
  expect(strangerOf(movements, { allowed_buyers: ['b1'], allowed_suppliers: ['s2', 's1'] })).toBeNull()
  expect(strangerOf(movements, { allowed_suppliers: ['s1'] })).toEqual({ role: 'supplier', id: 's2' })
  expect(strangerOf(movements, { allowed_buyers: [] })).toEqual({ role: 'buyer', id: 'b1' })
})

test('a refusal names the limit, its value, what is left and when it resets', () => {
  const done = [{ ...pay(90_000), at: Date.parse('2026-11-22T10:00:00Z') }]
  const now = Date.parse('2026-11-23T09:00:00Z')
  const breach = windowBreach({ per_supplier_day: { cents: 100_000 } }, [pay(20_000)], historyOf(done), now)
  expect(breachWords(breach!)).toBe(
    'server_limit: limit per_supplier_day of this MCP server is $1,000.00 for supplier s1, $100.00 left, and this call asks for $200.00. It fits from 2026-11-23T10:00:00.000Z on, if nothing else is sent before.',
  )
  const never = callBreach({ per_call: { count: 1 } }, [pay(2, 's1', 2)], 1)
  expect(breachWords(never!)).toBe(
    'server_limit: limit per_call of this MCP server is 1 invoice, 1 invoice left, and this call asks for 2 invoices. Send fewer or smaller invoices in one call, or ask the operator to raise the limit.',
  )
})

test.each([
  { limits: { per_day: {} } },
  { limits: { per_dya: { cents: 1 } } },
  { limits: { per_day: { cents: -1 } } },
  { limits: { per_day: { cents: 1.5 } } },
  { limits: { per_invoice: { count: 1 } } },
  { approval: 'over' },
  { approval: { over_cents: '5' } },
  { webhook_hosts: ['https://acme.com'] },
  { webhook_hosts: ['ACME.com'] },
  { webhook_hosts: ['10.0.0.1'] },
  { duplicate_guard: { requests: 41 } },
  { changed_supplier: { days: 0, action: 'refuse' } },
  { first_payment: 'allow' },
])('%j is no setting', (config) => {
  expect(z.strictObject(writeSettings).safeParse(config).success).toBe(false)
})

test('settings as an operator writes them', () => {
  const config = {
    limits: { per_invoice: { cents: 500_000 }, per_day: { cents: 2_000_000, count: 40 } },
    approval: { over_cents: 100_000 },
    approval_door: 'dashboard',
    allowed_suppliers: ['5a000001-0000-4000-8000-000000000001'],
    first_payment: 'approve',
    changed_supplier: { days: 30, action: 'refuse' },
    webhook_hosts: ['hooks.acme.com'],
    webhook_secrets: 'vault_only',
    duplicate_guard: { requests: 10 },
  }
  expect(z.strictObject(writeSettings).parse(config)).toEqual(config)
})
