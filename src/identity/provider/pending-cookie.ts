/** What a sign-in keeps while the person is at the identity provider: one sealed cookie, which only that browser has. */
import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import * as z from 'zod'
import type { Env } from '../../core/env.ts'
import { openText, sealText } from '../../core/seal.ts'
import { isSecure, optionsFor } from '../session.ts'
import { PENDING_MS, type Pending } from './sign-in.ts'

type Pepper = Pick<Env, 'TOKEN_PEPPER'>

const PendingSchema: z.ZodType<Pending> = z.strictObject({
  issuer: z.string(),
  redirectUri: z.string(),
  state: z.string(),
  nonce: z.string(),
  codeVerifier: z.string(),
  next: z.string(),
  createdAt: z.number(),
})

const PURPOSE = 'pending sign-in'

/** A cookie's value that only this deployment reads. @throws ConfigurationFault without TOKEN_PEPPER */
export const sealPending = (env: Pepper, pending: Pending): Promise<string> =>
  sealText(env, PURPOSE, '', JSON.stringify(pending))

/**
 * @param now milliseconds since the epoch
 * @returns null for what this deployment did not seal, or sealed more than ten minutes ago
 */
export const openPending = async (env: Pepper, value: string, now: number): Promise<Pending | null> => {
  const text = await openText(env, PURPOSE, '', value)
  if (text === null) return null
  const { success, data } = PendingSchema.safeParse(JSON.parse(text))
  return success && now - data.createdAt <= PENDING_MS ? data : null
}

/** As the session's cookie: `__Host-` binds it to this very host, save over http on one's own machine. */
const nameFor = (c: Context): string => `${isSecure(c) ? '__Host-' : ''}finexio_mcp_pending`

/** A second sign-in of the same browser replaces the first. */
export const keepPending = async (c: Context, pending: Pending): Promise<void> =>
  setCookie(c, nameFor(c), await sealPending(c.env, pending), { ...optionsFor(c), maxAge: PENDING_MS / 1000 })

/** The browser's pending sign-in, which is used up with this; null when there is none any more. */
export const takePending = async (c: Context, now: number): Promise<Pending | null> => {
  const value = getCookie(c, nameFor(c))
  deleteCookie(c, nameFor(c), optionsFor(c))
  return value === undefined ? null : openPending(c.env, value, now)
}
