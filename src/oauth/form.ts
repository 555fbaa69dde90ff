/**
 * What a sign-in page carries until a person acts: the client's request, sealed in the form itself, so that nothing is stored for
 * who only asks. A cookie binds it to the browser; each page has its own, so that two tabs do not disturb each other.
 */
import type { AuthRequest } from '@cloudflare/workers-oauth-provider'
import { hexOf } from '../core/bytes.ts'
import type { Env } from '../core/env.ts'
import { openText, sealText } from '../core/seal.ts'

/** How long the page may stand open. */
const FORM_MS = 10 * 60_000
/** How long a second click is answered alike. */
const AGAIN_SECONDS = 60

const PURPOSE = 'sign-in form'
const COOKIE = '__Host-oauth-consent-'

const sha256 = async (text: string): Promise<string> =>
  hexOf(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))))

const cookie = (hash: string, seconds: number): string =>
  `${COOKIE}${hash.slice(0, 16)}=${hash}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=${seconds}`

/** `headers`: the cookie that has to go with the page. */
export const sealForm = async (
  env: Env,
  request: AuthRequest,
): Promise<{ handle: string; headers: Headers }> => {
  const text = JSON.stringify({ request, until: Date.now() + FORM_MS })
  const handle = await sealText(env, PURPOSE, '', text)
  return { handle, headers: new Headers({ 'set-cookie': cookie(await sha256(handle), FORM_MS / 1000) }) }
}

const cookiesOf = ({ headers }: Request): string[] =>
  (headers.get('cookie') ?? '').split(';').map((one) => one.trim())

/** `until`: milliseconds since the epoch. `headers`: let the cookie end, a minute after a person acted. */
export type OpenForm = { request: AuthRequest; until: number; headers: Headers }

/** Null for a form that was not made here, is too old, or belongs to another browser. */
export const openForm = async (env: Env, request: Request, handle: string): Promise<OpenForm | null> => {
  const hash = await sha256(handle)
  if (!cookiesOf(request).includes(`${COOKIE}${hash.slice(0, 16)}=${hash}`)) return null
  const text = await openText(env, PURPOSE, '', handle)
  const form = text === null ? null : (JSON.parse(text) as Omit<OpenForm, 'headers'>)
  if (!form || form.until <= Date.now()) return null
  return { ...form, headers: new Headers({ 'set-cookie': cookie(hash, AGAIN_SECONDS) }) }
}
