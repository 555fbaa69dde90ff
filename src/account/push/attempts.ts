/** What an attempt to send rows leaves behind: when to try again, with how much, and whom to tell. Pure; times are milliseconds since the epoch. */
import { DAY_MS } from '../../core/time.ts'
import type { PushState } from '../tables/push.ts'
import type { Pushed } from './collector.ts'

/** Rows of one request. */
export const MOST_ROWS = 500
/** Between two attempts. */
const FIRST_PAUSE_MS = 15_000
export const LONGEST_PAUSE_MS = 3_600_000
/** Of a collector that does not answer: after that the operator is notified. */
const LONG_AWAY_MS = 3_600_000

/** Doubles with each failure, up to an hour, which what the collector asks for does not pass either. @param random from 0 to 1 */
export const pauseOf = (failures: number, waitMs: number | null, random: number): number => {
  const doubled = Math.min(FIRST_PAUSE_MS * 2 ** Math.min(failures, 10), LONGEST_PAUSE_MS)
  return Math.ceil(Math.min(Math.max(doubled * (0.5 + random / 2), waitMs ?? 0), LONGEST_PAUSE_MS))
}

/** @param last number of the last row that was taken */
export const afterSuccess = ({ most, told }: PushState, last: number): Partial<PushState> => {
  const more = most === null || most * 2 >= MOST_ROWS ? null : most * 2
  const healthy = { failures: 0, since: null, problem: null, status: null, next_at: 0, alone: null }
  return { ...healthy, seq: last, most: more, told: told && more !== null }
}

type Failure = Exclude<Pushed, { kind: 'taken' }>
/** Of the rows that were sent: how many, and the number of the last. */
type Sent = { rows: number; last: number }

/** A row that was rejected by itself, since when. */
const aloneAfter = ({ alone }: PushState, { rows, last }: Sent, { kind }: Failure, now: number) => {
  if (kind !== 'rejected' || rows > 1) return alone
  return alone?.seq === last ? alone : { seq: last, since: now }
}

/** Whether the operator has to hear of it: at once of what only they can mend, of the rest when it lasts. */
const isNews = (since: number, { kind }: Failure, narrows: boolean, now: number): boolean =>
  kind === 'unreachable' ? now - since >= LONG_AWAY_MS : !narrows

/** @param random from 0 to 1 @returns `tells`: the operator is to be notified */
export const afterFailure = (
  state: PushState,
  sent: Sent,
  failure: Failure,
  now: number,
  random: number,
): { change: Partial<PushState>; since: number; tells: boolean } => {
  const { kind: problem, status, waitMs } = failure
  const since = state.since ?? now
  // Less at once finds the row that the collector does not take, and lets those before it through.
  const narrows = problem === 'rejected' && sent.rows > 1
  const failures = state.failures + (narrows ? 0 : 1)
  const alone = aloneAfter(state, sent, failure, now)
  const isAlone = problem === 'rejected' && sent.rows === 1
  const passes = isAlone && now - alone!.since >= DAY_MS
  const tells = !state.told && isNews(since, failure, narrows, now)
  const change = {
    ...{ failures, since, problem, status, alone },
    most: narrows ? Math.ceil(sent.rows / 2) : state.most,
    next_at: narrows || passes ? 0 : now + pauseOf(failures, waitMs, random),
    ...(passes && { passed: sent.last }),
    told: state.told || tells,
  }
  return { change, since, tells }
}
