/**
 * The sentences about what a server may do, read back: whoever believes them foresees what the rules decide about a call. Reads the
 * text alone, as a person would. Seen at b8f2a26: settings in a table, and no sentence anywhere.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readDollars } from '../../src/core/money.ts'
import { payeeConcerns } from '../../src/rules/payees/concerns.ts'
import { careDays, underWayConcern } from '../../src/rules/payees/under-way.ts'
import { policyObstacle } from '../../src/rules/policy.ts'
import {
  effectiveConfig,
  Limits,
  type ServerConfig,
  ServerConfigInput,
} from '../../src/rules/server-settings.ts'
import { METHODS, SUBJECTS } from '../../src/rules/summary/words.ts'
import type { ClaimRequest } from '../../src/rules/write-contract.ts'
import { catalogue } from '../../src/tools/catalogue.ts'
import { summaryFor } from '../../src/tools/visible/summary.ts'
import { toolsFor } from '../../src/tools/visible/view.ts'
import { fromSchema } from '../support/from-schema.ts'
import { runs } from '../support/size.ts'

const NOW = Date.parse('2026-11-30T12:00:00Z')
const DAY = 86_400_000

type Account = Parameters<typeof summaryFor>[1]
const OPEN: Account = { approval: 'none', payees: 'open', limits: {}, read_only: false }
const said = (config: ServerConfig, account: Partial<Account> = {}, ends: string | null = null) =>
  summaryFor(config, { ...OPEN, ...account }, ends)

describe('in so many words', () => {
  test('a server that only looks', () => {
    expect(said({})).toBe('Reads everything. Changes nothing. Never ends.')
    expect(said({ tags: ['payments', 'invoices'] })).toMatch(
      /^Reads .*invoices.*payments.*\. Changes nothing\./,
    )
  })

  test('a server that pays known suppliers within limits', () => {
    const config: ServerConfig = {
      methods: ['read', 'bulk_create'],
      approval: { over_cents: 500_000 },
      limits: { per_invoice: { cents: 500_000 }, per_day: { cents: 2_000_000 } },
      first_payment: 'approve',
    }
    expect(said(config, { payees: 'verified' }, '2027-02-28T23:59:59Z')).toBe(
      'Reads everything. May submit invoices up to $5,000.00 for each invoice and $20,000.00 within 24 hours to verified suppliers. Waits for another person: more than $5,000.00 in one call, or to one supplier within 24 hours; a first payment to a supplier; a payment to a supplier that nobody verified; what could not be checked for duplicates. The rest goes at once. Ends 28 Feb 2027, 23:59 UTC.',
    )
  })

  test('a server that does everything, and one whose account asks for a person or reads only', () => {
    const all: ServerConfig = { methods: ['read', 'write'] }
    expect(said(all)).toMatch(/invoices of any amount and number\..*Nothing waits for another person\./)
    expect(said(all, { approval: 'always' })).toContain('Every write waits for another person.')
    expect(said(all, { read_only: true })).toContain('every write is refused')
    expect(said(all, { limits: { per_day: { cents: 100, count: 1 } } })).toContain(
      'All MCP servers of the account together: up to $1.00 and 1 invoice within 24 hours.',
    )
  })
})

test('every subject and method of the catalogue has words, and no other has', () => {
  expect(Object.keys(METHODS).sort()).toEqual([...new Set(catalogue.map(({ method }) => method))].sort())
  expect(Object.keys(SUBJECTS).sort()).toEqual([...new Set(catalogue.flatMap(({ tags }) => tags))].sort())
})

/** A value of each setting that decides something; null: it says how the server answers, or which tools stand for the others. */
const SAMPLES: { [Key in keyof ServerConfig]-?: ServerConfig[Key] | null } = {
  methods: ['read'],
  tags: ['webhooks'],
  tools: ['list_all_finexio_payments'],
  tool_exposure: null,
  text_format: null,
  upstream_429: null,
  reply: null,
  fixed: { finexio_invoices_bulk_create: { '/body/memo': 'by agent' } },
  require_api_token_auth: true,
  allowed_origins: ['https://tools.example.com'],
  limits: { per_30_days: { count: 3 } },
  approval: 'always',
  approval_door: 'confirm',
  allowed_buyers: ['b1'],
  allowed_suppliers: ['s1'],
  first_payment: 'approve',
  changed_supplier: { days: 7, action: 'refuse' },
  webhook_hosts: [],
  webhook_secrets: 'vault_only',
  duplicate_guard: { requests: 0 },
  payees: 'verified',
}

