import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { isSensitive } from '../../schemas/sensitive.ts'
import { nearest } from '../../src/core/text.ts'
import { checkArguments } from '../../src/tools/call/arguments.ts'
import { catalogue } from '../../src/tools/catalogue.ts'
import { Refusal } from '../../src/tools/refusal.ts'

const tool = (name: string) => catalogue.find((candidate) => candidate.name === name)!

const refusal = (name: string, args: unknown): string => {
  try {
    checkArguments(name, tool(name).input, args)
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(Refusal)
    return (thrown as Refusal).message
  }
  throw new Error(`${name} accepted ${JSON.stringify(args)}`)
}

const unwrapped = (type: unknown): unknown =>
  type instanceof z.ZodOptional || type instanceof z.ZodNullable ? unwrapped(type.unwrap()) : type

/** For each sensitive field below a type, a value that has nothing but this field, masked. */
const sensitiveIn = (declared: unknown): unknown[] => {
  const type = unwrapped(declared)
  if (type instanceof z.ZodArray) return sensitiveIn(type.element).map((item) => [item])
  if (!(type instanceof z.ZodObject)) return []
  return Object.entries(type.shape).flatMap(([name, inner]) =>
    isSensitive(name) ? [{ [name]: '****6789' }] : sensitiveIn(inner).map((value) => ({ [name]: value })),
  )
}

const BATCH = 'finexio_invoices_bulk_create'
const PAYMENTS = 'list_all_finexio_payments'
const invoice = {
  invoice_number: 'A-1',
  amount_cents: 45000,
  originating_counterparty_id: 'buy_111',
  receiving_counterparty_id: 'sup_999',
  invoice_date: '2026-11-01',
}

