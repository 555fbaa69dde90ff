/** The running product, opened as ChatGPT opens it: once more in each form, with the SDK reading what comes. */
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { expect, inject, test } from 'vitest'
import { newTenant } from '../support/tenant.ts'

const stack = inject('stack')

test.each(['auto', 'json', 'sse'])(
  'reply %s: list, call, a 429 of Finexio with its headers, a dead URL',
  async (reply) => {
    const tenant = await newTenant(stack)
    const url = await tenant.serve({ reply })
    const seen: Response[] = []
    const connect = async (to: string) => {
      const client = new Client({ name: 'openai-mcp', version: '1.0.0' })
      const transport = new StreamableHTTPClientTransport(new URL(to), {
        fetch: async (input, init) => {
          const headers = new Headers(init?.headers)
          headers.set('user-agent', 'openai-mcp/1.0.0')
          const response = await fetch(input, { ...init, headers })
          if (init?.method === 'POST') seen.push(response)
          return response
        },
      })
      await client.connect(transport as never)
      return client
    }
    for (const limit of [1, 2]) {
      const client = await connect(url)
      const { tools } = await client.listTools()
      expect(tools.map(({ name }) => name)).toContain('list_all_finexio_payments')
      const call = () => client.callTool({ name: 'list_all_finexio_payments', arguments: { limit } })
      expect((await call()).structuredContent).toMatchObject({ result_count: limit })
      await tenant.throttleNext()
      expect((await call()).isError).toBe(true)
      expect(seen.at(-1)?.headers.get('ratelimit-reset')).toBe('17')
      await client.close()
    }
    const types = new Set(
      seen.filter(({ status }) => status === 200).map(({ headers }) => headers.get('content-type')),
    )
    expect([...types]).toEqual([reply === 'json' ? 'application/json' : 'text/event-stream'])
    await expect(connect(`${url.slice(0, -6)}000000`)).rejects.toThrow(/404|No MCP server/)
  },
)
