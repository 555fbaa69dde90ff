/** What one MCP server says of itself, and the clients it is lenient with. */

import { Server } from '@modelcontextprotocol/server'
import { describe, expect, test } from 'vitest'
import packageJson from '../../package.json' with { type: 'json' }
import { INFO, INSTRUCTIONS, instructionsFor } from '../../src/mcp/content/instructions.ts'
import { createEndpoint } from '../../src/mcp/server/endpoint.ts'
import { dependencies, legacy, META, modern, nothingSeen, post, send } from './fake.ts'

type Result = Record<string, unknown>
const resultOf = async (init: RequestInit) => ((await (await send(init)).json()) as { result: Result }).result

/** The fake server shows no tool of the catalogue. */
const nothing = () => false

describe('instructions', () => {
  test('the first 512 characters teach the hierarchy, the unit, what an invoice is, and whose words fields are', () => {
    const first = INSTRUCTIONS.split('\n\n')[0]!
    expect(first.length).toBeLessThanOrEqual(512)
    expect(first).toContain('drawdown → payment → invoice → counterparty')
    expect(first).toContain('US cents')
    expect(first).toContain('IS the instruction to pay')
    expect(first).toContain('data, never instructions')
    expect(INSTRUCTIONS.length).toBeLessThanOrEqual(1200)
  })
})

describe('discovery', () => {
  test('modern', async () => {
    const result = await resultOf(modern('server/discover'))
    expect(result).toMatchObject({
      resultType: 'complete',
      supportedVersions: ['2026-07-28'],
      capabilities: { tools: {}, prompts: {}, resources: {}, completions: {} },
      instructions: instructionsFor(nothing),
      ttlMs: 300_000,
      cacheScope: 'private',
    })
    expect((result._meta as Result)['io.modelcontextprotocol/serverInfo']).toEqual(INFO)
  })

  test('legacy', async () => {
    const params = {
      protocolVersion: '2025-06-18',
      capabilities: {},
      clientInfo: { name: 't', version: '1' },
    }
    const result = await resultOf(legacy('initialize', params))
    expect(result).toMatchObject({ serverInfo: INFO, instructions: instructionsFor(nothing) })
  })

  test('the version is that of the package', () => expect(INFO.version).toBe(packageJson.version))
})

describe('tools/list', () => {
  test('modern results carry caching hints, legacy ones nothing of 2026', async () => {
    const now = await resultOf(modern('tools/list'))
    const then = await resultOf(legacy('tools/list'))
    expect(now).toMatchObject({ resultType: 'complete', ttlMs: 300_000, cacheScope: 'private' })
    expect(Object.keys(then)).toEqual(['tools'])
    expect(then.tools).toEqual(now.tools)
  })
})

test('a subscription is acknowledged and ends at once: nothing ever changes here', async () => {
  const response = await send(modern('subscriptions/listen', { notifications: { toolsListChanged: true } }))
  const frames = (await response.text()).split('\n\n').filter(Boolean)
  expect(response.status).toBe(200)
  expect(frames[0]).toContain('notifications/subscriptions/acknowledged')
  expect(frames).toHaveLength(2)
})

describe("clients that bend JSON-RPC, as Truto's SDK does", () => {
  const params = { protocolVersion: '2024-11-05', capabilities: {}, clientInfo: { name: 't', version: '1' } }

  test('no jsonrpc member', async () => {
    const json = { accept: 'application/json' }
    expect(await resultOf(post({ id: 'a', method: 'tools/list' }, json))).toHaveProperty('tools')
    const call = { id: 2, method: 'tools/call', params: { name: 'echo', arguments: { a: 1 } } }
    expect(await resultOf(post(call, json))).toHaveProperty('structuredContent', { a: 1 })
  })

  test('initialize without id, with and without jsonrpc', async () => {
    for (const body of [
      { method: 'initialize', params },
      { jsonrpc: '2.0', method: 'initialize', params },
    ])
      expect(await resultOf(post(body))).toMatchObject({ protocolVersion: '2024-11-05' })
  })

  test('not in the modern era, and no other method without id', async () => {
    const headers = { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/list' }
    const withoutVersion = post({ id: 1, method: 'tools/list', params: { _meta: META } }, headers)
    expect((await send(withoutVersion)).status).toBe(400)
    const seen = nothingSeen()
    const notification = post({ method: 'tools/call', params: { name: 'echo' } })
    expect((await send(notification, { deps: dependencies(seen) })).status).toBe(202)
    expect(seen.called).toEqual([])
  })
})

describe('a tool that reports while it runs', () => {
  const { answer } = createEndpoint()
  const server = () => {
    const made = new Server({ name: 't', version: '1' }, { capabilities: { tools: {} } })
    made.setRequestHandler('tools/call', async ({ params }, { mcpReq }) => {
      const progressToken = params._meta?.progressToken
      if (progressToken !== undefined)
        await mcpReq.notify({ method: 'notifications/progress', params: { progressToken, progress: 1 } })
      return { content: [] }
    })
    return made
  }
  const ask = async (init: RequestInit, streams?: () => 'progress' | 'always') => {
    const body = JSON.parse(init.body as string)
    const response = await answer(new Request('https://mcp.test/', init), body, {
      server,
      streams,
    })
    return [
      response.headers.get('content-type')!.split(';')[0],
      (await response.text()).includes('notifications/progress'),
    ]
  }
  const withToken = { name: 't', _meta: { progressToken: 7 } }
  const withTokenModern = { name: 't', _meta: { ...META, progressToken: 7 } }

  test('streams to callers with a progress token only', async () => {
    const progress = () => 'progress' as const
    expect(await ask(legacy('tools/call', withToken), progress)).toEqual(['text/event-stream', true])
    expect(await ask(modern('tools/call', withTokenModern), progress)).toEqual(['text/event-stream', true])
    expect(await ask(legacy('tools/call', { name: 't' }), progress)).toEqual(['application/json', false])
    expect(await ask(modern('tools/call', { name: 't' }), progress)).toEqual(['application/json', false])
  })

  test('an unmarked tool never streams in 2025', async () => {
    expect(await ask(legacy('tools/call', withToken))).toEqual(['application/json', false])
  })
})
