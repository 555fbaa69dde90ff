/** Rows of tool calls that the account did not let in: which rule held, and of which MCP server. */
import type { AskedCall, Caller, Verdict } from '../../rules/admission.ts'
import type { RefusedBy } from '../../rules/sentences/refused-by.ts'
import { type CallEntry, refusedFields, whoCalled } from '../audit/entry.ts'

/** The MCP server that was called, and who called it. */
export type Called = {
  server: { id: string; name: string; holder?: string | null; holder_name?: string | null }
  caller: Caller
}

const LIMITS = {
  calls: 'own_limit',
  requests: 'own_requests',
  bytes: 'trail_share',
} as const

/** The rule behind a verdict; null: it lets in, or says nothing of a server that is known. */
export const ruleOf = (verdict: Verdict): RefusedBy | null => {
  if (verdict.kind === 'unauthorized') return { code: 'needs_api_token' }
  if (verdict.kind !== 'limited') return null
  const { counted = 'calls', limit } = verdict
  // Under overload a refusal must cost next to nothing; the operator hears of it by a notification.
  if (counted === 'at_once') return null
  const value = counted === 'bytes' ? { unit: 'bytes' as const, value: limit } : { value: limit }
  return { code: LIMITS[counted], facts: value }
}

/** What is chosen by whoever was not let in tells no kinds of refusals apart: `effect` is null. */
export const notLetIn = ({ server, caller }: Called, asked: AskedCall, by: RefusedBy): CallEntry => ({
  type: 'mcp',
  request_id: asked.requestId,
  mcp_server_id: server.id,
  mcp_server_name: server.name,
  mcp_method: 'tools/call',
  tool_name: asked.tool ?? '',
  resource: null,
  method: null,
  effect: null,
  outcome: 'refused',
  http_status_code: null,
  http_method: null,
  http_url: null,
  upstream_requests: 0,
  duration: 0,
  fetch_duration: 0,
  result_count: null,
  client_name: null,
  client_version: null,
  ...whoCalled(caller, server),
  arguments_digest: '',
  reason: null,
  ...refusedFields(by),
  ...(asked.traceparent && { traceparent: asked.traceparent }),
})
