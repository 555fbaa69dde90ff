/**
 * What the trail says of calls as they are made: which rule refused, whose trace it was, and what payees were called.
 * At b8f2a26 refused rows said "refused" alone, a call over the own limit left none, only read calls had a traceparent, and payees were ids.
 */
import {
  createExecutionContext,
  evictDurableObject,
  runDurableObjectAlarm,
  runInDurableObject,
  waitOnExecutionContext,
} from 'cloudflare:test'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { accountObject } from '../../src/account/account-stub.ts'
import { ENDED_TOKEN, keepEndedTokens } from '../../src/account/tables/ended-tokens.ts'
import { accountMigrations } from '../../src/account/tables/migrations.ts'
import { handler } from '../../src/app.ts'
import { call, connect, env } from '../api/support.ts'
import { browser } from '../dashboard/support.ts'

const BATCH = 'finexio_invoices_bulk_create'
const TRACE = `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`
const OTHER = `00-${'3'.repeat(32)}-${'4'.repeat(16)}-01`
const today = new Date().toISOString().slice(0, 10)
let numbers = 0

const finexio = async (input: RequestInfo, init?: RequestInit): Promise<Response> => {
  const request = new Request(input, init)
  const id = new URL(request.url).pathname.split('/').find((part) => /^(sup|buy)_/i.test(part))
  const record = { id, name: 'Acme Paper', payment_method: 'ACH', enabled: true }
  if (request.method === 'GET') return Response.json(id ? record : [])
  const body = (await request.json()) as object[]
  return Response.json(
    Array.isArray(body) ? body.map((row) => ({ ...row, id: 'inv_1' })) : { ...record, ...(body as object) },
  )
}

beforeAll(() => {
  vi.stubGlobal('fetch', finexio)
})
afterAll(() => {
  vi.unstubAllGlobals()
})

const made = async (account: string, config: object = {}, more: object = {}) => {
  const body = {
    name: 'AP',
    config: { methods: ['read', 'write'], duplicate_guard: { requests: 0 }, ...config },
    ...more,
  }
  return (await call('POST', `/integrated-account/${account}/mcp`, { body })).body as {
    id: string
    url: string
  }
}

const invoice = (amount_cents = 500) => ({
  invoice_number: `T-${++numbers}`,
  receiving_counterparty_id: 'sup_1',
  originating_counterparty_id: 'buy_1',
  amount_cents,
  invoice_date: today,
})

const tool = async (url: string, name: string, args: object, settings = env) => {
  const ctx = createExecutionContext()
  const request = new Request(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      traceparent: TRACE,
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: args } }),
  })
  const response = await handler.fetch!(request as never, settings, ctx)
  // biome-ignore lint/suspicious/noExplicitAny: looked into by assertions
  const { result } = (await response.json()) as any
  await waitOnExecutionContext(ctx)
  return { status: response.status, ...result?.structuredContent }
}

const pay = (url: string, cents?: number) => tool(url, BATCH, { body: [invoice(cents)] })

// biome-ignore lint/suspicious/noExplicitAny: looked into by assertions
const log = async (account: string, query = ''): Promise<any[]> =>
  (await call('GET', `/log?integrated_account_id=${account}&log_type=all&limit=100${query}`)).body.result

const newest = async (account: string) => (await log(account, '&log_type_filter[outcome]=refused'))[0]

test('each limit that refuses a call is named in its row', async () => {
  const account = await connect('Limits')
  const small = await made(account, { limits: { per_invoice: { cents: 100 } } })
  await pay(small.url)
  expect(await newest(account)).toMatchObject({
    refused_by: 'server_limit.per_invoice',
    refused_facts: { unit: 'cents', value: 100, asked: 500 },
    sentence: expect.stringContaining('by the limit per invoice of the MCP server ($1.00,'),
    traceparent: TRACE,
  })
  const listed = await made(account, { allowed_buyers: ['buy_9'] })
  await pay(listed.url)
  expect(await newest(account)).toMatchObject({
    refused_by: 'allowed_buyers',
    refused_facts: { id: 'buy_1' },
  })
  const plain = await made(account)
  await call('PATCH', `/integrated-account/${account}`, { body: { limits: { per_day: { cents: 10 } } } })
  await pay(plain.url)
  expect(await newest(account)).toMatchObject({ refused_by: 'account_limit.per_day' })
  await call('PUT', `/integrated-account/${account}/writes`, { body: { stopped: true } })
  await pay(plain.url)
  expect(await newest(account)).toMatchObject({ refused_by: 'kill_switch_account' })
  await call('PATCH', `/integrated-account/${account}`, { body: { read_only: true } })
  await pay(plain.url)
  expect(await newest(account)).toMatchObject({ refused_by: 'read_only_account' })
  expect(await log(account, '&log_type_filter[refused_by]=allowed_buyers')).toHaveLength(1)
})

