/** Once a day the heads of all chains go to the operator, so that somebody else holds what the past was. Runs in the directory's alarm. */
import type { Env } from '../../core/env.ts'
import { DAY_MS } from '../../core/time.ts'
import type { Link } from '../audit/chain.ts'
import type { Notification } from '../notify/deliver.ts'
import { wantsNotifications } from '../notify/deliver.ts'
import { headOf } from '../tables/audit.ts'
import { selectListedAccounts } from '../tables/listed-accounts.ts'
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

type Head = { chain: string; seq: number; hash: string }

const named = (chain: string, { seq, hash }: Link): Head => ({ chain, seq, hash })

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
    return Math.min(readHeads(this.#sql).next_at ?? now, now + DAY_MS)
  }

  /** Asks the next accounts, when it is time. */
  async run(now: number): Promise<void> {
    const due = this.next(now)
    if (due === null || due > now) return
    const { before } = readHeads(this.#sql)
    const page = selectListedAccounts(this.#sql, {
      limit: AT_ONCE,
      before: before ?? Number.MAX_SAFE_INTEGER,
    })
    const asked = await Promise.allSettled(page.accounts.map(({ id }) => this.#ask(id)))
    const heads = asked.flatMap((one) => (one.status === 'fulfilled' && one.value ? [one.value] : []))
    const own = before === null ? headOf(this.#sql) : null
    const data = {
      heads: own ? [named(DEPLOYMENT_CHAIN, own), ...heads] : heads,
      unread: page.accounts.filter((_, at) => asked[at]!.status === 'rejected').map(({ id }) => id),
      more: page.next !== null,
    }
    writeHeads(this.#sql, { next_at: page.next === null ? now + DAY_MS : now, before: page.next })
    if (data.heads.length + data.unread.length > 0) this.#notify({ type: 'audit.heads', data }, now)
  }

  async #ask(id: string): Promise<Head | null> {
    const accounts = this.#env.ACCOUNTS as unknown as Accounts
    using audit = accounts.get(accounts.idFromName(id)).audit()
    const head = await audit.head()
    return head && named(id, head)
  }
}
