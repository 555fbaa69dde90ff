/** What every answer of the dashboard carries, and what a POST has to bring. */
import type { MiddlewareHandler } from 'hono'
import type { C, Dash } from './app-type.ts'

/** Nothing from elsewhere, nothing inline, no frame around it, no form that leads away. */
const POLICY = [
  "default-src 'none'",
  "style-src 'self'",
  "script-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': POLICY,
  'x-frame-options': 'DENY',
  'x-content-type-options': 'nosniff',
  // Browsers that send no referrer at all send no Origin with forms either, and that is what a POST is judged by.
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  'x-robots-tag': 'noindex',
}

export const commonHeaders: MiddlewareHandler<Dash> = async (c, next) => {
  await next()
  for (const [name, value] of Object.entries(HEADERS)) c.res.headers.set(name, value)
  if (!c.res.headers.has('cache-control')) c.res.headers.set('cache-control', 'no-store')
}

const ownOrigins = ({ req, env }: C): string[] =>
  [req.url, env.PUBLIC_URL ?? ''].filter((text) => URL.canParse(text)).map((text) => new URL(text).origin)

/** Whether a POST comes from a page of this dashboard. Every browser says where a form was sent from. */
export const isFromHere = (c: C): boolean => {
  const origin = c.req.header('origin')
  const site = c.req.header('sec-fetch-site')
  return origin !== undefined && ownOrigins(c).includes(origin) && (site ?? 'same-origin') === 'same-origin'
}

const encoder = new TextEncoder()

/** Compares in constant time; the length is not secret. */
export const isSame = (given: string, known: string): boolean => {
  const [a, b] = [encoder.encode(given), encoder.encode(known)]
  return a.byteLength === b.byteLength && crypto.subtle.timingSafeEqual(a, b)
}
