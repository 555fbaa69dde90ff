/**
 * What trail, review pack and figures say of money: what came of it. Seen at b8f2a26 and still on 2026-11-30: the row "$4,321.00 left"
 * (`paid`) was written before the claim was, stood also for what Finexio refused, and nothing took it back.
 * Siblings of the refused invoice: a whole batch refused (400), what is no documented refusal (422, 403), 429, 500, a lost answer that is found made or
 * not, a batch found in part, an answer that names fewer, an approved draft, a dry run, a process that dies, rows of main's own day.
 */
import { createExecutionContext, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { accountObject, payeesOf } from '../../src/account/account-stub.ts'
import type { PayeeEntry } from '../../src/account/audit/entry.ts'
import { appendAudit } from '../../src/account/tables/audit.ts'
import { app } from '../../src/app.ts'
import { CLAIM_MS } from '../../src/rules/ledger.ts'
import { meaningOf } from '../../src/rules/sentences/meaning.ts'
import { call, connect, env } from '../api/support.ts'
import { claimRequest } from './claims.ts'
import { CENTS, connected, made, pay, payingFinexio, type Reply } from './paying.ts'

let finexio: ReturnType<typeof payingFinexio>

beforeEach(() => {
  finexio = payingFinexio()
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

const exported = async (path: string) => {
  const headers = { authorization: `Bearer ${env.ADMIN_API_KEY}` }
  const request = new Request(new URL(path, 'https://mcp.test'), { headers })
  return (await app.fetch(request, env, createExecutionContext())).text()
}

/** What the trail says of a write and its money, oldest first, and what the figures and the limits count. */
const told = async (account: string) => {
  const log = await call('GET', `/log?integrated_account_id=${account}&log_type=all&limit=100`)
  // biome-ignore lint/suspicious/noExplicitAny: looked into by assertions
  const rows = (log.body.result as any[]).filter(({ log_type }) => /write|payee/.test(log_type)).reverse()
  const { cents, unsettled_cents } = (await call('GET', `/integrated-account/${account}/usage`)).body.days.at(
    -1,
  )
  const events = rows.map(({ event, cents: own, log_type }) =>
    log_type === 'payee' ? `${event} ${own}` : event,
  )
  return { rows, events, sent: cents - unsettled_cents, unknown: unsettled_cents }
}

const says = (body: unknown, status: number) => () => Response.json(body, { status })
const lost: Reply = () => {
  throw new TypeError('connection reset')
}

test.each<[string, number, Reply, string[], number, number]>([
  ['accepted', 1, (rows) => Response.json(made(rows)), ['instructed 432100'], CENTS, 0],
  [
    'C1: refused, one invoice (400)',
    1,
    says({ detail: 'No buyer has this id' }, 400),
    ['not_paid 432100'],
    0,
    0,
  ],
  // Only what Finexio documents as a refusal is one: after any other answer nobody knows.
  ['not processable (422)', 1, says([{ amount_cents: ['No.'] }], 422), ['payment_unknown 432100'], 0, CENTS],
  // A batch that is refused may have been stored in part: nobody knows, until it was looked up.
  [
    'refused batch (400)',
    2,
    says([{}, { amount_cents: ['No.'] }], 400),
    ['payment_unknown 432100', 'payment_unknown 216050'],
    0,
    CENTS * 1.5,
  ],
  ['slowed down (429)', 2, says({}, 429), ['not_paid 432100', 'not_paid 216050'], 0, 0],
  ['not allowed (403)', 1, says({}, 403), ['payment_unknown 432100'], 0, CENTS],
  ['failed (500)', 1, says({}, 500), ['payment_unknown 432100'], 0, CENTS],
  ['lost', 1, lost, ['payment_unknown 432100'], 0, CENTS],
  [
    'accepted, one named',
    2,
    (rows) => Response.json(made(rows).slice(0, 1)),
    ['instructed 432100', 'payment_unknown 216050'],
    CENTS,
    CENTS / 2,
  ],
  [
    'accepted, none named',
    2,
    () => new Response(null, { status: 201 }),
    ['instructed 432100', 'instructed 216050'],
    CENTS * 1.5,
    0,
  ],
])('%s: %i invoices', async (_, count, answer, events, sent, unknown) => {
  const { account, url } = await connected({ limits: { per_day: { cents: CENTS * 10 } } })
  finexio.reply = answer
  await pay(url, count)
  const seen = await told(account)
  expect(seen.events).toEqual(['claimed', 'concluded', ...events])
  expect([seen.sent, seen.unknown]).toEqual([sent, unknown])
  const overview = await call('GET', `/integrated-account/${account}/mcp`)
  const usage = await call('GET', `/integrated-account/${account}/mcp/${overview.body.result[0].id}/usage`)
  expect(usage.body.spent.per_day.cents).toBe(sent + unknown)
  const settled = seen.rows.find((row) => row.event === 'concluded')
  expect(settled.sentence.includes('nobody knows yet')).toBe(/refused batch|, one named/.test(_))
  const csv = await exported(`/integrated-account/${account}/payee/review/export`)
  for (const event of ['instructed', 'not_paid', 'payment_unknown'])
    expect(csv.split(`,"${event}",`).length - 1).toBe(
      events.filter((one) => one.startsWith(`${event} `)).length,
    )
})

test('the approved draft says it as the direct call does; what is rehearsed says nothing', async () => {
  const { account, url } = await connected({ approval: 'always' })
  const { body: ann } = await call('POST', '/api-token', {
    body: { name: 'Ann', kind: 'person', grants: [`approve:${account}`] },
  })
  expect((await pay(url, 1, { dry_run: true })).outcome).toBe('dry_run')
  const { approval_id } = await pay(url)
  expect((await told(account)).events).toEqual(['drafted'])
  finexio.reply = says({ detail: 'No buyer has this id' }, 400)
  await call('POST', `/approval/${approval_id}/approve`, { key: ann.token, body: {} })
  const { rows, events, sent } = await told(account)
  expect([events, sent]).toEqual([['drafted', 'approved', 'claimed', 'concluded', 'not_paid 432100'], 0])
  expect(rows.at(-1)).toMatchObject({
    supplier_name: 'Name of sup_1',
    outcome: 'rejected',
    sentence:
      'The instruction to pay $4,321.00 to supplier “Name of sup_1”, in 1 invoice, came to nothing: Finexio did not take it',
  })
})

// At d9f6ffd2 a direct write named nobody, though an approved one had read the name. Siblings: nobody was named before, two suppliers of which one was.
test('a direct write is told with the name that an earlier write read, and without one where none did', async () => {
  const { account, url } = await connected({ approval: { over_cents: CENTS - 1 } })
  const { body: ann } = await call('POST', '/api-token', {
    body: { name: 'Ann', kind: 'person', grants: [`approve:${account}`] },
  })
  const { approval_id } = await pay(url)
  finexio.reply = (rows) => Response.json(made(rows))
  await call('POST', `/approval/${approval_id}/approve`, { key: ann.token, body: {} })
  const body = { name: 'Direct', config: { methods: ['read', 'write'], duplicate_guard: { requests: 0 } } }
  const direct = (await call('POST', `/integrated-account/${account}/mcp`, { body })).body.url
  finexio.reply = says({}, 500)
  await pay(direct, 2, { body: TWO_INVOICES })
  const own = (await told(account)).rows.filter(({ event }) => event === 'payment_unknown')
  expect(own.map(({ supplier_id, supplier_name = null }) => [supplier_id, supplier_name])).toEqual([
    ['sup_1', 'Name of sup_1'],
    ['sup_2', null],
  ])
  expect(own[1].sentence).not.toMatch(/null|“”/)
})

const TWO_INVOICES = ['sup_1', 'sup_2'].map((receiving_counterparty_id, index) => ({
  ...{ receiving_counterparty_id, originating_counterparty_id: 'buy_1', amount_cents: 100 },
  ...{ invoice_number: `D-${index}`, invoice_date: new Date().toISOString().slice(0, 10) },
}))

const TWO = [
  {
    buyer: 'b',
    supplier: 's',
    cents: 300,
    count: 2,
    invoices: [
      [0, 100],
      [1, 200],
    ] as const,
  },
  { buyer: 'b', supplier: 't', cents: 5, count: 1, invoices: [[2, 5]] as const },
]

/** Claims as the call path makes them, one by one. */
const claiming = async () => {
  const account = await connect('Claims')
  const body = { name: 'AP', config: { methods: ['read', 'write'] } }
  const serverId = (await call('POST', `/integrated-account/${account}/mcp`, { body })).body.id as string
  const request = (more: object = {}) => claimRequest({ serverId, ...more })
  return { account, object: accountObject(env, account), request }
}

const rowsOf = async (account: string) => {
  const { events, sent, unknown } = await told(account)
  return [events.filter((event) => event.includes(' ')), sent, unknown]
}

test.each([
  ['made', 'succeeded', [], ['instructed 300', 'instructed 5'], 305],
  ['not made', 'rejected', [0, 1, 2], ['not_paid 300', 'not_paid 5'], 0],
  ['made in part', 'succeeded', [1, 2], ['instructed 100', 'not_paid 200', 'not_paid 5'], 100],
] as const)('a lost answer that is found %s', async (_, state, absent, events, sent) => {
  const { account, object, request } = await claiming()
  await object.claimWrite(request({ movements: TWO }))
  await object.settleWrite({ key: 'key-of-caller', state: 'unknown', kept: null })
  const before = ['payment_unknown 300', 'payment_unknown 5']
  expect(await rowsOf(account)).toEqual([before, 0, 305])
  for (let times = 0; times < 2; times++)
    await object.settleWrite({ key: 'key-of-caller', state, kept: null, absent })
  expect(await rowsOf(account)).toEqual([[...before, ...events], sent, 0])
  const { rows } = await told(account)
  const settled = rows.filter(({ event }) => event === 'concluded').at(-1)
  expect([settled.outcome, settled.cents]).toEqual([state, state === 'rejected' ? 305 : sent])
})

// Seen on 2026-12-01: "Finexio refused", "Finexio did not take it" and "Finexio said no" of what a look had only not found.
test.each([
  ['look', { resolved: true }],
  ['person', { settled_by: 'Ann', settled_because: 'asked Finexio' }],
])('what a %s found out is not told as an answer of Finexio', async (known_by, kept) => {
  const { account, object, request } = await claiming()
  await object.claimWrite(request({ movements: TWO }))
  await object.settleWrite({ key: 'key-of-caller', state: 'unknown', kept: null })
  await object.settleWrite({ key: 'key-of-caller', state: 'rejected', kept })
  const { rows } = await told(account)
  const later = rows.filter((row) => row.known_by !== undefined)
  expect(later.map((row) => [row.event, row.known_by])).toEqual([
    ['concluded', known_by],
    ['not_paid', known_by],
    ['not_paid', known_by],
  ])
  for (const row of later)
    expect(`${row.sentence} ${meaningOf(row).word}`).not.toMatch(/refused|did not take|said no/)
})

test('whoever dies under a write leaves an outcome that is unknown: never paid, never nothing', async () => {
  const { account, object, request } = await claiming()
  await object.claimWrite(request({ movements: TWO, names: { s: 'Sam' } }))
  expect(await rowsOf(account)).toEqual([[], 0, 305])
  vi.useFakeTimers({ toFake: ['Date'] })
  vi.setSystemTime(Date.now() + CLAIM_MS)
  await runDurableObjectAlarm(object)
  const { events, rows } = await told(account)
  expect(events).toEqual(['claimed', 'concluded', 'payment_unknown 300', 'payment_unknown 5'])
  expect(rows[2].sentence).toBe(
    'Nobody knows whether Finexio accepted the instruction to pay $3.00 to supplier “Sam”, in 2 invoices',
  )
  await runDurableObjectAlarm(object)
  expect((await told(account)).events).toEqual(events)
})

test('rows that were written before Finexio answered say that it was sent, and what was reserved by them is told as it ends', async () => {
  const { account, object, request } = await claiming()
  await object.claimWrite(request())
  const early = {
    type: 'payee',
    event: 'paid',
    request_id: 'r',
    supplier_id: 's',
    cents: 500,
    count: 1,
  } as unknown as PayeeEntry
  await runInDurableObject(object, (_, { storage }) => {
    appendAudit(storage.sql, early, Date.now())
    appendAudit(storage.sql, { ...early, outcome: 'succeeded' }, Date.now())
    storage.sql.exec('UPDATE movement SET invoices = NULL, supplier_name = NULL')
  })
  await object.settleWrite({ key: 'key-of-caller', state: 'rejected', kept: null })
  const { rows, events } = await told(account)
  expect(events).toEqual(['claimed', 'sent 500', 'instructed 500', 'concluded', 'not_paid 500'])
  for (const { sentence } of rows.slice(1, 3)) expect(sentence).not.toMatch(/\bpaid|\bleft/)
  const { body } = await call('GET', `/integrated-account/${account}/payee/review`)
  expect(body.result.map(({ event }: { event: string }) => event)).toEqual(['not_paid', 'instructed', 'sent'])
})

// Seen on 2026-11-30: "$399.01 left", `paid`, for what Finexio accepted and whose funding failed a minute later.
test('what Finexio accepted is called that, and neither paid nor left, in trail and review pack', async () => {
  const { account, object, request } = await claiming()
  await object.claimWrite(request())
  await object.settleWrite({ key: 'key-of-caller', state: 'succeeded', kept: null })
  const { rows } = await told(account)
  expect(rows.at(-1).sentence).toMatch(/^Finexio accepted the instruction to pay \$/)
  const texts = [
    ...rows.map(({ sentence, event }) => `${sentence} ${event}`),
    await exported(`/integrated-account/${account}/payee/review/export`),
  ]
  for (const text of texts) expect(text).not.toMatch(/\bpaid\b|\bleft\b/)
})

test('when a supplier was paid last is when Finexio accepted it; care is taken also of what it may have', async () => {
  const { object, request } = await claiming()
  const last = () => payeesOf(object).lastPaid('s')
  await object.claimWrite(request())
  await object.settleWrite({ key: 'key-of-caller', state: 'unknown', kept: null })
  expect(await last()).toBeNull()
  await object.settleWrite({ key: 'key-of-caller', state: 'succeeded', kept: null })
  expect(await last()).toBeGreaterThan(0)
})
