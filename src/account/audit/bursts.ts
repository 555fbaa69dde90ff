/** Refused management calls that come in bursts: one row a minute for each kind, with how often it happened. */
import type { AuditEntry } from './entry.ts'

const MINUTE_MS = 60_000
/** Kinds that are told apart at one time. */
const MOST_KINDS = 1_000

type Burst = { since: number; repeated: number }

export class Bursts {
  readonly #bursts = new Map<string, Burst>()

  /**
   * The row to write for an entry, with how many like it were left out since the last one; none for a repetition within the
   * minute. @param now milliseconds since the epoch
   */
  thinned(entry: AuditEntry, now: number): AuditEntry[] {
    if (entry.type !== 'management' || entry.http_status_code < 400) return [entry]
    const kind = JSON.stringify([entry.actor_id, entry.action, entry.http_status_code])
    const burst = this.#bursts.get(kind)
    if (burst && now - burst.since < MINUTE_MS) {
      burst.repeated += 1
      return []
    }
    if (this.#bursts.size >= MOST_KINDS) this.#bursts.clear()
    this.#bursts.set(kind, { since: now, repeated: 0 })
    return [burst && burst.repeated > 0 ? { ...entry, repeated: burst.repeated } : entry]
  }
}
