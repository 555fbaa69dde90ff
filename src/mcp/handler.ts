/** `POST /mcp/<token>`: origin, then token, then HTTP, then MCP. */
import type { Env } from '../env.ts'
import type { Admission } from '../servers/config.ts'
import type { ToolLayer, ToolView } from './contract.ts'
import { createEndpoint, finish, type ResponseBag } from './endpoint.ts'
import { dress, preflight } from './headers.ts'
import { readMessage } from './http.ts'
import { ordinaryAnswer, ordinaryCall } from './ordinary.ts'
import { originAllowed } from './origin.ts'
import { refuse, unknownServer } from './refusal.ts'
import { type RunTool, runSafely, serverFor } from './server.ts'

export type McpDependencies<View extends ToolView = ToolView> = ToolLayer<View> & {
  /** Null for malformed, unknown, expired and revoked tokens alike. */
  admit(token: string): Promise<Admission | null>
}

type Waiter = Pick<ExecutionContext, 'waitUntil'>

const PATH = /^\/mcp\/([^/]+)\/?$/

const endpoint = createEndpoint()

const tokenOf = (url: string): string | null => PATH.exec(new URL(url).pathname)?.[1] ?? null

/** undefined: the account could not be asked. */
const admitted = async (request: Request, admit: McpDependencies['admit']) => {
  const token = tokenOf(request.url)
  try {
    return token === null ? null : await admit(token)
  } catch (error) {
    console.error({ event: 'admission_fault', error: error instanceof Error ? error.name : typeof error })
    return undefined
  }
}

const serve = async <View extends ToolView>(
  request: Request,
  context: { env: Env; ctx: Waiter; admission: Admission },
  { viewOf, callTool }: ToolLayer<View>,
): Promise<Response> => {
  const read = await readMessage(request)
  if (!read.ok) return read.response
  const view = viewOf(context.admission.server.config)
  const bag: ResponseBag = { headers: {} }
  const run: RunTool = (name, args) => {
    const outcome = callTool(view, name, args, context)
    // A client that hangs up must not cut off a write that has already left.
    context.ctx.waitUntil(outcome.catch(() => {}))
    return outcome
  }
  const ordinary = ordinaryCall(request.headers, read.message)
  if (ordinary && view.has(ordinary.name)) {
    const result = await runSafely(run, ordinary.name, ordinary.args, bag)
    return finish(ordinaryAnswer(ordinary, result), read.message, bag)
  }
  return endpoint.answer(request, read.message, { server: () => serverFor(view, run, bag), bag })
}

const route = async <View extends ToolView>(
  request: Request,
  env: Env,
  ctx: Waiter,
  deps: McpDependencies<View>,
): Promise<Response> => {
  // Before the token, and the same for each: a browser could not show it any other answer.
  if (request.method === 'OPTIONS') return preflight()
  const admission = await admitted(request, deps.admit)
  if (admission === null) return unknownServer()
  if (admission === undefined)
    return refuse(503, 'This MCP server could not be looked up just now. Nothing was sent to Finexio.')
  return serve(request, { env, ctx, admission }, deps)
}

/**
 * Answers any request below `/mcp/`, with and without trailing slash; other paths get the answer of an unknown token.
 * Never redirects, never throws for what a client sends.
 */
export const handleMcp = async <View extends ToolView>(
  request: Request,
  env: Env,
  ctx: Waiter,
  deps: McpDependencies<View>,
): Promise<Response> => {
  const origin = request.headers.get('origin')
  if (!originAllowed(origin, env))
    return dress(
      refuse(403, 'This web origin may not call MCP servers here. Its operator can allow it.'),
      null,
    )
  return dress(await route(request, env, ctx, deps), origin)
}
