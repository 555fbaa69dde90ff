/** What `/tools` previews is what a client lists, for random configurations, and what it hides does not run. */
import fc from 'fast-check'
import { expect, inject, test } from 'vitest'
import { manage } from '../../scripts/local/management.ts'
import { catalogue } from '../../src/tools/catalogue.ts'
import { legacy } from '../mcp/fake.ts'
import { callOver } from '../support/call-over.ts'
import { times } from '../support/size.ts'
import { newTenant } from '../support/tenant.ts'

const stack = inject('stack')
const CONFIGS = times(15, 40)

const methods = ['read', 'write', 'custom', ...new Set(catalogue.map(({ method }) => method))]
const tags = [...new Set(catalogue.flatMap((tool) => tool.tags))]
const configs = fc.record(
  {
    methods: fc.subarray(methods, { minLength: 1 }),
    tags: fc.subarray(tags, { minLength: 1 }),
    tools: fc.subarray(
      catalogue.map(({ name }) => name),
      { minLength: 1 },
    ),
  },
  { requiredKeys: [] },
)

// biome-ignore lint/suspicious/noExplicitAny: answers are looked into by assertions
type Shape = any

type Shown = { result: { name: string; effect: string; required: string[] }[] }

test(`previews equal what a client lists for ${CONFIGS} configurations`, async () => {
  const tenant = await newTenant(stack)
  const path = `/integrated-account/${tenant.accountId}/tools`
  let checked = 0
  for (const config of fc.sample(configs, { numRuns: CONFIGS, seed: 20261123 })) {
    const query = new URLSearchParams(Object.entries(config).map(([key, words]) => [key, words.join(',')]))
    const { result } = await manage<Shown>(stack, 'GET', `${path}?${query}`)
    const previewed = result.map(({ name }) => name)
    const server = await tenant.create(config).catch(() => null)
    expect(server === null, JSON.stringify(config)).toBe(previewed.length === 0)
    checked++
    if (!server) continue
    const response = await fetch(server.url, legacy('tools/list'))
    const listed = ((await response.json()) as { result: { tools: { name: string }[] } }).result.tools
    expect(listed.map(({ name }) => name)).toEqual(previewed)
    const own = await manage<Shown>(stack, 'GET', `${path}?mcp_id=${server.id}`)
    expect(own.result.map(({ name }) => name)).toEqual(previewed)
    const hidden = catalogue.find(({ name }) => !previewed.includes(name))
    if (hidden) expect((await callOver(server.url, hidden.name)).text).toBe(`Unknown tool: ${hidden.name}`)
  }
  expect(checked).toBe(CONFIGS)
})

test('a preview of a word that nothing knows is refused with the right one; of a filter that never meets it is empty', async () => {
  const { accountId } = await newTenant(stack)
  const ask = (query: string) =>
    manage<Shape>(stack, 'GET', `/integrated-account/${accountId}/tools?${query}`)
  await expect(ask('methods=readonly')).rejects.toThrow(/400: methods: "readonly" is no method: use "read"/)
  await expect(ask('tools=list_all_finexio_payment')).rejects.toThrow(/400.*list_all_finexio_payments/)
  expect((await ask('methods=bulk_create&tags=payments')).result).toEqual([])
})

test('a preview keeps query and body apart and names what is required', async () => {
  const { accountId } = await newTenant(stack)
  const { result } = await manage<{ result: Shape[] }>(
    stack,
    'GET',
    `/integrated-account/${accountId}/tools?methods=partial_update&tags=webhooks`,
  )
  expect(result).toEqual([
    expect.objectContaining({
      resource: 'webhooks',
      method: 'partial_update',
      name: 'finexio_webhooks_partial_update',
      effect: 'write',
      required: ['id'],
      query_schema: expect.objectContaining({
        properties: expect.objectContaining({ id: expect.anything() }),
      }),
      body_schema: expect.objectContaining({
        properties: expect.objectContaining({ url: expect.anything() }),
      }),
      response_schema: expect.anything(),
    }),
  ])
  expect(Object.keys(result[0].body_schema.properties)).not.toContain('id')
})

test('capabilities describe every method, and how ready they are', async () => {
  const { accountId } = await newTenant(stack)
  const ask = (query = '') =>
    manage<Shape>(stack, 'GET', `/integrated-account/${accountId}/capabilities${query}`)
  const whole = await ask()
  const methodsOf = (answer: Shape) =>
    (answer.proxy as { methods: unknown[] }[]).flatMap((resource) => resource.methods)
  expect(methodsOf(whole)).toHaveLength(catalogue.length)
  expect(whole.ai_readiness).toEqual({
    proxy_methods: catalogue.length,
    proxy_methods_with_descriptions: catalogue.length,
    ai_ready_score: 1,
  })
  expect(whole.account).toMatchObject({ id: accountId, status: 'active', is_blocked: false })
  expect(methodsOf(await ask('?resource=webhooks&methods=list'))).toHaveLength(1)
  expect(methodsOf(await ask('?type=unified'))).toHaveLength(0)
  await expect(ask('?type=all-of-it')).rejects.toThrow('400')
})

test('in discovery mode a read runs inside its executor, over HTTP', async () => {
  const tenant = await newTenant(stack)
  const url = await tenant.serve({ tool_exposure: 'discovery' })
  const args = { tool_name: 'list_all_finexio_suppliers', arguments: { limit: 2 } }
  const { data } = await callOver(url, 'call_read_tool', args)
  expect(data.result).toHaveLength(2)
})
