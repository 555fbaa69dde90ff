/**
 * The HTTP+SSE transport of 2024-11-05 for clients that speak nothing newer: `GET /mcp/<token>/sse` opens a stream,
 * `POST /mcp/<token>/sse/<stream id>` brings a message. A refusal answers the request itself, save one: our own limit is
 * sent on the stream, since old clients give up when a POST fails. All other answers arrive on the stream.
 */
import { hexOf } from '../../core/bytes.ts'
import type { Env } from '../../core/env.ts'
import { digestOf } from '../../core/keys.ts'
import type { Admission } from '../../rules/admission.ts'
import type { ToolLayer } from '../../tools/contract.ts'
import { bearerOf, type Entry, enter, type Shown, type Way } from './gate.ts'
import { clientOf, idempotencyKeyOf, type ReadMessage, readMessage, traceparentIn } from './http.ts'
import { refuse, streamByGet } from './refusal.ts'
import type { SseStreamObject } from './sse-object.ts'
import { callerKey, MOST_STREAMS, type Opening } from './sse-streams.ts'

const NO_STREAM =
  'This event stream is closed or was never open here. Open a new one: GET the URL that ends in /sse.'
const TOO_MANY = `This URL has ${MOST_STREAMS} event streams open, and more are not served. Close one, or use the URL without /sse, which needs none.`

/** One request below `/mcp/<token>/sse`; `stream` is the id after it, if any. */
type SseRequest = { request: Request; requestId: string; token: string; stream: string | undefined }

/** How a caller is let in, and how a place is given back. */
type Door = { way: Way; leave: ToolLayer['leave'] }

type Waiter = Pick<ExecutionContext, 'waitUntil'>

const objectOf = async (env: Env, token: string) => {
  const digest = await digestOf(env, token)
  const name = hexOf(digest)
  const streams = env.SSE_STREAMS as DurableObjectNamespace<SseStreamObject>
  return streams.get(streams.idFromName(name))
}

const readOpening = async ({ method }: Request): Promise<ReadMessage> =>
  method === 'GET' ? { ok: true, message: undefined } : { ok: false, response: streamByGet() }

const open = async ({ request, token }: SseRequest, env: Env, { caller }: Admission): Promise<Response> => {
  const opening: Opening = {
    token,
    bearer: caller.kind === 'url' ? null : bearerOf(request),
    caller: callerKey(caller),
    base: new URL(request.url).pathname.endsWith('/') ? '' : 'sse/',
  }
  const object = await objectOf(env, token)
  const body = JSON.stringify(opening)
  const response = await object.fetch('http://stream.invalid/', { method: 'POST', body })
  if (!response.ok) return refuse(409, TOO_MANY)
  const headers = { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' }
  return new Response(response.body, { headers })
}

const accepted = () => new Response(null, { status: 202 })

const handOver = async (
  sse: SseRequest,
  id: string,
  env: Env,
  admission: Admission,
  message: unknown,
): Promise<boolean> => {
  const { request, requestId, token } = sse
  return (await objectOf(env, token)).relay(id, {
    message,
    admission,
    requestId,
    origin: new URL(request.url).origin,
    client: clientOf(request, message),
    idempotencyKey: idempotencyKeyOf(request),
    traceparent: traceparentIn(request, message),
    version: request.headers.get('mcp-protocol-version'),
  })
}

/** A message that its stream did not take has nobody else who would give its place back. */
const relay = async (taken: Promise<boolean>, leave: () => void): Promise<Response> => {
  let answers = false
  try {
    answers = await taken
  } finally {
    if (!answers) leave()
  }
  return answers ? accepted() : refuse(404, NO_STREAM)
}

/** The next keep-alive would notice as well. */
const closeDead = async (env: Env, token: string): Promise<void> => {
  await (await objectOf(env, token)).recheck()
}

/** The account said no to a message: a refusal for the limit goes on its stream, which does not outlive its token. */
const refuseMessage = async (
  { response, refused }: Extract<Entry, { ok: false }>,
  { token }: SseRequest,
  id: string,
  env: Env,
  ctx: Waiter,
): Promise<Response> => {
  if (refused === 'unknown' || refused === 'unauthorized')
    ctx.waitUntil(closeDead(env, token).catch(() => {}))
  if (refused !== 'limited') return response
  const sent = await (await objectOf(env, token)).deliver(id, await response.clone().text())
  return sent ? accepted() : response
}

/** Answers a request of this transport; the origin is judged as for any other. */
export const handleSse = async (
  sse: SseRequest,
  env: Env,
  ctx: Waiter,
  { way, leave }: Door,
): Promise<Shown> => {
  const { request, requestId, token, stream: id } = sse
  const entry = await enter(request, token, env, way, id ? readMessage : readOpening, requestId)
  const { origin } = entry
  if (!entry.ok)
    return { origin, response: id ? await refuseMessage(entry, sse, id, env, ctx) : entry.response }
  const { admission, message } = entry
  if (!id) return { origin, response: await open(sse, env, admission) }
  const response = await relay(handOver(sse, id, env, admission, message), () =>
    ctx.waitUntil(leave({ env, admission })),
  )
  return { origin, response }
}
