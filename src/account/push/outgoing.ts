/** What leaves the directory by its alarm: notifications, rows of the deployment's own trail, and once a day the heads of all chains. */
import type { Env } from '../../core/env.ts'
import { earliest } from '../../core/time.ts'
import { Notifier } from '../notify/notifier.ts'
import { DEPLOYMENT_CHAIN, Heads } from './heads.ts'
import { Pusher } from './pusher.ts'

/** Times are milliseconds since the epoch. */
export class Outgoing {
  readonly notifier: Notifier
  readonly #storage: DurableObjectStorage
  readonly #pusher: Pusher
  readonly #heads: Heads

  constructor(ctx: DurableObjectState, env: Env) {
    const { sql } = ctx.storage
    this.#storage = ctx.storage
    this.notifier = new Notifier(ctx, env)
    const notify = this.notifier.send.bind(this.notifier)
    this.#pusher = new Pusher(sql, env, () => DEPLOYMENT_CHAIN, notify)
    this.#heads = new Heads(sql, env, notify)
  }

  /** When there is something to do next; null: never. */
  next(now: number): number | null {
    return earliest([this.notifier.nextAttempt(), this.#pusher.next(now), this.#heads.next(now)])
  }

  async run(now: number): Promise<void> {
    await this.#heads.run(now)
    await this.notifier.flush(now)
    await this.#pusher.run()
  }

  /** Sets the alarm no later than to when there is something to do. */
  async arm(now: number): Promise<void> {
    const next = this.next(now)
    if (next === null) return
    const set = await this.#storage.getAlarm()
    if (set === null || set > next) await this.#storage.setAlarm(next)
  }
}
