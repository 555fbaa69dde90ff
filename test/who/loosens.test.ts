/**
 * `loosens` against the rules that a call really meets: filter, fixed arguments, limits, care, approval, webhook hosts. A state
 * loosens another if some call passes it that did not pass before.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fixesFor, withFixes } from '../../src/rules/fixed.ts'
import { totalOf } from '../../src/rules/limits.ts'
import { type PayeeFacts, payeeConcerns } from '../../src/rules/payees/concerns.ts'
import { policyObstacle } from '../../src/rules/policy.ts'
import type { ServerConfig } from '../../src/rules/server-settings.ts'
import { judgeWebhookUrl } from '../../src/rules/webhook-url.ts'
import {
  approvalFell,
  grantsBeyond,
  grantsKept,
  loosenedKeys,
  loosens,
  opensMoney,
  type Reach,
} from '../../src/rules/who/loosens.ts'
import type { Grant } from '../../src/rules/who/roles.ts'
import type { ClaimRequest } from '../../src/rules/write-contract.ts'
import { toolNamed } from '../../src/tools/catalogue.ts'
import { fixable } from '../../src/tools/visible/as-served.ts'
import { mayWrite, reachOf } from '../../src/tools/visible/reach.ts'
import { toolsFor } from '../../src/tools/visible/view.ts'
import { runs } from '../support/size.ts'

const NOW = 1_800_000_000_000
const DAY = 86_400_000
const BATCH = 'finexio_invoices_bulk_create'
const nothing = { spent: () => totalOf([]), past: () => [], unapproved: () => 0, unverified: () => [] }

/** One write as it would reach Finexio, and what comes with it. */
type Call = {
  tool: string
  supplier: string
  buyer: string
  cents: number
  count: number
  facts: Omit<PayeeFacts, 'supplier'>
  host: string
  keyed: boolean
  origin: string
  /** By the client's own user, or by another person. */
  approval: 'confirmed' | 'approved' | null
  plain: boolean
  /** So many requests find the duplicate that it is; null: it is none. */
  duplicate: number | null
  at: number
}

const OWN_ORIGIN = 'https://chatgpt.com'

const bodyOf = ({ supplier, buyer }: Call) => ({
  body: [{ receiving_counterparty_id: supplier, originating_counterparty_id: buyer }],
})

const isLetIn = ({ config, expires_at }: Reach, call: Call): boolean =>
  (expires_at === null || expires_at > call.at) &&
  (!config.require_api_token_auth || call.keyed) &&
  (call.origin === OWN_ORIGIN || (config.allowed_origins ?? []).includes(call.origin))

const names = new Map<string, ReadonlySet<string>>()

/** As `toolsFor`; building the tools takes longer than all else here. */
const namesFor = (config: ServerConfig): ReadonlySet<string> => {
  const key = JSON.stringify(config)
  const known = names.get(key) ?? new Set(toolsFor(config).map(({ name }) => name))
  names.set(key, known)
  return known
}

/** Whether the tool is there, and what is fixed on it is what the call sends. */
const fits = ({ config }: Reach, call: Call): boolean => {
  if (!namesFor(config).has(call.tool)) return false
  const fixes = fixesFor(config.fixed, fixable(toolNamed(call.tool)!)) ?? []
  return JSON.stringify(withFixes(bodyOf(call), fixes)) === JSON.stringify(bodyOf(call))
}

const webhookPasses = ({ webhook_secrets, webhook_hosts: hosts }: ServerConfig, call: Call): boolean =>
  (webhook_secrets !== 'vault_only' || !call.plain) &&
  'href' in judgeWebhookUrl(`https://${call.host}/in`, { hosts, ownHosts: [], local: false })

const isAllowed = (config: ServerConfig, call: Call): boolean => {
  const { tool, supplier, buyer, cents, count, at } = call
  const { effect } = toolNamed(tool)!
  const movements = effect === 'money' ? [{ buyer, supplier, cents: cents * count, count }] : []
  const concerns = effect === 'money' ? payeeConcerns(config, [{ supplier, ...call.facts }], at) : []
  const approval = call.approval && { kind: call.approval }
  const facts = { tool, effect, movements, largest: cents, concerns, approval, fields: [], unchecked: [] }
  return policyObstacle(config, facts as unknown as ClaimRequest, nothing, at) === null
}

