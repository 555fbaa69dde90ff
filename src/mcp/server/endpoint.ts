/** MCP over HTTP for both protocol eras on one URL by the official SDK: a fresh server per request, JSON answers. */
import {
  createMcpHandler,
  isLegacyRequest,
  PROTOCOL_VERSION_META_KEY,
  type Server,
  type ServerNotifier,
  WebStandardStreamableHTTPServerTransport,
} from '@modelcontextprotocol/server'
import { asObject, type JsonObject } from '../../core/json.ts'

// Departures from JSON-RPC that clients of 2025 and earlier are known to make, put right before the SDK looks.

const metaOf = (message: JsonObject | null): JsonObject | null => asObject(asObject(message?.params)?._meta)

/** True when the message itself claims a revision of 2026 or later. */
const claimsModern = (message: JsonObject | null): boolean =>
  metaOf(message)?.[PROTOCOL_VERSION_META_KEY] !== undefined

/** True when the caller wants progress of this call. */
const wantsProgress = (message: JsonObject | null): boolean => metaOf(message)?.progressToken !== undefined

/** What a handshake must hold, and what is put in its place where an old client left it out. */
const HANDSHAKE: JsonObject = {
  protocolVersion: '2024-11-05',
  capabilities: {},
  clientInfo: { name: 'unknown', version: 'unknown' },
}

/** `params` that are not an object are the SDK's to refuse. */
const completed = (message: JsonObject): JsonObject => {
  const params = 'params' in message ? asObject(message.params) : {}
  if (message.method !== 'initialize' || !params) return message
  const whole = Object.keys(HANDSHAKE).every((key) => key in params)
  return whole ? message : { ...message, params: { ...HANDSHAKE, ...params } }
}

/**
 * Truto's SDKs leave out `jsonrpc` everywhere, `id` and `capabilities` on `initialize`, and read plain JSON back.
 * Messages of the modern era are returned as they are.
 */
export const lenient = (value: unknown): unknown => {
  const message = asObject(value)
  if (typeof message?.method !== 'string' || claimsModern(message)) return value
  const withoutId = message.method === 'initialize' && !('id' in message)
  const whole = completed(message)
  if ('jsonrpc' in message && !withoutId) return whole
  return { jsonrpc: '2.0', ...(withoutId && { id: 0 }), ...whole }
}

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

const legacyHeaders = (request: Request): Headers => {
  // The transport answers 406 to clients that accept JSON only, although JSON is what it sends.
  const headers = new Headers({
    accept: 'application/json, text/event-stream',
    'content-type': 'application/json',
  })
  const version = request.headers.get('mcp-protocol-version')
  if (version !== null) headers.set('mcp-protocol-version', version)
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
  const forSdk = new Request(LEGACY_URL, { method: 'POST', headers: legacyHeaders(request) })
  return transport.handleRequest(forSdk, { parsedBody })
}

const isLegacy = async (request: Request, body: unknown): Promise<boolean> => {
  const message = asObject(body)
  // What claims a modern revision is never legacy, save a handshake: that one the SDK decides.
  if (message?.method !== 'initialize' && claimsModern(message)) return false
  return isLegacyRequest(request, body)
}

/** Holds no tenant: all of a request's state travels in its `Call`. */
export const createEndpoint = (): Endpoint => {
  const modern = createMcpHandler(({ authInfo }) => (authInfo!.extra!.call as Call).server(), {
    legacy: 'reject',
    responseMode: 'auto',
  })
  const answer: Endpoint['answer'] = async (request, sent, call) => {
    const body = lenient(sent)
    if (await isLegacy(request, body)) return legacy(request, body, call)
    const authInfo = { token: '', clientId: '', scopes: [], extra: { call } }
    return modern.fetch(request, { parsedBody: body, authInfo })
  }
  return { answer, notify: modern.notify }
}
