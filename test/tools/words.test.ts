/** What a model or a client's scan reads before and after a call: names, descriptions, refusals. */

import { describe, expect, it, test } from 'vitest'
import { explain } from '../../src/finexio/explain.ts'
import { FinexioFailure } from '../../src/finexio/failure.ts'
import type { FailureKind } from '../../src/finexio/types.ts'
import { workflowsFor } from '../../src/mcp/content/workflows.ts'
import { catalogue } from '../../src/tools/catalogue.ts'
import type { JsonSchema } from '../../src/tools/json-schema.ts'
import { discoveryList } from '../../src/tools/visible/worded.ts'
import { refusalOf } from '../../src/tools/writing/answers.ts'
import { callWith, envelope } from './fake-finexio.ts'
import { listed } from './listed.ts'

type Said = { where: string; words: string }

const inSchema = (schema: unknown, where: string): Said[] => {
  const { description, properties = {}, items } = (schema ?? {}) as JsonSchema
  return [
    ...(typeof description === 'string' ? [{ where, words: description }] : []),
    ...Object.entries(properties as object).flatMap(([name, inner]) => inSchema(inner, `${where}.${name}`)),
    ...(items === undefined ? [] : inSchema(items, `${where}[]`)),
  ]
}

const argumentNames = (schema: unknown): string[] => {
  const { properties = {}, items } = (schema ?? {}) as JsonSchema
  return [
    ...Object.entries(properties as object).flatMap(([name, inner]) => [name, ...argumentNames(inner)]),
    ...(items === undefined ? [] : argumentNames(items)),
  ]
}

/** References that the caller gives to his own records. */
const OWN_REFERENCES = ['internal_id', 'external_reference_id', 'tax_id']

const tools = [...catalogue.map(listed), ...discoveryList(catalogue)]
const prompts = workflowsFor({ has: () => true })

const said: Said[] = [
  ...tools.flatMap(({ name, title, description, inputSchema }) => [
    { where: name, words: title },
    { where: name, words: description },
    ...inSchema(inputSchema, name),
  ]),
  ...prompts.flatMap(({ name, title, description, arguments: all }) => [
    { where: name, words: title },
    { where: name, words: description },
    ...all.map((one) => ({ where: `${name}.${one.name}`, words: one.description })),
  ]),
]

