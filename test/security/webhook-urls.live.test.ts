/** Over HTTP: hostile addresses never reach Finexio, valid ones arrive as they were parsed. */
import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest'
import { inLanes } from '../../bench/lanes.ts'
import type { Stack } from '../../scripts/local/stack.ts'
import { callOver } from '../support/call-over.ts'
import { startBuilt } from '../support/stack.ts'
import { newTenant, type Tenant } from '../support/tenant.ts'
import { HOSTILE, OWN_HOST, VALID } from '../writes/webhook-urls.ts'

const { sandboxUrl, finexioBaseUrl } = inject('stack')
const CREDENTIALS = { username: 'u', password: 'made-up' }
const EVENT = 'payment.changed'

/** Here the switch for local development is on, which lets these two through; `test/writes/webhook-url.test.ts` has it off. */
const REFUSED = HOSTILE.filter((text) => !/^http:\/\/(localhost|127\.0\.0\.1)[:/]/.test(text))

const TOOLS = [
  ['create_a_finexio_webhook', {}],
  ['update_a_finexio_webhook_by_id', { id: 'hook_1' }],
  ['finexio_webhooks_partial_update', { id: 'hook_1' }],
] as const

let stack: Stack
let tenant: Tenant
beforeAll(async () => {
  stack = await startBuilt({ finexioBaseUrl, bindings: { PUBLIC_URL: `https://${OWN_HOST}` } })
  tenant = await newTenant({ ...stack, sandboxUrl })
})
afterAll(() => stack.stop())
beforeEach(() => tenant.sandbox.forgetRequests())

const serve = async (config: Record<string, unknown> = {}) =>
  `${stack.baseUrl}${new URL(await tenant.serve({ methods: ['write'], ...config })).pathname}`

test('hostile spellings are refused by every tool that takes one, with no request to Finexio', async () => {
  expect(new Set(REFUSED).size).toBeGreaterThanOrEqual(120)
  const server = await serve()
  const accepted: string[] = []
  for (const [name, args] of TOOLS)
    await inLanes(REFUSED.length, 8, async (index) => {
      const url = REFUSED[index]!
      const { isError, text } = await callOver(server, name, { ...args, event: EVENT, url, ...CREDENTIALS })
      if (!isError || !/\burl\b/.test(text)) accepted.push(`${name} ${JSON.stringify(url)}: ${text}`)
    })
  expect(accepted).toEqual([])
  expect(await tenant.requestCount()).toBe(0)
})

test('valid ones are sent as they were parsed', async () => {
  expect(new Set(VALID).size).toBeGreaterThanOrEqual(30)
  const server = await serve()
  // Spellings of one address are one write: a key says that each is meant.
  for (const url of VALID)
    await callOver(server, TOOLS[0][0], {
      idempotency_key: crypto.randomUUID(),
      event: EVENT,
      url,
      ...CREDENTIALS,
    })
  const sent = (await tenant.requests()).map(({ body }) => (body as { url: string }).url)
  expect(sent).toEqual(VALID.map((url) => new URL(url).href))
})

test('with a list of hosts a server points nowhere else, and the refusal names them', async () => {
  const server = await serve({ webhook_hosts: ['hooks.acme.com'] })
  const args = { event: EVENT, ...CREDENTIALS }
  const refused = await callOver(server, TOOLS[0][0], { ...args, url: 'https://hooks.acme.com.evil.io/' })
  expect([refused.isError, refused.text]).toEqual([true, expect.stringMatching(/allows: hooks\.acme\.com/)])
  expect(await tenant.requestCount()).toBe(0)
  const url = 'https://hooks.acme.com/f'
  expect((await callOver(server, TOOLS[0][0], { ...args, url })).data.outcome).toBe('succeeded')
})
