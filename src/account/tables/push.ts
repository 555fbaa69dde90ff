/** How far the rows of a trail were sent to the collector: one JSON value beside the trail, which outlives the account. Times are milliseconds since the epoch. */
import { firstRow, hasRow } from './rows.ts'

/** Why rows wait. `unreachable`: no answer, or one that says to come again. `refused`: the request as such. `rejected`: what is in it. */
export type PushProblem = 'unreachable' | 'refused' | 'rejected'

export type PushState = {
  /** Number of the last row that the collector took; the next ones up to `passed` it refused each by itself for a day. */
  seq: number
  passed: number
  /** Name of the chain of an account that is gone. */
  chain: string | null
  /** Rows that the next request may have; fewer while the collector rejects more. */
  most: number | null
  /** Failed attempts in a row, since when, why, with which HTTP status; and when the next one is due. */
  failures: number
  since: number | null
  problem: PushProblem | null
  status: number | null
  next_at: number
  /** A row that was rejected by itself, since when. */
  alone: { seq: number; since: number } | null
  /** Whether the operator was notified. */
  told: boolean
}

const NOTHING: PushState = {
  seq: 0,
  passed: 0,
  chain: null,
  most: null,
  failures: 0,
  since: null,
  problem: null,
  status: null,
  next_at: 0,
  alone: null,
  told: false,
}

/** Makes room for it, also in the trail of an account that is gone. May be repeated. */
export const settlePush = (sql: SqlStorage): void => {
  if (!hasRow(sql, "SELECT 1 FROM pragma_table_info('audit_state') WHERE name = 'push'"))
    sql.exec('ALTER TABLE audit_state ADD COLUMN push TEXT')
}

export const readPush = (sql: SqlStorage): PushState => {
  const { push } = sql.exec<{ push: string | null }>('SELECT push FROM audit_state').one()
  return { ...NOTHING, ...(push === null ? {} : (JSON.parse(push) as Partial<PushState>)) }
}

/** Absent keys stay as they are. */
export const writePush = (sql: SqlStorage, change: Partial<PushState>): void => {
  sql.exec('UPDATE audit_state SET push = ?', JSON.stringify({ ...readPush(sql), ...change }))
}

/** The moment of the first row after a number; null: there is none. */
export const momentAfter = (sql: SqlStorage, seq: number): number | null =>
  firstRow<{ at: number }>(sql, 'SELECT at FROM audit WHERE seq > ? ORDER BY seq LIMIT 1', seq)?.at ?? null

/** When the heads of all chains are collected next, and before which place of the list the next ones are; of the directory alone. */
export const HEADS = 'ALTER TABLE audit_state ADD COLUMN heads TEXT;'

/** `next_at` null: they were never collected. */
export type HeadsState = {
  next_at: number | null
  before: number | null
  /** Whether the place is among accounts that were disconnected. */
  ended?: boolean
}

export const readHeads = (sql: SqlStorage): HeadsState =>
  JSON.parse(
    sql.exec<{ heads: string | null }>('SELECT heads FROM audit_state').one().heads ??
      '{"next_at":null,"before":null}',
  )

export const writeHeads = (sql: SqlStorage, heads: HeadsState): void => {
  sql.exec('UPDATE audit_state SET heads = ?', JSON.stringify(heads))
}
