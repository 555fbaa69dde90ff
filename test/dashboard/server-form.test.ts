import fc from 'fast-check'
import { expect, test } from 'vitest'
import { dollars } from '../../src/core/money.ts'
import { formOf } from '../../src/dashboard/form-data.ts'
import {
  centsOf,
  changeOf,
  configIn,
  expiryIn,
  fieldsOf,
} from '../../src/dashboard/pages/server-form/values.ts'
import { type ServerConfig, ServerConfigInput } from '../../src/rules/server-settings.ts'

const MONEY = { read: 1, write: 1, money: 1 }
const READS = { read: 1, write: 0, money: 0 }
const form = (fields: string) => formOf(new URLSearchParams(fields))

test.each([
  ['1500', 150_000],
  ['$1,234.50', 123_450],
  ['$ 0.5', 50],
  ['999,999,999.99', 99_999_999_999],
  ['0', 0],
])('%s is an amount', (text, cents) => {
  expect(centsOf(text)).toBe(cents)
})

test.each(['', 'abc', '-5', '1.234', '12,34', '1e3', '1 000', '$', '1.', '٣'])('%j is none', (text) => {
  expect(centsOf(text)).toBeNull()
})

test('what is shown as an amount is read as the same amount', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 99_999_999_999 }), (cents) => {
      expect(centsOf(dollars(cents))).toBe(cents)
    }),
  )
})

const amount = fc.integer({ min: 0, max: 9_999_999_999 })
const both = fc
  .record({ cents: amount, count: fc.integer({ min: 0, max: 1_000_000 }) }, { requiredKeys: [] })
  .filter((limit) => Object.keys(limit).length > 0)
const word = fc.stringMatching(/^[a-z_]{1,12}$/)
const words = fc.uniqueArray(word, { minLength: 1, maxLength: 5 })
const care = fc.constantFrom('approve' as const, 'refuse' as const)

/** Everything that the form can say. */
const config: fc.Arbitrary<ServerConfig> = fc.record(
  {
    methods: words,
    tags: words,
    tool_exposure: fc.constant('discovery' as const),
    require_api_token_auth: fc.constant(true),
    approval: fc.oneof(
      fc.constantFrom('none' as const, 'always' as const),
      fc.record({ over_cents: amount }),
    ),
    limits: fc
      .record(
        {
          per_invoice: fc.record({ cents: amount }),
          per_call: both,
          per_day: both,
          per_30_days: both,
          per_supplier_day: both,
        },
        { requiredKeys: [] },
      )
      .filter((limits) => Object.keys(limits).length > 0),
    first_payment: care,
    changed_supplier: fc.record({ days: fc.integer({ min: 1, max: 365 }), action: care }),
    allowed_buyers: words,
    allowed_suppliers: words,
    webhook_hosts: words,
    reply: fc.constantFrom('json' as const, 'sse' as const),
  },
  { requiredKeys: ['methods', 'approval'] },
)

test('a configuration goes into the form and comes out the same', () => {
  fc.assert(
    fc.property(config, (given) => {
      const { config: read, problems } = configIn(formOf(fieldsOf('x', given)), MONEY)
      expect([read, problems]).toEqual([given, []])
      expect(changeOf(read)).toMatchObject(given)
    }),
  )
})

test('whatever is sent, the form answers a configuration of known keys or says what is wrong', () => {
  const field = fc.tuple(
    fc.constantFrom(
      'methods',
      'tools',
      'approval',
      'approval_over',
      'per_day',
      'per_day_count',
      'changed_days',
      'expires',
    ),
    fc.string(),
  )
  fc.assert(
    fc.property(fc.array(field), (fields) => {
      const { config: read, problems } = configIn(formOf(new URLSearchParams(fields)), MONEY)
      const unknown = ServerConfigInput.safeParse(read).error?.issues.filter(
        ({ code }) => code === 'unrecognized_keys',
      )
      expect([unknown ?? [], problems.every(({ path }) => path.startsWith('config.'))]).toEqual([[], true])
    }),
  )
})

test('where money can move, approval is asked for unless somebody says otherwise; where nothing writes, no rule is kept', () => {
  expect(configIn(form('methods=write'), MONEY).config.approval).toBe('always')
  expect(configIn(form('methods=read&approval=always&per_day=5'), READS).config).toEqual({
    methods: ['read'],
  })
})

test('amounts that cannot be read are named with their field', () => {
  const { problems } = configIn(form('per_day=ten&per_day_count=x&approval=over'), MONEY)
  expect(problems.map(({ path }) => path)).toEqual([
    'config.approval.over_cents',
    'config.limits.per_day.cents',
    'config.limits.per_day.count',
  ])
  expect(configIn(form('approval=over'), MONEY).problems[0]?.path).toBe('config.approval.over_cents')
})

const NOW = Date.parse('2026-11-28T12:00:00Z')

test.each([
  ['expires=24h', '2026-11-29T12:00:00.000Z'],
  ['expires=90d', '2027-02-26T12:00:00.000Z'],
  ['expires=date&expires_date=2027-01-31', '2027-01-31T23:59:59Z'],
  ['expires=date', 'no date'],
  ['expires=never', null],
  ['expires=keep', undefined],
  ['', undefined],
])('%s ends at %s', (fields, at) => {
  expect(expiryIn(form(fields), NOW)).toBe(at)
})
