/**
 * Reads how much of a rate limit is left, whichever header family an answer uses, and emits the three header names of
 * draft-ietf-httpapi-ratelimit-headers-06. That draft never became an RFC and Finexio documents no header, so every known
 * family is accepted and only what arrived is reported. Nothing here waits or retries.
 */
import { families, usable } from './families.ts'
import { fromRateLimitField } from './fields.ts'
import {
  type Clock,
  clockOf,
  mentionsLimits,
  type RateLimit,
  type Read,
  reader,
  retryAfter,
} from './values.ts'

export type { RateLimit } from './values.ts'

export type ResponseHeaders = Headers | Readonly<Record<string, unknown>>

export type Options = {
  /** Unit of a plain small reset number, which the number itself does not tell. Default: seconds. */
  resetUnit?: 'seconds' | 'milliseconds'
}

/** `Age` above zero (RFC 9111, section 5.1): the numbers of a cached answer were true at another moment. */
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
  if (!mentionsLimits(headers)) return null
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

/** `Retry-After` (RFC 9110, section 10.2.3) of an answer in whole seconds; null when absent or unreadable. */
export const retryAfterSeconds = (headers: ResponseHeaders, now: Date): number | null => {
  const read = reader(headers)
  return retryAfter(read, clockOf(read, now.getTime(), 'seconds'))
}

/**
 * Whether an answer refuses for the rate of calls: 429 (RFC 6585, section 4); 403 with nothing left or with `Retry-After`;
 * 503 with `Retry-After`. A plain 403 of Finexio means bad credentials or a missing permission.
 * @param wait seconds of `Retry-After`; null when absent
 */
export const isThrottle = (status: number, rate: RateLimit | null, wait: number | null): boolean => {
  if (status === 429) return true
  if (status === 403) return wait !== null || rate?.remaining === 0
  return status === 503 && wait !== null
}

/**
 * Headers to emit: the known ones among `ratelimit-limit`, `-remaining`, `-reset` and `retry-after`.
 * @param wait seconds; null when unknown
 */
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
