import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { manage } from '../../scripts/local/management.ts'
import { type LocalWorker, startWorker } from '../../scripts/local/worker.ts'
import { signInAt } from '../oauth/sign-in.ts'
import { newTenant } from '../support/tenant.ts'
import type { Result } from './sdk-clients.ts'
import { answerOf, tries } from './tries.ts'

let host: LocalWorker

beforeAll(async () => {
  host = await startWorker({ config: join(import.meta.dirname, 'agents-host/wrangler.toml'), bindings: {} })
})
afterAll(() => host.stop())

type Ran = { authUrl?: string; tools: string[]; result: Result }

const FIRST_TWO = { tool: 'list_all_finexio_payments', args: { limit: 2 } }

/** @param name of the agent: each has a memory of its own */
const run = async (url: string, errand: object = FIRST_TWO, name: string = randomUUID()): Promise<Ran> => {
  const response = await fetch(`${host.url}/agents/host/${name}`, {
    method: 'POST',
    body: JSON.stringify({ url, ...errand }),
  })
  if (!response.ok) throw new Error(await response.text())
  return response.json() as Promise<Ran>
}

/** Each call of the host lists the tools as well. */
tries('Cloudflare Agents SDK', async (url) => ({
  toolNames: async () => (await run(url)).tools,
  call: async (tool, args) => answerOf((await run(url, { tool, args })).result),
  close: async () => undefined,
}))

test('an agent signs in by its own callback, works, and is out when its sign-in ends', async () => {
  const stack = inject('stack')
  const tenant = await newTenant(stack)
  const created = await tenant.create({ methods: ['read'], require_api_token_auth: true })
  const { id, resource_url: url } = created as unknown as { id: string; resource_url: string }
  const newToken = { name: 'Ann', kind: 'person', grants: [`use:${tenant.accountId}`] }
  const { token } = await manage<{ token: string }>(stack, 'POST', '/api-token', newToken)
  const name = randomUUID()
  const { authUrl } = await run(url, FIRST_TWO, name)
  const back = await signInAt(fetch, stack.baseUrl).agree(new URL(authUrl!), { api_token: token })
  expect((await fetch(back, { redirect: 'manual' })).status).toBe(302)
  const { tools, result } = await run(url, FIRST_TWO, name)
  expect(tools).toContain('list_all_finexio_payments')
  expect(result.structuredContent).toMatchObject({ result_count: 2 })

  const grants = `/integrated-account/${tenant.accountId}/mcp/${id}/grant`
  const listed = await manage<{ result: { id: string }[] }>(stack, 'GET', grants)
  expect(listed.result.length).toBe(1)
  await manage(stack, 'DELETE', `${grants}/${listed.result[0]!.id}`)
  await expect(run(url, FIRST_TWO, name)).rejects.toThrow('Unauthorized')
})
