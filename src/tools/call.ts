/** Runs one tool call: check, run, word the outcome. Tools throw; this is the one place that turns faults into answers. */
import type { CallToolResult } from '@modelcontextprotocol/server'
import { explain } from '../finexio/explain.ts'
import { FinexioFailure } from '../finexio/failure.ts'
import { type RateLimit, rateLimitHeaders } from '../finexio/rate-limit.ts'
import type { Finexio } from '../finexio/types.ts'
import type { ToolOutcome } from '../mcp/contract.ts'
import { checkArguments } from './arguments.ts'
import { Refusal } from './refusal.ts'
import type { Tool, ToolContext } from './tool.ts'

export type CallEnvironment = Omit<ToolContext, 'finexio'> & {
  /** Opens the tenant's credential; called only after the arguments were found good. */
  openFinexio(): Promise<Finexio>
  upstream429: 'result' | 'http'
  /** Told of faults of ours: class names only, never values. */
  report(error: unknown): void
}

const RATE_LIMIT_META = 'dev.finexio-mcp/rate-limit'
/** JSON-RPC code of a throttle as HTTP error: outside the ranges that JSON-RPC and MCP reserve. */
const THROTTLED_CODE = 42_900

const failed = (text: string): CallToolResult => ({ content: [{ type: 'text', text }], isError: true })

type Seen = { rate: RateLimit | null; throttle: FinexioFailure | null }

const note = (seen: Seen, fault: unknown) => {
  if (!(fault instanceof FinexioFailure)) return
  seen.rate = fault.rate ?? seen.rate
  if (fault.kind === 'throttled') seen.throttle = fault
}

/** The client, with a note of the last rate numbers seen: a partial answer tells of the throttle that ended it. */
const observed = (finexio: Finexio, seen: Seen): Finexio => ({
  send: async (request) => {
    try {
      const reply = await finexio.send(request)
      seen.rate = reply.rate ?? seen.rate
      return reply
    } catch (fault) {
      note(seen, fault)
      throw fault
    }
  },
})

const throttleMeta = ({ status, rate, retryAfter }: FinexioFailure) => ({
  source: 'finexio',
  status,
  limit: rate?.limit ?? null,
  remaining: rate?.remaining ?? null,
  reset: rate?.reset ?? null,
  retry_after: retryAfter ?? null,
})

const throttled = (failure: FinexioFailure, { upstream429 }: CallEnvironment): ToolOutcome => {
  const meta = throttleMeta(failure)
  const message = explain(failure)
  const outcome: ToolOutcome = {
    result: { ...failed(message), _meta: { [RATE_LIMIT_META]: meta } },
    headers: rateLimitHeaders(failure.rate, failure.retryAfter ?? null),
  }
  return upstream429 === 'http'
    ? { ...outcome, http: { status: 429, code: THROTTLED_CODE, message, data: meta } }
    : outcome
}

const OUR_FAULT =
  'A fault on the side of this server, not of Finexio. Read the present state before repeating anything that changes data.'

const fromFault = (fault: unknown, environment: CallEnvironment): ToolOutcome => {
  if (fault instanceof Refusal) return { result: failed(fault.message), headers: {} }
  if (!(fault instanceof FinexioFailure)) {
    environment.report(fault)
    return { result: failed(OUR_FAULT), headers: {} }
  }
  if (fault.kind === 'throttled') return throttled(fault, environment)
  return { result: failed(explain(fault)), headers: rateLimitHeaders(fault.rate, null) }
}

/**
 * Runs a visible tool.
 * @returns a result in every case: refusals, failures of Finexio and faults of ours are `isError` results
 */
export const callTool = async (
  tool: Tool,
  args: unknown,
  environment: CallEnvironment,
): Promise<ToolOutcome> => {
  const seen: Seen = { rate: null, throttle: null }
  try {
    const checked = checkArguments(tool.name, tool.input, args)
    const finexio = observed(await environment.openFinexio(), seen)
    const { structured, text } = await tool.run(checked, { ...environment, finexio })
    return {
      result: {
        content: [{ type: 'text', text }],
        structuredContent: structured,
        ...(seen.throttle && { _meta: { [RATE_LIMIT_META]: throttleMeta(seen.throttle) } }),
      },
      headers: rateLimitHeaders(seen.rate, seen.throttle?.retryAfter ?? null),
    }
  } catch (fault) {
    return fromFault(fault, environment)
  }
}
