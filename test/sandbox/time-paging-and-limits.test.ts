import fc from 'fast-check'
import { expect, test } from 'vitest'
import { conditionsOf } from '../../sandbox/lists/filters.ts'
import { envelope, pageExists, pageNumber } from '../../sandbox/lists/paging.ts'
import { outcomeOf, type PaymentFacts, paymentState } from '../../sandbox/payments/lifecycle.ts'
import { between, codeOf, digitsOf, uuidOf } from '../../sandbox/tenants/chance.ts'
import { DAY, MINUTE, readTimestamp, timestampText } from '../../sandbox/tenants/micros.ts'
import { mayReach } from '../../sandbox/webhooks/deliveries.ts'
import { readBasic } from '../../sandbox/wire/basic-auth.ts'
import { countRequest, DIALECTS, rateHeaders } from '../../sandbox/wire/rate-limit.ts'
import { allOperations } from '../../sandbox/wire/routes.ts'
import { resources } from '../../schemas/index.ts'
import { normalizeRateLimit } from '../../src/finexio/rate-limit.ts'

const NOW = Date.UTC(2026, 10, 23, 9, 30, 1) * 1_000

test('the sandbox serves exactly the operations that schemas/ declares, spelled alike', () => {
  const plain = (route: string) => route.replace(/\{\w+\}/g, '{}')
  const declared = resources.flatMap(({ methods }) => Object.values(methods).map(({ route }) => plain(route)))
  const served = allOperations().map(({ method, path }) => plain(`${method} ${path}`))
  expect(served.sort()).toEqual(declared.sort())
  expect(served).toHaveLength(39)
})

test('timestamps survive writing and reading to the microsecond', () => {
  const moment = fc.integer({ min: 0, max: 4_000_000_000_000_000 })
  fc.assert(fc.property(moment, (at) => readTimestamp(timestampText(at)) === at))
})

test.each([
  ['2025-11-03', 0],
  ['2025-11-03T14:05', 14 * 60 + 5],
  ['2025-11-03 14:05:00', 14 * 60 + 5],
  ['2025-11-03T14:05:00.000000Z', 14 * 60 + 5],
  ['2025-11-03T14:05:00+02:00', 12 * 60 + 5],
  ['2025-11-03T14:05:00 02:00', null],
  ['2025-11-31', null],
  ['2025-11-03T25:00', null],
  ['03.11.2025', null],
  ['', null],
])('the moment %j is read as minute %j of its day', (text, minute) => {
  const day = Date.UTC(2025, 10, 3) * 1_000
  expect(readTimestamp(text)).toBe(minute === null ? null : day + minute * MINUTE)
})

test('chance is repeatable and well-formed', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(uuidOf(text)).toBe(uuidOf(text))
      expect(uuidOf(text)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
      expect(codeOf(text, 10)).toMatch(/^[A-Z0-9]{10}$/)
      expect(digitsOf(text, 6)).toMatch(/^\d{6}$/)
      expect(between(text, 3, 9)).toBeGreaterThanOrEqual(3)
      expect(between(text, 3, 9)).toBeLessThanOrEqual(9)
    }),
  )
  expect(new Set(Array.from({ length: 20_000 }, (_, at) => uuidOf(`a/${at}`))).size).toBe(20_000)
})

test.each([
  [9_901, '9901'],
  [19_902, '9902'],
  [100_009_903, '9903'],
  [9_904, '9904'],
  [9_900, 'complete'],
  [99_010, 'complete'],
  [1, 'complete'],
])('%i cents end as %s', (cents, outcome) => {
  expect(outcomeOf(cents)).toBe(outcome)
})

const facts = fc.record<PaymentFacts>({
  id: fc.string(),
  created: fc.constant(NOW),
  method: fc.constantFrom('check', 'ach', 'card', 'wire'),
  funding: fc.constantFrom('ach', 'other'),
  run: fc.string(),
  outcome: fc.constantFrom('complete', '9901', '9902', '9903', '9904'),
  stopsAfter: fc.constantFrom(null, null, 1, 3, 4),
  forced: fc.constant(null),
})
const later = fc.integer({ min: 0, max: 40 * DAY })

