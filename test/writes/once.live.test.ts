/** Through the real Worker: whatever an agent repeats, Finexio gets one request. */
import { expect, inject, test } from 'vitest'
import { inLanes } from '../../bench/lanes.ts'
import { manage } from '../../scripts/local/management.ts'
import { type Called, callOver } from '../support/call-over.ts'
import { times } from '../support/size.ts'
import { newTenant, type Tenant } from '../support/tenant.ts'

const stack = inject('stack')
const BATCH = 'finexio_invoices_bulk_create'
const PARALLEL = times(200, 1_000)
const today = new Date().toISOString().slice(0, 10)
const invoice = (number: string, cents = 12_345) => ({
  invoice_number: number,
  amount_cents: cents,
  invoice_date: today,
  originating_counterparty_id: 'buy_111',
  receiving_counterparty_id: 'sup_999',
})
const posts = async (tenant: Tenant) =>
  (await tenant.requests()).filter(({ method }) => method === 'POST').length

test(`${PARALLEL} parallel calls with one key make one POST and one set of ids`, async () => {
  const tenant = await newTenant(stack)
  const url = await tenant.serve({ methods: ['read', 'write'] })
  const args = { body: [invoice('ONCE-1')], idempotency_key: crypto.randomUUID() }
  const answers: Called[] = []
  await inLanes(PARALLEL, 50, async () => void answers.push(await callOver(url, BATCH, args)))
  expect(await posts(tenant)).toBe(1)
  const ids = new Set(answers.filter(({ isError }) => !isError).map(({ data }) => data.result[0].id))
  expect(ids.size).toBe(1)
  const refused = answers.filter(({ isError }) => isError)
  expect(refused.every(({ text }) => /is under way/.test(text))).toBe(true)
  const replay = await callOver(url, BATCH, args)
  expect(replay.data).toMatchObject({ replayed: true, idempotency_key: args.idempotency_key })
})

test('one key through the old URL, the rotated URL and a sibling server makes one POST', async () => {
  const tenant = await newTenant(stack)
  const config = { methods: ['write'] }
  const [first, sibling] = [await tenant.create(config), await tenant.create(config)]
  const path = `/integrated-account/${tenant.accountId}/mcp/${first.id}/rotate`
  const rotated = await manage<{ url: string }>(stack, 'POST', path, { overlap_seconds: 600 })
  const args = { body: [invoice('ROTATED-1')], idempotency_key: crypto.randomUUID() }
  const answers = []
  for (const url of [first.url, rotated.url, sibling.url]) answers.push(await callOver(url, BATCH, args))
  expect(answers.map(({ data }) => data.replayed)).toEqual([undefined, true, true])
  expect(await posts(tenant)).toBe(1)
})

test('a keyless repeat under a new request id makes one POST and is answered what the first one did', async () => {
  const tenant = await newTenant(stack)
  const url = await tenant.serve({ methods: ['write'] })
  const first = await callOver(url, BATCH, { body: [invoice('KEYLESS-1')] })
  const again = await callOver(url, BATCH, { body: [invoice('KEYLESS-1')] })
  expect(again.isError).toBe(true)
  expect(again.text).toMatch(/possible_repeat/)
  expect(again.text).toContain(first.data.result[0].id)
  expect(again.text).toContain(first.data.idempotency_key)
  expect(await posts(tenant)).toBe(1)
})

test.each([
  ['no answer in time', { status: 504, applied: true }],
  ['a fault', { status: 500, applied: false }],
  ['an unreadable answer', { status: 200, body: '<html>', content_type: 'text/html', applied: true }],
])('after %s the outcome is unknown, and no repeat leaves', async (_, fault) => {
  const tenant = await newTenant(stack)
  const url = await tenant.serve({ methods: ['write'] })
  const args = { body: [invoice('LOST-1')], idempotency_key: crypto.randomUUID() }
  await tenant.sandbox.addFault({ ...fault, path: '/invoices/batch/' })
  const lost = await callOver(url, BATCH, args)
  expect(lost.text).toMatch(/OUTCOME UNKNOWN/)
  expect(lost.text).toContain(args.idempotency_key)
  expect((await callOver(url, BATCH, args)).text).toMatch(/OUTCOME UNKNOWN.*never answered/)
  expect((await callOver(url, BATCH, { body: args.body })).text).toMatch(/possible_repeat/)
  expect(await posts(tenant)).toBe(1)
})

test('a throttled write was not executed: the same key may try again', async () => {
  const tenant = await newTenant(stack)
  const url = await tenant.serve({ methods: ['write'] })
  const args = { body: [invoice('THROTTLED-1')], idempotency_key: crypto.randomUUID() }
  const headers = { 'retry-after': '17' }
  await tenant.sandbox.addFault({ status: 429, headers, path: '/invoices/batch/' })
  expect((await callOver(url, BATCH, args)).isError).toBe(true)
  expect((await callOver(url, BATCH, args)).data).toMatchObject({ outcome: 'succeeded' })
})

test('a dry run says what would be sent and sends nothing', async () => {
  const tenant = await newTenant(stack)
  const url = await tenant.serve({ methods: ['write'] })
  await tenant.sandbox.forgetRequests()
  const body = [invoice('DRY-1', 100), invoice('DRY-2', 250)]
  const { data } = await callOver(url, BATCH, { body, dry_run: true })
  expect(data).toMatchObject({
    outcome: 'dry_run',
    would_send: { request: 'POST /invoices/batch/', body: [{ invoice_number: 'DRY-1' }, {}] },
    total_cents: 350,
    count: 2,
    warnings: [],
  })
  expect(await posts(tenant)).toBe(0)
  expect((await callOver(url, BATCH, { body })).data.outcome).toBe('succeeded')
  expect((await callOver(url, BATCH, { body, dry_run: true })).data.warnings[0]).toMatch(/possible_repeat/)
})

test('the kill switch of an account and of the deployment stop writes at once; reads go on', async () => {
  const tenant = await newTenant(stack)
  const url = await tenant.serve({ methods: ['read', 'write'] })
  const path = `/integrated-account/${tenant.accountId}/writes`
  const stop = (at: string, stopped: boolean) => manage<{ stopped: boolean }>(stack, 'PUT', at, { stopped })
  const write = () => callOver(url, BATCH, { body: [invoice(crypto.randomUUID().slice(0, 20))] })
  expect(await stop(path, true)).toMatchObject({ stopped: true })
  await tenant.sandbox.forgetRequests()
  expect((await write()).text).toMatch(/kill switch/)
  expect(await tenant.requestCount()).toBe(0)
  expect((await callOver(url, 'list_all_finexio_webhooks')).isError).toBe(false)
  expect(await stop(path, false)).toMatchObject({ stopped: false })
  expect((await write()).data.outcome).toBe('succeeded')
})
