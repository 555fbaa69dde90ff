/** Refusals that come in bursts, of management and of tool calls: one row a minute for each kind, with how often it happened. */
import type { AuditEntry, CallEntry, ManagementEntry } from './entry.ts'

const MINUTE_MS = 60_000
/** Kinds that are told apart at one time. */
const MOST_KINDS = 1_000
/** Of refusals that differ in nothing but what they were about: that is chosen by whoever asks. */
const MOST_TARGETS = 20

const isoOf = (at: number): string => new Date(at).toISOString()

type Refused = ManagementEntry | CallEntry
/** `first`, `until`: of what was held back. Milliseconds since the epoch. */
type Burst = { since: number; repeated: number; last: Refused; first: number; until: number }

/** What a refusal was about, and what was wrong with it; null: that is not told, or the entry is another one. */
const targetOf = (entry: AuditEntry): string | null => {
  if (entry.type !== 'management' && entry.type !== 'mcp') return null
  const why = entry.refused_facts?.why ?? null
  if (entry.type === 'mcp' || why === null) return entry.type === 'mcp' ? why : entry.target_id
  return `${entry.target_id} ${why}`
}

/**
 * What makes two refusals the same kind, beside what they were about; null: no refusal. What a caller made up, such as the name of an
 * unknown tool, is no kind.
 */
const kindOf = (entry: AuditEntry): string | null => {
  if (entry.type === 'management') {
    const { actor_id, action, http_status_code, refused_by } = entry
    return http_status_code < 400 ? null : JSON.stringify([actor_id, action, http_status_code, refused_by])
  }
  if (entry.type !== 'mcp') return null
  const { outcome, mcp_server_id, caller_id, effect, refused_by } = entry
  // Of whoever was not let in the name of a tool is made up as well.
  const tool_name = effect === null ? null : entry.tool_name
  if (outcome === 'unknown_tool') return JSON.stringify([outcome, mcp_server_id, caller_id])
  return outcome === 'refused'
    ? JSON.stringify([outcome, mcp_server_id, caller_id, tool_name, refused_by])
    : null
}

export class Bursts {
  readonly #bursts = new Map<string, Burst>()

  /** How many kinds wait for the end of their minute. */
  get open(): number {
    return this.#bursts.size
  }

  /**
   * The rows to write for an entry: none for a repetition within the minute. How often something was repeated is said by a row
   * of its last time, once its minute is over. @param now milliseconds since the epoch
   */
  thinned(entry: AuditEntry, now: number): AuditEntry[] {
    const over = this.ended(now)
    const whole = kindOf(entry)
    if (whole === null) return [...over, entry]
    const refused = entry as Refused
    const kind = this.#told(whole, targetOf(entry))
    const burst = this.#bursts.get(kind)
    if (burst) {
      if (burst.repeated === 0) burst.first = now
      burst.until = now
      burst.repeated += 1
      burst.last = refused
      return over
    }
    if (this.#bursts.size >= MOST_KINDS) over.push(...this.#end(() => true))
    this.#bursts.set(kind, { since: now, repeated: 0, last: refused, first: now, until: now })
    return [...over, entry]
  }

  /** The kind with its target, as far as so many are told apart. */
  #told(kind: string, target: string | null): string {
    if (target === null) return kind
    const told = `${kind} ${target}`
    if (this.#bursts.has(told)) return told
    let others = 0
    for (const open of this.#bursts.keys()) if (open.startsWith(`${kind} `)) others += 1
    return others < MOST_TARGETS ? told : kind
  }

  /** Rows of bursts whose minute is over. A clock that was set back ends them too. */
  ended(now: number): AuditEntry[] {
    return this.#end(({ since }) => Math.abs(now - since) >= MINUTE_MS)
  }

  #end(isOver: (burst: Burst) => boolean): AuditEntry[] {
    const over = [...this.#bursts].filter(([, burst]) => isOver(burst))
    for (const [kind] of over) this.#bursts.delete(kind)
    return over.flatMap(([, { repeated, last, first, until }]) => {
      if (repeated === 0) return []
      const held = { ...last, first_at: isoOf(first), last_at: isoOf(until) }
      return [repeated === 1 ? held : { ...held, repeated: repeated - 1 }]
    })
  }
}
