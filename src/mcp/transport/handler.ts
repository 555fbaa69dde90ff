/** Everything below `/mcp/`: which transport a path belongs to, and what every answer carries. */
import type { Env } from '../../core/env.ts'
import type { ToolLayer, ToolView } from '../../tools/contract.ts'
import { serve } from '../server/serve.ts'
import { type Admit, byToken, enter, originAllowed, type Shown, type Way } from './gate.ts'
import { clientOf, idempotencyKeyOf, readMessage, traceparentIn } from './http.ts'
import { foreignOrigin } from './refusal.ts'
import { inForm } from './reply.ts'
import { handleSse } from './sse.ts'

// Headers that every answer of the MCP endpoint carries, whatever it says.

/** Browser scripts see only exposed headers. */
const EXPOSED = [
  'Mcp-Session-Id',
  'MCP-Protocol-Version',
  'WWW-Authenticate',
  'Retry-After',
  'RateLimit-Limit',
  'RateLimit-Remaining',
  'RateLimit-Reset',
  'X-Request-Id',
].join(', ')

const ACCEPTED = [
  'Content-Type',
  'Accept',
  'Authorization',
  'MCP-Protocol-Version',
  'Mcp-Method',
  'Mcp-Name',
  'Mcp-Session-Id',
  'Last-Event-ID',
  'Idempotency-Key',
].join(', ')

const ALWAYS: readonly (readonly [string, string])[] = [
  ['cache-control', 'no-store'],
  ['referrer-policy', 'no-referrer'],
  ['x-content-type-options', 'nosniff'],
  ['x-robots-tag', 'noindex'],
  ['vary', 'Origin'],
  ['access-control-expose-headers', EXPOSED],
]

/**
 * Sets the common headers on an answer of ours (never `*`: the URL carries a secret).
 * @param origin the request's Origin if it is allowed, else null
 */
export const dress = (response: Response, origin: string | null): Response => {
  for (const [name, value] of ALWAYS) response.headers.set(name, value)
  if (origin !== null) response.headers.set('access-control-allow-origin', origin)
  return response
}

/** Answer to a CORS preflight; the same for every token. */
const preflight = (): Response =>
  new Response(null, {
    status: 204,
    headers: {
      allow: 'POST',
      'access-control-allow-methods': 'POST',
      'access-control-allow-headers': ACCEPTED,
      'access-control-max-age': '7200',
    },
  })

export type McpDependencies<View extends ToolView = ToolView> = ToolLayer<View> & {
  admit: Admit
  /** Authentication for `/mcp/s/<id>`, where clients sign in instead of holding a secret. */
  signIn(request: Request, env: Env): Way
}

type Waiter = Pick<ExecutionContext, 'waitUntil'>

const PATH = /^\/mcp\/([^/]+)(?:\/(sse)(?:\/([^/]+))?)?\/?$/
/** Tried only for paths without a token. */
const SIGN_IN_PATH = /^\/mcp\/s\/([^/]+)\/?$/

/** Which server a path names, and how its caller is authenticated. */
type Place = { request: Request; url: URL; requestId: string; name: string | null; way: Way }

/** Any token gets the same answer, which a page of a foreign origin sees only where a server names that origin. */
const preflighted = async ({ request, name, way }: Place, env: Env): Promise<Shown> => {
  const origin = request.headers.get('origin')
  if (originAllowed(origin, env)) return { origin, response: preflight() }
  const entry = await enter(request, name, env, way, async () => ({ ok: true, message: undefined }))
  return { origin: entry.origin, response: entry.origin === null ? foreignOrigin() : preflight() }
}

const streamable = async <View extends ToolView>(
  { request, url, requestId, name, way }: Place,
  env: Env,
  ctx: Waiter,
  deps: McpDependencies<View>,
): Promise<Shown> => {
  const entry = await enter(request, name, env, way, readMessage, requestId)
  if (!entry.ok) return entry
  const { admission, message, origin } = entry
  const client = clientOf(request, message)
  const idempotencyKey = idempotencyKeyOf(request)
  const context = {
    env,
    ctx,
    admission,
    requestId,
    origin: url.origin,
    client,
    idempotencyKey,
    traceparent: traceparentIn(request, message),
  }
  const response = await serve(request, message, context, deps)
  return { origin, response: await inForm(request, admission.server.config, response) }
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
  const url = new URL(request.url)
  const [, token = null, sse, stream] = PATH.exec(url.pathname) ?? []
  const named = token === null ? SIGN_IN_PATH.exec(url.pathname)?.[1] : undefined
  const way = named === undefined ? byToken(deps.admit) : deps.signIn(request, env)
  const place: Place = { request, url, requestId, name: named ?? token, way }
  const route = (): Promise<Shown> => {
    if (request.method === 'OPTIONS') return preflighted(place, env)
    if (token && sse)
      return handleSse({ request, requestId, token, stream }, env, ctx, { way, leave: deps.leave })
    return streamable(place, env, ctx, deps)
  }
  const answering = route()
  // A client that hangs up between its admission and its answer must not keep its place among the calls under way.
  ctx.waitUntil(answering.catch(() => {}))
  const { response, origin } = await answering
  response.headers.set('x-request-id', requestId)
  return dress(response, origin)
}
