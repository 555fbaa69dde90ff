/** Headers that every answer of the MCP endpoint carries, whatever it says. */

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
export const preflight = (): Response =>
  new Response(null, {
    status: 204,
    headers: {
      allow: 'POST',
      'access-control-allow-methods': 'POST',
      'access-control-allow-headers': ACCEPTED,
      'access-control-max-age': '7200',
    },
  })
