/** Faults of Finexio × one tool of each kind, over HTTP: one upstream request, the right words, nothing hung. */
import { describe, expect, inject, test } from 'vitest'
import type { Fault } from '../../sandbox/wire/faults.ts'
import { type Result, sdkClients } from '../clients/sdk-clients.ts'
import { newTenant } from '../support/tenant.ts'
import { ALL, THROTTLES, TOOLS } from './table.ts'

const pinned = sdkClients.at(-1)!

const run = async (
  tool: (typeof TOOLS)[number],
  fault: Partial<Fault>,
): Promise<{ result: Result; sent: number }> => {
  const tenant = await newTenant(inject('stack'))
  const client = await pinned.connect(await tenant.serve(ALL))
  await tenant.sandbox.addFault({ ...fault, path: tool.path, times: null })
  const before = await tenant.requestCount()
  const result = await client.call(tool.name, tool.args)
  await client.close()
  return { result, sent: (await tenant.requestCount()) - before }
}

const wordsOf = (result: Result) => {
  expect(result.isError).toBe(true)
  expect(result.structuredContent).toBeUndefined()
  return result.content.map(({ text }) => text).join('\n')
}

describe.each(TOOLS)('$name', (tool) => {
  test.each(THROTTLES)(
    'a throttle as $dialect is handed on with its numbers',
    async ({ headers, status, meta }) => {
      const { result, sent } = await run(tool, {
        status,
        headers,
        json: { detail: 'Request was throttled.' },
      })
      expect(sent).toBe(1)
      // At b8f2a26 a write that was answered 503 after it was applied "was not executed" (B12).
      const isRefused = tool.effect === 'read' || status === 429
      expect(wordsOf(result)).toMatch(
        isRefused ? /Wait 17 s .*not executed, and nothing was retried/ : /OUTCOME UNKNOWN.*Wait 17 s/,
      )
      expect(result._meta?.['dev.finexio-mcp/rate-limit']).toEqual({
        source: 'finexio',
        status,
        retry_after: 17,
        ...meta,
      })
    },
  )

  test.each([
    ['500', { status: 500, json: { detail: 'Internal fault' } }, /answered 500: Internal fault/],
    [
      'HTML instead of JSON',
      { status: 200, body: '<html><body>Welcome</body></html>', content_type: 'text/html' },
      /an HTML page/,
    ],
    ['an answer of 10 MB', { status: 200, body_bytes: 10_000_000 }, /larger than this server reads/],
  ])('%s', async (_, fault, words) => {
    const { result, sent } = await run(tool, fault)
    expect(sent).toBe(1)
    const text = wordsOf(result)
    expect(text).toMatch(words)
    expect(text).toMatch(tool.effect === 'read' ? /nothing was retried/ : /OUTCOME UNKNOWN.*not repeated/)
    expect(text).not.toContain('<html>')
  })
})
