/** The trail as a compliance person reads it: over REST, after real calls. */
import { expect, inject, test } from 'vitest'
import { manage } from '../../scripts/local/management.ts'
import { callOver } from '../support/call-over.ts'
import { newTenant, type Tenant } from '../support/tenant.ts'

const stack = inject('stack')

// biome-ignore lint/suspicious/noExplicitAny: answers are looked into by assertions
type Page = { result: any[]; next_cursor: string | null }
const log = (query: Record<string, string>) =>
  manage<Page>(stack, 'GET', `/log?${new URLSearchParams(query)}`)
const logOf = ({ accountId }: Tenant, more: Record<string, string> = {}) =>
  log({ 'log_type_filter[integrated_account_id]': accountId, ...more })
const rowsOf = async (tenant: Tenant, count: number, more: Record<string, string> = {}) => {
  await expect.poll(async () => (await logOf(tenant, more)).result.length, { timeout: 5_000 }).toBe(count)
  return (await logOf(tenant, more)).result
}

const CANARY = 'supplier-name-canary'

test('a call leaves who, what, when and with what result, and no value', async () => {
  const tenant = await newTenant(stack)
  const { id, url } = await tenant.create({ methods: ['read', 'write'] })
  const { token } = await manage<{ token: string }>(stack, 'POST', '/api-token', {
    name: 'Agent host',
    scopes: ['mcp'],
  })
  const answered = await callOver(url, 'list_all_finexio_counterparties', { name: CANARY, limit: 3 }, token)
  const [row] = await rowsOf(tenant, 1)
  expect(row).toMatchObject({
    log_type: 'mcp',
    integrated_account_id: tenant.accountId,
    integration: 'finexio',
    mcp_server_id: id,
    mcp_server_name: 'test',
    mcp_method: 'tools/call',
    tool_name: 'list_all_finexio_counterparties',
    resource: 'counterparties',
    method: 'list',
    effect: 'read',
    outcome: 'succeeded',
    http_method: 'GET',
    http_url: '/counterparties/',
    http_status_code: 200,
    http_status_category: '2xx',
    // Finexio's filter finds nobody of that name: the list is read for another spelling of it.
    upstream_requests: 2,
    request_id: answered.headers.get('x-request-id'),
    caller_name: 'Agent host',
    arguments_digest: expect.stringMatching(/^[0-9a-f]{64}$/),
    hash: expect.stringMatching(/^[0-9a-f]{64}$/),
  })
  expect(row.duration).toBeGreaterThanOrEqual(row.fetch_duration)
  expect(JSON.stringify(row)).not.toContain(CANARY)
})

test('refusals, unknown tools, failures and writes have different outcomes, and can be filtered by it', async () => {
  const tenant = await newTenant(stack)
  const url = await tenant.serve({ methods: ['list', 'delete'] })
  await callOver(url, 'list_all_finexio_webhooks', { limit: 'x' })
  await callOver(url, 'finexio_invoices_bulk_create', { body: [] })
  await tenant.sandbox.addFault({ status: 500 })
  await callOver(url, 'list_all_finexio_webhooks')
  await tenant.throttleNext()
  await callOver(url, 'list_all_finexio_webhooks')
  await callOver(url, 'delete_a_finexio_webhook_by_id', { id: 'nothing', reason: 'Contract 1234567 ended' })
  const rows = await rowsOf(tenant, 5)
  expect(rows.map(({ outcome }) => outcome).sort()).toEqual([
    'failed',
    'refused',
    'rejected',
    'throttled',
    'unknown_tool',
  ])
  const byStatus = await logOf(tenant, { 'log_type_filter[http_status_code]': '429' })
  expect(byStatus.result.map(({ outcome }) => outcome)).toEqual(['throttled'])
  const byOutcome = await logOf(tenant, { 'log_type_filter[outcome]': 'unknown_tool' })
  expect(byOutcome.result.map(({ tool_name }) => tool_name)).toEqual(['finexio_invoices_bulk_create'])
  const [removal] = (await logOf(tenant, { 'log_type_filter[effect]': 'write' })).result
  expect(removal).toMatchObject({ reason: 'Contract •••• ended', outcome: 'rejected', http_status_code: 404 })
  const ledger = await logOf(tenant, { log_type: 'write' })
  expect(ledger.result.map(({ event, outcome }) => [event, outcome])).toEqual([
    ['concluded', 'rejected'],
    ['claimed', undefined],
  ])
})

test('pages lead through every row once, newest first', async () => {
  const tenant = await newTenant(stack)
  const url = await tenant.serve()
  for (let count = 0; count < 7; count++) await callOver(url, 'list_all_finexio_webhooks')
  await rowsOf(tenant, 7)
  const seen: number[] = []
  let cursor: string | null = ''
  while (cursor !== null) {
    const page: Page = await logOf(tenant, { limit: '3', ...(cursor && { next_cursor: cursor }) })
    seen.push(...page.result.map(({ seq }) => seq))
    cursor = page.next_cursor
  }
  expect(seen).toEqual([...seen].sort((a, b) => b - a))
  expect(new Set(seen).size).toBe(7)
})

