import { MultiServerMCPClient } from '@langchain/mcp-adapters'
import { expect, inject, test } from 'vitest'
import { newTenant } from '../support/tenant.ts'

const connect = (url: string) =>
  new MultiServerMCPClient({
    mcpServers: { finexio: { transport: 'http', url } },
    useStandardContentBlocks: true,
  })

test('LangChain loads the tools of a read-only server and calls one', async () => {
  const tenant = await newTenant(inject('stack'))
  const client = connect(await tenant.serve({ methods: ['read'] }))
  const tools = await client.getTools()
  expect(tools.map(({ name }) => name)).toContain('list_all_finexio_payments')
  const list = tools.find(({ name }) => name === 'list_all_finexio_payments')!
  const answer = await list.invoke({ limit: 2 })
  expect(JSON.stringify(answer)).toContain('tracking_id')
  await client.close()
})

test('LangChain is told of a rate limit as an error of the tool, after one request', async () => {
  const tenant = await newTenant(inject('stack'))
  const client = connect(await tenant.serve({ methods: ['read'] }))
  const tools = await client.getTools()
  const list = tools.find(({ name }) => name === 'list_all_finexio_payments')!
  await tenant.throttleNext()
  const before = await tenant.requestCount()
  await expect(list.invoke({ limit: 2 })).rejects.toThrow(/17 s/)
  expect(await tenant.requestCount()).toBe(before + 1)
  await client.close()
})
