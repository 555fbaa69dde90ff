/**
 * Sends the rows of one trail to the collector: in order, from where it was, at least once. Runs in the object's alarm alone, so
 * that no call waits for it and no two runs meet; the place moves only once the collector has kept every row.
 */
import type { Env } from '../../core/env.ts'
import { DAY_MS } from '../../core/time.ts'
import { exportRequest, gapRecord, logRecord } from '../../rules/otlp.ts'
import { entryIn } from '../audit/stored.ts'
import type { Notification } from '../notify/deliver.ts'
import { lastNumber, rowsAfter } from '../tables/audit.ts'
import { momentAfter, type PushState, readPush, writePush } from '../tables/push.ts'
import { type Pushed, push, pushSetting } from './collector.ts'

/** Rows that come within it go together: one alarm for many. */
export const GATHER_MS = 10_000
/** Rows and bytes of one request; a single row may be larger. */
const [MOST_ROWS, MOST_BYTES] = [500, 1_000_000]
/** Requests of one alarm. */
const MOST_REQUESTS = 20
/** Between two attempts. */
const [FIRST_PAUSE_MS, LONGEST_PAUSE_MS] = [15_000, 3_600_000]
/** Of a collector that does not answer: after that the operator is notified. */
const LONG_AWAY_MS = 3_600_000

/** Doubles with each failure, up to an hour, which what the collector asks for does not pass either. @param random from 0 to 1 */
export const pauseOf = (failures: number, waitMs: number | null, random: number): number => {
  const doubled = Math.min(FIRST_PAUSE_MS * 2 ** Math.min(failures, 10), LONGEST_PAUSE_MS)
  return Math.ceil(Math.min(Math.max(doubled * (0.5 + random / 2), waitMs ?? 0), LONGEST_PAUSE_MS))
}

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
      : Math.max(Math.min(first, now) + GATHER_MS, Math.min(next_at, now + LONGEST_PAUSE_MS))
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

  #taken({ seq, most, told }: PushState, { last, gap }: Batch): void {
    const more = most === null || most * 2 >= MOST_ROWS ? null : most * 2
    writePush(this.#sql, {
      seq: last,
      most: more,
      failures: 0,
      since: null,
      problem: null,
      status: null,
      next_at: 0,
      alone: null,
      told: told && more !== null,
    })
    // What went before anything was sent is told to the collector alone.
    if (gap && seq > 0) this.#tell({ type: 'audit.push_gap', data: { chain: this.#chain(), ...gap } })
  }

  #failed(state: PushState, { last, rows }: Batch, pushed: Exclude<Pushed, { kind: 'taken' }>): void {
    const now = Date.now()
    const { kind: problem, status, waitMs } = pushed
    const since = state.since ?? now
    const narrows = problem === 'rejected' && rows > 1
    const failures = narrows ? state.failures : state.failures + 1
    const alone = problem !== 'rejected' || rows > 1 ? null : { seq: last, since: now }
    const known = alone && state.alone?.seq === last ? state.alone : alone
    const passes = known !== null && now - known.since >= DAY_MS
    const tells = !state.told && (problem === 'unreachable' ? now - since >= LONG_AWAY_MS : !narrows)
    writePush(this.#sql, {
      // Less at once finds the row that the collector does not take, and lets those before it through.
      most: narrows ? Math.ceil(rows / 2) : state.most,
      failures,
      since,
      problem,
      status,
      next_at: narrows || passes ? 0 : now + pauseOf(failures, waitMs, Math.random()),
      alone: known ?? state.alone,
      ...(passes && { passed: last }),
      told: state.told || tells,
    })
    if (!tells) return
    const data = { chain: this.#chain(), problem, status, since: new Date(since).toISOString() }
    this.#tell({ type: 'audit.push_failing', data })
  }

  #tell(notification: Notification): void {
    this.#notify(notification, Date.now())
  }
}
