/** What a sign-in keeps while the person is at the identity provider: one sealed cookie, which only that browser has. */
import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import * as z from 'zod'
import { base64UrlOf, bytesOfBase64Url } from '../../core/bytes.ts'
import type { Env } from '../../core/env.ts'
import { subkey } from '../../core/keys.ts'
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

/** Bytes of an initialization vector of AES-GCM (NIST SP 800-38D, 8.2). */
const IV_BYTES = 12

const keyOf = async (env: Pepper): Promise<CryptoKey> =>
  crypto.subtle.importKey('raw', await subkey(env, 'pending sign-in'), 'AES-GCM', false, [
    'encrypt',
    'decrypt',
  ])

/** A cookie's value that only this deployment reads. @throws ConfigurationFault without TOKEN_PEPPER */
export const sealPending = async (env: Pepper, pending: Pending): Promise<string> => {
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES))
  const plain = new TextEncoder().encode(JSON.stringify(pending))
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, await keyOf(env), plain)
  return base64UrlOf(new Uint8Array([...iv, ...new Uint8Array(sealed)]))
}

/**
 * @param now milliseconds since the epoch
 * @returns null for what this deployment did not seal, or sealed more than ten minutes ago
 */
export const openPending = async (env: Pepper, value: string, now: number): Promise<Pending | null> => {
  const key = await keyOf(env)
  try {
    const bytes = bytesOfBase64Url(value)
    const algorithm = { name: 'AES-GCM', iv: bytes.slice(0, IV_BYTES) }
    const plain = await crypto.subtle.decrypt(algorithm, key, bytes.slice(IV_BYTES))
    const pending = PendingSchema.parse(JSON.parse(new TextDecoder().decode(plain)))
    return now - pending.createdAt <= PENDING_MS ? pending : null
  } catch {
    return null
  }
}

const isSecure = ({ req }: Context): boolean => new URL(req.url).protocol === 'https:'

/** As the session's cookie: `__Host-` binds it to this very host, save over http on one's own machine. */
const nameFor = (c: Context): string => `${isSecure(c) ? '__Host-' : ''}finexio_mcp_pending`

/** Lax, since the browser comes back from the provider's site. */
const optionsFor = (c: Context) =>
  ({ path: '/', httpOnly: true, secure: isSecure(c), sameSite: 'Lax' }) as const

/** A second sign-in of the same browser replaces the first. */
export const keepPending = async (c: Context, pending: Pending): Promise<void> =>
  setCookie(c, nameFor(c), await sealPending(c.env, pending), { ...optionsFor(c), maxAge: PENDING_MS / 1000 })

/** The browser's pending sign-in, which is used up with this; null when there is none any more. */
export const takePending = async (c: Context, now: number): Promise<Pending | null> => {
  const value = getCookie(c, nameFor(c))
  deleteCookie(c, nameFor(c), optionsFor(c))
  return value === undefined ? null : openPending(c.env, value, now)
}
