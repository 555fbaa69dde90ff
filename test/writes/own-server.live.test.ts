/**
 * Drafts and keys belong to the MCP server that made them: any other answers as to one that nobody made. At b8f2a26 a server without
 * invoice tools answered for another server's draft and key (A17).
 */
import { expect, inject, test } from 'vitest'
import { manage } from '../../scripts/local/management.ts'
import { callOver } from '../support/call-over.ts'
import { BATCH, invoice, pay, tenantWith, writesOf } from './live.ts'

const stack = inject('stack')
const HOOK = { event: 'payment.changed', url: 'https://hooks.acme.com/x', username: 'u', password: 'p' }
const names = async (url: string): Promise<string[]> => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' }),
  })
  const { result } = (await response.json()) as { result: { tools: { name: string }[] } }
  return result.tools.map(({ name }) => name)
}

const MADE_UP = { approval_id: `apr_${'0'.repeat(44)}`, idempotency_key: 'nobody-made-this' }

const asks = (made: { approval_id: string; idempotency_key: string }) =>
  [
    ['get_finexio_approval', { approval_id: made.approval_id }],
    ['cancel_finexio_draft', { approval_id: made.approval_id }],
    ['resolve_finexio_write', { idempotency_key: made.idempotency_key }],
  ] as const

/** Every way to ask is answered as for a made-up id, and asks Finexio nothing. */
const expectUnknown = async (url: string, made: typeof MADE_UP, inside?: string) => {
  for (const [at, [name, args]] of asks(made).entries()) {
    const ask = (given: object) => {
      const executor = name === 'cancel_finexio_draft' ? 'call_write_tool' : 'call_read_tool'
      return inside
        ? callOver(url, executor, { tool_name: name, arguments: given })
        : callOver(url, name, given)
    }
    const [foreign, nobodys] = [await ask(args), await ask(asks(MADE_UP)[at]![1])]
    expect([name, foreign.isError, foreign.text]).toEqual([name, true, nobodys.text])
  }
}

/** A server with a draft and with a write whose outcome is unknown. */
const withBoth = async () => {
  const made = await tenantWith(stack, { approval: { over_cents: 50_000 } })
  const drafted = await pay(made.url, [invoice('OWN-1', 90_000)])
  await made.tenant.sandbox.addFault({ status: 504, path: '/invoices/batch/', applied: true })
  const idempotency_key = crypto.randomUUID()
  const lost = await pay(made.url, [invoice('OWN-2', 100)], { idempotency_key })
  expect([drafted.data.outcome, lost.text]).toEqual([
    'pending_approval',
    expect.stringMatching(/OUTCOME UNKNOWN/),
  ])
  return { ...made, made: { approval_id: drafted.data.approval_id as string, idempotency_key } }
}

test('another server of the account knows neither draft nor key: with the same tools, other ones, or in discovery mode', async () => {
  const { tenant, url, made } = await withBoth()
  await tenant.sandbox.forgetRequests()
  const all = { methods: ['read', 'write'], approval: 'always' }
  await expectUnknown(await tenant.serve(all), made)
  await expectUnknown(await tenant.serve({ ...all, tags: ['webhooks'] }), made)
  await expectUnknown(await tenant.serve({ ...all, tool_exposure: 'discovery' }), made, 'inside')
  expect(await tenant.requests()).toEqual([])
  expect((await callOver(url, 'get_finexio_approval', made)).isError).toBe(true)
  const own = await callOver(url, 'get_finexio_approval', { approval_id: made.approval_id })
  expect(own.data).toMatchObject({ state: 'pending' })
  const resolved = await callOver(url, 'resolve_finexio_write', { idempotency_key: made.idempotency_key })
  expect(resolved.data).toMatchObject({ outcome: 'succeeded', tool: BATCH })
})

test('a rotated server is the same one, and what waited for the old URL has ended; narrowed to other tools it does not show what they made', async () => {
  const { tenant, server, made } = await withBoth()
  const path = `/integrated-account/${tenant.accountId}/mcp/${server.id}`
  const { url } = await manage<{ url: string }>(stack, 'POST', `${path}/rotate`, {})
  const own = await callOver(url, 'get_finexio_approval', { approval_id: made.approval_id })
  expect(own.data).toMatchObject({ state: 'canceled' })
  await manage(stack, 'PATCH', path, { config: { tags: ['webhooks'] } })
  await expectUnknown(url, made)
  await manage(stack, 'PATCH', path, { config: { methods: ['read'], tags: null } })
  const [get, cancel] = asks(made).map(([name]) => name)
  expect(await names(url)).not.toEqual(expect.arrayContaining([get]))
  for (const name of [get, cancel]) expect(await names(url)).not.toContain(name)
})

test('where nothing writes, nothing waits for a person, whatever the account says', async () => {
  const { tenant } = await tenantWith(stack)
  await manage(stack, 'PATCH', `/integrated-account/${tenant.accountId}`, { approval: 'always' })
  const shown = await names(await tenant.serve({ methods: ['read'] }))
  expect(shown.filter((name) => /approval|draft/.test(name))).toEqual([])
  const hooks = await names(await tenant.serve({ methods: ['read', 'write'], tags: ['webhooks'] }))
  expect(hooks).toEqual(expect.arrayContaining(asks(MADE_UP).map(([name]) => name)))
})

test('an equal write through another server is held back, and is not sent to ask where nobody would answer', async () => {
  const { tenant, made } = await withBoth()
  const other = await tenant.serve({ methods: ['read', 'write'], approval: { over_cents: 50_000 } })
  const sent = (await writesOf(tenant)).length
  const repeated = await pay(other, [invoice('OWN-2', 100)])
  expect(repeated.text).toMatch(/possible_repeat.*left through another MCP server of this account/)
  const keyed = await pay(other, [invoice('OWN-2', 100)], { idempotency_key: made.idempotency_key })
  expect(keyed.text).toMatch(/OUTCOME UNKNOWN.*another MCP server of this account/)
  const waiting = await pay(other, [invoice('OWN-1', 90_000)])
  expect(waiting.data).toMatchObject({ outcome: 'pending_approval', approval_id: made.approval_id })
  expect(waiting.data.note).toMatch(/approval_url shows what became of it/)
  for (const { text } of [repeated, keyed, waiting]) expect(text).not.toMatch(/resolve_finexio|get_finexio/)
  expect(await writesOf(tenant)).toHaveLength(sent)
})

test('a server that only writes webhooks looks after its own', async () => {
  const { tenant } = await tenantWith(stack)
  const url = await tenant.serve({ methods: ['read', 'write'], tags: ['webhooks'], approval: 'always' })
  const { data } = await callOver(url, 'create_a_finexio_webhook', HOOK)
  const own = await callOver(url, 'cancel_finexio_draft', { approval_id: data.approval_id })
  expect(own.data).toMatchObject({ state: 'canceled' })
})
