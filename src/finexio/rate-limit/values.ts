/** Counts and reset values of rate-limit headers. Results are numbers made here, never upstream text. */
import { anyDate, httpDate } from './http-date.ts'

/** Requests per window, requests left in it, seconds until more: null where unknown. */
export type RateLimit = { limit: number | null; remaining: number | null; reset: number | null }

/** Largest count accepted: 15 digits. */
export const MOST = 999_999_999_999_999
/** Longest reset accepted, in seconds: 366 days. */
const LONGEST_RESET = 31_622_400
const LONGEST_HEADER = 4_096

/** A plain number this large is a time, not a delay: 1e9 s are 31 years, and 1e11 s is the year 5138. */
const EPOCH_SECONDS = 1e9
const EPOCH_MILLISECONDS = 1e11

export type Clock = {
  /** Local time in milliseconds. */
  now: number
  /** What absolute times are measured against: the response's own `Date` if valid, else `now`. */
  reference: number
  resetUnit: 'seconds' | 'milliseconds'
}

/** Reads a header by its lower-case name, trimmed; undefined when absent or above 4,096 characters. */
export type Read = (name: string) => string | undefined

/** @param now milliseconds since the epoch @param resetUnit of a plain small reset number */
export const clockOf = (read: Read, now: number, resetUnit: Clock['resetUnit']): Clock => ({
  now,
  reference: httpDate(read('date') ?? '', now) ?? now,
  resetUnit,
})

/** Most answers have no such header, and then no family needs to be tried. */
const LIMIT_HEADER = /limit|retry-after/i

/** True when any header could hold a rate limit. */
export const mentionsLimits = (headers: Headers | Readonly<Record<string, unknown>>): boolean => {
  for (const name of headers instanceof Headers ? headers.keys() : Object.keys(headers ?? {}))
    if (LIMIT_HEADER.test(name)) return true
  return false
}

/** Reads the headers of one answer. @param headers names in any case; values that are no text are left out */
export const reader = (headers: Headers | Readonly<Record<string, unknown>>): Read => {
  const byName = new Map<string, string>()
  const entries = headers instanceof Headers ? headers.entries() : Object.entries(headers ?? {})
  for (const [name, value] of entries) {
    if (typeof value === 'string' && value.length <= LONGEST_HEADER)
      byName.set(name.toLowerCase(), value.trim())
  }
  return (name) => byName.get(name)
}

/** Seconds, rounded up; past times are 0; null beyond the longest reset accepted. */
const seconds = (ms: number): number | null => {
  const whole = Math.max(0, Math.ceil(ms / 1_000))
  return whole <= LONGEST_RESET ? whole : null
}

/** First member of a list, its parameters dropped: a non-negative number, decimals floored. */
export const count = (text: string | undefined): number | null => {
  const plain = /^[^,;]*/.exec(text ?? '')?.[0].trim() ?? ''
  return /^\d{1,15}(\.\d+)?$/.test(plain) ? Math.floor(Number(plain)) : null
}

/** `6m0s`, `12ms`: number and unit, repeated. */
const UNIT_MS: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1_000, ms: 1 }
const durationMs = (text: string): number | null => {
  if (!/^(\d{1,9}(\.\d{1,9})?(h|ms|m|s))+$/.test(text)) return null
  return [...text.matchAll(/(\d+(?:\.\d+)?)(h|ms|m|s)/g)].reduce(
    (sum, [, number, unit]) => sum + Number(number) * UNIT_MS[unit!]!,
    0,
  )
}

const numberMs = (text: string, { reference, resetUnit }: Clock): number | null => {
  if (!/^\d{1,15}(\.\d{1,9})?$/.test(text)) return null
  const value = Number(text)
  if (value >= EPOCH_MILLISECONDS) return value - reference
  if (value >= EPOCH_SECONDS) return value * 1_000 - reference
  return resetUnit === 'milliseconds' ? value : value * 1_000
}

/** Seconds until a reset given as date, duration, time or delay: its size tells which, since the name does not. */
export const resetSeconds = (text: string | undefined, clock: Clock): number | null => {
  if (text === undefined) return null
  const date = anyDate(text, clock.now)
  if (date !== null) return seconds(date - clock.reference)
  const plain = text.split(';', 1)[0]!.trim()
  const ms = durationMs(plain) ?? numberMs(plain, clock)
  return ms === null ? null : seconds(ms)
}

/** A delay that is never a time: `Retry-After`'s seconds and `X-RateLimit-Reset-After`. */
export const delaySeconds = (text: string | undefined): number | null =>
  text !== undefined && /^\d{1,15}(\.\d{1,9})?$/.test(text) ? seconds(Number(text) * 1_000) : null

/** `Retry-After` (RFC 9110, section 10.2.3) in seconds: sent as seconds, decimals tolerated, or as an HTTP-date; null: neither. */
export const retryAfter = (read: Read, clock: Clock): number | null => {
  const text = read('retry-after')
  const date = text === undefined ? null : httpDate(text, clock.now)
  return date === null ? delaySeconds(text) : seconds(date - clock.reference)
}

/** Seconds of a structured-field Integer (RFC 9651, section 3.3.1); null for any other value. */
export const wholeSeconds = (value: unknown): number | null =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= LONGEST_RESET ? value : null