test('whenever a payment is looked at, its past is the beginning of its future', () => {
  fc.assert(
    fc.property(facts, later, later, (payment, one, other) => {
      const early = paymentState(payment, NOW + Math.min(one, other))
      const late = paymentState(payment, NOW + Math.max(one, other))
      expect(late.steps.slice(0, early.steps.length)).toEqual(early.steps)
      expect(late.updated).toBeGreaterThanOrEqual(early.updated)
      expect(late.next ?? Number.POSITIVE_INFINITY).toBeGreaterThan(NOW + Math.max(one, other))
      const times = late.steps.map(({ at }) => at)
      expect(times).toEqual([...times].sort((a, b) => a - b))
    }),
  )
})

test('a forced end keeps what happened and ends at once', () => {
  fc.assert(
    fc.property(facts, fc.integer({ min: 0, max: 30_000_000 }), (payment, wait) => {
      const at = NOW + wait
      const before = paymentState(payment, at)
      fc.pre(before.status === 'pending' || before.status === 'in-progress')
      const after = paymentState({ ...payment, forced: { outcome: '9902', at } }, at + 10_000)
      expect(after.steps.slice(0, before.steps.length)).toEqual(before.steps)
      expect([after.status, after.next]).toEqual(['failed', null])
    }),
  )
})

test('page numbers and links', () => {
  expect([[], ['1'], ['3', '2'], ['0'], ['-1'], ['1e3'], ['']].map(pageNumber)).toEqual([
    1,
    1,
    2,
    null,
    null,
    null,
    null,
  ])
  expect([pageExists(1, 0, 100), pageExists(2, 100, 100), pageExists(2, 101, 100)]).toEqual([
    true,
    false,
    true,
  ])
  const url = new URL('http://127.0.0.1:1/v2/x/?a=1&page=2&a=2')
  expect(envelope(url, 2, 100, 250, [])).toMatchObject({
    next: 'http://127.0.0.1:1/v2/x/?a=1&a=2&page=3',
    previous: 'http://127.0.0.1:1/v2/x/?a=1&a=2&page=1',
  })
})

test('text in a filter never becomes SQL', () => {
  const filters = { name: { sql: 'instr(name, ?)', kind: 'text' } } as const
  const { conditions } = conditionsOf(filters, new URLSearchParams({ name: "50%_' OR 1=1 --" }))
  expect(conditions).toEqual([{ sql: '(instr(name, ?))', values: ["50%_' OR 1=1 --"] }])
})

test('Basic headers that cannot be read are null, whatever they hold', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(() => readBasic(`Basic ${text}`)).not.toThrow()
    }),
  )
  expect(readBasic('basic dGVzdDpwYXNzd29yZA')).toEqual({ username: 'test', password: 'password' })
})

test('webhooks reach loopback and allowed hosts alone', () => {
  const reach = (url: string) => mayReach(url, ['hooks.test.example'])
  expect(
    ['http://localhost:1/', 'http://127.9.9.9/', 'http://[::1]:80/', 'https://hooks.test.example/'].every(
      reach,
    ),
  ).toBe(true)
  expect(
    [
      'https://hooks.example/',
      'http://127.0.0.1.evil.example/',
      'http://10.0.0.1/',
      'ftp://localhost/',
      'x',
    ].some(reach),
  ).toBe(false)
})

test('a window counts, refuses beyond its limit, and begins anew', () => {
  let window = { start: 0, used: 0 }
  const at = (seconds: number) => {
    const counted = countRequest(window, 2, 60, NOW + seconds * 1_000_000)
    window = counted.window
    return [counted.count.remaining, counted.count.reset, counted.refused]
  }
  expect([at(0), at(10), at(59), at(60)]).toEqual([
    [1, 60, false],
    [0, 50, false],
    [0, 1, true],
    [1, 60, false],
  ])
})

const READ = Object.fromEntries(DIALECTS.map((dialect) => [dialect, { limit: 10, remaining: 4, reset: 30 }]))
const SAID: Record<string, unknown> = {
  ...READ,
  discord: { limit: 10, remaining: 4, reset: 31 },
  shopify: { limit: 10, remaining: 4, reset: null },
  docker: { limit: 10, remaining: 4, reset: null },
  'retry-after': null,
  'retry-after-date': null,
  none: null,
}

test.each(DIALECTS)('the product reads the dialect %s', (dialect) => {
  const count = { limit: 10, remaining: 4, reset: 30, window: 60, now: NOW }
  expect(normalizeRateLimit(rateHeaders(dialect, count, false), new Date(NOW / 1_000))).toEqual(SAID[dialect])
  const refused = normalizeRateLimit(rateHeaders(dialect, count, true), new Date(NOW / 1_000))
  expect(refused?.reset ?? null).toBe(dialect === 'none' ? null : dialect === 'discord' ? 31 : 30)
})
