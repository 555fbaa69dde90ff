/** Where clients look for OAuth metadata. There is none: a JSON 404, root and path-inserted, or they try to sign in. */
import type { Env } from '../env.ts'
import { dress } from './headers.ts'
import { originAllowed } from './origin.ts'

/** For every path below `/.well-known/`, any method. */
export const noOauthMetadata = (request: Request, env: Env): Response => {
  const origin = request.headers.get('origin')
  const response = Response.json(
    { error: 'not_found', message: 'This deployment uses no OAuth.' },
    { status: 404 },
  )
  return dress(response, originAllowed(origin, env) ? origin : null)
}
