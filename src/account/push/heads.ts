/** Once a day the heads of all chains go to the operator, so that somebody else holds what the past was. Runs in the directory's alarm. */
import type { Env } from '../../core/env.ts'
import { DAY_MS } from '../../core/time.ts'
import type { Link } from '../audit/chain.ts'
import type { Notification } from '../notify/deliver.ts'
import { wantsNotifications } from '../notify/deliver.ts'
import { headOf } from '../tables/audit.ts'
import { anyEnded, noteEmptied, selectEnded, selectListedAccounts } from '../tables/listed-accounts.ts'
import { readHeads, writeHeads } from '../tables/push.ts'
import { pushSetting } from './collector.ts'

/** Name of the deployment's own chain. */
export const DEPLOYMENT_CHAIN = 'deployment'

/** Chains of one message, and of one alarm. */
const AT_ONCE = 100

/** The objects of accounts, as far as they are asked: their class imports the directory's. */
type Accounts = {
  idFromName(id: string): DurableObjectId
  get(id: DurableObjectId): { audit(): Disposable & { head(): Promise<Link | null> } }
}

/** `ended`: the account was disconnected, and its chain goes on until retention took its last row. */
type Head = { chain: string; seq: number; hash: string; ended?: true }

const named = (chain: string, { seq, hash }: Link): Head => ({ chain, seq, hash })

type Chain = { id: string; ended: boolean }
/** Where the next message begins. */
type Place = { before: number | null; ended: boolean }

/** Times are milliseconds since the epoch. */
export class Heads {
  readonly #sql: SqlStorage
  readonly #env: Env
  readonly #notify: (notification: Notification, now: number) => void

  constructor(sql: SqlStorage, env: Env, notify: (notification: Notification, now: number) => void) {
    this.#sql = sql
    this.#env = env
    this.#notify = notify
  }

  /** Null where nobody wants them. Where rows are pushed, being asked wakes accounts that nobody calls. */
  next(now: number): number | null {
    if (!wantsNotifications(this.#env) && pushSetting(this.#env) !== 'on') return null
    const due = readHeads(this.#sql).next_at ?? now
    // A clock that was ahead for a while does not put them off until then.
    return due > now + DAY_MS ? now : due
  }

  /** Asks the next accounts, when it is time. */
  async run(now: number): Promise<void> {
    const due = this.next(now)
    if (due === null || due > now) return
    const { before, ended = false } = readHeads(this.#sql)
    const { chains, next } = this.#page(before, ended)
    const asked = await Promise.allSettled(chains.map((chain) => this.#ask(chain)))
    const heads = asked.flatMap((one) => (one.status === 'fulfilled' && one.value ? [one.value] : []))
    const own = before === null && !ended ? headOf(this.#sql) : null
    const data = {
      heads: own ? [named(DEPLOYMENT_CHAIN, own), ...heads] : heads,
      unread: chains.filter((_, at) => asked[at]!.status === 'rejected').map(({ id }) => id),
      more: next !== null,
    }
    writeHeads(this.#sql, { next_at: next === null ? now + DAY_MS : now, before: null, ...next })
    if (data.heads.length + data.unread.length > 0) this.#notify({ type: 'audit.heads', data }, now)
  }

  /** The next chains: of the accounts that there are, then of those that ended. `next` null: these are the last. */
  #page(before: number | null, ended: boolean): { chains: Chain[]; next: Place | null } {
    const from = before ?? Number.MAX_SAFE_INTEGER
    const listed = ended ? null : selectListedAccounts(this.#sql, { limit: AT_ONCE, before: from })
    const chains = (listed?.accounts ?? []).map(({ id }): Chain => ({ id, ended: false }))
    if (listed && listed.next !== null) return { chains, next: { before: listed.next, ended: false } }
    const limit = AT_ONCE - chains.length
    if (limit === 0) return { chains, next: anyEnded(this.#sql) ? { before: null, ended: true } : null }
    const gone = selectEnded(this.#sql, { limit, before: ended ? from : Number.MAX_SAFE_INTEGER })
    return {
      chains: [...chains, ...gone.rows.map(({ id }) => ({ id, ended: true }))],
      next: gone.next === null ? null : { before: gone.next, ended: true },
    }
  }

  async #ask({ id, ended }: Chain): Promise<Head | null> {
    const accounts = this.#env.ACCOUNTS as unknown as Accounts
    using audit = accounts.get(accounts.idFromName(id)).audit()
    const head = await audit.head()
    if (head) return { ...named(id, head), ...(ended && { ended: true as const }) }
    if (ended) noteEmptied(this.#sql, id)
    return null
  }
}