test.each(Object.entries(SAMPLES))('the setting %s has words of its own', (key, value) => {
  const base: ServerConfig = { methods: ['read', 'write'], approval: { over_cents: 100 } }
  const whole = said({ ...base, [key]: value ?? undefined } as ServerConfig)
  if (value === null) expect(whole).toBe(said(base))
  else expect(whole).not.toBe(said(base))
})

test('no setting is missing above, and each single limit is said with its own words', () => {
  expect([...Object.keys(ServerConfigInput.shape), 'payees'].sort()).toEqual(Object.keys(SAMPLES).sort())
  const words = Object.keys(Limits.shape).map((key) =>
    said({ methods: ['write'], limits: { [key]: { cents: 12_345 } } }),
  )
  for (const text of words) expect(text).toContain('$123.45')
  expect(new Set(words).size).toBe(Object.keys(Limits.shape).length)
})

// ---- a reader

type Call = {
  kind: 'invoices' | 'party' | 'webhook'
  buyer: string
  supplier: string
  cents: number
  count: number
  paidBefore: boolean | null
  changedDaysAgo: number | null
  verified: boolean
  checked: boolean
  field: string
  unsettled: boolean | null
  spent: number
  unapproved: number
}

type Verdict = 'refused' | 'waits' | 'goes'

const WINDOWS: Readonly<Record<string, string>> = {
  'for each invoice': 'largest',
  'in one call': 'call',
  'within 24 hours': 'window',
  'within 30 days': 'window',
  'to one supplier within 24 hours': 'window',
}

const limitsIn = (sentence: string) =>
  [
    ...sentence.matchAll(
      /(?:(\$[\d,.]+\d)|\b)(?: and )?(?:([\d,]+) invoices?)? (for each invoice|in one call|to one supplier within 24 hours|within 24 hours|within 30 days)/g,
    ),
  ].map(([, cents, count, where]) => ({
    cents: cents === undefined ? null : readDollars(cents.slice(1)),
    count: count === undefined ? null : Number(count.replaceAll(',', '')),
    spends: WINDOWS[where!]!,
  }))

const passes = (sentence: string, { cents, count, spent }: Call): boolean =>
  limitsIn(sentence).some((limit) => {
    const before = limit.spends === 'window' ? spent : 0
    const asked = limit.spends === 'largest' ? { cents, count: 1 } : { cents: cents * count, count }
    return (
      (limit.cents !== null && asked.cents > 0 && before + asked.cents > limit.cents) ||
      (limit.count !== null && before + asked.count > limit.count)
    )
  })

const sentenceIn = (text: string, pattern: RegExp): string =>
  text.split(/(?<=\.) (?=[A-Z])/).find((sentence) => pattern.test(sentence)) ?? ''

const listIn = (text: string, one: string): string[] | null =>
  new RegExp(`the ${one}s? ((?:[bs]\\d)(?:(?:, | and )[bs]\\d)*)`).exec(text)?.[1]?.split(/, | and /) ?? null

const isStranger = (sentence: string, { buyer, supplier }: Call): boolean =>
  listIn(sentence, 'supplier')?.includes(supplier) === false ||
  listIn(sentence, 'buyer')?.includes(buyer) === false

const daysIn = (text: string): number => Number(/within (\d+) days?/.exec(text)?.[1] ?? Number.NaN)
const isRecent = (text: string, { changedDaysAgo }: Call) =>
  /payment details changed/.test(text) &&
  (changedDaysAgo ?? 0) < daysIn(/details changed within \d+ days?/.exec(text)![0])

const readInvoices = (text: string, call: Call): Verdict => {
  const [may, together] = [sentenceIn(text, /^May submit/), sentenceIn(text, /^All MCP servers/)]
  if (may === '' || isStranger(may, call) || passes(may, call) || passes(together, call)) return 'refused'
  const refused = sentenceIn(text, /^Refused:/)
  if (/first payment/.test(refused) && call.paidBefore !== true) return 'refused'
  if (isRecent(refused, call)) return 'refused'
  if (text.includes('Every write waits')) return 'waits'
  const waits = sentenceIn(text, /^Waits for another person:/)
  const over = /ore than \$([\d,.]+\d) in one call, or/.exec(waits)?.[1]
  const most = over === undefined ? Number.POSITIVE_INFINITY : readDollars(over)!
  const does =
    call.cents * call.count + call.unapproved > most ||
    (/first payment/i.test(waits) && call.paidBefore !== true) ||
    isRecent(waits, call) ||
    (/nobody verified/.test(waits) && !call.verified) ||
    (/could not be checked for duplicates/.test(waits) && !call.checked)
  return does ? 'waits' : 'goes'
}

