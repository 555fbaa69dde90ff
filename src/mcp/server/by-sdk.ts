/** Whatever is no ordinary tool call, answered by the official SDK. */
import type { Env } from '../../core/env.ts'
import type { Complete, ToolOutcome, ToolView } from '../../tools/contract.ts'
import { createEndpoint } from './endpoint.ts'
import { roundsOf } from './rounds.ts'
import { type Answered, type RunTool, serverFor } from './server.ts'
import { withTools } from './tool-list.ts'

const endpoint = createEndpoint()

type Serving = {
  view: ToolView
  runTool: RunTool
  complete: Complete
  env: Env
  /** Id of the MCP server. */
  serverId: string
}

/**
 * @param request read for its headers only
 * @param message the parsed body
 * @returns the answer, and what the tool that ran says besides; undefined: none ran
 */
export const answerBySdk = async (
  request: Request,
  message: unknown,
  { view, runTool, complete, env, serverId }: Serving,
): Promise<{ response: Response; outcome: ToolOutcome | undefined }> => {
  const answered: Answered = {}
  const parts = { runTool, complete, rounds: roundsOf(env, serverId), assets: env.ASSETS }
  const response = await endpoint.answer(request, message, {
    server: () => serverFor(view, parts, answered),
  })
  const { list, outcome } = answered
  return { response: list ? withTools(await response.text(), list, response.status) : response, outcome }
}
