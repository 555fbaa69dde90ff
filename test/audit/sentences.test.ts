/** Every event as a sentence: routes, outcomes, writes, payees, and what an older or a newer version wrote. */
import { describe, expect, test } from 'vitest'
import { ENTRY_TYPES } from '../../src/account/audit/entry.ts'
import type { Notification } from '../../src/account/notify/deliver.ts'
import { ROUTES } from '../../src/api/routes.ts'
import { OUTCOMES } from '../../src/rules/outcome.ts'
import { PAYEE_EVENTS, WRITE_EVENTS } from '../../src/rules/sentences/calls.ts'
import { meaningOf } from '../../src/rules/sentences/meaning.ts'
import { noticeSentence } from '../../src/rules/sentences/notices.ts'
import { actionWords } from '../../src/rules/sentences/routes.ts'
import { sentenceOf } from '../../src/rules/sentences/sentence.ts'
import { toolWords } from '../../src/rules/sentences/tools.ts'
import { catalogue } from '../../src/tools/catalogue.ts'

const ann = { actor_id: 'a', actor_name: 'Ann Approver', actor_kind: 'person' }
const root = { actor_id: '00000000-0000-0000-0000-000000000000', actor_name: 'admin key', actor_kind: 'root' }
const casey = { person_id: 'c', person_name: 'Casey Clerk' }
const agent = { mcp_server_id: 's', mcp_server_name: 'Month-end agent' }
const money = { cents: 400_000, suppliers: 2, tool_name: 'finexio_invoices_bulk_create' }
const server = '/integrated-account/:account/mcp/:server'

const call = (over: object) => ({
  type: 'mcp',
  ...agent,
  tool_name: 'list_all_finexio_payments',
  outcome: 'succeeded',
  result_count: 50,
  ...over,
})
const write = (over: object) => ({ type: 'write', ...agent, ...money, ...over })
const managed = (action: string, over: object = {}) => ({
  type: 'management',
  ...root,
  action,
  changed: [],
  http_status_code: 200,
  ...over,
})

