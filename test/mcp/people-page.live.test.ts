/** What somebody sees who opens the product's addresses in a browser. */
import { beforeAll, expect, inject, test } from 'vitest'
import { newTenant } from '../support/tenant.ts'

const stack = inject('stack')
const { baseUrl } = stack
let mcpUrl: string

beforeAll(async () => {
  const { serve } = await newTenant(stack)
  mcpUrl = await serve()
})

const open = (url: string, accept = 'text/html,application/xhtml+xml,*/*;q=0.8') =>
  fetch(url, { headers: { accept }, redirect: 'manual' })

// At b8f2a26: a JSON 404 (G3).
test('the root leads to the dashboard', async () => {
  const answer = await open(baseUrl)
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/dashboard'])
})

// At b8f2a26: "takes JSON-RPC requests by POST only" (G3).
test('an MCP URL in a browser is a page for people, the same for every address, and tells nobody the address', async () => {
  const { pathname } = new URL(mcpUrl)
  const addresses = [pathname, `${pathname}/`, `${pathname}/sse`, '/mcp/fxmcp_gone', '/mcp/s/none', '/mcp']
  const pages = await Promise.all(
    addresses.map(async (path) => {
      const answer = await open(baseUrl + path)
      expect([
        answer.status,
        answer.headers.get('referrer-policy'),
        answer.headers.get('cache-control'),
      ]).toEqual([405, 'no-referrer', 'no-store'])
      return answer.text()
    }),
  )
  expect(new Set(pages).size).toBe(1)
  expect(pages[0]).toMatch(/<h1>An address for MCP clients<\/h1>[\s\S]*href="\/dashboard"/)
  expect(pages[0]).not.toContain(pathname.split('/')[2])
})

test.each(['application/json', 'text/event-stream', '*/*', 'text/event-stream, text/html'])(
  'a client that accepts %s gets what it got before',
  async (accept) => {
    const answer = await open(mcpUrl, accept)
    expect([answer.status, answer.headers.get('content-type')]).toEqual([405, 'application/json'])
  },
)