test('management leaves who did what to which, from what to what without a secret, and survives the account', async () => {
  const tenant = await newTenant(stack)
  const path = `/integrated-account/${tenant.accountId}`
  const server = await tenant.create()
  await manage(stack, 'PATCH', `${path}/mcp/${server.id}`, { name: CANARY })
  await expect(
    manage(stack, 'PATCH', `${path}/mcp/${server.id}`, { config: { methods: [] } }),
  ).rejects.toThrow('400')
  await manage(stack, 'DELETE', path)
  const { result } = await logOf(tenant, { log_type: 'management' })
  expect(result.map(({ action, http_status_code }) => [action, http_status_code])).toEqual([
    ['DELETE /integrated-account/:account', 200],
    ['PATCH /integrated-account/:account/mcp/:server', 400],
    ['PATCH /integrated-account/:account/mcp/:server', 200],
    ['POST /integrated-account/:account/mcp', 201],
    ['POST /integrated-account', 201],
  ])
  expect(result[2]).toMatchObject({ target_id: server.id, changed: ['name'], actor_kind: 'root' })
  // A name is what people know a server by: it stands in the rows, before and after.
  expect(result[2]!.changes).toEqual([{ key: 'name', before: 'test', after: CANARY }])
  expect(JSON.stringify(result)).not.toContain('password of')
  const gone = (row: { target_id?: string; action: string }) =>
    row.target_id === tenant.accountId && row.action === 'DELETE /integrated-account/:account'
  // Who looks without knowing the account finds its end in the deployment's own trail, once.
  const query = { integrated_account_id: 'deployment', log_type: 'management', limit: '100' }
  const deployment = await log(query)
  expect(deployment.result.filter(gone)).toEqual([
    expect.not.objectContaining({ integrated_account_id: expect.anything() }),
  ])
  const verified = await manage(stack, 'GET', `/log/verify?integrated_account_id=${tenant.accountId}`)
  expect(verified).toMatchObject({ valid: true, rows: 5, next: null })
})

test('exports hold every row, as CSV and as lines of JSON', async () => {
  const tenant = await newTenant(stack)
  const url = await tenant.serve()
  for (let count = 0; count < 3; count++) await callOver(url, 'list_all_finexio_webhooks')
  await rowsOf(tenant, 3)
  const get = async (format: string, kind: object = {}) => {
    const query = new URLSearchParams({ format, integrated_account_id: tenant.accountId, ...kind })
    const response = await fetch(`${stack.baseUrl}/log/export?${query}`, {
      headers: { authorization: `Bearer ${stack.adminApiKey}` },
    })
    return {
      type: response.headers.get('content-type'),
      lines: (await response.text()).trimEnd().split(/\r?\n/),
    }
  }
  const calls = { log_type: 'mcp' }
  const csv = await get('csv', calls)
  expect([csv.type, csv.lines.length]).toEqual(['text/csv; charset=utf-8', 4])
  const toolsIn = ({ lines }: { lines: string[] }) =>
    lines.flatMap((line) => JSON.parse(line).tool_name ?? [])
  expect(toolsIn(await get('jsonl', calls))).toEqual(Array(3).fill('list_all_finexio_webhooks'))
  // Nobody's copy of the trail lacks what people did: at b8f2a26 it held calls alone unless more was asked for.
  const whole = await get('jsonl')
  expect(toolsIn(whole)).toEqual(Array(3).fill('list_all_finexio_webhooks'))
  expect(whole.lines.map((line) => JSON.parse(line).log_type)).toEqual(
    expect.arrayContaining(['mcp', 'management']),
  )
})

test('a key for one account reads its trail alone', async () => {
  const [own, other] = [await newTenant(stack), await newTenant(stack)]
  const scopes = [`account:${own.accountId}`]
  const { token } = await manage<{ token: string }>(stack, 'POST', '/api-token', { name: 'x', scopes })
  const as = { baseUrl: stack.baseUrl, adminApiKey: token }
  const mine = await manage<Page>(as, 'GET', '/log?log_type=management')
  expect(new Set(mine.result.map((row) => row.integrated_account_id))).toEqual(new Set([own.accountId]))
  await expect(manage(as, 'GET', `/log?integrated_account_id=${other.accountId}`)).rejects.toThrow('404')
  expect(await manage(as, 'GET', '/log/verify')).toMatchObject({ chains: [{ chain: own.accountId }] })
  for (const path of [
    '/log/verify?integrated_account_id=deployment',
    '/log?integrated_account_id=deployment',
  ])
    await expect(manage(as, 'GET', path)).rejects.toThrow('403')
})
