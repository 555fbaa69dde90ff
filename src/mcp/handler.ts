/** Everything below `/mcp/`: which transport a path belongs to, and what every answer carries. */
import type { Env } from '../env.ts'
import { clientOf } from './client.ts'
import type { ToolLayer, ToolView } from './contract.ts'
import { type Admit, enter, type Shown } from './gate.ts'
import { dress, preflight } from './headers.ts'
import { readMessage } from './http.ts'
import { originAllowed } from './origin.ts'
import { foreignOrigin } from './refusal.ts'
import { serve } from './serve.ts'
import { handleSse } from './sse.ts'

export type McpDependencies<View extends ToolView = ToolView> = ToolLayer<View> & { admit: Admit }

type Waiter = Pick<ExecutionContext, 'waitUntil'>

const PATH = /^\/mcp\/([^/]+)(?:\/(sse)(?:\/([^/]+))?)?\/?$/

/** Any token gets the same answer, which a page of a foreign origin sees only where a server names that origin. */
const preflighted = async (
  request: Request,
  token: string | null,
  env: Env,
  admit: Admit,
): Promise<Shown> => {
  const origin = request.headers.get('origin')
  if (originAllowed(origin, env)) return { origin, response: preflight() }
  const entry = await enter(request, token, env, admit, async () => ({ ok: true, message: undefined }))
  return { origin: entry.origin, response: entry.origin === null ? foreignOrigin() : preflight() }
}

const streamable = async <View extends ToolView>(
  { request, requestId, token }: { request: Request; requestId: string; token: string | null },
  env: Env,
  ctx: Waiter,
  deps: McpDependencies<View>,
): Promise<Shown> => {
  const entry = await enter(request, token, env, deps.admit, readMessage)
  if (!entry.ok) return entry
  const { admission, message, origin } = entry
  const { hostname: host } = new URL(request.url)
  const context = { env, ctx, admission, requestId, host, client: clientOf(request, message) }
  return { origin, response: await serve(request, message, context, deps) }
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
  const requestId = crypto.randomUUID()
  const [, token = null, sse, stream] = PATH.exec(new URL(request.url).pathname) ?? []
  const route = (): Promise<Shown> => {
    if (request.method === 'OPTIONS') return preflighted(request, token, env, deps.admit)
    if (token && sse) return handleSse({ request, requestId, token, stream }, env, ctx, deps.admit)
    return streamable({ request, requestId, token }, env, ctx, deps)
  }
  const { response, origin } = await route()
  response.headers.set('x-request-id', requestId)
  return dress(response, origin)
}