describe('words that a finance person uses', () => {
  test.each([
    [call({}), '“Month-end agent” read the list of payments: 50 rows'],
    [call({ result_count: 0 }), '“Month-end agent” read the list of payments: no rows'],
    [call({ result_count: 1_234 }), '“Month-end agent” read the list of payments: 1,234 rows'],
    [
      call({ caller_name: 'Bo', oauth_client_name: 'Claude', tool_name: 'get_single_finexio_invoice_by_id' }),
      'Bo with Claude, through “Month-end agent”, looked at an invoice',
    ],
    [
      call({ tool_name: 'finexio_counterparties_partial_update', outcome: 'pending_approval' }),
      '“Month-end agent” asked to change a counterparty; it waits for another person',
    ],
    [
      call({ tool_name: 'finexio_invoices_bulk_create', outcome: 'refused' }),
      '“Month-end agent” asked to submit invoices for payment; that was refused here, and nothing was sent',
    ],
    [
      call({ outcome: 'refused', effect: 'read', upstream_requests: 13 }),
      '“Month-end agent” asked to read the list of payments; that was refused here, and Finexio was only read',
    ],
    [
      write({ event: 'approved', ...ann }),
      'Ann Approver approved $4,000.00 to 2 suppliers, drafted by “Month-end agent”',
    ],
    [
      write({ event: 'rejected', ...ann, suppliers: 1 }),
      'Ann Approver rejected $4,000.00 to 1 supplier, drafted by “Month-end agent”',
    ],
    [
      write({ event: 'approved', ...ann, one_person: true }),
      'Ann Approver approved $4,000.00 to 2 suppliers, drafted by “Month-end agent”, as the only person',
    ],
    [
      write({ event: 'drafted' }),
      '“Month-end agent” drafted $4,000.00 to 2 suppliers; it waits for approval',
    ],
    // At 3fc9183b neither the person behind a server nor a payee's name was in any of these.
    [
      write({ event: 'drafted', ...casey, suppliers: 1, supplier_names: ['Imaginary “Tyres”'] }),
      'Casey Clerk\'s agent “Month-end agent” drafted $4,000.00 to “Imaginary "Tyres"”; it waits for approval',
    ],
    [
      write({ event: 'approved', ...ann, ...casey, supplier_names: ['A', 'B'] }),
      "Ann Approver approved $4,000.00 to “A” and “B”, drafted by Casey Clerk's agent “Month-end agent”",
    ],
    [
      write({ event: 'claimed', ...casey, supplier_names: ['A'] }),
      "Casey Clerk's agent “Month-end agent” began to send $4,000.00 to 2 suppliers",
    ],
    [call(casey), "Casey Clerk's agent “Month-end agent” read the list of payments: 50 rows"],
    [
      write({ event: 'concluded', outcome: 'unknown' }),
      'Nobody knows what became of $4,000.00 to 2 suppliers, sent by “Month-end agent”',
    ],
    [
      write({
        event: 'concluded',
        outcome: 'succeeded',
        cents: undefined,
        tool_name: 'create_a_finexio_buyer',
      }),
      'Finexio accepted a new buyer, sent by “Month-end agent”',
    ],
    [
      write({ event: 'concluded', outcome: 'rejected', ...ann }),
      'Ann Approver concluded by hand that Finexio did not carry out $4,000.00 to 2 suppliers, sent by “Month-end agent”',
    ],
    [
      { type: 'payee', event: 'changed', supplier_id: 'sup_1', changed: ['remit_email'], unpaid: true },
      'How supplier sup_1 is paid was changed: remit email, while an invoice of it was, or may have been, unpaid',
    ],
    [
      {
        ...{ type: 'payee', event: 'not_changed', outcome: 'rejected', supplier_id: 'sup_1' },
        ...{ changed: ['remit_email'], unpaid: true },
      },
      'How supplier sup_1 is paid was to be changed: remit email; it stayed as it was: Finexio did not take it',
    ],
    // Seen on 2026-12-01: what a look had not found, or a person had concluded, was told as refused by Finexio.
    [
      write({ event: 'concluded', outcome: 'rejected', known_by: 'look' }),
      'A look at Finexio did not find $4,000.00 to 2 suppliers, sent by “Month-end agent”: it counts as not carried out',
    ],
    [
      {
        ...{
          type: 'payee',
          event: 'not_changed',
          outcome: 'rejected',
          known_by: 'look',
          supplier_id: 'sup_1',
        },
        ...{ changed: ['remit_email'], unpaid: true },
      },
      'How supplier sup_1 is paid was to be changed: remit email; it counts as not changed: a look at Finexio did not find it',
    ],
    [
      {
        ...{
          type: 'payee',
          event: 'not_paid',
          outcome: 'rejected',
          known_by: 'person',
          supplier_id: 'sup_1',
        },
        ...{ cents: 1_250, count: 1 },
      },
      'The instruction to pay $12.50 to supplier sup_1, in 1 invoice, came to nothing: a person concluded that it was not carried out',
    ],
    [
      {
        ...{
          type: 'payee',
          event: 'instructed',
          outcome: 'succeeded',
          known_by: 'person',
          supplier_id: 'sup_1',
        },
        ...{ cents: 1_250, count: 1 },
      },
      'Finexio accepted the instruction to pay $12.50 to supplier sup_1, in 1 invoice, as a person concluded',
    ],
    [
      {
        ...{ type: 'payee', event: 'change_unknown', outcome: 'unknown', supplier_id: 'sup_1' },
        ...{ changed: ['remit_email'], unpaid: false },
      },
      'Nobody knows whether Finexio accepted a change of how supplier sup_1 is paid: remit email',
    ],
    [
      { type: 'payee', event: 'instructed', supplier_id: 'sup_1', cents: 1_250, count: 1 },
      'Finexio accepted the instruction to pay $12.50 to supplier sup_1, in 1 invoice',
    ],
    [
      { type: 'payee', event: 'not_paid', supplier_id: 'sup_1', cents: 1_250, count: 1, outcome: 'not_sent' },
      'The instruction to pay $12.50 to supplier sup_1, in 1 invoice, came to nothing: it failed before it was sent',
    ],
    [
      { type: 'trail', event: 'cut_by_size', bytes: 6_001_000_000, bound_bytes: 6_000_000_000 },
      'The oldest rows of the trail go for want of room: 6,001 MB of 6,000 MB',
    ],
    [{ type: 'gap', lost: 12 }, '12 rows of the trail could not be written'],
  ])('%j', (row, sentence) => {
    expect(sentenceOf(row)).toBe(sentence)
    // The API shows the type under another name.
    const { type, ...rest } = row
    expect(sentenceOf({ ...rest, log_type: type })).toBe(sentence)
  })
})

