/**
 * The calls of one account that are under way. In memory: an object that starts anew knows of none, which only forgives, and
 * a place that nobody gave back ends with the time that any call may take.
 */
import { CLAIM_MS } from '../../rules/ledger.ts'

/** A call is long over by then: its isolate is gone, or its client and with it the half minute that is left to finish in. */
export const PLACE_MS = CLAIM_MS

/** What one call is taken to last, for telling when to come back. */
const CALL_MS = 1_000
/** A place may be free much sooner than the last of a crowd could have one. */
const LONGEST_WAIT_MS = 10_000

export class Places {
  /** By id, in the order in which they were taken: since when, in milliseconds since the epoch. */
  readonly #taken = new Map<string, number>()
  /** When the last of those who were sent away is to come back. */
  #turn = 0

  /**
   * Null: there is room. Else whole seconds until the next try, which are spread as if all who were sent away stood in a queue:
   * told the same second, a crowd would come back as one.
   * @param bound calls that may be under way @param now milliseconds since the epoch
   */
  wait(bound: number, now: number): number | null {
    this.#forgetLost(now)
    if (this.#taken.size < bound) return null
    this.#turn = Math.min(Math.max(this.#turn, now) + CALL_MS / bound, now + LONGEST_WAIT_MS)
    return Math.ceil((this.#turn - now) / 1_000)
  }

  /** The id under which the place is given back. */
  take(now: number): string {
    const id = crypto.randomUUID()
    this.#taken.set(id, now)
    return id
  }

  /** A place that is given back twice, or to an object that started since, is no other call's. */
  leave(id: string): void {
    this.#taken.delete(id)
  }

  #forgetLost(now: number): void {
    for (const [id, since] of this.#taken) {
      if (Math.abs(now - since) < PLACE_MS) return
      this.#taken.delete(id)
    }
  }
}