const readParty = (text: string, { field, unsettled }: Call): Verdict => {
  if (text.includes('Every write waits')) return 'waits'
  const waits = sentenceIn(text, /^Waits for another person:/)
  if (field === 'notes') return 'goes'
  if (/hatever changes how somebody is paid/.test(waits)) return 'waits'
  return /while money is under way/.test(waits) && unsettled !== false ? 'waits' : 'goes'
}

const read = (text: string, call: Call): Verdict => {
  if (call.kind === 'invoices') return readInvoices(text, call)
  if (call.kind === 'party') return readParty(text, call)
  return text.includes('Every write waits') ? 'waits' : 'goes'
}

// ---- the rules

const conceivedBy = (config: ServerConfig, call: Call): Partial<ClaimRequest> => {
  const { buyer, supplier, cents, count, paidBefore, changedDaysAgo, field, unsettled, checked } = call
  if (call.kind === 'invoices') {
    const changedAt = changedDaysAgo === null ? null : NOW - changedDaysAgo * DAY
    return {
      effect: 'money',
      movements: [{ buyer, supplier, cents: cents * count, count }],
      largest: cents,
      concerns: payeeConcerns(config, [{ supplier, paidBefore, changedAt }], NOW),
      unchecked: checked || config.duplicate_guard?.requests === 0 ? [] : [0],
    }
  }
  if (call.kind === 'webhook') return { effect: 'write' }
  const change = field === 'notes' ? null : { payee: supplier, unsettled }
  const concern = underWayConcern(change, careDays([config], config.payees === 'verified'), null, NOW)
  return { effect: 'money', fields: [field], concerns: concern ? [concern] : [] }
}

const decided = (config: ServerConfig, account: Account, call: Call): Verdict => {
  const spent = { cents: call.spent, count: call.spent }
  const history = {
    spent: () => spent,
    past: () => [],
    unapproved: () => call.unapproved,
    unverified: ({ movements }: Pick<ClaimRequest, 'movements'>) =>
      call.verified || movements.length === 0
        ? []
        : [{ supplier: call.supplier, why: 'never_vouched' as const }],
  }
  const blank = { movements: [], largest: 0, fields: [], changes: null, concerns: [], unchecked: [] }
  const request = { ...blank, ...conceivedBy(config, call), approval: null } as unknown as ClaimRequest
  const shared = { limits: account.limits, history: { spent: () => spent, past: () => [] } }
  const obstacle = policyObstacle(config, request, history, NOW, shared)
  if (obstacle === null) return 'goes'
  return obstacle.kind === 'needs_approval' ? 'waits' : 'refused'
}

const cents = fc.integer({ min: 0, max: 1_000 })
const bound = fc.oneof(fc.record({ cents }), fc.record({ count: cents }), fc.record({ cents, count: cents }))
const limits = fc.record(
  {
    per_invoice: fc.record({ cents }),
    per_call: bound,
    per_day: bound,
    per_30_days: bound,
    per_supplier_day: bound,
  },
  { requiredKeys: [], noNullPrototype: true },
)
const approval = fc.oneof(fc.constantFrom('none', 'always'), fc.record({ over_cents: cents }))

const config = fromSchema(ServerConfigInput, {
  methods: fc.subarray(['read', 'write', 'custom', 'create', 'update', 'delete', 'bulk_create']),
  tags: fc.subarray(['invoices', 'suppliers', 'buyers', 'webhooks'], { minLength: 1 }),
  tools: fc.subarray(
    ['finexio_invoices_bulk_create', 'create_a_finexio_supplier', 'list_all_finexio_payments', 'search'],
    { minLength: 1 },
  ),
  allowed_buyers: fc.subarray(['b1', 'b2', 'b3']),
  allowed_suppliers: fc.subarray(['s1', 's2', 's3']),
  allowed_origins: fc.constant(['https://tools.example.com']),
  fixed: fc.constant({ finexio_invoices_bulk_create: { '/body/memo': 'x' } }),
  limits,
  approval,
}).map(({ tags, tools, ...rest }) => ({
  ...rest,
  ...(tools && rest.reply && { tools }),
  ...(tags && rest.text_format && { tags }),
}))

const account: fc.Arbitrary<Account> = fc.record({
  approval: approval as fc.Arbitrary<Account['approval']>,
  payees: fc.constantFrom('open', 'verified'),
  limits: fc.oneof(fc.constant({}), limits),
  read_only: fc.constant(false),
})

