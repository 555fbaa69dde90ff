/**
 * This server's own limits: so many tool calls, or requests to Finexio, per account in any window of so many seconds, and so
 * many calls at once. Pure; the account's object keeps the state in memory, since a lost state only forgives.
 */
import { ConfigurationFault } from '../../core/keys.ts'

export type OwnLimit = { limit: number; windowSeconds: number }

/** When the calls that still count were let through, oldest first, in milliseconds since the epoch. */
export type LimiterState = readonly number[]

/** `reset`: whole seconds until one call is free again. */
export type LimiterVerdict =
  | { allowed: true; remaining: number }
  | { allowed: false; limit: number; remaining: 0; reset: number }

/** What the settings allow where they say nothing. */
const DEFAULTS = {
  OWN_LIMIT: { limit: 50, windowSeconds: 10 },
  OWN_REQUESTS: { limit: 600, windowSeconds: 60 },
} as const
const SETTING = /^([1-9]\d{0,3})\/([1-9]\d{0,3})$/

/**
 * @param setting calls (OWN_LIMIT) or requests to Finexio (OWN_REQUESTS) and seconds as `"50/10"`, both 1 to 9999, or `"off"`;
 *   absent or empty: 50 calls per 10 s, 600 requests per 60 s
 * @returns null for no limit
 * @throws ConfigurationFault for anything else
 */
export const ownLimit = (
  setting: string | undefined,
  name: keyof typeof DEFAULTS = 'OWN_LIMIT',
): OwnLimit | null => {
  const text = setting?.trim()
  if (!text) return DEFAULTS[name]
  if (text === 'off') return null
  const found = SETTING.exec(text)
  if (!found)
    throw new ConfigurationFault(
      `${name} must be ${name === 'OWN_LIMIT' ? 'calls' : 'requests'} per seconds, such as 50/10 (each 1 to 9999), or off to set no limit.`,
    )
  return { limit: Number(found[1]), windowSeconds: Number(found[2]) }
}

/**
 * As many as OWN_LIMIT lets in at one moment, so that by default only calls that last meet it. Each may hold answers of Finexio
 * of about a megabyte: half of the 128 MB of an isolate, which other accounts share. Where each takes a second, 50 calls at
 * once are 50 a second, ten times what OWN_LIMIT allows.
 */
const CALLS_AT_ONCE = 50
const COUNT = /^[1-9]\d{0,3}$/

/**
 * @param setting calls of an account that may be under way at once, 1 to 9999, or `"off"`; absent or empty: 50
 * @returns null for no bound
 * @throws ConfigurationFault for anything else
 */
export const callsAtOnce = (setting: string | undefined): number | null => {
  const text = setting?.trim()
  if (!text) return CALLS_AT_ONCE
  if (text === 'off') return null
  if (!COUNT.test(text))
    throw new ConfigurationFault(
      'OWN_CALLS_AT_ONCE must be a number of calls, such as 50 (1 to 9999), or off to set no bound.',
    )
  return Number(text)
}

/** All limits of an account. @throws ConfigurationFault */
export const ownLimits = (env: {
  OWN_LIMIT?: string
  OWN_REQUESTS?: string
  OWN_CALLS_AT_ONCE?: string
}) => ({
  calls: ownLimit(env.OWN_LIMIT),
  requests: ownLimit(env.OWN_REQUESTS, 'OWN_REQUESTS'),
  at_once: callsAtOnce(env.OWN_CALLS_AT_ONCE),
})

/** Those that still count. Times of a clock that was set back are forgotten once they are a whole window ahead, else they would lock for long. */
export const counted = (state: LimiterState, now: number, { windowSeconds }: OwnLimit): number[] =>
  state.filter((time) => Math.abs(now - time) < windowSeconds * 1000)

/**
 * Counts one call. A refused call does not count, so that waiting always helps.
 * @param state empty for a fresh start
 * @param now milliseconds since the epoch
 */
export const take = (
  state: LimiterState,
  now: number,
  own: OwnLimit,
): { state: LimiterState; verdict: LimiterVerdict } => {
  const { limit, windowSeconds } = own
  const times = counted(state, now, own)
  if (times.length < limit)
    return { state: [...times, now], verdict: { allowed: true, remaining: limit - times.length - 1 } }
  // After a lowered limit more than one has to leave the window.
  const freed = times[times.length - limit]!
  const reset = Math.max(1, Math.ceil((freed + windowSeconds * 1000 - now) / 1000))
  return { state: times, verdict: { allowed: false, limit, remaining: 0, reset } }
}

/** Sources that are counted alone; what comes from others then is counted together. */
const MOST_SOURCES = 1_000

/** The same limit for each of many callers whom nobody knows, such as addresses of the internet. In memory, and bounded. */
export class SourceLimits {
  readonly #limit: OwnLimit
  readonly #states = new Map<string, LimiterState>()

  constructor(limit: OwnLimit) {
    this.#limit = limit
  }

  /** Counts one request. @param now milliseconds since the epoch */
  take(source: string, now: number): LimiterVerdict {
    if (this.#states.size >= MOST_SOURCES) this.#forgetIdle(now)
    const name = this.#states.has(source) || this.#states.size < MOST_SOURCES ? source : ''
    const { state, verdict } = take(this.#states.get(name) ?? [], now, this.#limit)
    this.#states.set(name, state)
    return verdict
  }

  #forgetIdle(now: number): void {
    for (const [source, times] of this.#states)
      if (times.every((time) => Math.abs(now - time) >= this.#limit.windowSeconds * 1000))
        this.#states.delete(source)
  }
}
