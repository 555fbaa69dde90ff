/** Answers given before MCP is spoken: wrong origin, URL, method, media type or body. */

/** JSON-RPC's own codes; other refusals carry their HTTP status as code, which lies outside the reserved range. */
export const PARSE_ERROR = -32700
export const INVALID_REQUEST = -32600

export type RequestId = string | number | null

/** A JSON-RPC error as HTTP response. `message` reaches the client: no secret, and what to do next. */
export const errorResponse = (
  status: number,
  { code, message, data }: { code: number; message: string; data?: unknown },
  id: RequestId = null,
): Response => Response.json({ jsonrpc: '2.0', id, error: { code, message, data } }, { status })

/** @param code JSON-RPC code; absent: the HTTP status */
export const refuse = (status: number, message: string, code: number = status): Response =>
  errorResponse(status, { code, message })

/** One answer for every URL without a live server, so that nobody learns which tokens existed. */
export const unknownServer = (): Response =>
  refuse(
    404,
    'No MCP server answers at this URL: it may be mistyped, expired or revoked. Ask its operator for a new one.',
  )

export const methodNotAllowed = (): Response => {
  const response = refuse(405, 'This MCP endpoint takes JSON-RPC requests by POST only.')
  response.headers.set('allow', 'POST')
  return response
}