/** Whether the rules of the product let a call go. */
const passes = (server: Reach, call: Call): boolean => {
  const { config } = server
  if (!isLetIn(server, call) || !fits(server, call)) return false
  const { resource } = toolNamed(call.tool)!
  if (resource === 'webhooks') return webhookPasses(config, call) && isAllowed(config, call)
  const looks = config.duplicate_guard?.requests ?? 40
  const isFound = call.duplicate !== null && call.duplicate > 0 && looks >= call.duplicate
  return !isFound && isAllowed(config, call)
}

const VALUES: { [Key in keyof ServerConfig]: ServerConfig[Key][] } = {
  methods: [
    undefined,
    ['read'],
    ['write'],
    ['read', 'write'],
    ['bulk_create'],
    ['custom'],
    ['list', 'create'],
  ],
  tags: [undefined, ['invoices'], ['webhooks'], ['invoices', 'webhooks']],
  tools: [undefined, [BATCH], ['list_all_finexio_invoices'], [BATCH, 'create_a_finexio_webhook']],
  fixed: [
    undefined,
    { '*': { '/body/receiving_counterparty_id': 's1' } },
    { '*': { receiving_counterparty_id: 's2' } },
    { [BATCH]: { '/body/receiving_counterparty_id': 's2' } },
    {
      '*': { '/body/receiving_counterparty_id': 's1' },
      [BATCH]: { '/body/receiving_counterparty_id': 's2' },
    },
    { '*': { '/body/originating_counterparty_id': 'b1' } },
  ],
  require_api_token_auth: [undefined, false, true],
  allowed_origins: [undefined, [], ['https://a.test'], ['https://a.test', 'https://b.test']],
  limits: [
    undefined,
    {},
    { per_invoice: { cents: 100 } },
    { per_call: { count: 1 } },
    { per_call: { cents: 100, count: 2 } },
    { per_day: { cents: 150 } },
    { per_30_days: { count: 1 } },
    { per_supplier_day: { cents: 100 }, per_day: { cents: 100 } },
  ],
  approval: [undefined, 'none', 'always', { over_cents: 0 }, { over_cents: 100 }],
  approval_door: [undefined, 'dashboard', 'confirm'],
  allowed_buyers: [undefined, [], ['b1'], ['b1', 'b2']],
  allowed_suppliers: [undefined, [], ['s1'], ['s1', 's2']],
  first_payment: [undefined, 'approve', 'refuse'],
  changed_supplier: [
    undefined,
    { days: 5, action: 'approve' },
    { days: 5, action: 'refuse' },
    { days: 50, action: 'approve' },
    { days: 50, action: 'refuse' },
  ],
  webhook_hosts: [undefined, [], ['a.example.com'], ['a.example.com', 'b.example.com']],
  webhook_secrets: [undefined, 'any', 'vault_only'],
  duplicate_guard: [undefined, { requests: 0 }, { requests: 5 }, { requests: 40 }],
}

type Key = keyof typeof VALUES
const KEYS = Object.keys(VALUES) as Key[]

const configArbitrary = fc
  .tuple(...KEYS.map((key) => fc.tuple(fc.constant(key), fc.constantFrom(...(VALUES[key] as unknown[])))))
  .map((entries): ServerConfig => Object.fromEntries(entries.filter(([, value]) => value !== undefined)))

const expiry = fc.constantFrom(null, NOW + DAY, NOW + 2 * DAY)

const callArbitrary: fc.Arbitrary<Call> = fc.record({
  tool: fc.constantFrom(BATCH, 'create_a_finexio_webhook', 'list_all_finexio_invoices'),
  supplier: fc.constantFrom('s1', 's2', 's3'),
  buyer: fc.constantFrom('b1', 'b2', 'b3'),
  cents: fc.constantFrom(1, 100, 101, 500),
  count: fc.constantFrom(1, 2, 3),
  facts: fc.record({
    paidBefore: fc.constantFrom(true, false, null),
    changedAt: fc.constantFrom('never' as const, null, NOW - DAY, NOW - 10 * DAY),
  }),
  host: fc.constantFrom('a.example.com', 'b.example.com', 'c.example.com'),
  keyed: fc.boolean(),
  origin: fc.constantFrom(OWN_ORIGIN, 'https://a.test', 'https://b.test'),
  approval: fc.constantFrom(null, 'confirmed' as const, 'approved' as const),
  plain: fc.boolean(),
  duplicate: fc.constantFrom(null, 0, 1, 20),
  at: fc.constantFrom(NOW, NOW + 1.5 * DAY, NOW + 3 * DAY),
})

