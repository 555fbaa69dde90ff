/** Whatever stands in an address or a form: it reaches the one place of the API that its form is for. */
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { dashboard } from '../../src/dashboard/dashboard.tsx'
import type { Dispatch } from '../../src/dashboard/management.ts'
import { call, connect, env, fakeFinexio } from '../api/support.ts'
import { times } from '../support/size.ts'
import { browser, ORIGIN } from './support.ts'

beforeEach(() => {
  fakeFinexio()
  // Pages that are made from answers which hold too little are faults of this fake alone.
  vi.spyOn(console, 'error').mockImplementation(() => {})
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

const MOMENT = '2026-11-28T12:00:00.000Z'

/** Enough of an account, a server, a token and a list for every handler to go on to what it sends. */
const ANYTHING = {
  id: 'x',
  name: 'plain',
  config: { methods: ['read'] },
  created_at: MOMENT,
  updated_at: MOMENT,
  expires_at: null,
  approval: 'none',
  read_only: false,
  audit_retention_days: 90,
  base_url: 'https://finexio.test/v2',
  integrated_account_id: 'x',
  status: 'active',
  stopped: false,
  token: 'none',
  url: 'https://mcp.test/mcp/none',
  scopes: [],
  grants: [],
  email: null,
  issuer: null,
  subject: null,
  disabled: false,
  mapped_grants: [],
  second_person_for_settings: false,
  one_person: null,
  result: [],
  next_cursor: null,
  idempotency_key: 'x',
  mcp_server_id: 'x',
  tool: 'x',
  state: 'unknown',
  target: {},
  left_at: MOMENT,
  refused_in_part: false,
  accepted_in_part: false,
  payments: [],
  mcp_server_name: null,
  count: 0,
  total_cents: 0,
  last_look: null,
  settles_from: null,
}

/** An API that agrees to everything, or refuses every change, and remembers what it was asked. */
const recorder = (agrees: boolean) => {
  const asked: string[] = []
  const dispatch: Dispatch = async (request) => {
    asked.push(`${request.method} ${new URL(request.url).pathname}`)
    const status = agrees || request.method === 'GET' ? 200 : 400
    return Response.json(ANYTHING, { status })
  }
  const server = dashboard({ dispatch, mcp: () => async () => new Response() })
  return { asked, server }
}

/** Fields that take every handler to its request; `step` and what goes with it are tried one after another. */
const fieldsWith = (value: string) => ({
  name: value,
  confirm: 'plain',
  stopped: '1',
  overlap: '0',
  decision: 'approve',
  outcome: 'carried_out',
  reason: 'plain',
  kind: 'person',
  roles: ['', 'approve'],
  accounts_who: 'any',
  accounts: '',
  expires: 'never',
  username: value,
  password: value,
  base_url: 'https://finexio.test/v2',
  read_only: '0',
  change: '{"name":"other"}',
  email: '',
  issuer: '',
  subject: '',
  called: value,
  called_at: value,
  number: value,
  number_from: 'outside_source',
  source: value,
  note: value,
  payees: '0',
})
const STEPS: Record<string, string>[] = [
  {},
  { decision: 'agree' },
  { step: 'save', seen: MOMENT },
  { step: 'save', seen: JSON.stringify([MOMENT, 'none', false, null, null]) },
  {
    step: 'save',
    seen: '{"name":"plain","email":null,"issuer":null,"subject":null,"grants":[],"disabled":false}',
  },
  {
    step: 'save',
    seen: '{"second_person_for_settings":false,"one_person":null}',
    change: '{"second_person_for_settings":true}',
  },
]

/** Those that ask the API for nothing, or read alone. */
const QUIET = /sign-out|sign-in|\/activity\/verify$|\/servers\/new$|\/test$|\/times$/

const postRoutes = (server: ReturnType<typeof dashboard>): string[] => [
  ...new Set(
    server.routes
      .filter(({ method, path }) => method === 'POST' && !/sign-(in|out)/.test(path))
      .map(({ path }) => path),
  ),
]

/** What the API is asked when `value` stands for every parameter and every text; `value` itself becomes `:value`. */
const askedBy = async (value: string, agrees = true) => {
  const { asked, server } = recorder(agrees)
  const ann = browser(env, ORIGIN, server)
  await ann.signIn()
  const csrf = await ann.csrf('/dashboard/stop')
  // A browser takes these out of an address before it asks: only a form can send them.
  const inAddress = value === '.' || value === '..' ? 'plain' : value
  const parts = [value, value.trim(), inAddress].map(encodeURIComponent)
  const found = new Map<string, Set<string>>()
  for (const route of postRoutes(server)) {
    asked.length = 0
    const path = route.replaceAll(/:[a-z]+/g, () => encodeURIComponent(inAddress))
    for (const step of STEPS) await ann.send('POST', path, { form: { csrf, ...fieldsWith(value), ...step } })
    const shapes = asked.map((line) =>
      line
        .split('/')
        .map((part) => (parts.includes(part) ? ':value' : part))
        .join('/'),
    )
    found.set(route, new Set(shapes))
  }
  return found
}

const hostile = fc
  .array(
    fc.constantFrom(
      '..',
      '.',
      '/',
      '\\',
      '%2F',
      '%2e',
      '%',
      '?',
      '#',
      ';',
      '@',
      ':',
      ' ',
      'é',
      'api-token',
      'writes',
    ),
    { minLength: 1, maxLength: 6 },
  )
  .map((parts) => parts.join(''))
  // A name of ours by itself leads where it says.
  .filter((text) => /[^a-z-]/.test(text.trim()))

// Seen at b8f2a26: `POST …/servers/..%2F..%2Fapi-token%2F<id>/revoke` deleted the API token.
test('no parameter of an address and no field of a form leads a request elsewhere, on any POST route', async () => {
  const ordinary = await askedBy('plain')
  for (const [route, shapes] of ordinary)
    if (!QUIET.test(route))
      expect([route, [...shapes].some((shape) => !shape.startsWith('GET'))]).toEqual([route, true])
  // What was refused shows its page again, which is read for that.
  for (const [route, shapes] of await askedBy('plain', false))
    for (const shape of shapes) ordinary.get(route)!.add(shape)
  expect(ordinary.size).toBeGreaterThanOrEqual(16)
  await fc.assert(
    fc.asyncProperty(hostile, async (value) => {
      for (const [route, shapes] of await askedBy(value))
        expect([value, route, [...shapes].filter((shape) => !ordinary.get(route)!.has(shape))]).toEqual([
          value,
          route,
          [],
        ])
    }),
    {
      numRuns: times(12, 100),
      examples: [
        ['../../api-token/x'],
        ['..'],
        ['.'],
        ['%2e%2e%2f%2e%2e'],
        ['x?y=1'],
        ['x#y'],
        ['..\\..\\writes'],
        ['%252e%252e%252f'],
      ],
    },
  )
})

// Siblings of A18 that are not in its line: the end of a sign-in, a secret by a form field, the account's own address.
test('what the attack of 0.1.0 reached is out of reach', async () => {
  const account = await connect()
  const { body: token } = await call('POST', '/api-token', { body: { name: 'Ann', scopes: ['admin'] } })
  const ann = browser()
  await ann.signIn()
  const up = `..%2F..%2F..%2Fapi-token%2F${token.id}`
  const at = `/dashboard/accounts/${account}`
  const tries: [string, Record<string, string>][] = [
    [`${at}/servers/${up}/revoke`, {}],
    [`${at}/servers/..%2F..%2F..%2Fapi-token/grants/${token.id}`, {}],
    [`/dashboard/accounts/..%2Fapi-token%2F${token.id}/secrets/delete`, { name: '..' }],
    [`${at}/secrets/delete`, { name: '..' }],
    [`${at}/secrets/delete`, { name: '.' }],
    [`${at}/secrets/delete`, { name: `../../../api-token/${token.id}` }],
    [`/dashboard/tokens/..%2Fintegrated-account%2F${account}/revoke`, {}],
  ]
  for (const [path, form] of tries) {
    const { status } = await ann.post(path, form)
    expect([path, status === 404 || status === 400]).toEqual([path, true])
  }
  expect((await call('GET', '/api-token')).body.result.map(({ id }: { id: string }) => id)).toContain(
    token.id,
  )
  expect((await call('GET', `/integrated-account/${account}`)).status).toBe(200)
})
