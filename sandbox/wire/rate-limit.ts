/** Counting requests and saying so in the header dialects that services use. */
import { type Micros, SECOND } from '../tenants/micros.ts'

export const DIALECTS = [
  'draft-06',
  'draft-07',
  'draft-08',
  'x-delay',
  'x-epoch',
  'x-epoch-ms',
  'x-iso',
  'x-http-date',
  'x-rate-limit',
  'github',
  'gitlab',
  'discord',
  'openai',
  'anthropic',
  'shopify',
  'docker',
  'retry-after',
  'retry-after-date',
  'none',
] as const

export type Dialect = (typeof DIALECTS)[number]

export type Count = {
  limit: number
  remaining: number
  /** Whole seconds until the window ends. */
  reset: number
  /** Window length in seconds. */
  window: number
  now: Micros
}

type Fields = Readonly<Record<string, string | number>>

const three = (prefix: string, count: Count, reset: string | number): Fields => ({
  [`${prefix}Limit`]: count.limit,
  [`${prefix}Remaining`]: count.remaining,
  [`${prefix}Reset`]: reset,
})

const epoch = (count: Count) => Math.floor(count.now / SECOND) + count.reset
const date = (count: Count) => new Date(epoch(count) * 1000)

const WRITTEN: Readonly<Record<Dialect, (count: Count) => Fields>> = {
  'draft-06': (count) => three('RateLimit-', count, count.reset),
  'draft-07': ({ limit, remaining, reset }) => ({
    RateLimit: `limit=${limit}, remaining=${remaining}, reset=${reset}`,
  }),
  'draft-08': ({ limit, remaining, reset, window }) => ({
    RateLimit: `"default";r=${remaining};t=${reset}`,
    'RateLimit-Policy': `"default";q=${limit};w=${window}`,
  }),
  'x-delay': (count) => three('X-RateLimit-', count, count.reset),
  'x-epoch': (count) => three('X-RateLimit-', count, epoch(count)),
  'x-epoch-ms': (count) => three('X-RateLimit-', count, epoch(count) * 1000),
  'x-iso': (count) => three('X-RateLimit-', count, date(count).toISOString()),
  'x-http-date': (count) => three('X-RateLimit-', count, date(count).toUTCString()),
  'x-rate-limit': (count) => three('X-Rate-Limit-', count, epoch(count)),
  github: (count) => ({
    ...three('X-RateLimit-', count, epoch(count)),
    'X-RateLimit-Used': count.limit - count.remaining,
  }),
  gitlab: (count) => ({
    ...three('RateLimit-', count, epoch(count)),
    'RateLimit-Observed': count.limit - count.remaining,
    'RateLimit-ResetTime': date(count).toUTCString(),
  }),
  discord: (count) => ({
    ...three('X-RateLimit-', count, `${epoch(count)}.250`),
    'X-RateLimit-Reset-After': `${count.reset}.250`,
  }),
  openai: ({ limit, remaining, reset }) => ({
    'x-ratelimit-limit-requests': limit,
    'x-ratelimit-remaining-requests': remaining,
    'x-ratelimit-reset-requests': `${Math.floor(reset / 60)}m${reset % 60}s`,
  }),
  anthropic: (count) => ({
    'anthropic-ratelimit-requests-limit': count.limit,
    'anthropic-ratelimit-requests-remaining': count.remaining,
    'anthropic-ratelimit-requests-reset': `${date(count).toISOString().slice(0, 19)}Z`,
  }),
  shopify: ({ limit, remaining }) => ({
    'X-Shopify-Shop-Api-Call-Limit': `${limit - remaining}/${limit}`,
  }),
  docker: ({ limit, remaining, window }) => ({
    'ratelimit-limit': `${limit};w=${window}`,
    'ratelimit-remaining': `${remaining};w=${window}`,
  }),
  'retry-after': () => ({}),
  'retry-after-date': () => ({}),
  none: () => ({}),
}

const waiting = (dialect: Dialect, count: Count): Fields => {
  if (dialect === 'none') return {}
  if (dialect === 'retry-after-date') return { 'Retry-After': date(count).toUTCString() }
  return { 'Retry-After': dialect === 'shopify' ? `${count.reset}.0` : count.reset }
}

/**
 * Headers of one answer in the given dialect.
 * @param refused adds `Retry-After` where the dialect knows it
 */
export const rateHeaders = (dialect: Dialect, count: Count, refused: boolean): Record<string, string> =>
  Object.fromEntries(
    Object.entries({ ...WRITTEN[dialect](count), ...(refused ? waiting(dialect, count) : {}) }).map(
      ([name, value]) => [name, String(value)],
    ),
  )

export type Window = { start: Micros; used: number }

/** Counts one request in a fixed window; when a window is over, a new one begins. */
export const countRequest = (
  before: Window,
  limit: number,
  seconds: number,
  now: Micros,
): { window: Window; count: Count; refused: boolean } => {
  const over = now >= before.start + seconds * SECOND || now < before.start
  const start = over ? now : before.start
  const used = (over ? 0 : before.used) + 1
  const reset = Math.max(1, Math.ceil((start + seconds * SECOND - now) / SECOND))
  const count = { limit, remaining: Math.max(0, limit - used), reset, window: seconds, now }
  return { window: { start, used }, count, refused: used > limit }
}
