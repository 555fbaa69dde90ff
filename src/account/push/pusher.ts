/**
 * Sends the rows of one trail to the collector: in order, from where it was, at least once. Runs in the object's alarm alone, so
 * that no call waits for it and no two runs meet; the place moves only once the collector has kept every row.
 */
import type { Env } from '../../core/env.ts'
import { exportRequest, gapRecord, logRecord } from '../../rules/otlp.ts'
import { entryIn } from '../audit/stored.ts'
import type { Notification } from '../notify/deliver.ts'
import { lastNumber, rowsAfter } from '../tables/audit.ts'
import { momentAfter, type PushState, readPush, writePush } from '../tables/push.ts'
import { afterFailure, afterSuccess, LONGEST_PAUSE_MS, MOST_ROWS } from './attempts.ts'
import { type Pushed, push, pushSetting } from './collector.ts'

/** Rows that come within it go together: one alarm for many. */
export const GATHER_MS = 10_000
/** Characters of one request; a single row may have more. */
const MOST_BYTES = 1_000_000
/** Requests of one alarm. */
const MOST_REQUESTS = 20

/** Rows of one request. `gap`: numbers of rows before them that are not sent; null: there are none. */
type Batch = { last: number; rows: number; gap: { from: number; to: number } | null; body: string }

/** How far a trail is sent, for people. */
export type PushStatus = {
  sent_to: number
  waiting: number
  problem: PushState['problem'] | 'unusable'
  status: number | null
  since: number | null
}

/** Null where nothing is to be sent. */
export const pushStatus = (sql: SqlStorage, env: Env): PushStatus | null => {
  const setting = pushSetting(env)
  if (setting === 'off') return null
  const { seq, problem, status, since } = readPush(sql)
  const unusable = setting === 'unusable' ? ('unusable' as const) : null
  return { sent_to: seq, waiting: lastNumber(sql) - seq, problem: unusable ?? problem, status, since }
}

/** The trail of one object. Times are milliseconds since the epoch. */
export class Pusher {
  readonly #sql: SqlStorage
  readonly #env: Env
  /** Name of the chain; it may be asked for before there is one. */
  readonly #chain: () => string
  readonly #notify: (notification: Notification, now: number) => void
  /** When the alarm is known to ring for what waits. */
  #waking = 0

  constructor(
    sql: SqlStorage,
    env: Env,
    chain: () => string,
    notify: (notification: Notification, now: number) => void,
  ) {
    this.#sql = sql
    this.#env = env
    this.#chain = chain
    this.#notify = notify
  }

  /** When there is something to send; null: nothing is, or nowhere to. */
  next(now: number): number | null {
    if (pushSetting(this.#env) !== 'on') return null
    const { seq, passed, next_at } = readPush(this.#sql)
    const first = momentAfter(this.#sql, Math.max(seq, passed))
    // A clock that was wrong for a while delays nothing for longer than a pause.
    return first === null
      ? null
      : Math.max(first > now ? now : first + GATHER_MS, next_at > now + LONGEST_PAUSE_MS ? 0 : next_at)
  }

  /** As `next`, for who has just added rows; null also while the alarm is known to ring in time: what a call pays for this is nothing. */
  wake(now: number): number | null {
    if (this.#waking > now) return null
    const next = this.next(now)
    this.#waking = next ?? 0
    return next
  }

  async run(): Promise<void> {
    for (let sent = 0; sent < MOST_REQUESTS; sent++) {
      const next = this.next(Date.now())
      if (next === null || next > Date.now()) return
      const state = readPush(this.#sql)
      const batch = this.#batch(state)
      const pushed = await push(this.#env, batch.body)
      if (pushed.kind === 'taken') this.#taken(state, batch)
      else this.#failed(state, batch, pushed)
    }
  }

  #batch({ seq, passed, most }: PushState): Batch {
    const chain = this.#chain()
    const rows = rowsAfter(this.#sql, Math.max(seq, passed), most ?? MOST_ROWS)
    const [first] = rows
    const gap = first && first.seq > seq + 1 ? { from: seq + 1, to: first.seq - 1 } : null
    const records = gap ? [gapRecord({ chain, ...gap, at: first!.at })] : []
    let [taken, bytes] = [0, 0]
    for (const { entry, ...row } of rows) {
      const record = logRecord({ chain, ...row, fields: entryIn(entry) })
      bytes += record.length
      if (taken > 0 && bytes > MOST_BYTES) break
      records.push(record)
      taken++
    }
    return { last: rows[taken - 1]!.seq, rows: taken, gap, body: exportRequest(records) }
  }

  #taken(state: PushState, { last, gap }: Batch): void {
    writePush(this.#sql, afterSuccess(state, last))
    // What went before anything was sent is told to the collector alone.
    if (gap && state.seq > 0) this.#tell({ type: 'audit.push_gap', data: { chain: this.#chain(), ...gap } })
  }

  #failed(state: PushState, batch: Batch, failure: Exclude<Pushed, { kind: 'taken' }>): void {
    const { change, since, tells } = afterFailure(state, batch, failure, Date.now(), Math.random())
    writePush(this.#sql, change)
    if (!tells) return
    const { kind: problem, status } = failure
    const data = { chain: this.#chain(), problem, status, since: new Date(since).toISOString() }
    this.#tell({ type: 'audit.push_failing', data })
  }

  #tell(notification: Notification): void {
    this.#notify(notification, Date.now())
  }
}
