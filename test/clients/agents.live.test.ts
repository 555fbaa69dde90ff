import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { manage } from '../../scripts/local/management.ts'
import { type LocalWorker, startWorker } from '../../scripts/local/worker.ts'
import { signInAt } from '../oauth/sign-in.ts'
import { newTenant } from '../support/tenant.ts'
import type { Result } from './sdk-clients.ts'

let host: LocalWorker

beforeAll(async () => {
  host = await startWorker({ config: join(import.meta.dirname, 'agents-host/wrangler.toml'), bindings: {} })
})
afterAll(() => host.stop())

type Ran = { authUrl?: string; tools: string[]; result: Result }

/** @param name of the agent: each has a memory of its own */
const run = async (url: string, name = randomUUID()): Promise<Ran> => {
  const errand = { url, tool: 'list_all_finexio_payments', args: { limit: 2 } }
  const response = await fetch(`${host.url}/agents/host/${name}`, {
    method: 'POST',
    body: JSON.stringify(errand),
  })
  expect(response.status, await response.clone().text()).toBe(200)
  return response.json() as Promise<Ran>
}

test('an agent of the Agents SDK connects by URL, lists tools and calls one', async () => {
  const tenant = await newTenant(inject('stack'))
  const { tools, result } = await run(await tenant.serve({ methods: ['read'] }))
  expect(tools).toContain('list_all_finexio_payments')
  expect(result.structuredContent).toMatchObject({ result_count: 2 })
})

test('the agent reads the numbers of a rate limit, after one request', async () => {
  const tenant = await newTenant(inject('stack'))
  const url = await tenant.serve({ methods: ['read'] })
  await tenant.throttleNext()
  const before = await tenant.requestCount()
  const { result } = await run(url)
  expect(result.isError).toBe(true)
  expect(result._meta?.['dev.finexio-mcp/rate-limit']).toMatchObject({ status: 429, retry_after: 17 })
  expect(await tenant.requestCount()).toBe(before + 1)
})

test('an agent signs in by its own callback, works, and is out when its sign-in ends', async () => {
  const stack = inject('stack')
  const tenant = await newTenant(stack)
  const created = await tenant.create({ methods: ['read'], require_api_token_auth: true })
  const { id, resource_url: url } = created as unknown as { id: string; resource_url: string }
  const newToken = { name: 'Ann', kind: 'person', grants: [`use:${tenant.accountId}`] }
  const { token } = await manage<{ token: string }>(stack, 'POST', '/api-token', newToken)
  const name = randomUUID()
  const { authUrl } = await run(url, name)
  const back = await signInAt(fetch, stack.baseUrl).agree(new URL(authUrl!), { api_token: token })
  expect((await fetch(back, { redirect: 'manual' })).status).toBe(302)
  const { tools, result } = await run(url, name)
  expect(tools).toContain('list_all_finexio_payments')
  expect(result.structuredContent).toMatchObject({ result_count: 2 })

  const grants = `/integrated-account/${tenant.accountId}/mcp/${id}/grant`
  const listed = await manage<{ result: { id: string }[] }>(stack, 'GET', grants)
  expect(listed.result.length).toBe(1)
  await manage(stack, 'DELETE', `${grants}/${listed.result[0]!.id}`)
  await expect(run(url, name)).rejects.toThrow('Unauthorized')
})
