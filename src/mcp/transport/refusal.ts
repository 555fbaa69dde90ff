/** Answers given before MCP is spoken: wrong origin, URL, method, media type or body, no API token, too many calls. */
import { asObject } from '../../core/json.ts'
import { plural, verb } from '../../core/words.ts'
import type { Verdict } from '../../rules/admission.ts'

/** JSON-RPC's own codes; other refusals carry their HTTP status as code, which lies outside the reserved range. */
export const PARSE_ERROR = -32700
export const INVALID_REQUEST = -32600
export const INVALID_PARAMS = -32602

export type RequestId = string | number | null

/**
 * A JSON-RPC error as HTTP response. `message` reaches the client: no secret, and what to do next.
 * @param id of the message that is answered; null where none was read
 */
export const errorResponse = (
  status: number,
  { code, message, data }: { code: number; message: string; data?: unknown },
  id: RequestId = null,
  headers: Record<string, string> = {},
): Response => Response.json({ jsonrpc: '2.0', id, error: { code, message, data } }, { status, headers })

/** The id to answer with, as far as a message has one. */
export const requestIdOf = (message: unknown): RequestId => {
  const id = asObject(message)?.id
  return typeof id === 'string' || typeof id === 'number' ? id : null
}

/** @param code JSON-RPC code; absent: the HTTP status */
export const refuse = (
  status: number,
  message: string,
  code: number = status,
  headers: Record<string, string> = {},
): Response => errorResponse(status, { code, message }, null, headers)

/** One answer for every URL without a live server, so that nobody learns which tokens existed. */
export const unknownServer = (): Response =>
  refuse(
    404,
    'No MCP server answers at this URL: it may be mistyped, expired or revoked. Ask its operator for a new one.',
  )

/** One answer for every page that may not call, whether or not the URL leads anywhere. */
export const foreignOrigin = (): Response =>
  refuse(403, 'This web origin may not call MCP servers here. Its operator can allow it.')

/** 405 with `allow` (RFC 9110, 15.5.6). */
export const methodNotAllowed = (): Response =>
  refuse(405, 'This MCP endpoint takes JSON-RPC requests by POST only.', 405, { allow: 'POST' })

/** At the URL that opens an event stream. */
export const streamByGet = (): Response =>
  refuse(
    405,
    'GET opens the event stream here. Clients that know streamable HTTP take the URL without /sse.',
    405,
    { allow: 'GET' },
  )

const NO_TOKEN =
  'This MCP server also asks for an API token: send "Authorization: Bearer <API token>" with every request. Its operator can create one. Nothing was sent to Finexio.'

/** The URL is right, the API token beside it is missing or wrong. */
export const unauthorized = (id: RequestId): Response =>
  errorResponse(401, { code: 401, message: NO_TOKEN }, id, { 'www-authenticate': 'Bearer' })

type Over = Pick<Extract<Verdict, { kind: 'limited' }>, 'counted' | 'limit' | 'remaining' | 'reset'>

const usedUp = ({ counted = 'calls', limit }: Over): string => {
  const ours = "This MCP server's own limit is used up:"
  switch (counted) {
    case 'bytes':
      return `This MCP server filled its share of the account's audit trail (${limit} bytes at once); other servers of the account go on.`
    case 'at_once':
      return `${ours} ${plural(limit, 'tool call')} of this account ${verb(limit, 'is', 'are')} under way, and no more at once.`
    case 'requests':
      return `${ours} ${plural(limit, 'request')} to Finexio of this account within its time window.`
    case 'calls':
      return `${ours} ${plural(limit, 'tool call')} of this account within its time window.`
  }
}

/** @param over `reset`: whole seconds until the next try; 503 where too much is under way, which is nobody's rate */
export const overOwnLimit = (over: Over, id: RequestId): Response => {
  const { counted, limit, remaining, reset } = over
  const status = counted === 'at_once' ? 503 : 429
  return errorResponse(
    status,
    {
      code: status,
      message: `${usedUp(over)} Nothing was sent to Finexio. Call again in ${plural(reset, 'second')}.`,
      data: { source: 'server', limit, remaining, reset },
    },
    id,
    {
      'ratelimit-limit': String(limit),
      'ratelimit-remaining': String(remaining),
      'ratelimit-reset': String(reset),
      'retry-after': String(reset),
    },
  )
}
