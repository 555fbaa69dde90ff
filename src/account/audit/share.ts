/**
 * How much of the trail one MCP server may fill: a share of its own, so that a server that fills more is throttled and the others
 * and the account are not. In memory, since a lost state only forgives.
 */

/** Bytes that a server fills without a pause: some 30,000 calls. */
const BURST_BYTES = 16_000_000
/** Bytes that it gains a day: a call every second all day long fits. */
const DAILY_BYTES = 64_000_000
const BYTES_PER_MS = DAILY_BYTES / (24 * 3_600_000)
/** What one more row may take. */
const ROW_BYTES = 1_000
/** Servers that are told apart; whoever was seen longest ago is forgotten. */
const MOST_SERVERS = 1_000

type Filled = { bytes: number; at: number }

export class Shares {
  readonly #filled = new Map<string, Filled>()

  #present(serverId: string, now: number): number {
    const before = this.#filled.get(serverId)
    return before ? Math.max(0, before.bytes - Math.abs(now - before.at) * BYTES_PER_MS) : 0
  }

  /** @param bytes of a row that is stored for a call to this server @param now milliseconds since the epoch */
  note(serverId: string, bytes: number, now: number): void {
    const filled = { bytes: this.#present(serverId, now) + bytes, at: now }
    this.#filled.delete(serverId)
    if (this.#filled.size >= MOST_SERVERS) this.#filled.delete(this.#filled.keys().next().value!)
    this.#filled.set(serverId, filled)
  }

  /** Whole seconds until another row of this server fits; null: it does now. */
  wait(serverId: string, now: number): { limit: number; reset: number } | null {
    const over = this.#present(serverId, now) + ROW_BYTES - BURST_BYTES
    return over > 0 ? { limit: BURST_BYTES, reset: Math.ceil(over / BYTES_PER_MS / 1_000) } : null
  }
}
