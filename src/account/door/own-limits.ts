/** What an account may do in a while and at once: tool calls, and the requests that they make at Finexio. In memory, since a lost state only forgives. */
import type { AuditEntry } from '../audit/entry.ts'
import { counted, type LimiterState, type LimiterVerdict, type OwnLimit, take } from './limiter.ts'
import { Places } from './places.ts'

/** Null: no such limit. `at_once`: calls that may be under way. */
export type Limits = { calls: OwnLimit | null; requests: OwnLimit | null; at_once: number | null }

/** `own`: the limit that was reached; without a window where calls under way are counted. */
export type Refused = Extract<LimiterVerdict, { allowed: false }> & {
  counted: keyof Limits
  own: { limit: number; windowSeconds: number | null }
}

/** `place`: what the call gives back when it is over; absent where nothing counts how many are under way. */
type Taken = { refused: Refused } | { place?: string }

/** Requests of one call that its account hears of while it is under way; of the rest it learns from the row of the call. */
export const COUNTED_AT_ONCE = 10

/** No setting allows more in one window. */
const MOST_KEPT = 9_999

export class OwnLimits {
  #calls: LimiterState = []
  #requests: number[] = []
  readonly #places = new Places()

  /** Requests that a call made, known while it is under way or once it is done: no call is cut short for them. */
  noteRequests(count: number, now: number): void {
    for (let one = Math.min(count, MOST_KEPT); one > 0; one--) this.#requests.push(now)
    // Not at each call: it moves thousands of numbers.
    if (this.#requests.length > 2 * MOST_KEPT) this.#requests = this.#requests.slice(-MOST_KEPT)
  }

  /** @param entries of the trail */
  noteCalls(entries: readonly AuditEntry[], now: number): void {
    for (const entry of entries)
      if (entry.type === 'mcp') this.noteRequests(entry.upstream_requests % COUNTED_AT_ONCE, now)
  }

  /** Counts one call, and gives it a place. A refused one does not count. @param now milliseconds since the epoch */
  take(limits: Limits, now: number): Taken {
    const refused = this.#crowded(limits, now) ?? this.#usedUp(limits, now)
    if (refused) return { refused }
    return limits.at_once === null ? {} : { place: this.#places.take(now) }
  }

  /** Gives back the place of a call that is over; of one that has none, nothing. */
  leave(place: string | undefined): void {
    if (place !== undefined) this.#places.leave(place)
  }

  #crowded({ at_once: limit }: Limits, now: number): Refused | null {
    const reset = limit === null ? null : this.#places.wait(limit, now)
    if (limit === null || reset === null) return null
    const own = { limit, windowSeconds: null }
    return { allowed: false, counted: 'at_once', limit, remaining: 0, reset, own }
  }

  #usedUp({ calls, requests }: Limits, now: number): Refused | null {
    if (requests) {
      this.#requests = counted(this.#requests, now, requests)
      const { verdict } = take(this.#requests, now, requests)
      if (!verdict.allowed) return { ...verdict, counted: 'requests', own: requests }
    }
    if (!calls) return null
    const { state, verdict } = take(this.#calls, now, calls)
    this.#calls = state
    return verdict.allowed ? null : { ...verdict, counted: 'calls', own: calls }
  }
}
