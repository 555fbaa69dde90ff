/** Who may manage: the holder of the deployment's admin key. */
import type { MiddlewareHandler } from 'hono'
import type { Env } from '../env.ts'
import { ApiError } from './errors.ts'

/** `created_by` of what the admin key made: it belongs to no person. */
export const ADMIN_KEY_ID = '00000000-0000-0000-0000-000000000000'

const digest = (text: string) => crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))

/** Digests have one length, so the comparison says nothing about the key's. */
const same = async (given: string, known: string): Promise<boolean> =>
  crypto.subtle.timingSafeEqual(await digest(given), await digest(known))

const refused = (message: string) => new ApiError(401, message, {}, { 'www-authenticate': 'Bearer' })

export const requireAdmin: MiddlewareHandler<{ Bindings: Env }> = async ({ req, env }, next) => {
  const given = /^Bearer +(\S+)$/i.exec(req.header('authorization') ?? '')?.[1]
  if (!env.ADMIN_API_KEY) throw refused('This deployment has no ADMIN_API_KEY yet, so nobody can be let in.')
  if (given === undefined) throw refused('Send the admin key as "Authorization: Bearer <key>".')
  if (!(await same(given, env.ADMIN_API_KEY))) throw refused('This admin key is not valid.')
  await next()
}
