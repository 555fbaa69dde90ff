/** Answers one admitted message: the same for both HTTP transports. */
import type { CallContext, ToolLayer, ToolView } from './contract.ts'
import { createEndpoint, finish, type ResponseBag } from './endpoint.ts'
import { ordinaryAnswer, ordinaryCall } from './ordinary.ts'
import { type RunTool, runSafely, serverFor } from './server.ts'

const endpoint = createEndpoint()

/**
 * @param request read for its headers only
 * @param message the parsed body
 */
export const serve = async <View extends ToolView>(
  request: Request,
  message: unknown,
  context: CallContext,
  { viewOf, callTool }: ToolLayer<View>,
): Promise<Response> => {
  const view = viewOf(context.admission.server.config)
  const bag: ResponseBag = { headers: {} }
  const run: RunTool = (name, args) => {
    const outcome = callTool(view, name, args, context)
    // A client that hangs up must not cut off a write that has already left.
    context.ctx.waitUntil(outcome.catch(() => {}))
    return outcome
  }
  const ordinary = ordinaryCall(request.headers, message)
  if (ordinary && view.has(ordinary.name)) {
    const result = await runSafely(run, ordinary.name, ordinary.args, bag)
    return finish(ordinaryAnswer(ordinary, result), message, bag)
  }
  return endpoint.answer(request, message, { server: () => serverFor(view, run, bag), bag })
}
