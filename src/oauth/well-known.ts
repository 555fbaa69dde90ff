/** Where clients look for OAuth metadata and there is none: a JSON 404, root and path-inserted, or they try to sign in. */
import type { Env } from '../core/env.ts'
import { originAllowed } from '../mcp/transport/gate.ts'
import { dress } from '../mcp/transport/handler.ts'

/** For paths below `/.well-known/` that belong to no server which asks to sign in, any method. */
export const noOauthMetadata = (request: Request, env: Env): Response => {
  const origin = request.headers.get('origin')
  const response = Response.json(
    { error: 'not_found', message: 'There is nothing to sign in to at this path.' },
    { status: 404 },
  )
  return dress(response, originAllowed(origin, env) ? origin : null)
}
