/**
 * A server whose `dry_run` is fixed only rehearses, whichever way a write takes; the other arguments of our own act when they are
 * fixed. At b8f2a26 `dry_run` vanished from the schema, and the batch was paid (A9).
 */
import { expect, inject, test } from 'vitest'
import { manage } from '../../scripts/local/management.ts'
import { META, modern } from '../mcp/fake.ts'
import { callOver } from '../support/call-over.ts'
import { approver, BATCH, invoice, pay, tenantWith, writesOf } from './live.ts'

const stack = inject('stack')
const REHEARSES = { '*': { dry_run: true } }

const change = (tenant: { accountId: string }, server: { id: string }, config: object) =>
  manage(stack, 'PATCH', `/integrated-account/${tenant.accountId}/mcp/${server.id}`, { config })

test.each<[string, object]>([
  ['for all tools', REHEARSES],
  ['for this tool', { [BATCH]: { dry_run: true } }],
  // Siblings that A9 does not list: another spelling, and a narrower entry that says nothing of it.
  ['by its pointer', { '*': { '/dry_run': true } }],
  ['beside an entry of the tool', { ...REHEARSES, [BATCH]: { reason: 'month end' } }],
])('dry_run fixed %s: nothing is sent, and the answer says why', async (_, fixed) => {
  const { tenant, url } = await tenantWith(stack, { fixed })
  const { data, isError } = await pay(url, [invoice('REH-1', 999_900)])
  expect([isError, data.outcome, data.verdict]).toEqual([false, 'dry_run', 'would_be_sent'])
  expect(data.note).toMatch(/only rehearses/)
  for (const dry_run of [false, true]) {
    const given = await pay(url, [invoice('REH-1', 999_900)], { dry_run })
    expect([given.isError, given.text]).toEqual([true, expect.stringMatching(/unknown argument "dry_run"/)])
  }
  expect(await writesOf(tenant)).toEqual([])
})

test('in discovery mode, and for what is no invoice', async () => {
  const { tenant, url } = await tenantWith(stack, { fixed: REHEARSES, tool_exposure: 'discovery' })
  const inside = (executor: string, tool_name: string, args: object) =>
    callOver(url, executor, { tool_name, arguments: args })
  const paid = await inside('call_money_tool', BATCH, { body: [invoice('REH-2')] })
  const hook = { event: 'payment.changed', url: 'https://hooks.acme.com/x', username: 'u', password: 'p' }
  const hooked = await inside('call_write_tool', 'create_a_finexio_webhook', hook)
  const read = await inside('call_read_tool', 'list_all_finexio_payments', { limit: 1 })
  expect([paid.data.outcome, hooked.data.outcome, read.data.result_count]).toEqual(['dry_run', 'dry_run', 1])
  expect(await writesOf(tenant)).toEqual([])
})

test('a draft from before is not approved any more, stays, and can be once writes are let out again', async () => {
  const person = await approver(stack)
  const { tenant, server, url } = await tenantWith(stack, { approval: 'always' })
  const { data } = await pay(url, [invoice('REH-3')])
  expect(data.outcome).toBe('pending_approval')
  await change(tenant, server, { fixed: REHEARSES })
  await expect(person.approve(data.approval_id)).rejects.toThrow(/only rehearses now/)
  expect(await writesOf(tenant)).toEqual([])
  expect(await person.get(`/approval/${data.approval_id}`)).toMatchObject({ state: 'pending' })
  expect((await pay(url, [invoice('REH-4')])).data.outcome).toBe('dry_run')
  await change(tenant, server, { fixed: null })
  expect(await person.approve(data.approval_id)).toMatchObject({ state: 'executed' })
  expect(await writesOf(tenant)).toHaveLength(1)
})

test('the answer to a form from before confirms nothing', async () => {
  const config = { approval: { over_cents: 100 }, approval_door: 'confirm' }
  const { tenant, server, url } = await tenantWith(stack, config)
  const args = { body: [invoice('REH-5', 500)] }
  const _meta = { ...META, 'io.modelcontextprotocol/clientCapabilities': { elicitation: {} } }
  const say = async (more: object) => {
    const response = await fetch(url, modern('tools/call', { name: BATCH, arguments: args, _meta, ...more }))
    return ((await response.json()) as { result: Record<string, unknown> }).result
  }
  const { requestState } = await say({})
  expect(requestState).toBeTypeOf('string')
  await change(tenant, server, { fixed: REHEARSES })
  const confirmed = { confirm: { action: 'accept', content: { typed: '5.00' } } }
  const answered = await say({ requestState, inputResponses: confirmed })
  expect(answered.structuredContent).toMatchObject({ outcome: 'dry_run', verdict: 'would_be_sent' })
  expect(await writesOf(tenant)).toEqual([])
})

test('siblings: a fixed idempotency_key lets one write out, a fixed reason is in the trail', async () => {
  const fixed = { '*': { idempotency_key: 'only-this-one', reason: 'fixed by the operator' } }
  const { tenant, url } = await tenantWith(stack, { fixed })
  expect((await pay(url, [invoice('KEY-1')])).data).toMatchObject({
    outcome: 'succeeded',
    idempotency_key: 'only-this-one',
  })
  expect((await pay(url, [invoice('KEY-2')])).text).toMatch(/only-this-one belongs to another write/)
  expect((await pay(url, [invoice('KEY-1')])).data).toMatchObject({ replayed: true })
  expect(await writesOf(tenant)).toHaveLength(1)
  const { result } = await manage<{ result: Record<string, unknown>[] }>(
    stack,
    'GET',
    `/log?log_type=mcp&integrated_account_id=${tenant.accountId}`,
  )
  expect(result.map(({ reason }) => reason)).toEqual(Array(3).fill('fixed by the operator'))
})

test('what is fixed inside the rows of a batch wins over the batch that is sent, and limits judge what is sent', async () => {
  const fixed = { '*': { '/body/amount_cents': 700 } }
  const { tenant, url } = await tenantWith(stack, { fixed, limits: { per_day: { cents: 1_000 } } })
  const row = ({ amount_cents: _, ...rest }: ReturnType<typeof invoice>) => rest
  expect((await pay(url, [row(invoice('ROWS-1'))])).data).toMatchObject({ total_cents: 700 })
  expect((await pay(url, [row(invoice('ROWS-2'))])).text).toMatch(/limit per_day/)
  expect((await pay(url, [invoice('ROWS-3', 1)])).text).toMatch(/unknown argument "amount_cents"/)
  const [sent] = await writesOf(tenant)
  expect(sent?.body).toMatchObject([{ invoice_number: 'ROWS-1', amount_cents: 700 }])
})

test('an argument is refused with a sentence where the named tool has none, or where it is fixed twice', async () => {
  const refused = (fixed: object) => expect(tenantWith(stack, { fixed })).rejects
  await refused({ list_all_finexio_payments: { dry_run: true } }).toThrow(
    /400.*dry_run is not an argument of list_all_finexio_payments/,
  )
  await refused({ [BATCH]: { dry_run: 'yes' } }).toThrow(/400.*dry_run/)
  await refused({ [BATCH]: { dry_run: true, '/dry_run': false } }).toThrow(/400.*fix the same argument/)
  await refused({ '*': { supplier_id: 'a', receiving_counterparty_id: 'b' } }).toThrow(/400.*same argument/)
})
