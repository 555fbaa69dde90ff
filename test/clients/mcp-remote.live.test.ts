import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { afterEach, beforeEach, expect, inject, test } from 'vitest'
import { newTenant } from '../support/tenant.ts'
import type { Result } from './sdk-clients.ts'

const bin = (name: string) => join(import.meta.dirname, '../../node_modules/.bin', name)

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'finexio-mcp-remote-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** What a client that speaks stdio only does with the config of the README. */
const connect = async (url: string, ...flags: string[]) => {
  const transport = new StdioClientTransport({
    command: bin('node'),
    args: [bin('mcp-remote'), url, '--allow-http', ...flags],
    env: { PATH: process.env.PATH ?? '', HOME: folder, MCP_REMOTE_CONFIG_DIR: folder },
    stderr: 'ignore',
  })
  const client = new Client({ name: 'finexio-mcp-tests', version: '1.0.0' })
  await client.connect(transport)
  return client
}

test.each([[[]], [['--protocol', 'auto']]])(
  'mcp-remote %j lists tools, calls one, and passes a rate limit on',
  async (flags) => {
    const tenant = await newTenant(inject('stack'))
    const client = await connect(await tenant.serve({ methods: ['read'] }), ...flags)
    const { tools } = await client.listTools()
    expect(tools.map(({ name }) => name)).toContain('list_all_finexio_payments')
    const call = () => client.callTool({ name: 'list_all_finexio_payments', arguments: { limit: 2 } })
    expect((await call()).structuredContent).toMatchObject({ result_count: 2 })
    await tenant.throttleNext()
    const before = await tenant.requestCount()
    const limited = (await call()) as Result
    expect(limited.isError).toBe(true)
    expect(limited.content[0]?.text).toMatch(/17 s/)
    expect(await tenant.requestCount()).toBe(before + 1)
    await client.close()
  },
)
