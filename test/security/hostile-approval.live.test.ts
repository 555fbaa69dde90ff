/**
 * The same agent where a person holds the key: what it does between draft and approval, who it lets decide, and what an operator
 * changes meanwhile. Every scenario ends in the cents that Finexio was told to pay.
 */
import { beforeAll, expect, inject, test } from 'vitest'
import { callOver } from '../support/call-over.ts'
import { newTenant } from '../support/tenant.ts'
import { approver, BATCH, type Draft, invoice, keyed, pay, tenantWith, writesOf } from '../writes/live.ts'
import { centsSent, operator, repoint, rowsSent } from './hostile.ts'

const stack = inject('stack')
const ALWAYS = { approval: 'always' }
let person: Awaited<ReturnType<typeof approver>>
beforeAll(async () => {
  person = await approver(stack)
})

const drafted = async (config: Record<string, unknown> = ALWAYS, rows = [invoice('HELD-1', 900)]) => {
  const made = await tenantWith(stack, config)
  const { data } = await pay(made.url, rows)
  expect(data.outcome).toBe('pending_approval')
  return { ...made, id: data.approval_id as string, key: data.idempotency_key as string }
}

test('another supplier, amount or tool under the key of a draft is another write, before and after approval', async () => {
  const { tenant, url, id, key } = await drafted()
  const swaps = [
    [invoice('HELD-1', 900, 'sup_123')],
    [invoice('HELD-1', 901)],
    [invoice('HELD-1', 900), invoice('HELD-2')],
  ]
  const swap = async () => {
    for (const rows of swaps)
      expect((await pay(url, rows, { idempotency_key: key })).text).toMatch(/belongs to another write/)
    const other = { id: 'sup_123', payment_terms: 5, idempotency_key: key }
    expect((await callOver(url, 'finexio_suppliers_partial_update', other)).text).toMatch(/another write/)
  }
  await swap()
  expect(await person.approve(id)).toMatchObject({ state: 'executed' })
  await swap()
  expect((await rowsSent(tenant)).map((row) => row.receiving_counterparty_id)).toEqual(['sup_999'])
  expect(await centsSent(tenant)).toBe(900)
})

test('an approval is used once: not by a second decision, a replay, nor a new key', async () => {
  const { tenant, url, id, key } = await drafted()
  await person.approve(id)
  await expect(person.approve(id)).rejects.toThrow(/answered 409.*This second approval sent nothing more/)
  await expect((await approver(stack)).approve(id)).rejects.toThrow(/answered 409/)
  for (const idempotency_key of [key, crypto.randomUUID()])
    await pay(url, [invoice('HELD-1', 900)], { idempotency_key })
  expect((await pay(url, [invoice('HELD-1', 900)])).isError).toBe(true)
  expect(await centsSent(tenant)).toBe(900)
})

test('a bank account repointed after the draft ends it, and so does the supplier of a later, larger one', async () => {
  const rows = Array.from({ length: 14 }, (_, at) =>
    invoice(`MANY-${at}`, 10, at === 3 ? 'sup_123' : 'sup_999'),
  )
  const { tenant, url, id } = await drafted(ALWAYS, rows)
  const second = (await pay(url, [invoice('LATER-1', 5, 'sup_123')])).data.approval_id
  const open = await tenant.serve({ methods: ['write'], approval: 'none' })
  expect((await repoint(open, 'sup_123')).data.outcome).toBe('succeeded')
  for (const draft of [id, second])
    await expect(person.approve(draft)).rejects.toThrow(/answered 409.*sup_123: .*bank/)
  expect(await centsSent(tenant)).toBe(0)
})

test('the repointing itself waits for a person too, whatever the amounts', async () => {
  const { tenant, url } = await tenantWith(stack, { approval: { over_cents: 1_000_000 } })
  const changes = [
    { payment_method: 'Check', delivery_method: 'Mail', remit_address_1: '1 Mule St' },
    { remit_email: 'mule@evil.com' },
    { remit_address_1: '1 Mule St' },
    { bank_account_number: '99887766554' },
    { delivery_method: 'Mail' },
    { name: 'Mule Ltd' },
    { care_of: 'Mule' },
  ]
  for (const change of changes) {
    const { data, text } = await callOver(url, 'finexio_suppliers_partial_update', {
      id: 'sup_123',
      ...change,
    })
    expect(data?.outcome ?? text).toBe('pending_approval')
  }
  expect(await writesOf(tenant)).toEqual([])
})

test('withdrawn and drafted anew, over and over: only the one that somebody agreed to runs', async () => {
  const { tenant, url, id } = await drafted()
  const ids = [id]
  for (const round of [1, 2, 3]) {
    await callOver(url, 'cancel_finexio_draft', { approval_id: ids.at(-1) })
    const again = await pay(url, [invoice('HELD-1', 900 + round)], { idempotency_key: crypto.randomUUID() })
    ids.push(again.data.approval_id)
  }
  for (const old of ids.slice(0, -1)) await expect(person.approve(old)).rejects.toThrow(/was canceled at/)
  await person.approve(ids.at(-1)!)
  expect(await centsSent(tenant)).toBe(903)
})