test('a call over the own limit, without its key, or at a URL that ended leaves a row that says so; an unknown one leaves none', async () => {
  const account = await connect('Door')
  const { url } = await made(account)
  const list = (at: string, settings = env) => tool(at, 'list_all_finexio_payments', {}, settings)
  const one = { ...env, OWN_LIMIT: '1/60' }
  await list(url, one)
  expect((await list(url, one)).status).toBe(429)
  expect(await newest(account)).toMatchObject({
    refused_by: 'own_limit',
    refused_facts: { value: 1 },
    mcp_server_name: 'AP',
    tool_name: 'list_all_finexio_payments',
    traceparent: TRACE,
  })
  const keyed = await made(account, { require_api_token_auth: true })
  expect((await list(keyed.url)).status).toBe(401)
  expect(await newest(account)).toMatchObject({ refused_by: 'needs_api_token' })
  const soon = await made(account, {}, { expires_at: new Date(Date.now() + 90_000).toISOString() })
  vi.useFakeTimers({ toFake: ['Date'] })
  vi.setSystemTime(Date.now() + 90_001)
  expect((await list(soon.url)).status).toBe(404)
  expect(await newest(account)).toMatchObject({ refused_by: 'server_ended', mcp_server_id: soon.id })
  vi.useRealTimers()
  await tool(`${url.slice(0, -4)}aaaa`, BATCH, {})
  expect(await log(account, '&log_type_filter[outcome]=refused')).toHaveLength(3)
})

// At b8f2a26, and on main until now, only a server that had expired and was not tidied away yet was known again.
describe('a URL that lets nobody in leaves a row for each minute that it is tried', () => {
  const tidied = async (account: string) => {
    await runDurableObjectAlarm(accountObject(env, account))
  }
  const later = (ms: number) => {
    vi.useFakeTimers({ toFake: ['Date'] })
    vi.setSystemTime(Date.now() + ms)
  }
  afterEach(() => {
    vi.useRealTimers()
  })
  const change = (account: string, id: string, method: string, path = '', body?: object) =>
    call(method, `/integrated-account/${account}/mcp/${id}${path}`, body ? { body } : {})
  const HOUR = 3_600_000

  test.each([
    ['rotated, after its time', 2 * HOUR, 'POST', '/rotate', { overlap_seconds: 3_600 }],
    // Siblings.
    ['rotated without time', 0, 'POST', '/rotate', {}],
    ['revoked', 0, 'DELETE', '', undefined],
    ['expired and erased since', 2 * HOUR, 'PATCH', '', { expires_at: 'in an hour' }],
  ])('%s', async (_, ms, method, path, body) => {
    const account = await connect('Ended')
    const { id, url } = await made(account)
    const soon = body && 'expires_at' in body && { expires_at: new Date(Date.now() + HOUR).toISOString() }
    const { status } = await change(account, id, method, path, body && { ...body, ...soon })
    expect(status).toBeLessThan(300)
    if (ms > 0) {
      // As long as it works, it leaves no refusal.
      expect((await tool(url, 'list_all_finexio_payments', {})).status).toBe(200)
      later(ms)
    }
    await tidied(account)
    for (let tries = 0; tries < 5; tries++) expect((await tool(url, `made_up_${tries}`, {})).status).toBe(404)
    const rows = await log(account, '&log_type_filter[outcome]=refused')
    expect(rows).toEqual([
      expect.objectContaining({ refused_by: 'server_ended', mcp_server_id: id, mcp_server_name: 'AP' }),
    ])
    expect(rows[0].sentence).toContain('the end of the MCP server or its URL')
  })

  test('a second rotation ends what the first left working; the server is called what it is called now', async () => {
    const account = await connect('Twice')
    const { id, url } = await made(account)
    const { body } = await change(account, id, 'POST', '/rotate', { overlap_seconds: 3_600 })
    await change(account, id, 'POST', '/rotate', { overlap_seconds: 3_600 })
    await change(account, id, 'PATCH', '', { name: 'Payables' })
    expect((await tool(url, 'list_all_finexio_payments', {})).status).toBe(404)
    expect((await tool(body.url, 'list_all_finexio_payments', {})).status).toBe(200)
    expect(await log(account, '&log_type_filter[outcome]=refused')).toMatchObject([
      { refused_by: 'server_ended', mcp_server_id: id, mcp_server_name: 'Payables' },
    ])
  })

  test('one that 0.2.0 had rotated before it knew ended tokens is known, and of 10,000 those that ended last', async () => {
    const account = await connect('Stored')
    const { id, url } = await made(account)
    await change(account, id, 'POST', '/rotate', { overlap_seconds: 3_600 })
    const object = accountObject(env, account)
    await runInDurableObject(object, (_, { storage }) => {
      storage.sql.exec('DROP TABLE ended_token')
      storage.sql.exec('DROP TABLE draft_subject')
      storage.sql.exec('DROP INDEX usage_by_hour')
      storage.sql.exec('DROP INDEX movement_named')
      storage.sql.exec('ALTER TABLE ledger DROP COLUMN change')
      for (const later of ['supplier_name', 'invoices', 'unsure'])
        storage.sql.exec(`ALTER TABLE movement DROP COLUMN ${later}`)
      storage.sql.exec('UPDATE schema_version SET version = ?', accountMigrations.indexOf(ENDED_TOKEN))
    })
    await evictDurableObject(object)
    later(2 * HOUR)
    await tool(url, 'list_all_finexio_payments', {})
    expect(await newest(account)).toMatchObject({ refused_by: 'server_ended', mcp_server_id: id })
    const kept = await runInDurableObject(object, (_, { storage: { sql } }) => {
      sql.exec(`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10005)
        INSERT INTO ended_token (digest, server_id, name) SELECT randomblob(32), 'x', 'x' FROM n`)
      keepEndedTokens(sql, 'id = ?', id)
      return sql.exec('SELECT count(*) AS count FROM ended_token').one().count
    })
    expect(kept).toBe(10_000)
  })
})