/** Steering, urgency and words that clients' scans are known to stumble over. */
const UNWANTED: readonly [string, RegExp][] = [
  [
    'tells the model to do something first, always or never',
    /\b(must|you should|make sure|be sure|don't)\b|(^|[.;:] )(always|never|do not)\b/i,
  ],
  [
    'sets itself before other tools',
    /\b(prefer|instead of (any|other)|rather than (any|other)|only use|use this tool)\b/i,
  ],
  [
    'speaks to the model',
    /\b(you (must|should|are|will|have)|your model|assistant|chatgpt|claude|system prompt|ignore (all|any|previous))\b/i,
  ],
  [
    'raises its voice',
    /!|\b(?!HTTPS?\b|UUID\b|JSON\b|ISO\b|USA\b|URL\b|USD\b|CSV\b|ACH\b|CBM\b|UTC\b|CAN\b)[A-Z]{3,}\b/,
  ],
  ['holds an address', /https?:\/\/|www\./i],
  ['names what scans look for', /\b(hack|bypass|exploit|jailbreak|scrape|credit.?cards?|ssn|crypto)\b/i],
  ['holds what nobody sees', /[^\x20-\x7e…→]/],
]

describe('names and descriptions', () => {
  it.each(UNWANTED)('nothing %s', (_, pattern) => {
    expect([...new Set(said.filter(({ words }) => pattern.test(words)).map(({ words }) => words))]).toEqual(
      [],
    )
  })

  it('the patterns find what they are for', () => {
    const samples = [
      'You must call this',
      'use this tool only',
      'Tell the assistant',
      'NOTE this!',
      'see https://a.b',
      'credit-card',
      'a\u200bb',
    ]
    for (const [at, sample] of samples.entries()) expect(sample).toMatch(UNWANTED[at]![1])
  })

  it('keep to the limits of every known client', () => {
    for (const { name, title, description, inputSchema } of tools) {
      expect(name).toMatch(/^[a-z0-9_]{1,64}$/)
      expect(title.length, name).toBeLessThanOrEqual(64)
      expect(description.length, name).toBeLessThanOrEqual(1_000)
      for (const argument of argumentNames(inputSchema))
        expect(argument, name).toMatch(/^[A-Za-z0-9_.-]{1,64}$/)
    }
    expect(new Set(tools.map(({ name }) => name)).size).toBe(tools.length)
  })

  it('name no tool that there is not', () => {
    const names = new Set(tools.map(({ name }) => name))
    const mentioned = said.flatMap(
      ({ words }) =>
        words.match(/\b(?:[a-z]+_)+finexio_[a-z_]+|\bfinexio_[a-z_]+_(?:bulk_create|partial_update)\b/g) ??
        [],
    )
    expect(mentioned.length).toBeGreaterThan(20)
    for (const name of mentioned) expect(names).toContain(name)
  })

  it('say of every id that a call needs what it is or where it comes from', () => {
    for (const { name, inputSchema } of catalogue.map(listed)) {
      const { properties = {}, required = [] } = inputSchema as { properties?: object; required?: string[] }
      for (const id of required.filter(
        (argument) => /(^|_)id$/.test(argument) && !OWN_REFERENCES.includes(argument),
      ))
        expect((properties as Record<string, JsonSchema>)[id]!.description, `${name}.${id}`).toEqual(
          expect.any(String),
        )
    }
  })
})

/** How one line says what to do next. */
const NO_BATCH = { invoices: [], facts: { movements: [], largest: 0, fields: [], changes: null } }
const NEXT =
  /did you mean|known: |expected |must |required|is needed|give |take it|leave |repeat |name at least|finds one|has to |ask |wait |search_tools|call it with|run .* with|set one to|name it in|swap the two/i

const bulk = {
  invoice_number: 'A',
  amount_cents: 1,
  originating_counterparty_id: 'b',
  receiving_counterparty_id: 's',
}

describe('refusals say what to do next, in one line', () => {
  test.each<[string, unknown]>([
    ['get_single_finexio_payment_by_id', { id: '..' }],
    ['get_single_finexio_payment_by_id', {}],
    ['get_single_finexio_payment_by_id', []],
    ['get_single_finexio_payment_by_id', { payment_id: 'x' }],
    ['list_all_finexio_payments', { fields: ['amont'] }],
    ['list_all_finexio_payments', { next_cursor: 'x' }],
    ['list_all_finexio_payments', { status: 'setled' }],
    ['list_all_finexio_payments', { limit: 501 }],
    ['list_all_finexio_drawdowns', {}],
    ['list_all_finexio_counterparty_history', { object_id: 'a', internal_id: 'b' }],
    ['list_all_finexio_counterparty_history', { internal_id: 'none' }],
    ['finexio_suppliers_partial_update', { id: 'a' }],
    ['create_a_finexio_supplier', { name: 'a', external_reference_id: 'b', payment_method: 'ACH' }],
    ['create_a_finexio_supplier', { bank_account_number: '****1234' }],
    ['finexio_invoices_bulk_create', { body: [{ ...bulk, invoice_date: '2020-01-01' }] }],
    ['finexio_invoices_bulk_create', { body: [] }],
    ['create_a_finexio_webhook', { event: 'x', url: 'y' }],
    ['prepare_finexio_invoices', {}],
    ['prepare_finexio_invoices', { csv: 'vendor,invoice\n"a' }],
    [
      'prepare_finexio_invoices',
      { csv: 'vendor,vendor name,invoice,amount,date\na,b,c,1,2026-11-20', buyer: 'b' },
    ],
    ['prepare_finexio_invoices', { csv: 'vendor,amount,date\na,1,2026-11-20', buyer: 'b' }],
    ['trace_finexio_invoice', {}],
    ['trace_finexio_invoice', { invoice: 'A-1' }],
    ['reconcile_finexio_drawdown', {}],
    ['reconcile_finexio_drawdown', { id: 'd1', next_cursor: 'x' }],
    ['analyze_finexio_payables', { over: 'payments', by: ['suplier'] }],
    ['analyze_finexio_payables', { over: 'payments', from: '2026-05-01', to: '2026-01-01' }],
    ['analyze_finexio_payables', { over: 'payments', from: 'May' }],
    ['analyze_finexio_payables', { over: 'vendors' }],
    ['find_possible_duplicate_finexio_invoices', { days: -1 }],
    ['audit_finexio_counterparty_changes', { object_id: 'a', internal_id: 'b' }],
    ['audit_finexio_counterparty_changes', { state_at: '2026-01-01' }],
    ['audit_finexio_counterparty_changes', { internal_id: 'none' }],
    ['check_finexio_supplier_readiness', { id: 'a', name: 'b' }],
    ['search', {}],
    ['search', { q: 'x' }],
    ['fetch', { id: 'A-1' }],
    ['fetch', { ids: ['payment:p1'] }],
    ['list_all_finexio_payments', { format: 'cvs' }],
  ])('%s %.80j', async (name, args) => {
    const { result, text } = await callWith(name, args, () => envelope([]))
    expect(result.isError, text).toBe(true)
    expect(text).not.toContain('\n')
    expect(text).toMatch(NEXT)
  })

  test('of an account that needs an operator', async () => {
    for (const account of [
      { status: 'needs_reauth', read_only: false },
      { status: 'active', read_only: true },
    ] as const) {
      const { text } = await callWith('delete_a_finexio_webhook_by_id', { id: 'w' }, () => null, { account })
      expect(text).toMatch(/an operator has to/i)
    }
  })

  test('of the ledger', () => {
    const earlier = {
      key: 'key-1',
      at: Date.UTC(2026, 10, 23),
      tool: 't',
      state: 'unknown',
      kept: null,
    } as never
    const breach = { limit: 'per_day', unit: 'cents', value: 1, asked: 2, left: 1, supplier: null }
    const more = {
      drafted: { draft: { id: 'apr_1', key: 'key-1', state: 'rejected', expires_at: 0 } },
      in_ledger: { rows: [{ index: 0, key: 'key-1', state: 'succeeded' }] },
      not_allowed: { role: 'buyer', id: 'b' },
      limited: { breach: { ...breach, resets_at: null } },
      payee: { concern: { supplier: 's', kind: 'changed', action: 'refuse', known: true } },
    }
    for (const kind of [
      'in_flight',
      'unknown',
      'key_reused',
      'possible_repeat',
      'drafted',
      'in_ledger',
      'not_allowed',
      'limited',
      'payee',
      'stopped',
      'unknown_server',
      'unknown_account',
    ] as const) {
      const obstacle = { kind, earlier, ...more[kind as keyof typeof more] } as never
      const { message } = refusalOf('create_a_finexio_webhook', obstacle, () => true, NO_BATCH)
      expect(message, kind).toMatch(NEXT)
      expect(message, kind).not.toContain('\n')
    }
  })
})

describe('failures of Finexio say what to do next', () => {
  const ways: Readonly<Record<FailureKind, RegExp>> = {
    bad_credentials: /An operator has to renew them/,
    forbidden: /an operator has to ask Finexio/,
    not_found: /take ids from the list tool/,
    invalid: /Correct it before calling again/,
    throttled: /Wait 20 s before the next call/,
    upstream_fault: /can be made again later/,
    no_answer: /can be made again later/,
    not_sent: /Nothing was sent to Finexio/,
    outcome_unknown: /Do not repeat it before that is known/,
  }

  test.each(Object.entries(ways))('%s', (kind, words) => {
    const facts = {
      kind: kind as FailureKind,
      status: 429,
      message: 'why',
      rate: null,
      retryAfter: 20,
      sent: true,
    }
    expect(explain(new FinexioFailure(facts))).toMatch(words)
  })
})