test('no key of an agent decides: second factors, systems, other accounts, its own, made-up ids', async () => {
  const { tenant, url, id } = await drafted({ ...ALWAYS, require_api_token_auth: false })
  const foreign = await newTenant(stack)
  const grants = [['use'], [`use:${tenant.accountId}`], ['manage'], [`manage:${tenant.accountId}`], ['admin']]
  for (const own of grants) {
    const holder = await approver(stack, own, 'Agent')
    await expect(holder.approve(id)).rejects.toThrow(/answered (403|404)/)
    await expect(holder.reject(id)).rejects.toThrow(/answered (403|404)/)
  }
  await expect(approver(stack, ['use', 'approve'], 'Agent')).rejects.toThrow(/answered 400/)
  const elsewhere = await approver(stack, [`approve:${foreign.accountId}`], 'Eve')
  await expect(elsewhere.approve(id)).rejects.toThrow(/answered 404/)
  const mcpToken = new URL(url).pathname.split('/').at(-1)!
  await expect(keyed(stack, mcpToken).approve(id)).rejects.toThrow(/does not take this key/)
  const alien = await foreign.serve({ methods: ['write'], ...ALWAYS })
  for (const name of ['get_finexio_approval', 'cancel_finexio_draft'])
    expect((await callOver(alien, name, { approval_id: id })).isError).toBe(true)
  const guessed = `${id.slice(0, -3)}AAA`
  await expect(person.approve(guessed)).rejects.toThrow(/answered 404/)
  expect(await person.get<Draft>(`/approval/${id}`)).toMatchObject({ state: 'pending' })
  expect(await centsSent(tenant)).toBe(0)
})

const NARROWED: [string, object, RegExp][] = [
  ['a lower limit', { limits: { per_call: { cents: 899 } } }, /limit per_call/],
  ['reading only', { methods: ['read'] }, /does not show this tool/],
  ['other tags', { tags: ['webhooks'] }, /does not show this tool/],
  ['other tools', { tools: ['list_all_finexio_payments'] }, /does not show this tool/],
  ['a fixed supplier', { fixed: { '*': { receiving_counterparty_id: 'sup_123' } } }, /fixes other arguments/],
  ['a fixed member', { fixed: { [BATCH]: { '/body/note': 'checked' } } }, /fixes other arguments/],
  ['other suppliers', { allowed_suppliers: ['sup_123'] }, /not among the suppliers/],
  ['no buyer', { allowed_buyers: [] }, /not among the buyers/],
]

test.each(NARROWED)(
  'narrowed to %s after the draft was made, its server pays nothing',
  async (_, config, words) => {
    const { tenant, server, id } = await drafted({ ...ALWAYS, methods: ['write'] })
    await operator(stack, tenant).server(server.id, config)
    await expect(person.approve(id)).rejects.toThrow(words)
    expect(await person.get<Draft>(`/approval/${id}`)).toMatchObject({ state: 'pending' })
    expect(await centsSent(tenant)).toBe(0)
  },
)

test('what is narrowed and widened again before the approval runs as it was drafted', async () => {
  const { tenant, server, id } = await drafted({
    ...ALWAYS,
    methods: ['write'],
    fixed: { [BATCH]: { '/body/note': 'x' } },
  })
  await operator(stack, tenant).server(server.id, { methods: ['read'] })
  await expect(person.approve(id)).rejects.toThrow(/answered 409/)
  await operator(stack, tenant).server(server.id, { methods: ['write'] })
  expect(await person.approve(id)).toMatchObject({ state: 'executed', outcome: { state: 'succeeded' } })
  expect(await centsSent(tenant)).toBe(900)
})

test('a webhook draft with plain credentials, or to a host that was allowed, stops with its server', async () => {
  const hook = {
    event: 'payment.changed',
    url: 'https://hooks.acme.com/f',
    username: 'u',
    password: 'plain-one',
  }
  for (const [config, words] of [
    [{ webhook_secrets: 'vault_only' }, /unknown argument .*username/],
    [{ webhook_hosts: ['other.acme.com'] }, /must point at a host that this MCP server allows/],
  ] as const) {
    const { tenant, server, url } = await tenantWith(stack, ALWAYS)
    const { data } = await callOver(url, 'create_a_finexio_webhook', hook)
    await operator(stack, tenant).server(server.id, config)
    await expect(person.approve(data.approval_id)).rejects.toThrow(words)
    expect(await writesOf(tenant)).toEqual([])
  }
})

test('a read-only account, a pulled switch: an approval runs nothing', async () => {
  const { tenant, id } = await drafted()
  const { account, stop } = operator(stack, tenant)
  await account({ read_only: true })
  await expect(person.approve(id)).rejects.toThrow(/answered 409.*read-only/)
  await account({ read_only: false })
  await stop(true)
  await expect(person.approve(id)).rejects.toThrow(/answered 409.*kill switch/)
  await stop(false)
  expect(await centsSent(tenant)).toBe(0)
})

test('parallel drafts, each within a limit, do not pass it together when all are approved at once', async () => {
  const { tenant, url } = await tenantWith(stack, { ...ALWAYS, limits: { per_day: { cents: 1_000 } } })
  const ids: string[] = []
  for (const at of [1, 2, 3, 4]) ids.push((await pay(url, [invoice(`CROWD-${at}`, 400)])).data.approval_id)
  const decided = await Promise.allSettled(ids.map((id) => person.approve(id)))
  expect(decided.filter(({ status }) => status === 'fulfilled')).toHaveLength(2)
  expect(await centsSent(tenant)).toBe(800)
})
