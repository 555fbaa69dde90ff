/** What the protocol layer asks of the tools layer: a prepared list, and one call. */
import type { CallToolResult, ListToolsResult } from '@modelcontextprotocol/server'
import type { Effect } from '../../schemas/define.ts'
import type { Env } from '../core/env.ts'
import type { Admission } from '../rules/admission.ts'
import type { Outcome } from '../rules/outcome.ts'
import type { RefusedBy } from '../rules/sentences/refused-by.ts'

/** The tools one MCP server shows: built once per visible set and shared by every request that sees that set. */
export type ToolView = {
  /** The finished answer of `tools/list`, built when it is first asked for and never changed after that. */
  readonly list: ListToolsResult
  /** False for hidden and for missing tools alike. */
  has(name: string): boolean
}

/** A JSON-RPC error that replaces the tool's result, with its HTTP status (`upstream_429: "http"`). */
type HttpError = {
  status: number
  /** Outside -32768…-32000, which belongs to JSON-RPC and MCP. */
  code: number
  message: string
  data?: unknown
}

/** What ran, for the audit trail: never a value of an argument or a result. */
export type Ran = {
  /** In discovery mode the tool inside. */
  tool: string
  resource: string
  method: string
  effect: Effect
  outcome: Outcome
  /** Requests to Finexio: how many, status and route template of the last, milliseconds of all. */
  upstream: { requests: number; status: number | null; milliseconds: number; route: string | null }
  /** What the agent gave as `reason`, cleaned and masked. */
  reason: string | null
  /** The rule that refused it. */
  refusedBy?: RefusedBy
}

/** A call as the audit trail records it. */
export type Called = {
  name: string
  args: unknown
  /** Null: the tool does not exist for this server. */
  outcome: Pick<ToolOutcome, 'ran' | 'result'> | null
  /** Milliseconds. */
  duration: number
}

/** Arguments of prompts whose values can be looked up in Finexio. */
export type Completable = 'drawdown' | 'supplier' | 'buyer'

/** Values that begin like what was typed; none when Finexio cannot be asked or says no. */
export type Complete = (what: Completable, typed: string) => Promise<readonly string[]>

/** What ties the rounds of one call together: it travels through the client, signed. */
export type RoundState = { key: string; fingerprint: string }

/** A form with one field for the client's own user. */
export type Question = { message: string; label: string; state: RoundState }

/** What a client can be asked, and what it answered in this round. */
export type Round = {
  canAsk: boolean
  state: RoundState | null
  answer: { action: 'accept' | 'decline' | 'cancel'; typed: string | null } | null
}

/** A call by itself, of a client that cannot be asked. */
export const ONE_ROUND: Round = { canAsk: false, state: null, answer: null }

/** What one `tools/call` leaves behind: its result, and what the HTTP response around it says. */
export type ToolOutcome = {
  result: CallToolResult
  /** JSON of the rows in its structured content, as of `ToolAnswer`. */
  rows?: string
  /** Lower-case names: `ratelimit-*`, `retry-after`. */
  headers: Record<string, string>
  http?: HttpError
  /** In place of the result where the client can be asked. */
  ask?: Question
  /** Absent when no tool of the catalogue ran. */
  ran?: Ran
}

/** Which program calls, as it says of itself: for the audit trail, never for a decision. */
export type ClientInfo = { name: string | null; version: string | null }

/** One admitted HTTP request: the only way to a tenant. */
export type CallContext = {
  env: Env
  ctx: Pick<ExecutionContext, 'waitUntil'>
  admission: Admission
  /** UUID of the HTTP request, which its response carries as `x-request-id`. */
  requestId: string
  /** Origin under which the caller reached this deployment. */
  origin: string
  client: ClientInfo
  /** The `Idempotency-Key` header of the request that brought the message; null: none. */
  idempotencyKey: string | null
  /** The caller's place in a trace, as version 00 of W3C Trace Context writes it; null: none, or not a valid one. */
  traceparent: string | null
}

/**
 * The tools layer. `callTool` gets only names that the view has, and answers failures as results with `isError`;
 * what it throws is a fault of ours and reaches the client as such, without detail.
 */
export type ToolLayer<View extends ToolView = ToolView> = {
  viewOf(config: Admission['server']['config']): View
  callTool(
    view: View,
    name: string,
    args: Record<string, unknown>,
    context: CallContext,
    round: Round,
  ): Promise<ToolOutcome>
  /** At most one request to Finexio; null where this server's filter gives nothing to complete from. */
  complete(view: View, what: Completable, typed: string, context: CallContext): Promise<ToolOutcome> | null
  /** Gives back the place of a call that is over and of which `record` does not hear; never rejects. */
  leave(context: Pick<CallContext, 'env' | 'admission'>): Promise<void>
  /** Writes a call into the audit trail and gives its place back; never rejects. */
  record(context: CallContext, called: Called): Promise<void>
}
