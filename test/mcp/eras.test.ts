/** Which answer each kind of request gets, in both eras: status and JSON-RPC code. */
import { describe, expect, test } from 'vitest'
import { legacy, META, modern, post, send } from './fake.ts'

type Row = [name: string, init: RequestInit, status: number, code: number | null]

const note = (method: string) => ({ jsonrpc: '2.0', method })
const VERSION = 'io.modelcontextprotocol/protocolVersion'
const claiming = (version: string) => ({ _meta: { ...META, [VERSION]: version } })
const COMPLETE_NOPE = { ref: { type: 'ref/prompt', name: 'nope' }, argument: { name: 'a', value: '' } }
const bare = { 'mcp-protocol-version': '', 'mcp-method': '' }

const rows: Row[] = [
  ['legacy initialized notification', post(note('notifications/initialized')), 202, null],
  [
    'modern notification',
    post(note('notifications/cancelled'), {
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': 'notifications/cancelled',
    }),
    202,
    null,
  ],
  ['posted response', post({ jsonrpc: '2.0', id: 3, result: {} }), 202, null],
  ['legacy ping', legacy('ping'), 200, null],
  ['legacy list without version header', legacy('tools/list'), 200, null],
  ['legacy list, Accept */*', legacy('tools/list', {}, { accept: '*/*' }), 200, null],
  ['legacy list, Accept JSON only', legacy('tools/list', {}, { accept: 'application/json' }), 200, null],
  ['legacy call', legacy('tools/call', { name: 'echo', arguments: { a: 1 } }), 200, null],
  ['legacy unknown method', legacy('nope/nope'), 200, -32601],
  ['legacy server/discover', legacy('server/discover'), 200, -32601],
  [
    'legacy list, header 1999-01-01',
    legacy('tools/list', {}, { 'mcp-protocol-version': '1999-01-01' }),
    400,
    -32000,
  ],
  ['legacy unknown tool', legacy('tools/call', { name: 'nope' }), 200, -32602],
  ['legacy list with a cursor', legacy('tools/list', { cursor: 'x' }), 200, -32602],
  [
    'legacy arguments of a wrong type',
    legacy('tools/call', { name: 'echo', arguments: 'text' }),
    200,
    -32602,
  ],
  ['legacy unknown resource', legacy('resources/read', { uri: 'test://x' }), 200, -32602],
  ['legacy unknown prompt', legacy('prompts/get', { name: 'nope' }), 200, -32602],
  ['legacy unknown completion', legacy('completion/complete', COMPLETE_NOPE), 200, -32602],
  ['modern discover', modern('server/discover'), 200, null],
  ['modern list', modern('tools/list'), 200, null],
  ['modern call', modern('tools/call', { name: 'echo', arguments: {} }), 200, null],
  [
    'modern header, no _meta',
    legacy('tools/list', {}, { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/list' }),
    400,
    -32602,
  ],
  [
    'modern _meta without capabilities',
    modern('tools/list', { _meta: { [VERSION]: '2026-07-28' } }),
    400,
    -32602,
  ],
  ['modern _meta without headers', modern('tools/list', {}, bare), 400, -32020],
  [
    'modern header differs from body',
    modern('tools/list', {}, { 'mcp-protocol-version': '2025-11-25' }),
    400,
    -32020,
  ],
  ['modern wrong Mcp-Method', modern('tools/list', {}, { 'mcp-method': 'tools/call' }), 400, -32020],
  ['modern missing Mcp-Method', modern('tools/list', {}, { 'mcp-method': '' }), 400, -32020],
  ['modern wrong Mcp-Name', modern('tools/call', { name: 'echo' }, { 'mcp-name': 'throttled' }), 400, -32020],
  [
    'modern Mcp-Name in base64',
    modern('tools/call', { name: 'echo' }, { 'mcp-name': '=?base64?ZWNobw==?=' }),
    200,
    null,
  ],
  [
    'modern 1900-01-01',
    modern('tools/list', claiming('1900-01-01'), { 'mcp-protocol-version': '1900-01-01' }),
    400,
    -32022,
  ],
  [
    'modern claim of 2025-11-25',
    modern('tools/list', claiming('2025-11-25'), { 'mcp-protocol-version': '2025-11-25' }),
    400,
    -32022,
  ],
  ['modern initialize', modern('initialize'), 404, -32601],
  ['modern ping', modern('ping'), 404, -32601],
  ['modern unknown method', modern('nope/nope'), 404, -32601],
  ['modern unknown tool', modern('tools/call', { name: 'nope' }), 200, -32602],
  ['modern list with a cursor', modern('tools/list', { cursor: 'x' }), 200, -32602],
  ['GET', { method: 'GET' }, 405, 405],
  ['PUT', { ...post({}), method: 'PUT' }, 405, 405],
  ['DELETE', { method: 'DELETE' }, 405, 405],
  ['text/plain', post('{}', { 'content-type': 'text/plain' }), 415, 415],
  ['{', post('{'), 400, -32700],
  ['empty body', post(''), 400, -32700],
  ['array', post([{ jsonrpc: '2.0', id: 1, method: 'ping' }]), 400, -32600],
  ['null id', post({ jsonrpc: '2.0', id: null, method: 'ping' }), 400, -32600],
  ['null', post('null'), 400, -32600],
  ['1', post('1'), 400, -32600],
  ['{}', post('{}'), 400, -32600],
]

describe('every kind of request', () => {
  test.each(rows)('%s', async (_name, init, status, code) => {
    const response = await send(init)
    const text = await response.text()
    expect([response.status, text && (JSON.parse(text).error?.code ?? null)]).toEqual([status, text && code])
  })
})

describe('initialize', () => {
  test.each([
    ['2025-11-25', '2025-11-25'],
    ['2025-06-18', '2025-06-18'],
    ['2025-03-26', '2025-03-26'],
    ['2024-11-05', '2024-11-05'],
    ['2024-10-07', '2024-10-07'],
    ['2026-07-28', '2025-11-25'],
    ['1999-01-01', '2025-11-25'],
  ])('asking %s gives %s', async (asked, given) => {
    const params = { protocolVersion: asked, capabilities: {}, clientInfo: { name: 't', version: '1' } }
    const response = await send(legacy('initialize', params))
    const { result } = (await response.json()) as { result: Record<string, unknown> }
    expect(response.status).toBe(200)
    expect(response.headers.has('mcp-session-id')).toBe(false)
    expect(result.protocolVersion).toBe(given)
    expect(result.capabilities).toEqual({
      tools: {},
      prompts: {},
      resources: {},
      completions: {},
      extensions: { 'io.modelcontextprotocol/ui': {}, 'io.modelcontextprotocol/skills': {} },
    })
  })
})