// Seen at 452f3913: a URL of a deleted account was used without a trace.
test('a URL of a deleted account leaves a row a minute in its trail, as long as there is one', async () => {
  const account = await connect('Gone')
  const before = await made(account)
  const { body } = await call('POST', `/integrated-account/${account}/mcp/${before.id}/rotate`, {
    body: { overlap_seconds: 3_600 },
  })
  const used = (at: string, name = 'list_all_finexio_payments') => tool(at, name, {})
  expect((await call('DELETE', `/integrated-account/${account}`)).status).toBeLessThan(300)
  const object = accountObject(env, account)
  await evictDurableObject(object)
  for (let tries = 0; tries < 3; tries++) {
    expect((await used(before.url, `made_up_${tries}`)).status).toBe(404)
    expect((await used(body.url)).status).toBe(404)
  }
  await used(`${body.url.slice(0, -4)}aaaa`)
  const rows = await log(account, '&log_type_filter[outcome]=refused')
  expect(rows).toEqual([
    expect.objectContaining({
      refused_by: 'account_gone',
      mcp_server_id: before.id,
      mcp_server_name: 'AP',
      sentence: expect.stringContaining('refused here by the end of the account'),
    }),
  ])
  expect((await call('GET', '/log?log_type=mcp&limit=100')).body.result).toContainEqual(rows[0])
  vi.useFakeTimers({ toFake: ['Date'] })
  // The first writes how often it was tried.
  for (let years = 0; years < 2; years++) {
    vi.setSystemTime(Date.now() + 500 * 86_400_000)
    await runDurableObjectAlarm(object)
  }
  await used(body.url)
  vi.useRealTimers()
  const left = await runInDurableObject(object, (_, { storage: { sql } }) => [
    sql.exec('SELECT count(*) AS count FROM audit').one().count,
    sql.exec('SELECT count(*) AS count FROM ended_token').one().count,
  ])
  expect(left).toEqual([0, 0])
})

test('rows of writes, drafts and payees carry the trace of who asked and of who decided, and the name that was read', async () => {
  const account = await connect('Traces')
  const robot = await call('POST', '/api-token', {
    body: { name: 'Robot', kind: 'system', grants: [`use:${account}`] },
  })
  const { url } = await made(account, { approval: 'always' }, { holder: robot.body.holder })
  const { body } = await call('POST', '/api-token', {
    body: { name: 'Ann', kind: 'person', grants: [`approve:${account}`] },
  })
  const { approval_id } = await pay(url)
  const decided = await call('POST', `/approval/${approval_id}/approve`, {
    key: body.token,
    body: {},
    headers: { traceparent: OTHER },
  })
  expect([decided.status, decided.text]).toEqual([200, decided.text])
  const rows = (await log(account)).filter(({ log_type }) => log_type === 'write' || log_type === 'payee')
  expect(rows.map(({ event, traceparent }) => [event, traceparent])).toEqual([
    ['instructed', OTHER],
    ['concluded', OTHER],
    ['claimed', OTHER],
    ['approved', OTHER],
    ['drafted', TRACE],
  ])
  expect(rows.find(({ event }) => event === 'instructed')).toMatchObject({
    supplier_id: 'sup_1',
    supplier_name: 'Acme Paper',
    sentence: 'Finexio accepted the instruction to pay $5.00 to supplier “Acme Paper”, in 1 invoice',
  })
})

