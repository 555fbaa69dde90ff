/** What is sent, in both protocol eras. */
import { invoiceFor } from './invoice.ts'
import { PAYMENT_ID } from './payment.ts'

export type Era = 'legacy' | 'modern'
export type Work = 'tools/list' | 'tools/call' | 'list payments'
export type Sent = {
  headers: Record<string, string>
  body: string
  /** Makes a body of its own for each request, of the same length: equal ones would not be the same work. */
  fresh?: () => string
  /** One request at a time: how long a caller waits is the question, not how many fit. */
  alone?: true
}
type Message = { method: string; params: { name?: string; arguments?: object } }

const GET_TOOL = 'get_single_finexio_payment_by_id'
const LIST_TOOL = 'list_all_finexio_payments'
const WRITE_TOOL = 'finexio_invoices_bulk_create'

const VERSION: Record<Era, string> = { legacy: '2025-11-25', modern: '2026-07-28' }

const PARAMS: Record<Work, Message> = {
  'tools/list': { method: 'tools/list', params: {} },
  'tools/call': { method: 'tools/call', params: { name: GET_TOOL, arguments: { id: PAYMENT_ID } } },
  'list payments': { method: 'tools/call', params: { name: LIST_TOOL, arguments: { limit: 100 } } },
}

const META = {
  'io.modelcontextprotocol/protocolVersion': VERSION.modern,
  'io.modelcontextprotocol/clientCapabilities': {},
  'io.modelcontextprotocol/clientInfo': { name: 'bench', version: '1.0.0' },
}

const headersOf = ({ method, params }: Message, era: Era): Record<string, string> => ({
  'content-type': 'application/json',
  accept: 'application/json, text/event-stream',
  'mcp-protocol-version': VERSION[era],
  ...(era === 'modern' && { 'mcp-method': method, ...(params.name && { 'mcp-name': params.name }) }),
})

const bodyOf = ({ method, params }: Message, era: Era): string => {
  const whole = era === 'modern' ? { ...params, _meta: META } : params
  return JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: whole })
}

const sentAs = (message: Message, era: Era): Sent => ({
  headers: headersOf(message, era),
  body: bodyOf(message, era),
})

/** One request as a client of that era sends it. */
export const requestOf = (work: Work, era: Era): Sent => sentAs(PARAMS[work], era)

/** The write of one invoice under a key. */
export const writeUnder = (key: string, era: Era): Sent => {
  const args = { body: [invoiceFor(key)], idempotency_key: key }
  return sentAs({ method: 'tools/call', params: { name: WRITE_TOOL, arguments: args } }, era)
}

/** Writes that are each meant once: every one has a key and an invoice number of its own. */
/** @param together eight at once, instead of one after another */
export const writesOf = (era: Era, together = false): Sent => {
  const fresh = () => writeUnder(crypto.randomUUID(), era).body
  return { ...writeUnder(crypto.randomUUID(), era), fresh, ...(!together && { alone: true as const }) }
}
