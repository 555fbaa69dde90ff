/** Notifications as an operator's endpoint gets them: signed, once, and again only after a failure. */
import { createHmac, randomBytes } from 'node:crypto'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest'
import { type Stack, startStack } from '../../scripts/local/stack.ts'
import { callOver } from '../support/call-over.ts'
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
    arrived.push({ headers: request.headers, body: Buffer.concat(chunks).toString() })
    response.writeHead(204).end()
  })
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
  const { port } = receiver.address() as AddressInfo
  const bindings = {
    NOTIFY_URL: `http://127.0.0.1:${port}/hook`,
    NOTIFY_SECRET: `whsec_${key.toString('base64')}`,
    OWN_LIMIT: '3/60',
  }
  stack = await startStack({ finexioBaseUrl, bindings })
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
