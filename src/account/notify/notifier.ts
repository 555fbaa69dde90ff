/** Notifies the deployment's operator of what is urgent. Does nothing where no endpoint is configured. */
import type { Env } from '../../core/env.ts'
import { earliest } from '../../core/time.ts'
import type { TrailEntry } from '../audit/own-entries.ts'
import * as outbox from '../tables/outbox.ts'
import { nextWarning, takeExpiring } from '../tables/servers.ts'
import { deliver, type Notification, wantsNotifications } from './deliver.ts'

/** One notification for a burst of refused calls. */
const LIMIT_PAUSE_MS = 10 * 60_000

/** The outbox of one account. Times are milliseconds since the epoch. */
export class Notifier {
  readonly #ctx: DurableObjectState
  readonly #env: Env
  #limitNotifiedAt = 0

  constructor(ctx: DurableObjectState, env: Env) {
    this.#ctx = ctx
    this.#env = env
  }

  get #sql() {
    return this.#ctx.storage.sql
  }

  get #wanted(): boolean {
    return wantsNotifications(this.#env)
  }

  /** Stores a message and sends it in the background; the alarm repeats what did not arrive. */
  send(notification: Notification, now: number): void {
    if (!this.#wanted) return
    outbox.enqueue(this.#sql, notification, now)
    this.#ctx.waitUntil(this.flush(now))
  }

  /** @param accountId whose own limit was reached */
  limitReached(
    accountId: string,
    { limit, windowSeconds }: { limit: number; windowSeconds: number | null },
    now: number,
  ): void {
    if (now - this.#limitNotifiedAt < LIMIT_PAUSE_MS) return
    this.#limitNotifiedAt = now
    const data = { integrated_account_id: accountId, limit, window_seconds: windowSeconds }
    this.send({ type: 'own_limit.reached', data }, now)
  }

  /** The trail fills its bound by size, or is cut for it. */
  trailFills(accountId: string, { event, bytes, bound_bytes }: TrailEntry, now: number): void {
    const data = { integrated_account_id: accountId, bytes, bound_bytes }
    this.send({ type: event === 'filling' ? 'audit.filling' : 'audit.cut', data }, now)
  }

  /** Notifies of servers that end within a day. */
  warn(accountId: string, now: number): void {
    if (!this.#wanted) return
    for (const { id, name, expires_at } of takeExpiring(this.#sql, now)) {
      const data = {
        integrated_account_id: accountId,
        mcp_server_id: id,
        name,
        expires_at: new Date(expires_at).toISOString(),
      }
      outbox.enqueue(this.#sql, { type: 'mcp_server.expiring', data }, now)
    }
  }

  /** Sends what is due, each once. */
  async flush(now: number): Promise<void> {
    for (const message of outbox.takeDue(this.#sql, now))
      if (await deliver(this.#env, message, now)) outbox.delivered(this.#sql, message.id)
  }

  /** When there is something to do next, in milliseconds since the epoch; null for never. */
  next(): number | null {
    return earliest([this.nextAttempt(), this.#wanted ? nextWarning(this.#sql) : null])
  }

  /** When a message is to be sent next; null for never. */
  nextAttempt(): number | null {
    return this.#wanted ? outbox.nextAttempt(this.#sql) : null
  }
}
