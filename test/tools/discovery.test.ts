import { encode } from 'gpt-tokenizer/encoding/o200k_base'
import { expect, test } from 'vitest'
import type { ServerConfig } from '../../src/rules/server-settings.ts'
import { toolLayer } from '../../src/tools/call/call.ts'
import { catalogue } from '../../src/tools/catalogue.ts'
import type { CallContext } from '../../src/tools/contract.ts'
import { searchTools } from '../../src/tools/visible/search.ts'
import { discoveryList } from '../../src/tools/visible/worded.ts'
import { ONE_ROUND } from './fake-finexio.ts'

const EVERYTHING: ServerConfig = { methods: ['read', 'write'], tool_exposure: 'discovery' }

const ask = async (name: string, args: object, config = EVERYTHING) => {
  const context = { admission: { server: { id: 's', config }, account: {}, orders: {} } } as CallContext
  const outcome = await toolLayer.callTool(toolLayer.viewOf(config), name, args as never, context, ONE_ROUND)
  const [block] = outcome.result.content
  return {
    ...outcome,
    text: block?.type === 'text' ? block.text : '',
    data: outcome.result.structuredContent as never,
  }
}

test('the list of discovery mode costs at most 900 tokens', () => {
  const tokens = encode(JSON.stringify(discoveryList(catalogue))).length
  console.log(`discovery: ${discoveryList(catalogue).length} tools, ${tokens} tokens`)
  expect(tokens).toBeLessThanOrEqual(900)
})

const namesFor = (config: ServerConfig) =>
  toolLayer.viewOf({ ...config, tool_exposure: 'discovery' }).list.tools.map(({ name }) => name)

test('an executor is there only if the filter lets such a tool through', () => {
  expect(namesFor({})).toEqual(['search_tools', 'get_tool_schema', 'call_read_tool'])
  expect(namesFor({ methods: ['read', 'write'] })).toEqual([
    'search_tools',
    'get_tool_schema',
    'call_read_tool',
    'call_write_tool',
    'call_money_tool',
  ])
  expect(namesFor({ methods: ['delete'], tags: ['webhooks'] })).not.toContain('call_read_tool')
})

test('executors carry the hints of their effect', () => {
  const hints = Object.fromEntries(
    discoveryList(catalogue).map(({ name, annotations }) => [name, annotations]),
  )
  expect(hints.call_read_tool).toMatchObject({ readOnlyHint: true, destructiveHint: false })
  for (const name of ['call_write_tool', 'call_money_tool'])
    expect(hints[name]).toMatchObject({ readOnlyHint: false, destructiveHint: true })
})

test.each([
  ['vendor', /supplier/],
  ['find vendors by name', /suppliers/],
  ['batch funding', /drawdown/],
  ['upload bills', /invoices_bulk_create/],
  ['cheque scan', /payment_image/],
  ['who changed the bank account', /audit_finexio_counterparty|counterparty_history/],
  ['event listeners', /webhook/],
  ['payments', /list_all_finexio_payments/],
  ['tracking id', /payments|drawdowns/],
  ['remove a webhook', /delete_a_finexio_webhook/],
])('%s finds the tool people mean', (query, name) => {
  expect(searchTools(catalogue, query)[0]?.name).toMatch(name)
})

test('every tool is found by its own name first', () => {
  for (const { name } of catalogue) {
    const found = searchTools(catalogue, name).slice(0, 3)
    expect(found.map((tool) => tool.name)).toContain(name)
  }
})

test('an empty or hopeless query answers all names by resource, of visible tools only', async () => {
  for (const query of ['', 'zzzz qqqq']) {
    const { data } = await ask('search_tools', { query }, { tags: ['webhooks'], tool_exposure: 'discovery' })
    expect(data).toMatchObject({ result: [], tools_by_resource: { webhooks: expect.any(Array) } })
    expect(Object.keys((data as { tools_by_resource: object }).tools_by_resource)).toEqual(['webhooks'])
  }
})

test('schemas come for 1 to 5 names, with the nearest spelling for others', async () => {
  const { data } = await ask('get_tool_schema', {
    tool_names: ['list_all_finexio_payments', 'list_all_finexio_paymets'],
  })
  expect(data).toMatchObject({
    result: [
      { name: 'list_all_finexio_payments', call_with: 'call_read_tool', input_schema: { type: 'object' } },
    ],
    unknown: [expect.stringContaining('did you mean list_all_finexio_payments?')],
  })
  expect((await ask('get_tool_schema', { tool_names: [] })).result.isError).toBe(true)
  expect((await ask('get_tool_schema', { tool_names: Array(6).fill('x') })).result.isError).toBe(true)
})

test.each([
  ['list_all_finexio_payments', {}, /discovery mode.*search_tools.*call_read_tool/],
  ['call_read_tool', { tool_name: 'delete_a_finexio_webhook_by_id' }, /call it with call_write_tool/],
  ['call_write_tool', { tool_name: 'finexio_invoices_bulk_create' }, /call it with call_money_tool/],
  [
    'call_read_tool',
    { tool_name: 'list_all_finexio_paymets' },
    /Unknown tool.*did you mean list_all_finexio_payments/,
  ],
  ['call_read_tool', { tool_name: 'constructor' }, /Unknown tool/],
  ['call_read_tool', {}, /tool_name: required/],
  ['call_read_tool', { tool_name: 'x', args: {} }, /unknown argument "args"/],
])('%s with %j is refused with what to do instead, and nothing runs', async (name, args, words) => {
  const { result, text } = await ask(name, args)
  expect([result.isError, text]).toEqual([true, expect.stringMatching(words)])
})

test.each([
  ['search_tools', { query: 'payments' }],
  ['get_tool_schema', { tool_names: ['list_all_finexio_payments'] }],
])('what n8n adds (F4), sibling: to %s of discovery mode', async (name, args) => {
  const extras = { toolCallId: 'c', sessionId: 's', action: 'sendMessage', chatInput: 'pay' }
  expect((await ask(name, { ...args, ...extras })).data).toEqual((await ask(name, args)).data)
})

test('a hidden tool is unknown inside an executor too', async () => {
  const config: ServerConfig = { tags: ['webhooks'], tool_exposure: 'discovery' }
  const { text } = await ask('call_read_tool', { tool_name: 'list_all_finexio_payments' }, config)
  expect(text).toMatch(/Unknown tool: list_all_finexio_payments/)
})

test('for the trail it is the tool inside that was tried, shown or not', async () => {
  const config: ServerConfig = { tags: ['webhooks'], tool_exposure: 'discovery' }
  const tried = async (tool_name: string, settings = config) =>
    (await ask('call_read_tool', { tool_name }, settings)).ran
  expect(await tried('finexio_invoices_bulk_create')).toMatchObject({
    tool: 'finexio_invoices_bulk_create',
    outcome: 'unknown_tool',
    upstream: { requests: 0 },
  })
  expect(await tried('finexio_invoices_bulk_create', EVERYTHING)).toMatchObject({
    tool: 'finexio_invoices_bulk_create',
    resource: 'invoices',
    effect: 'money',
    outcome: 'refused',
  })
})
