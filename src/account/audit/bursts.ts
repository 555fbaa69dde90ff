/** Refused management calls that come in bursts: one row a minute for each kind, with how often it happened. */
import type { AuditEntry, ManagementEntry } from './entry.ts'

const MINUTE_MS = 60_000
/** Kinds that are told apart at one time. */
const MOST_KINDS = 1_000

type Burst = { since: number; repeated: number; last: ManagementEntry }

export class Bursts {
  readonly #bursts = new Map<string, Burst>()

  /**
   * The rows to write for an entry: none for a repetition within the minute. How often something was repeated is said by a row
   * of its last time, once its minute is over. @param now milliseconds since the epoch
   */
  thinned(entry: AuditEntry, now: number): AuditEntry[] {
    const over = this.ended(now)
    if (entry.type !== 'management' || entry.http_status_code < 400) return [...over, entry]
    const { actor_id, action, http_status_code, target_id } = entry
    const kind = JSON.stringify([actor_id, action, http_status_code, target_id])
    const burst = this.#bursts.get(kind)
    if (burst) {
      burst.repeated += 1
      burst.last = entry
      return over
    }
    if (this.#bursts.size >= MOST_KINDS) this.#bursts.clear()
    this.#bursts.set(kind, { since: now, repeated: 0, last: entry })
    return [...over, entry]
  }

  /** Rows of bursts whose minute is over. */
  ended(now: number): AuditEntry[] {
    const over = [...this.#bursts].filter(([, { since }]) => now - since >= MINUTE_MS)
    for (const [kind] of over) this.#bursts.delete(kind)
    return over.flatMap(([, { repeated, last }]) => {
      if (repeated === 0) return []
      return [repeated === 1 ? last : { ...last, repeated: repeated - 1 }]
    })
  }
}