const call: fc.Arbitrary<Call> = fc.record({
  kind: fc.constantFrom('invoices', 'invoices', 'party', 'webhook'),
  buyer: fc.constantFrom('b1', 'b2'),
  supplier: fc.constantFrom('s1', 's2'),
  cents,
  count: fc.integer({ min: 1, max: 3 }),
  paidBefore: fc.constantFrom(true, true, false, null),
  changedDaysAgo: fc.oneof(fc.integer({ min: 0, max: 400 }), fc.constant(null)),
  verified: fc.boolean(),
  checked: fc.boolean(),
  field: fc.constantFrom('name', 'notes'),
  unsettled: fc.constantFrom(true, false, null),
  spent: fc.oneof(fc.constant(0), cents),
  unapproved: fc.oneof(fc.constant(0), cents),
})

const ABOUT: { [Kind in Call['kind']]: RegExp } = {
  invoices: /[Ss]ubmits? /,
  party: /May (add|change|remove)[^.]*(suppliers|buyers)/,
  webhook: /webhooks, /,
}
const resourceOf: { [Kind in Call['kind']]: RegExp } = {
  invoices: /^invoices$/,
  party: /suppliers|buyers|counterparties|contacts/,
  webhook: /^webhooks$/,
}

/** Limits and lists refuse most of what is tried at random. */
const unlimited = ({
  limits: _,
  allowed_buyers: __,
  allowed_suppliers: ___,
  ...rest
}: ServerConfig): ServerConfig => rest

/** Chance alone makes some verdicts so seldom that a run would miss them: each stands here once, whatever is drawn. */
const EACH: [ServerConfig, Account, Call][] = [
  ...(['invoices', 'party', 'webhook'] as const).flatMap((kind) =>
    (['none', 'always'] as const).map((rule): [ServerConfig, Call['kind']] => [{ approval: rule }, kind]),
  ),
  [{ approval: 'none', allowed_suppliers: ['s2'] }, 'invoices'] as [ServerConfig, Call['kind']],
].map(([own, kind]) => [
  { methods: ['read', 'write'], ...own },
  { approval: 'none', payees: 'open', limits: {}, read_only: false },
  {
    ...{ kind, buyer: 'b1', supplier: 's1', cents: 1, count: 1, paidBefore: true, changedDaysAgo: 400 },
    ...{ verified: true, checked: true, field: 'notes', unsettled: false, spent: 0, unapproved: 0 },
  },
])

test('whoever believes the sentences foresees what the rules decide', () => {
  const seen = new Set<string>()
  fc.assert(
    fc.property(fc.oneof(config, config.map(unlimited)), account, call, (own, around, asked) => {
      const text = summaryFor(own, around, null)
      const effective = effectiveConfig(own, around)
      const tools = toolsFor(effective).filter((tool) => 'plan' in tool)
      const isThere = tools.some(({ resource }) => resourceOf[asked.kind].test(resource))
      expect(/Changes nothing/.test(text), text).toBe(tools.length === 0)
      expect(ABOUT[asked.kind].test(text), text).toBe(isThere)
      if (!isThere) return
      const verdict = decided(effective, around, asked)
      seen.add(`${asked.kind} ${verdict}`)
      expect([read(text, asked), text]).toEqual([verdict, text])
    }),
    { ...runs(6_000), examples: EACH },
  )
  expect([...seen].sort()).toEqual([
    'invoices goes',
    'invoices refused',
    'invoices waits',
    'party goes',
    'party waits',
    'webhook goes',
    'webhook waits',
  ])
})

// Seen by a new user: tags ["payments"] was said to read suppliers, drawdowns, invoices and images of checks as well.
test.each<[ServerConfig, string]>([
  [{ methods: ['read'], tags: ['payments'] }, 'Reads images of checks and payments.'],
  [{ methods: ['read'], tags: ['payments', 'invoices'] }, 'Reads invoices, images of checks and payments.'],
  [{ tools: ['search'] }, 'Reads'],
])('%j reads no more than it shows', (config, words) => {
  const text = said(config)
  expect(text).toContain(words)
  if (!config.tools) expect(text).not.toMatch(/drawdowns/)
})

test('what is read is never more than is said', () => {
  fc.assert(
    fc.property(config, (own) => {
      const text = said(own)
      const reads = toolsFor(own).filter(({ effect, follows }) => effect === 'read' && !follows)
      expect(/Reads nothing/.test(text)).toBe(reads.length === 0)
      for (const { resource, needs, covers } of reads)
        if (!needs && !covers && !text.includes('Reads everything'))
          expect(text).toContain(SUBJECTS[resource])
    }),
    runs(500),
  )
})
