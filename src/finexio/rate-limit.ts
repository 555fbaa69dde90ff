/**
 * Reads how much of a rate limit is left, in whatever dialect the answer speaks, and emits it in one (IETF draft 06 style).
 * Finexio documents none, so all known ones are accepted and only what arrived is reported. Nothing here waits or retries.
 */
import { families, usable } from './rate-limit/families.ts'
import { fromRateLimitField } from './rate-limit/fields.ts'
import {
  type Clock,
  clockOf,
  type RateLimit,
  type Read,
  reader,
  retryAfter,
  speaksOfLimits,
} from './rate-limit/values.ts'

export type { RateLimit } from './rate-limit/values.ts'

export type ResponseHeaders = Headers | Readonly<Record<string, unknown>>

export type Options = {
  /** Unit of a plain small reset number; the one ambiguity that no rule can settle. */
  resetUnit?: 'seconds' | 'milliseconds'
}

/** A cached answer's numbers are of another moment. */
const isStored = (read: Read) => /^0*[1-9]\d*$/.test(read('age') ?? '')

const found = (read: Read, clock: Clock): RateLimit | null => {
  const field = fromRateLimitField(read)
  if (usable(field)) return field
  for (const family of families) {
    const numbers = family(read, clock)
    if (usable(numbers)) return numbers
  }
  return null
}

const normalized = (
  headers: ResponseHeaders,
  now: Date,
  { resetUnit = 'seconds' }: Options,
): RateLimit | null => {
  if (!speaksOfLimits(headers)) return null
  const read = reader(headers)
  if (isStored(read)) return null
  const clock = clockOf(read, now.getTime(), resetUnit)
  const numbers = found(read, clock)
  const wait = retryAfter(read, clock)
  if (!numbers) return wait === null ? null : { limit: null, remaining: null, reset: wait }
  return { ...numbers, reset: numbers.reset ?? wait }
}

/**
 * Normalizes the rate-limit headers of one answer.
 * @param headers of the answer; names in any case, repeated lines joined by `", "`
 * @param now local time, used only where the answer carries no `Date`
 * @returns non-negative integers or null each; null when nothing usable was sent. Never throws.
 */
export const normalizeRateLimit = (
  headers: ResponseHeaders,
  now: Date,
  options: Options = {},
): RateLimit | null => {
  try {
    return normalized(headers, now, options)
  } catch {
    return null
  }
}

/** `Retry-After` of an answer in whole seconds; null when absent or unreadable. */
export const retryAfterSeconds = (headers: ResponseHeaders, now: Date): number | null => {
  const read = reader(headers)
  return retryAfter(read, clockOf(read, now.getTime(), 'seconds'))
}

/** 429; 403 with nothing left or with `Retry-After`; 503 with `Retry-After`. A plain 403 means bad credentials. */
export const isThrottle = (status: number, rate: RateLimit | null, wait: number | null): boolean => {
  if (status === 429) return true
  if (status === 403) return wait !== null || rate?.remaining === 0
  return status === 503 && wait !== null
}

/** Headers to emit: the known ones among `ratelimit-limit`, `-remaining`, `-reset` and `retry-after`. */
export const rateLimitHeaders = (rate: RateLimit | null, wait: number | null): Record<string, string> => {
  const values = {
    'ratelimit-limit': rate?.limit,
    'ratelimit-remaining': rate?.remaining,
    'ratelimit-reset': rate?.reset,
    'retry-after': wait,
  }
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) =>
      typeof value === 'number' ? [[name, String(value)]] : [],
    ),
  )
}
