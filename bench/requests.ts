/** What is sent, in both protocol eras, and what a right answer to it holds. */
import { PAYMENT_ID } from './payment.ts'

export type Era = 'legacy' | 'modern'
export type Work = 'tools/list' | 'tools/call' | 'list payments'
export type Sent = { headers: Record<string, string>; body: string }

const GET_TOOL = 'get_single_finexio_payment_by_id'
const LIST_TOOL = 'list_all_finexio_payments'

const VERSION: Record<Era, string> = { legacy: '2025-11-25', modern: '2026-07-28' }

const PARAMS: Record<Work, { method: string; params: { name?: string; arguments?: object } }> = {
  'tools/list': { method: 'tools/list', params: {} },
  'tools/call': { method: 'tools/call', params: { name: GET_TOOL, arguments: { id: PAYMENT_ID } } },
  'list payments': { method: 'tools/call', params: { name: LIST_TOOL, arguments: { limit: 100 } } },
}

const META = {
  'io.modelcontextprotocol/protocolVersion': VERSION.modern,
  'io.modelcontextprotocol/clientCapabilities': {},
  'io.modelcontextprotocol/clientInfo': { name: 'bench', version: '1.0.0' },
}

/** One request as a client of that era sends it. */
export const requestOf = (work: Work, era: Era): Sent => {
  const { method, params } = PARAMS[work]
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    'mcp-protocol-version': VERSION[era],
  }
  if (era === 'legacy') return { headers, body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }) }
  headers['mcp-method'] = method
  if (params.name) headers['mcp-name'] = params.name
  return {
    headers,
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: { ...params, _meta: META } }),
  }
}
