/** Notifications as an operator's endpoint gets them: signed, once, and again only after a failure. */
import { createHmac, randomBytes } from 'node:crypto'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest'
import { manage } from '../../scripts/local/management.ts'
import type { Stack } from '../../scripts/local/stack.ts'
import { callOver } from '../support/call-over.ts'
import { startBuilt } from '../support/stack.ts'
import { newTenant } from '../support/tenant.ts'

const { sandboxUrl, finexioBaseUrl } = inject('stack')
const key = randomBytes(32)
const arrived: { headers: IncomingHttpHeaders; body: string }[] = []
let receiver: Server
let stack: Stack

beforeAll(async () => {
  receiver = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks).toString()
    // The daily heads come when the deployment starts, whatever is tested.
    if (JSON.parse(body).type !== 'audit.heads') arrived.push({ headers: request.headers, body })
    response.writeHead(204).end()
  })
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
  const { port } = receiver.address() as AddressInfo
  const bindings = {
    NOTIFY_URL: `http://127.0.0.1:${port}/hook`,
    NOTIFY_SECRET: `whsec_${key.toString('base64')}`,
    OWN_LIMIT: '3/60',
  }
  stack = await startBuilt({ finexioBaseUrl, bindings })
})
afterAll(async () => {
  await stack.stop()
  receiver.close()
})
beforeEach(() => {
  arrived.length = 0
})

const typesFor = (accountId: string) =>
  arrived.map(({ body }) => JSON.parse(body)).filter(({ data }) => data.integrated_account_id === accountId)

test('refused credentials are notified once, signed', async () => {
  const tenant = await newTenant({ ...stack, sandboxUrl })
  const url = await tenant.serve()
  await tenant.sandbox.addFault({ status: 403, json: { detail: 'Invalid username/password.' } })
  await callOver(url, 'list_all_finexio_webhooks')
  await expect.poll(() => arrived.length).toBe(1)
  const [{ headers, body }] = arrived as [(typeof arrived)[number]]
  const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`
  expect(headers['webhook-signature']).toBe(`v1,${createHmac('sha256', key).update(signed).digest('base64')}`)
  expect(JSON.parse(body)).toMatchObject({
    type: 'account.needs_reauth',
    data: { integrated_account_id: tenant.accountId, name: tenant.username },
  })
  await callOver(url, 'list_all_finexio_webhooks')
  expect(typesFor(tenant.accountId)).toHaveLength(1)
})

test('a burst beyond the own limit is notified once', async () => {
  const tenant = await newTenant({ ...stack, sandboxUrl })
  const url = await tenant.serve()
  await Promise.all(Array.from({ length: 12 }, () => callOver(url, 'list_all_finexio_webhooks')))
  await expect.poll(() => typesFor(tenant.accountId).length).toBe(1)
  expect(typesFor(tenant.accountId)[0]).toMatchObject({
    type: 'own_limit.reached',
    data: { limit: 3, window_seconds: 60 },
  })
})

/** Kind: a notification says enough to decide whether to open its link, and nothing of a bank account. Siblings: a payment, a new bank account. */
test('a write that waits is notified with its amount, payees by name, and warnings', async () => {
  const tenant = await newTenant({ ...stack, sandboxUrl })
  const { url, id } = await tenant.create({
    methods: ['read', 'write'],
    approval: 'always',
    first_payment: 'approve',
  })
  const casey = await manage<{ id: string }>(stack, 'POST', '/person', { name: 'Casey Clerk' })
  await manage(stack, 'PATCH', `/integrated-account/${tenant.accountId}/mcp/${id}`, { holder: casey.id })
  const [today] = new Date().toISOString().split('T')
  const body = [
    {
      ...{ invoice_number: 'N-1', amount_cents: 12_345, invoice_date: today },
      ...{ originating_counterparty_id: 'buy_111', receiving_counterparty_id: 'sup_999' },
    },
  ]
  const reason = 'Rent to 12345678901'
  const paid = await callOver(url, 'finexio_invoices_bulk_create', { body, reason })
  await expect.poll(() => typesFor(tenant.accountId).length).toBe(1)
  const [first] = typesFor(tenant.accountId)
  expect(first).toMatchObject({
    type: 'approval.pending',
    text: expect.stringMatching(/^Casey Clerk's agent “test” drafted \$123\.45 to “.+”; it waits/),
    data: {
      ...{
        account: tenant.username,
        approval_id: paid.data.approval_id,
        mcp_server_id: id,
        mcp_server_name: 'test',
      },
      // Seen on main until now: who stands behind the draft was in its row of the trail alone.
      ...{ person_id: casey.id, person_name: 'Casey Clerk', supplier_names: [expect.any(String)] },
      ...{ count: 1, total_cents: 12_345, total: '123.45', currency: 'USD' },
      payees: [{ id: 'sup_999', name: expect.stringMatching(/[a-z]/), total_cents: 12_345 }],
      warnings: expect.arrayContaining(['Every write of this server waits for a person.']),
      approval_url: `${stack.baseUrl}/dashboard/approval/${paid.data.approval_id}`,
    },
  })

  const bank = { payment_method: 'ACH', bank_account_number: '99887766554', bank_routing_number: '021000021' }
  await callOver(url, 'finexio_suppliers_partial_update', { id: 'sup_999', ...bank })
  await expect.poll(() => typesFor(tenant.accountId).length).toBe(2)
  expect(typesFor(tenant.accountId)[1].data).toMatchObject({
    target: { id: 'sup_999', name: first.data.payees[0].name },
    fields: expect.arrayContaining(['bank_account_number']),
    warnings: [expect.any(String), expect.stringMatching(/^It changes where money goes: /)],
  })
  const all = JSON.stringify(typesFor(tenant.accountId))
  for (const secret of ['99887766554', '6554', '021000021', '12345678901']) expect(all).not.toContain(secret)
})
