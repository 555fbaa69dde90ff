import { join } from 'node:path'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { type LocalWorker, startWorker } from '../../scripts/local/worker.ts'
import { newTenant } from '../support/tenant.ts'
import type { Result } from './sdk-clients.ts'

let host: LocalWorker

beforeAll(async () => {
  host = await startWorker({ config: join(import.meta.dirname, 'agents-host/wrangler.toml'), bindings: {} })
})
afterAll(() => host.stop())

const run = async (url: string): Promise<{ tools: string[]; result: Result }> => {
  const errand = { url, tool: 'list_all_finexio_payments', args: { limit: 2 } }
  const response = await fetch(host.url, { method: 'POST', body: JSON.stringify(errand) })
  expect(response.status, await response.clone().text()).toBe(200)
  return response.json() as Promise<{ tools: string[]; result: Result }>
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
