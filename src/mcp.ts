/** MCP, as the Worker and the dashboard's own test of a connection ask it. */
import { admitToken } from './account/door/admission.ts'
import type { Env } from './core/env.ts'
import { handleMcp } from './mcp/transport/handler.ts'
import { signInWay } from './oauth/sign-in.ts'
import { toolLayer } from './tools/call/call.ts'

export const mcp = (
  request: Request,
  env: Env,
  ctx: Pick<ExecutionContext, 'waitUntil'>,
): Promise<Response> =>
  handleMcp(request, env, ctx, {
    ...toolLayer,
    admit: (token, caller) => admitToken(env, token, caller),
    signIn: signInWay,
  })