test('a refused decision says by which rule', async () => {
  const account = await connect('Eyes')
  const { body } = await call('POST', '/api-token', {
    body: { name: 'Own', kind: 'person', grants: [`approve:${account}`] },
  })
  const { url } = await made(account, { approval: 'always' }, { holder: body.holder })
  const { approval_id } = await pay(url)
  const { status } = await call('POST', `/approval/${approval_id}/approve`, { key: body.token, body: {} })
  expect(status).toBe(403)
  const [row] = (await log(account)).filter(({ http_status_code }) => http_status_code === 403)
  expect(row).toMatchObject({ refused_by: 'four_eyes', log_type: 'management' })
})

// Seen on main until now: the row of a role that was lacking had no rule. Siblings: a role for all accounts, somebody else as holder, a key
// that reaches too far, a decision on settings, the dashboard, a sign-in that leads nowhere.
test('what a role refuses is said in the trail, whoever asked and wherever', async () => {
  const account = await connect('Roles')
  const key = async (name: string, grants: string[]) =>
    (await call('POST', '/api-token', { body: { name, kind: 'person', grants } })).body as {
      id: string
      holder: string
      token: string
    }
  const manages = await key('Manages', [`manage:${account}`])
  const uses = await key('Uses', [`use:${account}`])
  const administers = await key('Administers', [`admin:${account}`])
  const tried = async (who: { token: string }, method: string, path: string, body?: object) =>
    (await call(method, path, { key: who.token, ...(body && { body }) })).status
  const at = `/integrated-account/${account}`
  expect(await tried(manages, 'PATCH', at, { read_only: true })).toBe(403)
  expect(await tried(manages, 'POST', `${at}/mcp`, { name: 'X', holder: uses.holder })).toBe(403)
  expect(await tried(manages, 'PUT', '/writes', { stopped: true })).toBe(403)
  const far = await key('Far', ['manage'])
  expect(await tried(administers, 'DELETE', `/api-token/${far.id}`)).toBe(403)
  const audits = browser()
  await audits.signIn((await key('Audits', [`audit:${account}`])).token)
  await call('PUT', `${at}/writes`, { body: { stopped: true } })
  await audits.post(`/dashboard/accounts/${account}/writes`, { stopped: '0' })
  expect((await browser().send('POST', '/dashboard/sign-in', { form: { key: uses.token } })).status).toBe(403)
  const query = '/log?log_type=management&log_type_filter[refused_by]=needs_role&limit=100'
  const ofAccount = (await call('GET', `${query}&integrated_account_id=${account}`)).body.result
  const ofAll = (await call('GET', `${query}&integrated_account_id=deployment`)).body.result
  const told = (rows: { actor_name: string; action: string; refused_facts: { id?: string } | null }[]) =>
    rows.map((row) => [row.actor_name, row.action, row.refused_facts?.id])
  expect(told(ofAccount)).toEqual([
    ['Audits', 'PUT /integrated-account/:account/writes', 'admin'],
    ['Manages', 'POST /integrated-account/:account/mcp', 'admin'],
    ['Manages', 'PATCH /integrated-account/:account', 'admin'],
  ])
  expect(ofAccount[0].sentence).toContain('that was refused by the role that it takes: admin (403)')
  expect(told(ofAll)).toEqual([
    ['Uses', 'POST /dashboard/sign-in', undefined],
    ['Administers', 'DELETE /api-token/:token', 'admin'],
    ['Manages', 'PUT /writes', 'audit'],
  ])
})

test('a clock that was ahead for a while hides neither a row nor a change that is in force', async () => {
  const account = await connect('Ahead')
  vi.useFakeTimers({ toFake: ['Date'] })
  vi.setSystemTime(Date.now() + 40 * 86_400_000)
  await call('PATCH', `/integrated-account/${account}`, { body: { read_only: true } })
  vi.useRealTimers()
  expect((await log(account))[0]).toMatchObject({ sentence: expect.stringContaining('read only') })
  const { body } = await call('GET', `/integrated-account/${account}/history`)
  expect(body.account).toMatchObject({ read_only: true })
})
