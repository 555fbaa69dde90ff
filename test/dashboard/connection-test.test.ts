import { expect, test } from 'vitest'
import { testConnection } from '../../src/dashboard/connection-test.ts'
import { mintToken } from '../../src/rules/mcp-token.ts'

const ACCOUNT = '0b5f0c3e-53d5-4f6b-9a55-6f1b6c8b1a11'
const ORIGIN = 'https://mcp.test'
const token = mintToken(ACCOUNT)
const url = `${ORIGIN}/mcp/${token}`

type Sent = { url: string; authorization: string | null; method: string; params: { name?: string } }

/** An endpoint that answers each method with what is given. */
const endpoint = (answers: Record<string, object>) => {
  const seen: Sent[] = []
  const answer = async (request: Request) => {
    const { method, params } = (await request.json()) as Pick<Sent, 'method' | 'params'>
    seen.push({ url: request.url, authorization: request.headers.get('authorization'), method, params })
    return Response.json({ jsonrpc: '2.0', id: 1, ...answers[method] })
  }
  return { answer, seen }
}

const FINE = {
  initialize: { result: { serverInfo: { name: 'finexio-mcp', version: '1' } } },
  'tools/list': {
    result: { tools: [{ name: 'list_all_finexio_invoices' }, { name: 'create_a_finexio_supplier' }] },
  },
  'tools/call': { result: { structuredContent: { result_count: 1 } } },
}

const run = (answers: Record<string, object>, given = url, bearer: string | null = null) => {
  const { answer, seen } = endpoint(answers)
  return { outcome: testConnection(answer, { url: given, origin: ORIGIN, accountId: ACCOUNT, bearer }), seen }
}

test('a URL that works is shaken hands with, listed and called once, by a tool that only reads', async () => {
  const { outcome, seen } = run(FINE, `  ${url}/ `, 'fxapi_x')
  const { ok, steps } = await outcome
  expect([ok, steps.map(({ label }) => label)]).toEqual([
    true,
    ['Handshake', 'List of tools', 'Call of list_all_finexio_invoices'],
  ])
  expect(seen.map(({ method }) => method)).toEqual(['initialize', 'tools/list', 'tools/call'])
  expect(
    seen.every(({ url: asked, authorization }) => asked === url && authorization === 'Bearer fxapi_x'),
  ).toBe(true)
})

test('a server without a tool that can be called blindly is not called', async () => {
  const { outcome, seen } = run({
    ...FINE,
    'tools/list': { result: { tools: [{ name: 'create_a_finexio_supplier' }] } },
  })
  expect((await outcome).ok).toBe(true)
  expect(seen.map(({ method }) => method)).not.toContain('tools/call')
})

test.each([
  [
    'a revoked URL',
    { initialize: { error: { message: 'No MCP server answers at this URL' } } },
    'No MCP server answers',
  ],
  [
    'a tool error',
    { 'tools/call': { result: { isError: true, content: [{ text: 'Finexio is limiting the rate.' }] } } },
    'Finexio is limiting',
  ],
])('the first thing that fails is reported: %s', async (_, answers, words) => {
  const { ok, steps } = await run({ ...FINE, ...answers }).outcome
  expect([ok, steps.at(-1)?.detail.startsWith(words)]).toEqual([false, true])
})

test.each([
  ['no URL at all', 'hello', 'not an MCP URL'],
  ['a URL with a typing error', url.slice(0, -1) + (url.endsWith('0') ? '1' : '0'), 'not an MCP URL'],
  ['another account’s', `${ORIGIN}/mcp/${mintToken(crypto.randomUUID())}`, 'another account'],
])('asks nobody about %s', async (_, given, words) => {
  const { outcome, seen } = run(FINE, given)
  expect([(await outcome).steps[0]?.detail.includes(words), seen]).toEqual([true, []])
})