const reach = (config: ServerConfig, expires_at: number | null = null, holder: string | null = null): Reach =>
  reachOf(config, { expires_at, holder })

/** Values that leave whatever a key says as the only thing that can stop a call. */
const OPEN: ServerConfig = { methods: ['read', 'write'] }

const only = (config: ServerConfig, keys: Key[]): ServerConfig =>
  Object.fromEntries(keys.filter((key) => config[key] !== undefined).map((key) => [key, config[key]]))

/** With a value for every key hardly any call passes, so most begin with few. */
const beginning = fc.oneof(
  { weight: 1, arbitrary: configArbitrary },
  {
    weight: 3,
    arbitrary: fc
      .tuple(configArbitrary, fc.subarray(KEYS, { maxLength: 3 }))
      .map(([config, keys]) => ({ ...OPEN, ...only(config, keys) })),
  },
)

test('whatever passes afterwards and did not pass before is called a loosening, over random pairs', () => {
  let found = 0
  fc.assert(
    fc.property(
      ...([
        beginning,
        configArbitrary,
        expiry,
        expiry,
        fc.array(callArbitrary, { minLength: 5, maxLength: 5 }),
      ] as const),
      fc.subarray(KEYS, { minLength: 1, maxLength: 3 }),
      (base, other, begins, ends, calls, keys) => {
        // Without some values for the rest hardly any call passes.
        const change = Object.fromEntries(keys.map((key) => [key, other[key]]))
        const entries = Object.entries({ ...base, ...change }).filter(([, value]) => value !== undefined)
        const [before, after] = [reach(base, begins), reach(Object.fromEntries(entries), ends)]
        if (!calls.some((call) => passes(after, call) && !passes(before, call))) return
        found++
        expect(loosens(before, after)).toBe(true)
      },
    ),
    runs(3_000),
  )
  expect(found).toBeGreaterThan(0)
})

const CALLS = fc.sample(callArbitrary, { numRuns: 1_500, seed: 7 })

/** Keys that mean something beside another one only. */
const BESIDE: Partial<Record<Key, ServerConfig>> = {
  approval_door: { approval: 'always' },
  tools: { methods: ['read'] },
}

/** Where more counts than these few calls show: other tools, and each limit and each fixed argument by itself. */
const CAREFUL: readonly Key[] = ['methods', 'tags', 'tools', 'fixed', 'limits']

describe('of one key, exactly what lets a call pass is called a loosening', () => {
  test.each(KEYS)('%s', (key) => {
    for (const was of VALUES[key] as unknown[])
      for (const is of VALUES[key] as unknown[]) {
        const of = (value: unknown): Reach =>
          reach({ ...OPEN, ...BESIDE[key], ...(value === undefined ? {} : { [key]: value }) })
        const [before, after] = [of(was), of(is)]
        const witness = CALLS.find((call) => passes(after, call) && !passes(before, call))
        if (CAREFUL.includes(key) && !witness) continue
        expect(loosens(before, after), `${JSON.stringify([was, is])} ${JSON.stringify(witness)}`).toBe(
          witness !== undefined,
        )
      }
  })
})

test.each<[before: object, after: object, looser: boolean]>([
  [{ per_day: { cents: 5 } }, { per_day: { cents: 6 } }, true],
  [{ per_day: { cents: 5 } }, { per_day: { cents: 4 } }, false],
  [{ per_day: { cents: 5 } }, { per_day: { cents: 5, count: 1 } }, false],
  [{ per_day: { cents: 5, count: 1 } }, { per_day: { cents: 5 } }, true],
  [{ per_day: { cents: 5 } }, {}, true],
  [{}, { per_invoice: { cents: 5 } }, false],
  [{ per_call: { cents: 5 } }, { per_day: { cents: 5 } }, true],
])('limits %j to %j loosen: %s', (before, after, looser) => {
  expect(loosens(reach({ ...OPEN, limits: before }), reach({ ...OPEN, limits: after }))).toBe(looser)
})

