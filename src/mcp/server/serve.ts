/** Answers one admitted message: the same for both HTTP transports. */
import { asObject } from '../../core/json.ts'
import {
  type CallContext,
  type Complete,
  ONE_ROUND,
  type ToolLayer,
  type ToolOutcome,
  type ToolView,
} from '../../tools/contract.ts'
import { createEndpoint, finish, type ResponseBag } from './endpoint.ts'
import { ordinaryAnswer, ordinaryCall } from './ordinary.ts'
import { roundsOf } from './rounds.ts'
import { type RunTool, runSafely, serverFor } from './server.ts'

const endpoint = createEndpoint()

/** Name in a `tools/call`; null for other messages. */
const calledTool = (message: unknown): string | null => {
  const fields = asObject(message)
  const name = fields?.method === 'tools/call' ? asObject(fields.params)?.name : null
  return typeof name === 'string' ? name : null
}

type Begun = { name: string; args: unknown; begun: number }

const recorded = async (
  outcome: Promise<ToolOutcome>,
  { name, args, begun }: Begun,
  context: CallContext,
  record: ToolLayer['record'],
): Promise<void> => {
  // What a tool throws is a fault of ours, which leaves nothing but its name.
  const told = await outcome.catch(() => ({ result: { content: [] } }))
  await record(context, { name, args, outcome: told, duration: Date.now() - begun })
}

const recordUnknown = (name: string, context: CallContext, record: ToolLayer['record']): Promise<void> =>
  record(context, { name, args: null, outcome: null, duration: 0 })

/** A completion must not get in the way of who types: whatever goes wrong, nothing is offered. */
const completing =
  <View extends ToolView>(view: View, context: CallContext, layer: ToolLayer<View>): Complete =>
  async (what, typed) => {
    const begun = Date.now()
    const outcome = layer.complete(view, what, typed, context)
    if (!outcome) return []
    const called = { name: 'completion', args: { typed }, begun }
    context.ctx.waitUntil(recorded(outcome, called, context, layer.record))
    const told = await outcome.catch(() => null)
    const found = asObject(told?.result.structuredContent)?.values
    return Array.isArray(found) ? found : []
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
  const { viewOf, callTool, record } = layer
  const view = viewOf(context.admission.server.config)
  const bag: ResponseBag = { headers: {} }
  const run: RunTool = (name, args, round = ONE_ROUND) => {
    const begun = Date.now()
    const outcome = callTool(view, name, args, context, round)
    // A client that hangs up must not cut off a write that has already left. The trail is written after the answer.
    context.ctx.waitUntil(recorded(outcome, { name, args, begun }, context, record))
    return outcome
  }
  const asked = calledTool(message)
  if (asked !== null && !view.has(asked)) context.ctx.waitUntil(recordUnknown(asked, context, record))
  // Where the client's own user may be asked, the SDK has to look at what the client can.
  const { approval_door } = context.admission.server.config
  const ordinary = approval_door === 'confirm' ? null : ordinaryCall(request.headers, message)
  if (ordinary && view.has(ordinary.name)) {
    const result = await runSafely(run, ordinary.name, ordinary.args, bag)
    return finish(ordinaryAnswer(ordinary, result), message, bag)
  }
  return endpoint.answer(request, message, {
    server: () => {
      const rounds = roundsOf(context.env, context.admission.server.id)
      return serverFor(view, { runTool: run, complete: completing(view, context, layer), rounds }, bag)
    },
    bag,
  })
}