describe('a change of settings', () => {
  const limits = (cents: number) => ({ per_day: { cents } })
  test.each([
    [
      [{ key: 'limits', before: limits(2_000_000), after: limits(500_000) }],
      'The admin key lowered the daily limit of “Month-end agent” from $20,000 to $5,000',
    ],
    [
      [{ key: 'config.limits.per_day.cents', before: 500_000, after: 2_000_050 }],
      'The admin key raised the daily limit of “Month-end agent” from $5,000 to $20,000.50',
    ],
    [
      [{ key: 'approval', before: 'always', after: { over_cents: 100_000 } }],
      'The admin key changed approval by a person of “Month-end agent” from always to over $1,000',
    ],
    [
      [{ key: 'allowed_suppliers', before: null, after: [] }],
      'The admin key changed who may be paid of “Month-end agent” from none to nobody and nothing',
    ],
    [
      [
        { key: 'name', before: 'Old', after: 'New' },
        { key: 'require_api_token_auth', before: true, after: false },
      ],
      'The admin key changed “Month-end agent”: the name from Old to New; the second factor from on to off',
    ],
  ])('%j', (changes, sentence) => {
    const row = managed(`PATCH ${server}`, { target_name: 'Month-end agent', changed: ['config'], changes })
    expect(sentenceOf(row)).toBe(sentence)
  })

  test('says the names of what was sent where a row has no values', () => {
    const row = managed(`PATCH ${server}`, { target_name: 'X', changed: ['config', 'expires_at'] })
    expect(sentenceOf(row)).toBe('The admin key changed the MCP server “X”: config, expires at')
    expect(sentenceOf(managed(`PATCH ${server}`, { changed: ['name'] }))).toBe(
      'The admin key changed an MCP server: name',
    )
  })
})

