/** Tests an MCP URL through the endpoint that clients use: shake hands, list, call one harmless tool. */
import { cut } from '../core/text.ts'
import { VERSION } from '../core/version.ts'
import { plural } from '../core/words.ts'
import { readToken } from '../rules/mcp-token.ts'
import { about } from './format.ts'

/** Answers one request to the MCP endpoint, as the Worker does. */
export type McpEndpoint = (request: Request) => Promise<Response>

type Step = { label: string; detail: string }
export type TestOutcome = { ok: boolean; steps: Step[] }

type Tool = { name: string }
type Answer = {
  result?: {
    tools?: Tool[]
    isError?: boolean
    content?: { text?: string }[]
    structuredContent?: { result_count?: number }
    serverInfo?: { name: string; version: string }
  }
  error?: { message: string }
}

/** The step that failed. */
class Stopped extends Error {
  readonly step: Step
  constructor(step: Step) {
    super(step.detail)
    this.step = step
  }
}

const LONGEST = 400

type Ask = (label: string, method: string, params: object) => Promise<NonNullable<Answer['result']>>

const asking =
  (endpoint: McpEndpoint, url: string, bearer: string | null): Ask =>
  async (label, method, params) => {
    const headers = {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'user-agent': `finexio-mcp-dashboard/${VERSION}`,
      ...(bearer && { authorization: `Bearer ${bearer}` }),
    }
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })
    const response = await endpoint(new Request(url, { method: 'POST', headers, body }))
    const { result, error } = (await response.json()) as Answer
    if (result && !result.isError) return result
    const said = error?.message ?? result?.content?.[0]?.text ?? `HTTP ${response.status}`
    throw new Stopped({ label, detail: cut(said, LONGEST) })
  }

/** Reads that ask Finexio once, the likeliest first. */
const HARMLESS: readonly (readonly [name: string, args: object])[] = [
  ['list_all_finexio_payments', { limit: 1 }],
  ['list_all_finexio_invoices', { limit: 1 }],
  ['list_all_finexio_suppliers', { limit: 1 }],
  ['list_all_finexio_buyers', { limit: 1 }],
  ['list_all_finexio_counterparties', { limit: 1 }],
  ['list_all_finexio_webhooks', { limit: 1 }],
  ['list_all_finexio_drawdowns', { limit: 1, created_start: '2026-01-01' }],
  ['search_tools', { query: 'payments' }],
]

const harmless = (tools: readonly Tool[]) => {
  const known = new Set(tools.map(({ name }) => name))
  const found = HARMLESS.find(([name]) => known.has(name))
  return found ? { name: found[0], arguments: found[1] } : null
}

const HANDSHAKE = {
  protocolVersion: '2025-11-25',
  capabilities: {},
  clientInfo: { name: 'finexio-mcp-dashboard', version: VERSION },
}

const CHARACTERS_PER_TOKEN = 4.2

const run = async (ask: Ask, steps: Step[]): Promise<void> => {
  const { serverInfo } = await ask('Handshake', 'initialize', HANDSHAKE)
  const did = (label: string, detail: string) => steps.push({ label, detail })
  did('Handshake', `${serverInfo?.name ?? 'server'} ${serverInfo?.version ?? ''} answered`)
  const { tools = [] } = await ask('List of tools', 'tools/list', {})
  const tokens = Math.round(JSON.stringify(tools).length / CHARACTERS_PER_TOKEN)
  did('List of tools', `${plural(tools.length, 'tool')}, about ${about(tokens)} tokens`)
  const call = harmless(tools)
  if (!call) {
    did('Call', 'left out: nothing that this server shows can be called without knowing an id')
    return
  }
  const started = Date.now()
  const { structuredContent } = await ask(`Call of ${call.name}`, 'tools/call', call)
  const rows = structuredContent?.result_count
  const count = rows === undefined ? '' : `, ${plural(rows, 'row')}`
  did(`Call of ${call.name}`, `answered in ${Date.now() - started} ms${count}`)
}

const TOKEN = /fxmcp_[0-9A-Za-z]{71}/

const notOurs = (detail: string): TestOutcome => ({ ok: false, steps: [{ label: 'URL', detail }] })

type Tested = {
  /** The MCP URL, or its token. */
  url: string
  origin: string
  /** Whose it has to be. */
  accountId: string
  /** An API token to bring along. */
  bearer: string | null
}

export const testConnection = async (
  endpoint: McpEndpoint,
  { url, origin, accountId, bearer }: Tested,
): Promise<TestOutcome> => {
  const token = TOKEN.exec(url)?.[0]
  const named = token ? readToken(token) : null
  if (!token || !named) return notOurs('this is not an MCP URL of this server: copy it whole, without spaces')
  if (named.accountId !== accountId) return notOurs('this URL belongs to another account')
  const steps: Step[] = []
  try {
    await run(asking(endpoint, `${origin}/mcp/${token}`, bearer), steps)
    return { ok: true, steps }
  } catch (error) {
    if (!(error instanceof Stopped)) throw error
    return { ok: false, steps: [...steps, error.step] }
  }
}
