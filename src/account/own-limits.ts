/** What an account may do in a while: tool calls, and the requests that they make at Finexio. In memory, since a lost state only forgives. */
import type { AuditEntry } from './audit/entry.ts'
import { counted, type LimiterState, type LimiterVerdict, type OwnLimit, take } from './limiter.ts'

/** Null: no such limit. */
export type Both = { calls: OwnLimit | null; requests: OwnLimit | null }

export type Refused = Extract<LimiterVerdict, { allowed: false }> & {
  counted: keyof Both
  own: OwnLimit
}

/** Requests of one call that its account hears of while it is under way; of the rest it learns from the row of the call. */
export const COUNTED_AT_ONCE = 10

/** No setting allows more in one window. */
const MOST_KEPT = 9_999

export class OwnLimits {
  #calls: LimiterState = []
  #requests: number[] = []

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

  /** Counts one call; null: it may go on. A refused one does not count. @param now milliseconds since the epoch */
  take({ calls, requests }: Both, now: number): Refused | null {
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