describe('management', () => {
  test.each([
    [
      managed(`DELETE ${server}`, { target_name: 'Old agent' }),
      'The admin key revoked the MCP server “Old agent”',
    ],
    [
      managed(`PATCH ${server}`, { ...ann, http_status_code: 202, target_name: 'X' }),
      'Ann Approver asked to change the MCP server “X”; it waits for another person',
    ],
    [
      managed(`PATCH ${server}`, { http_status_code: 202, target_name: 'X' }),
      'The admin key asked to change the MCP server “X”; it waits for its time',
    ],
    [
      managed('POST /approval/:approval/approve', { ...ann, http_status_code: 403, target_id: 'd' }),
      'Ann Approver tried to approve a draft, and that was not allowed (403)',
    ],
    // Seen by a new user: the admin key was blamed for Finexio's answer.
    [
      managed('POST /integrated-account', { http_status_code: 401 }),
      'The admin key tried to connect a Finexio account, and Finexio refused the credentials (401)',
    ],
    [
      managed('POST /dashboard/sign-in', {
        ...{ actor_id: 'unknown', actor_kind: 'unknown', http_status_code: 401, repeated: 12 },
      }),
      'Somebody who is not known here tried to sign in to the dashboard, and the key was not valid (401), and 12 more times within a minute',
    ],
    [
      managed('PUT /writes', { ...ann, stopped: true, why: 'Odd batch\nof invoices' }),
      'Ann Approver stopped all writes of the deployment: “Odd batch of invoices”',
    ],
    [
      managed('PUT /writes', { changes: [{ key: 'writes_stopped', before: true, after: false }] }),
      'The admin key resumed all writes of the deployment',
    ],
    [
      managed('PUT /integrated-account/:account/writes', { stopped: false, target_name: 'Acme' }),
      'The admin key resumed all writes of Acme',
    ],
    [
      managed('POST /oauth/authorize', { ...ann, target_name: 'Claude', changed: ['mcp:read'] }),
      'Ann Approver let the client Claude in, with mcp:read',
    ],
    [
      managed('POST /oauth/authorize', { actor_kind: 'unknown', http_status_code: 403 }),
      'Somebody who is not known here tried to let a client in, and that was not allowed (403)',
    ],
    [
      managed('PATCH /person/:person', { target_name: 'Bo', agreed_by_name: 'Cy', changed: ['grants'] }),
      'The admin key changed Bo: grants, agreed to by Cy',
    ],
    // Seen at b8f2a26: a token for somebody new stood there twice, once in the place of the person who was added with it.
    [
      managed('POST /api-token', { target_name: 'Sam', target_kind: 'person', made: 'created' }),
      'The admin key added Sam',
    ],
    [
      managed('POST /api-token', { target_name: 'Sam', target_kind: 'api_token', made: 'created' }),
      'The admin key created an API token for Sam',
    ],
    [
      managed('DELETE /person/:person', { target_name: 'Sam', target_kind: 'api_token', made: 'removed' }),
      'The admin key revoked the API token of Sam',
    ],
    [
      managed('DELETE /person/:person', { target_name: 'Sam', target_kind: 'person', made: 'removed' }),
      'The admin key removed Sam, with all keys and sessions',
    ],
    [
      managed('PATCH /deployment', {
        changes: [
          { key: 'oidc_roles', before: null, after: { claim: 'groups', map: { Clerks: ['approve'] } } },
        ],
      }),
      'The admin key changed the roles by the company’s groups from none to groups “Clerks”: approve',
    ],
  ])('%j', (row, sentence) => {
    expect(sentenceOf(row)).toBe(sentence)
  })

  test('every declared route has its words, whatever comes of it', () => {
    const without = ROUTES.map(({ verb, path }) => `${verb} ${path}`).filter((action) => !actionWords(action))
    expect(without).toEqual([])
    for (const { verb, path } of ROUTES)
      for (const http_status_code of [200, 201, 202, 400, 403, 404, 409, 500]) {
        const row = managed(`${verb} ${path}`, { http_status_code })
        expect(sentenceOf(row)).not.toMatch(/%|undefined|null|\[object|:account/)
      }
  })
})

describe('nothing is without words', () => {
  test('every tool', () => {
    expect(catalogue.filter(({ name }) => !toolWords(name)).map(({ name }) => name)).toEqual([])
  })

  test('every type, outcome and event has words and a meaning', () => {
    const events = { write: 'drafted', payee: 'instructed', trail: 'filling' } as Record<string, string>
    for (const type of ENTRY_TYPES)
      expect(sentenceOf({ type, event: events[type], outcome: 'succeeded' })).not.toMatch(/·|undefined/)
    for (const { name } of catalogue)
      for (const outcome of OUTCOMES)
        expect(sentenceOf(call({ tool_name: name, outcome }))).not.toMatch(/·|undefined/)
    for (const event of WRITE_EVENTS)
      expect(sentenceOf(write({ event, outcome: 'succeeded' }))).not.toContain('·')
    for (const event of PAYEE_EVENTS) expect(sentenceOf({ type: 'payee', event })).not.toContain('·')
    for (const outcome of OUTCOMES) expect(meaningOf(call({ outcome })).word).not.toContain('_')
  })

  // Siblings: a type, an event and an action of a later version; a row of version 0.1.0; a row of nothing.
  test.each([
    [{ type: 'weather', event: 'rain' }, 'Weather · rain'],
    [{ type: 'write', event: 'teleported', tool_name: 'x' }, 'Write · teleported · x'],
    [managed('POST /moon', { ...ann }), 'Ann Approver: POST /moon'],
    [
      {
        type: 'write',
        event: 'approved',
        ...ann,
        mcp_server_id: crypto.randomUUID(),
        tool_name: 'create_a_finexio_supplier',
      },
      'Ann Approver approved a new supplier, drafted by an MCP server',
    ],
    [{ type: 'mcp', tool_name: 'later_tool', outcome: 'succeeded' }, 'An MCP server called “later_tool”'],
    [{}, 'An event'],
    [{ type: 7, event: null, changed: 'x' }, '7'],
  ])('%j falls back on something plain', (row, sentence) => {
    expect(sentenceOf(row)).toBe(sentence)
    expect(meaningOf(row).meaning).toBeTypeOf('string')
  })
})

// Siblings: a server's name, a person's, a client's, a tool's that nobody has, a reason.
test.each([
  call({ mcp_server_name: 'A\u202Egent\n\n\u0007'.repeat(50) }),
  write({ event: 'approved', actor_name: 'x\u200b\r\ny'.repeat(200) }),
  call({ caller_name: 'C', oauth_client_name: '\u{e0041}'.repeat(9) + 'z'.repeat(900) }),
  call({ outcome: 'unknown_tool', tool_name: 'rm\u2028-rf '.repeat(90) }),
  managed('PUT /writes', { stopped: true, why: '\u202e=1+1\n'.repeat(900) }),
])('what others wrote is cleaned, on one line and cut: %#', (row) => {
  const sentence = sentenceOf(row)
  expect(sentence).not.toMatch(/[\n\r\u2028\u202e\u200b\u0007\u{e0041}]/u)
  expect(sentence.length).toBeLessThanOrEqual(401)
})

// At b8f2a26 a draft that waited was red, and approval and rejection looked alike.
test('waiting, approved, rejected, refused and failed differ', () => {
  const meanings = [
    write({ event: 'drafted', outcome: 'pending' }),
    write({ event: 'approved' }),
    write({ event: 'rejected' }),
    call({ outcome: 'refused' }),
    call({ outcome: 'fault' }),
    call({ outcome: 'unknown' }),
  ].map((row) => meaningOf(row).meaning)
  expect(meanings).toEqual(['waits', 'approved', 'rejected', 'refused', 'failed', 'open'])
  // Siblings of waiting: asked its own user; a change of settings; a call for approval.
  expect(meaningOf(call({ outcome: 'input_required' })).meaning).toBe('waits')
  expect(meaningOf(managed('PATCH /deployment', { http_status_code: 202 })).meaning).toBe('waits')
  expect(meaningOf(call({ outcome: 'pending_approval' })).meaning).toBe('waits')
})

test('every notification says in one sentence what happened', () => {
  const about = { mcp_server_name: 'Month-end agent', cents: 400_000, suppliers: 2, tool_name: 'x' }
  expect(noticeSentence('approval.pending', about)).toBe(
    '“Month-end agent” drafted $4,000.00 to 2 suppliers; it waits for approval',
  )
  // Seen on main until now: who stood behind it, and whom it pays, stood in the row alone. Siblings: who asked for a change of settings.
  const behind = { ...about, suppliers: 1, person_name: 'Casey Clerk', supplier_names: ['Tyres "R" us'] }
  expect(noticeSentence('approval.pending', behind)).toBe(
    'Casey Clerk\'s agent “Month-end agent” drafted $4,000.00 to “Tyres "R" us”; it waits for approval',
  )
  expect(
    noticeSentence('settings.pending', { asked_by: { name: 'Mira' }, approvers: [{ name: 'Bob' }] }),
  ).toBe('A change of settings, asked for by Mira, waits for another person: Bob')
  expect(
    noticeSentence('settings.pending', {
      ...{ asked_by: { name: 'Admin key' }, approvers: [{ name: 'Bob' }] },
      acts_at: '2026-12-24T00:00:00Z',
    }),
  ).toBe(
    'A change of settings, asked for by Admin key, acts by itself at 2026-12-24T00:00:00Z unless somebody cancels it: Bob may',
  )
  expect(noticeSentence('mcp_server.expiring', { name: 'Pay "all"', expires_at: '2026-12-24T00:00' })).toBe(
    'The URL of “Pay "all"” ends on 2026-12-24',
  )
  const all: Record<Notification['type'], true> = {
    'account.needs_reauth': true,
    'mcp_server.expiring': true,
    'own_limit.reached': true,
    'audit.filling': true,
    'audit.cut': true,
    'approval.pending': true,
    'payee.changed': true,
    'settings.pending': true,
    'audit.push_failing': true,
    'audit.push_gap': true,
    'audit.heads': true,
  }
  for (const type of Object.keys(all)) expect(noticeSentence(type, {})).not.toBe(type)
  expect(noticeSentence('later.type', {})).toBe('later.type')
  expect(noticeSentence('own_limit.reached', { limit: 50, window_seconds: null })).toBe(
    'An account used up its own limit: 50 calls at once',
  )
})

// Seen on 2026-11-30: the first row of a fresh install said "after an update", and there was none. Siblings: a real one, rows that go.
test.each([
  [{ why: 'migration', as_of_seq: 0 }, /since this trail begins here$/],
  [{ why: 'migration', as_of_seq: 12 }, /after an update$/],
  [{ why: 'retention', as_of_seq: 0 }, /since older rows go$/],
])('settings noted down for %j', (row, words) => {
  expect(sentenceOf({ type: 'snapshot', ...row })).toMatch(words)
})