describe('checkArguments', () => {
  it('passes good arguments on, defaults filled in', () => {
    expect(checkArguments(PAYMENTS, tool(PAYMENTS).input, { status: 'failed' })).toEqual({
      status: 'failed',
      limit: 50,
    })
    expect(checkArguments(PAYMENTS, tool(PAYMENTS).input, undefined)).toEqual({ limit: 50 })
  })

  it.each([
    [
      'a misspelt argument',
      PAYMENTS,
      { trackingId: 'RC1' },
      /unknown argument "trackingId": did you mean "tracking_id"\?/,
    ],
    ['a far-off argument', PAYMENTS, { zebra: 1 }, /unknown argument "zebra": known: tracking_id,/],
    [
      'a misspelt enum word',
      PAYMENTS,
      { status: 'setled' },
      /status: must be one of pending.*did you mean "settled"\?/,
    ],
    ['a wrong type', PAYMENTS, { limit: 'many' }, /limit: must be a number, not text/],
    ['a limit out of range', PAYMENTS, { limit: 501 }, /limit: .*500/],
    ['a bad date', PAYMENTS, { created_start: 'yesterday' }, /created_start: must be ISO 8601/],
    ['a missing id', 'get_single_finexio_payment_by_id', {}, /id: required/],
    ['an array as arguments', PAYMENTS, [], /arguments must be an object/],
    ['a text as arguments', PAYMENTS, 'status=failed', /arguments must be an object/],
    ['an empty batch', BATCH, { body: [] }, /body: .*1/],
    ['501 invoices', BATCH, { body: Array(501).fill(invoice) }, /body: .*500/],
    ['a single invoice without an array', BATCH, { body: invoice }, /body: must be a list, not an object/],
    // Seen until now and at b8f2a26: "; body: must have at most 500 characters".
    [
      'a long text for a list',
      BATCH,
      { body: 'x'.repeat(600) },
      /body: must be a list, not text\. Nothing was sent/,
    ],
    [
      'JSON text that is cut off',
      BATCH,
      { body: `[${'{},'.repeat(300)}` },
      /must be a list, not text\. Nothing was sent/,
    ],
    ['a negative amount', BATCH, { body: [{ ...invoice, amount_cents: -1 }] }, /body\[0\]\.amount_cents/],
    [
      'half a cent',
      BATCH,
      { body: [{ ...invoice, amount_cents: 10.5 }] },
      /body\[0\]\.amount_cents: must be whole cents, such as 1250 for \$12\.50, not/,
    ],
    [
      'an amount as text',
      BATCH,
      { body: [{ ...invoice, amount_cents: '450.00' }] },
      /body\[0\]\.amount_cents: must be a number/,
    ],
    [
      'an impossible date',
      BATCH,
      { body: [{ ...invoice, invoice_date: '2026-02-30' }] },
      /body\[0\]\.invoice_date/,
    ],
    [
      'a misspelt field of a row',
      BATCH,
      { body: [invoice, { ...invoice, recieving_counterparty_id: 'x' }] },
      /unknown argument "recieving_counterparty_id" in body\[1\]: did you mean "receiving_counterparty_id"/,
    ],
  ])('refuses %s in words to repair from', (_, name, args, words) => {
    const message = refusal(name, args)
    expect(message).toMatch(words)
    expect(message).not.toContain('\n')
    expect(message).toContain('Nothing was sent to Finexio.')
  })

  it('names many problems but not all of five hundred', () => {
    const message = refusal(BATCH, { body: Array(500).fill({ ...invoice, amount_cents: 0 }) })
    expect(message).toContain('and 492 more')
    expect(message.length).toBeLessThan(2_000)
  })

  const masked = [
    '****6789',
    '********',
    'XXXX1234',
    '••••4321',
    '**** 6789',
    'xxx-xx-6789',
    '4111 11** **** 1111',
  ]
  it.each(masked)('refuses the masked value %s written back', (value) => {
    expect(refusal('finexio_suppliers_partial_update', { id: 's', bank_account_number: value })).toMatch(
      /masked value/,
    )
  })

  it.each([
    ['finexio_webhooks_partial_update', { id: 'w', password: 'xxHunter**2' }],
    ['finexio_webhooks_partial_update', { id: 'w', username: 'xxavier' }],
    ['finexio_suppliers_partial_update', { id: 's', notes: 'see **** 6789' }],
  ])('takes %s with what only resembles one', (name, args) => {
    expect(checkArguments(name, tool(name).input, args)).toEqual(args)
  })

  it('refuses one in every sensitive field of every tool that writes, however deep', () => {
    const writes = catalogue.filter(({ effect }) => effect !== 'read')
    const places = writes.flatMap(({ name, input }) =>
      sensitiveIn(input).map((args) => [name, args] as const),
    )
    expect(places.length).toBeGreaterThan(30)
    for (const [name, args] of places) expect(refusal(name, args)).toMatch(/masked value/)
  })

  it('cuts what it echoes', () => {
    expect(refusal(PAYMENTS, { ['k'.repeat(5_000)]: 1 }).length).toBeLessThan(1_000)
    expect(refusal(PAYMENTS, { status: 's'.repeat(5_000) }).length).toBeLessThan(1_000)
  })
})

// Seen by the second new user: "created_gte" was told to mean "created_end". Siblings: the other words of both ends, in front, in capitals.
it.each<[string, string]>([
  ...[
    'created_gte',
    'created_gt',
    'created_after',
    'created_from',
    'created_since',
    'created_min',
    'createdFrom',
    'min_created',
  ].map((given) => [given, 'created_start'] as [string, string]),
  ...[
    'created_lte',
    'created_lt',
    'created_before',
    'created_to',
    'created_until',
    'created_max',
    'maxCreated',
  ].map((given) => [given, 'created_end'] as [string, string]),
  ['amount_cents_min', 'amount_cents_start'],
  ['amount_cents_max', 'amount_cents_end'],
])('%s is near %s', (given, meant) => {
  const known = ['created_end', 'created_start', 'amount_cents_end', 'amount_cents_start', 'status']
  expect(nearest(given, known)).toBe(meant)
  const other = meant.endsWith('_start') ? meant.replace('_start', '_end') : meant.replace('_end', '_start')
  expect(nearest(given, [other])).not.toBe(other)
})
