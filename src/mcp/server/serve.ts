/** Answers one admitted message, the same for both HTTP transports. Every tool call of a client runs and is recorded here. */
import type { CallToolResult } from '@modelcontextprotocol/server'
import { asObject } from '../../core/json.ts'
import {
  type CallContext,
  type Called,
  type Complete,
  ONE_ROUND,
  type ToolLayer,
  type ToolOutcome,
  type ToolView,
} from '../../tools/contract.ts'
import { errorResponse, type RequestId } from '../transport/refusal.ts'
import { ordinaryAnswer, ordinaryCall, ordinaryList, ordinaryListing } from './ordinary.ts'
import type { RunTool } from './server.ts'

/** Name in a `tools/call`; null for other messages. */
const calledTool = (message: unknown): string | null => {
  const fields = asObject(message)
  const name = fields?.method === 'tools/call' ? asObject(fields.params)?.name : null
  return typeof name === 'string' ? name : null
}

const FAULT: CallToolResult = {
  isError: true,
  content: [
    {
      type: 'text',
      text: 'This tool failed inside the MCP server, not in Finexio. Nothing was retried. If the call changes data, its outcome is unknown: look it up with the matching read tool before calling again.',
    },
  ],
}

/** The outcome of a call; what it throws is a fault of ours, answered without detail. */
const safely = async (name: string, call: () => Promise<ToolOutcome>): Promise<ToolOutcome> => {
  try {
    return await call()
  } catch (error) {
    // Only the kind of error: its message could hold what Finexio or the caller sent.
    const kind = error instanceof Error ? error.name : typeof error
    console.error({ event: 'tool_fault', tool: name, error: kind })
    return { result: FAULT, headers: {} }
  }
}

type Serving<View extends ToolView> = {
  view: View
  context: CallContext
  layer: ToolLayer<View>
  /** Whether the trail hears of this message. */
  noted: { recorded: boolean }
}

/** The audit trail is written after the answer. A client that hangs up must not cut off a write that has already left. */
const recorded = (
  outcome: Promise<Called['outcome']>,
  name: string,
  args: unknown,
  {
    context,
    layer,
    noted,
  }: Pick<Serving<ToolView>, 'context' | 'noted'> & { layer: Pick<ToolLayer, 'record'> },
): void => {
  noted.recorded = true
  const begun = Date.now()
  const record = (ended: Called['outcome']) =>
    layer.record(context, { name, args, outcome: ended, duration: Date.now() - begun })
  context.ctx.waitUntil(outcome.then(record))
}

const running =
  <View extends ToolView>(serving: Serving<View>): RunTool =>
  (name, args, round = ONE_ROUND) => {
    const { view, context, layer } = serving
    const outcome = safely(name, () => layer.callTool(view, name, args, context, round))
    recorded(outcome, name, args, serving)
    return outcome
  }

/** A completion must not disturb somebody who is typing: on any failure the list is empty. */
const completing =
  <View extends ToolView>(serving: Serving<View>): Complete =>
  async (what, typed) => {
    const { view, context, layer } = serving
    const completed = layer.complete(view, what, typed, context)
    if (!completed) return []
    const outcome = safely('completion', () => completed)
    recorded(outcome, 'completion', { typed }, serving)
    const found = asObject((await outcome).result.structuredContent)?.values
    return Array.isArray(found) ? found : []
  }

/** The response with the headers of what ran, or its HTTP error in its place. */
export const finish = async (
  response: Response,
  message: unknown,
  outcome: ToolOutcome | undefined,
): Promise<Response> => {
  if (!outcome) return response
  const { http, headers } = outcome
  const out = http ? errorResponse(http.status, http, asObject(message)?.id as RequestId) : response
  for (const name in headers) out.headers.set(name, headers[name]!)
  return out
}

const answerTo = async <View extends ToolView>(
  request: Request,
  message: unknown,
  serving: Serving<View>,
): Promise<Response> => {
  const { view, context } = serving
  const runTool = running(serving)
  const { id, config } = context.admission.server
  // Where the client's own user may be asked, the SDK has to look at what the client can.
  const ordinary = config.approval_door === 'confirm' ? null : ordinaryCall(request.headers, message)
  if (ordinary && view.has(ordinary.name)) {
    const outcome = await runTool(ordinary.name, ordinary.args)
    return finish(ordinaryAnswer(ordinary, outcome), message, outcome)
  }
  const list = ordinaryList(request.headers, message)
  if (list) return ordinaryListing(list, view.list)
  // A module of its own (scripts/local/bundle.ts): a Worker that is woken by a call needs no SDK.
  const { answerBySdk } = await import('./by-sdk.ts')
  const parts = { view, runTool, complete: completing(serving), env: context.env, serverId: id }
  const { response, outcome } = await answerBySdk(request, message, parts)
  return finish(response, message, outcome)
}

/**
 * @param request read for its headers only
 * @param message the parsed body
 */
export const serve = async <View extends ToolView>(
  request: Request,
  message: unknown,
  context: CallContext,
  layer: ToolLayer<View>,
): Promise<Response> => {
  const noted = { recorded: false }
  try {
    const view = layer.viewOf(context.admission.server.config)
    const serving = { view, context, layer, noted }
    const asked = calledTool(message)
    if (asked !== null && !view.has(asked)) recorded(Promise.resolve(null), asked, null, serving)
    return await answerTo(request, message, serving)
  } finally {
    // What ran nothing, such as a malformed call, leaves no row that would give its place back.
    if (!noted.recorded && context.admission.place !== undefined) context.ctx.waitUntil(layer.leave(context))
  }
}
