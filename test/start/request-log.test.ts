import { expect, test, vi } from 'vitest'
import { isRequestLine, withRequestLog } from '../../scripts/local/request-log.ts'

const lineOf = async (path: string, init: RequestInit = {}, status = 200): Promise<string> => {
  const print = vi.spyOn(console, 'log').mockReturnValue(undefined)
  const handler = withRequestLog({
    fetch: async (request: Request) => new Response(await request.text(), { status }),
  })
  const response = await handler.fetch(new Request(`http://127.0.0.1:1${path}`, init), {}, {})
  expect(await response.text()).toBe(init.body ?? '')
  const lines = print.mock.calls.map(([line]) => line as string)
  print.mockRestore()
  return lines.join('\n')
}

const call = (body: unknown): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: typeof body === 'string' ? body : JSON.stringify(body),
})
const SECRET = 'fxmcp_0123456789abcdefghijklmnopqrstuvwxyz'

// At b8f2a26 npm start logged nothing (G4).
test('a tool call is a line with time, status, method and tool, without the token', async () => {
  const line = await lineOf(
    `/mcp/${SECRET}`,
    call({ method: 'tools/call', params: { name: 'list_all_finexio_payments' } }),
    429,
  )
  expect(isRequestLine(line)).toBe(true)
  expect(line).toMatch(
    /^\d\d:\d\d:\d\d {2}429 {2}POST \/mcp\/… tools\/call list_all_finexio_payments {2}\d+ ms$/,
  )
})

test.each([
  ['/mcp/TOKEN/sse', 'GET /mcp/…/sse'],
  ['/mcp/short', 'GET /mcp/…'],
  ['/mcp/s/0b0e7b1e-3a54-4b52-9d8c-111111111111', 'GET /mcp/s/0b0e7b1e-3a54-4b52-9d8c-111111111111'],
  ['/dashboard/sign-in?code=TOKEN', 'GET /dashboard/sign-in'],
  ['/dashboard/sign-in/TOKEN', 'GET /dashboard/sign-in/…'],
  ['/%1b%5b31mred', 'GET /…'],
  ['/', 'GET /'],
])('%s is logged as %s', async (path, shown) => {
  expect(await lineOf(path.replace('TOKEN', SECRET))).toContain(`  ${shown}  `)
})

test.each([
  ['no JSON', '{'],
  ['a method with a line break', { method: 'tools/call\nGET', params: { name: 'a\nb' } }],
  ['a list', [1]],
  ['nothing', 'null'],
  ['a long method', { method: 'x'.repeat(200) }],
])('a body that is %s adds nothing to the line and reaches the handler as it came', async (_, body) => {
  expect(await lineOf(`/mcp/${SECRET}`, call(body))).toMatch(/ POST \/mcp\/… {2}\d+ ms$/)
})

test.each([
  ['an MCP URL token as tool', { method: 'tools/call', params: { name: `fxmcp_${'aB3'.repeat(24)}` } }],
  ['an API token as tool', { method: 'tools/call', params: { name: 'fxapi_0a1b2c3d4e5f' } }],
  ['a token as method', { method: SECRET }],
  ['a token behind a method', { method: `tools/${SECRET}` }],
])('%s is not logged', async (_, body) => {
  expect(await lineOf(`/mcp/${SECRET}`, call(body))).toMatch(/ POST \/mcp\/…(?: tools\/call)? {2}\d+ ms$/)
})

// Seen under npm start before 0.2.0 was out: 408, 413 and 404 of a body that never ends were held back by the log for ever.
test('an answer that did not wait for the body is not held back', async () => {
  const print = vi.spyOn(console, 'log').mockReturnValue(undefined)
  const handler = withRequestLog({ fetch: async () => new Response(null, { status: 408 }) })
  const body = new ReadableStream({ start: (out) => out.enqueue(new TextEncoder().encode('{')) })
  const init = { ...call(''), body, duplex: 'half' } as RequestInit
  const response = await handler.fetch(new Request(`http://127.0.0.1:1/mcp/${SECRET}`, init), {}, {})
  expect([response.status, print.mock.calls.length]).toEqual([408, 1])
  print.mockRestore()
})

test('parts of pages are not logged', async () => {
  expect(await lineOf('/dashboard/assets/style.css')).toBe('')
})
