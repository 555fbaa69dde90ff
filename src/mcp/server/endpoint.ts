/** MCP over HTTP for both protocol eras on one URL by the official SDK: a fresh server per request, JSON answers. */
import {
  createMcpHandler,
  isLegacyRequest,
  type Server,
  type ServerNotifier,
  WebStandardStreamableHTTPServerTransport,
} from '@modelcontextprotocol/server'
import { asObject } from '../../core/json.ts'
import { errorResponse, requestIdOf } from '../transport/refusal.ts'
import { claimsModern, lenient, problemIn, wantsProgress } from './as-sent.ts'
import { withoutDump } from './dumps.ts'

/** One HTTP request's worth of MCP. */
type Call = {
  /** Makes the server of this request; called at most once. */
  server(): Server
  /** How a tool reports before its result: to callers with a progress token, or always. Absent: never; headers survive. */
  streams?(tool: string): 'progress' | 'always' | undefined
}

type Endpoint = {
  /**
   * Answers one message that already passed `readMessage`.
   * @param request read for its headers only
   * @param body the parsed message
   */
  answer(request: Request, body: unknown, call: Call): Promise<Response>
  notify: ServerNotifier
}

// The SDK hands its request to handlers; ours would carry the token in its URL.
const LEGACY_URL = 'http://mcp.invalid/'

const streamsNow = (body: unknown, call: Call): boolean => {
  const message = asObject(body)
  const name = asObject(message?.params)?.name
  const mode = typeof name === 'string' ? call.streams?.(name) : undefined
  return mode === 'always' || (mode === 'progress' && wantsProgress(message))
}

const isHandshake = (body: unknown): boolean => asObject(body)?.method === 'initialize'

const legacyHeaders = (request: Request, body: unknown): Headers => {
  // The transport answers 406 to clients that accept JSON only, although JSON is what it sends.
  const headers = new Headers({
    accept: 'application/json, text/event-stream',
    'content-type': 'application/json',
  })
  const version = request.headers.get('mcp-protocol-version')
  // A handshake negotiates the version, whatever its header says.
  if (version !== null && !isHandshake(body)) headers.set('mcp-protocol-version', version)
  return headers
}

const legacy = async (request: Request, parsedBody: unknown, call: Call): Promise<Response> => {
  const streaming = streamsNow(parsedBody, call)
  const server = call.server()
  const transport = new WebStandardStreamableHTTPServerTransport({
    sessionIdGenerator: undefined,
    enableJsonResponse: !streaming,
  })
  await server.connect(transport)
  const forSdk = new Request(LEGACY_URL, { method: 'POST', headers: legacyHeaders(request, parsedBody) })
  return transport.handleRequest(forSdk, { parsedBody })
}

const isLegacy = async (request: Request, body: unknown): Promise<boolean> => {
  const modern = claimsModern(asObject(body))
  // What claims a modern revision is never legacy, save a handshake: that one the SDK decides.
  if (isHandshake(body)) return !modern || isLegacyRequest(request, body)
  return !modern && isLegacyRequest(request, body)
}

/** Holds no tenant: all of a request's state travels in its `Call`. */
export const createEndpoint = (): Endpoint => {
  const modern = createMcpHandler(({ authInfo }) => (authInfo!.extra!.call as Call).server(), {
    legacy: 'reject',
    responseMode: 'auto',
  })
  const answer: Endpoint['answer'] = async (request, sent, call) => {
    const body = lenient(sent)
    const problem = problemIn(body)
    const id = requestIdOf(body)
    if (problem !== null && !claimsModern(asObject(body))) return errorResponse(problem.status, problem, id)
    if (await isLegacy(request, body)) return withoutDump(await legacy(request, body, call), id, null)
    const authInfo = { token: '', clientId: '', scopes: [], extra: { call } }
    // Version and headers are judged by the SDK first.
    const response = await modern.fetch(request, { parsedBody: body, authInfo })
    return withoutDump(response, id, problem)
  }
  return { answer, notify: modern.notify }
}