test('an end that moves away loosens, one that comes nearer does not; so does any other holder', () => {
  const at = (expires_at: number | null, holder: string | null = null) => reach(OPEN, expires_at, holder)
  expect(loosenedKeys(at(NOW), at(NOW + 1))).toEqual(['expires_at'])
  expect(loosenedKeys(at(NOW), at(null))).toEqual(['expires_at'])
  expect(loosenedKeys(at(null), at(NOW))).toEqual([])
  // Sibling 16 of the second reading: the holder moves away, and then decides.
  expect(loosenedKeys(at(null, 'p'), at(null, 's'))).toEqual(['holder'])
  expect(loosenedKeys(at(null, 'p'), at(null, null))).toEqual(['holder'])
  expect(loosenedKeys(at(null, null), at(null, 's'))).toEqual(['holder'])
})

test('a stricter rule is none, although tools that follow drafts appear with it', () => {
  expect(loosenedKeys(reach(OPEN), reach({ ...OPEN, approval: 'always', first_payment: 'approve' }))).toEqual(
    [],
  )
})

test('keys that say how a call is answered are harmless; a key that nobody classified is not', () => {
  const with_ = (more: object) => reach({ ...OPEN, ...more } as ServerConfig)
  expect(loosenedKeys(with_({}), with_({ reply: 'sse', text_format: 'json', upstream_429: 'http' }))).toEqual(
    [],
  )
  expect(loosenedKeys(with_({}), with_({ fresh: true }))).toEqual(['fresh'])
  expect(loosenedKeys(with_({ fresh: true }), with_({}))).toEqual(['fresh'])
})

test('a fixed argument that a new entry overrides is loosened, whatever the entry is called', () => {
  const fixed = (entries: ServerConfig['fixed']) => reach({ ...OPEN, ...(entries && { fixed: entries }) })
  const star = { '*': { supplier_id: 's1' } }
  for (const key of [
    'receiving_counterparty_id',
    'id',
    '/id',
    '/supplier_id',
    '/body/receiving_counterparty_id',
  ])
    expect(loosenedKeys(fixed(star), fixed({ ...star, any_tool: { [key]: 's2' } }))).toContain('fixed')
  const nested = { any_tool: { '/body/a/b': 1 } }
  expect(loosenedKeys(fixed(nested), fixed({ any_tool: { '/body/a/b': 1, body: null } }))).toContain('fixed')
  expect(loosenedKeys(fixed(nested), fixed({ any_tool: { '/body/a/b': 1, '/body/a/c': 1 } }))).toEqual([])
})

test('a server writes by whatever name the tool was let in (sibling 9)', () => {
  for (const config of [{ tools: [BATCH] }, { methods: ['bulk_create'] }, { methods: ['custom'] }])
    expect(mayWrite(config), JSON.stringify(config)).toBe(true)
  expect(mayWrite({ methods: ['read'] })).toBe(false)
  expect(mayWrite({})).toBe(false)
  expect(opensMoney(reach({ approval: { over_cents: 5 } }))).toBe(true)
  expect(opensMoney(reach({ approval: 'always' }))).toBe(false)
  expect(opensMoney(reach({ require_api_token_auth: true }))).toBe(false)
})

const A = '11111111-1111-4111-8111-111111111111'

test.each<[before: Grant[], after: Grant[], beyond: Grant[], kept: Grant[]]>([
  [['approve'], [`approve:${A}`], [], [`approve:${A}`]],
  [[`approve:${A}`], ['approve'], ['approve'], [`approve:${A}`]],
  [['admin'], ['manage'], [], ['manage']],
  [['manage'], ['admin'], ['admin'], ['manage']],
  [['use'], ['audit'], ['audit'], []],
  [['use', 'audit'], ['audit'], [], ['audit']],
])('grants %j to %j: beyond %j, kept %j', (before, after, beyond, kept) => {
  expect(grantsBeyond(before, after)).toEqual(beyond)
  expect(grantsKept(before, after)).toEqual(kept)
})

test('the account-wide approval falls when it asks less often', () => {
  expect(approvalFell('always', { over_cents: 0 })).toBe(true)
  expect(approvalFell({ over_cents: 5 }, 'none')).toBe(true)
  expect(approvalFell('none', 'always')).toBe(false)
  expect(approvalFell('always', 'always')).toBe(false)
})
