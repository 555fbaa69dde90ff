/** One MCP server with two small tools, and the requests that both eras send to it. */
import type { ListToolsResult } from '@modelcontextprotocol/server'
import type { Env } from '../../src/core/env.ts'
import { byToken } from '../../src/mcp/transport/gate.ts'
import { handleMcp, type McpDependencies } from '../../src/mcp/transport/handler.ts'
import type { Admission, CallerInput, Verdict } from '../../src/rules/admission.ts'
import { mintToken } from '../../src/rules/mcp-token.ts'
import type { CallContext, ToolOutcome, ToolView } from '../../src/tools/contract.ts'
import { assets } from '../support/assets.ts'

const ACCOUNT = '7b0e3a52-94c1-4f6d-8a2e-0c5d1f9b6e34'
export const TOKEN = mintToken(ACCOUNT, new Uint8Array(32))
/** Of the right shape, but nobody ever issued it. */
export const STRANGER = mintToken(ACCOUNT, new Uint8Array(32).fill(1))
const URL_BASE = 'https://mcp.test/mcp/'

const list: ListToolsResult = {
  tools: [
    { name: 'echo', description: 'Gives back its text.', inputSchema: { type: 'object' } },
    { name: 'throttled', description: 'Always over the limit.', inputSchema: { type: 'object' } },
    { name: 'throttled_http', description: 'The same as HTTP 429.', inputSchema: { type: 'object' } },
    { name: 'broken', description: 'Throws.', inputSchema: { type: 'object' } },
  ],
}
const view: ToolView = { list, has: (name) => list.tools.some((tool) => tool.name === name) }

const limits = {
  'ratelimit-limit': '100',
  'ratelimit-remaining': '0',
  'ratelimit-reset': '7',
  'retry-after': '7',
}

const outcomes: Record<string, (args: Record<string, unknown>) => ToolOutcome> = {
  echo: (args) => ({
    result: { content: [{ type: 'text', text: JSON.stringify(args) }], structuredContent: args },
    headers: { 'ratelimit-remaining': '41' },
  }),
  throttled: () => ({
    result: { isError: true, content: [{ type: 'text', text: 'Wait 7 seconds.' }] },
    headers: limits,
  }),
  throttled_http: () => ({
    result: { isError: true, content: [{ type: 'text', text: 'Wait 7 seconds.' }] },
    headers: limits,
    http: { status: 429, code: 429, message: 'Finexio is limiting this account.', data: { retry_after: 7 } },
  }),
}

const admission = {
  account: {
    id: 'acc',
    name: 'Demo',
    base_url: 'https://api.test/v2',
    credential: { version: 1, wrapped_key: new Uint8Array() },
    status: 'active',
    read_only: false,
  },
  server: { id: 'srv', name: 'Demo', config: {}, expires_at: null },
  orders: {},
  caller: { kind: 'url' },
  digest: null,
  revision: '1.1',
} satisfies Admission

/** The account's answer to the live token. @param config of its server */
export const letIn = (config: Admission['server']['config'] = {}): Verdict => ({
  kind: 'admitted',
  admission: { ...admission, server: { ...admission.server, config } },
})

export type Seen = {
  knocks: [token: string, knock: CallerInput][]
  called: [tool: string, context: CallContext][]
}

export const nothingSeen = (): Seen => ({ knocks: [], called: [] })

/** @param verdict what the live token gets; every other one is unknown */
export const dependencies = (seen: Seen = nothingSeen(), verdict: Verdict = letIn()): McpDependencies => ({
  admit: async (token, knock) => {
    seen.knocks.push([token, knock])
    return token === TOKEN ? verdict : { kind: 'unknown' }
  },
  signIn: () => byToken(async () => ({ kind: 'unknown' })),
  record: async () => {},
  leave: async () => {},
  complete: () => null,
  viewOf: () => view,
  callTool: async (_view, name, args, context) => {
    seen.called.push([name, context])
    const outcome = outcomes[name]
    if (!outcome) throw new Error('secret-in-message')
    return outcome(args)
  },
})

/** Streams are tested where Durable Objects are; here there is none. */
const noStreams = { recheck: async () => {}, deliver: async () => false, relay: async () => false }

const env = {
  ALLOWED_ORIGINS: 'https://tools.example.com',
  LOCAL_DEVELOPMENT: undefined,
  TOKEN_PEPPER: 'A'.repeat(43),
  ASSETS: assets,
  SSE_STREAMS: { idFromName: (name: string) => name, get: () => noStreams },
} as unknown as Env

export const send = (
  init: RequestInit & { duplex?: 'half' } = {},
  {
    path = TOKEN,
    settings = {},
    deps = dependencies(),
  }: { path?: string; settings?: Partial<Env>; deps?: McpDependencies } = {},
): Promise<Response> =>
  handleMcp(new Request(`${URL_BASE}${path}`, init), { ...env, ...settings }, { waitUntil: () => {} }, deps)

export const post = (body: unknown, headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', ...headers },
  body: typeof body === 'string' ? body : JSON.stringify(body),
})

/** A 2025 request. */
export const legacy = (method: string, params?: object, headers: Record<string, string> = {}) =>
  post({ jsonrpc: '2.0', id: 1, method, params }, headers)

export const META = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
}

/** A 2026 request with every header it must carry; an empty header value leaves that header out. */
export const modern = (
  method: string,
  params: Record<string, unknown> = {},
  headers: Record<string, string> = {},
) => {
  const named = typeof params.name === 'string' ? { 'mcp-name': params.name } : {}
  const all = {
    accept: 'application/json, text/event-stream',
    'mcp-protocol-version': '2026-07-28',
    'mcp-method': method,
    ...named,
    ...headers,
  }
  const kept = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''))
  return post({ jsonrpc: '2.0', id: 1, method, params: { _meta: META, ...params } }, kept)
}
