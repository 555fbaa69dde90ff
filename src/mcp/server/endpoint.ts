/** MCP over HTTP for both protocol eras on one URL: a fresh SDK server per request, JSON answers, one header bag. */

import {
  createMcpHandler,
  isLegacyRequest,
  type ListToolsResult,
  type Server,
  type ServerNotifier,
  WebStandardStreamableHTTPServerTransport,
} from '@modelcontextprotocol/server'
import { asObject } from '../../core/json.ts'
import type { HttpError, Question } from '../../tools/contract.ts'
import { claimsModern, lenient, wantsProgress } from '../transport/lenient.ts'
import { errorResponse, type RequestId } from '../transport/refusal.ts'
import { insertTools } from './prepared.ts'

/** Filled while the request is answered, read when its HTTP response is built. */
export type ResponseBag = {
  headers: Record<string, string>
  /** Replaces the response of the SDK. */
  http?: HttpError
  /** A question that is sent in place of the result. */
  ask?: Question
  /** Set by a `tools/list` that answered `withoutTools(list)`. */
  list?: ListToolsResult
}

/** One HTTP request's worth of MCP. */
type Call = {
  /** Makes the server of this request; called at most once. */
  server(): Server
  bag: ResponseBag
  /** How a tool reports before its result: to callers with a progress token, or always. Absent: never; headers survive. */
  streams?(tool: string): 'progress' | 'always' | undefined
}

export type Endpoint = {
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

/** The response with what the bag says: its headers, or the HTTP error in its place. */
export const finish = async (response: Response, body: unknown, { headers, http, list }: ResponseBag) => {
  if (list) return insertTools(response, list)
  const out = http ? errorResponse(http.status, http, asObject(body)?.id as RequestId) : response
  for (const name in headers) out.headers.set(name, headers[name]!)
  return out
}

/** Holds no tenant: all of a request's state travels in its `Call`. */
export const createEndpoint = (): Endpoint => {
  const modern = createMcpHandler(({ authInfo }) => (authInfo!.extra!.call as Call).server(), {
    legacy: 'reject',
    responseMode: 'auto',
  })
  const answer: Endpoint['answer'] = async (request, sent, call) => {
    const body = lenient(sent)
    const response = (await isLegacy(request, body))
      ? await legacy(request, body, call)
      : await modern.fetch(request, {
          parsedBody: body,
          authInfo: { token: '', clientId: '', scopes: [], extra: { call } },
        })
    return finish(response, body, call.bag)
  }
  return { answer, notify: modern.notify }
}
