/** Everything below `/mcp/`: which transport a path belongs to, and what every answer carries. */
import type { Env } from '../../core/env.ts'
import type { ToolLayer, ToolView } from '../../tools/contract.ts'
import { serve } from '../server/serve.ts'
import { clientOf } from './client.ts'
import { type Admit, byToken, enter, type Shown, type Way } from './gate.ts'
import { dress, preflight } from './headers.ts'
import { readMessage } from './http.ts'
import { originAllowed } from './origin.ts'
import { foreignOrigin } from './refusal.ts'
import { handleSse } from './sse.ts'

export type McpDependencies<View extends ToolView = ToolView> = ToolLayer<View> & {
  admit: Admit
  /** The way in at `/mcp/s/<id>`, where clients sign in instead of holding a secret. */
  signIn(request: Request, env: Env): Way
}

type Waiter = Pick<ExecutionContext, 'waitUntil'>

const PATH = /^\/mcp\/([^/]+)(?:\/(sse)(?:\/([^/]+))?)?\/?$/
/** Tried only for paths without a token. */
const SIGN_IN_PATH = /^\/mcp\/s\/([^/]+)\/?$/

/** Which server a path names, and by which way. */
type Place = { request: Request; requestId: string; name: string | null; way: Way }

/** Any token gets the same answer, which a page of a foreign origin sees only where a server names that origin. */
const preflighted = async ({ request, name, way }: Place, env: Env): Promise<Shown> => {
  const origin = request.headers.get('origin')
  if (originAllowed(origin, env)) return { origin, response: preflight() }
  const entry = await enter(request, name, env, way, async () => ({ ok: true, message: undefined }))
  return { origin: entry.origin, response: entry.origin === null ? foreignOrigin() : preflight() }
}

const streamable = async <View extends ToolView>(
  { request, requestId, name, way }: Place,
  env: Env,
  ctx: Waiter,
  deps: McpDependencies<View>,
): Promise<Shown> => {
  const entry = await enter(request, name, env, way, readMessage)
  if (!entry.ok) return entry
  const { admission, message, origin } = entry
  const client = clientOf(request, message)
  const context = { env, ctx, admission, requestId, origin: new URL(request.url).origin, client }
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
  const { pathname } = new URL(request.url)
  const [, token = null, sse, stream] = PATH.exec(pathname) ?? []
  const named = token === null ? SIGN_IN_PATH.exec(pathname)?.[1] : undefined
  const way = named === undefined ? byToken(deps.admit) : deps.signIn(request, env)
  const place: Place = { request, requestId, name: named ?? token, way }
  const route = (): Promise<Shown> => {
    if (request.method === 'OPTIONS') return preflighted(place, env)
    if (token && sse) return handleSse({ request, requestId, token, stream }, env, ctx, way)
    return streamable(place, env, ctx, deps)
  }
  const { response, origin } = await route()
  response.headers.set('x-request-id', requestId)
  return dress(response, origin)
}
