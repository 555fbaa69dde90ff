/**
 * How often each MCP server was called, by day and, of the last day, by hour: counted out of the rows of the trail, a few hundred at
 * a time, so that nobody who asks has to read them. Times are milliseconds since the epoch.
 */
import { DAY_MS } from '../../core/time.ts'
import { isError } from '../../rules/outcome.ts'
import type { CallEntry } from '../audit/entry.ts'
import { entryIn } from '../audit/stored.ts'
import { lastNumber, rowsAfter } from './audit.ts'
import { allRows, firstRow, hasRow } from './rows.ts'

export const USAGE = `
  CREATE TABLE usage_day (
    server_id TEXT NOT NULL,
    day INTEGER NOT NULL,
    calls INTEGER NOT NULL,
    errors INTEGER NOT NULL,
    throttled INTEGER NOT NULL,
    refused INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    PRIMARY KEY (server_id, day)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX usage_by_day ON usage_day (day);
  CREATE TABLE usage_hour (
    server_id TEXT NOT NULL,
    hour INTEGER NOT NULL,
    calls INTEGER NOT NULL,
    PRIMARY KEY (server_id, hour)
  ) STRICT, WITHOUT ROWID;
`

/** Finds the hours that are over without reading those that are not. */
export const USAGE_BY_HOUR = 'CREATE INDEX usage_by_hour ON usage_hour (hour)'

const HOUR_MS = DAY_MS / 24
/** The hour in which the last 24 began: those up to it are not asked for. */
const lastOver = (now: number): number => Math.floor((now - DAY_MS) / HOUR_MS)
/** Days that are answered; of the newest one of each server, when it was used last is kept beyond. */
const KEPT_DAYS = 32
/** Rows that are counted in one go: a few milliseconds. */
const AT_ONCE = 500
/** Counts that are deleted in one go. */
const DELETED_AT_ONCE = 500
/** Rows that wait to be counted: what a call pays for its count is one part of so many. */
const MOST_UNCOUNTED = 250

type Counts = { calls: number; errors: number; throttled: number; refused: number; bytes: number }
/** The tool calls of a day in UTC. `day`: days since the epoch. */
export type Calls = Omit<Counts, 'bytes'> & { day: number }
export type ServerUse = { id: string; last_used_at: number | null; calls_24h: number }

const countedUpTo = (sql: SqlStorage): number =>
  sql.exec<{ counted_seq: number }>('SELECT counted_seq FROM audit_state').one().counted_seq

/** Whether enough rows wait for counting them to be worth a write. */
export const awaitsCount = (sql: SqlStorage): boolean => lastNumber(sql) - countedUpTo(sql) >= MOST_UNCOUNTED

/** Not in a trail of the deployment, or of an account that is gone. */
const isCounted = (sql: SqlStorage): boolean =>
  hasRow(sql, "SELECT 1 FROM sqlite_master WHERE name = 'usage_day'")

type Counted = Counts & { server: string; hour: number; last: number }

const countsOf = ({ outcome, repeated = 0 }: CallEntry, bytes: number): Counts => {
  const calls = 1 + repeated
  const when = (is: boolean) => (is ? calls : 0)
  return {
    calls,
    errors: when(isError(outcome)),
    throttled: when(outcome === 'throttled'),
    refused: when(outcome === 'refused' || outcome === 'unknown_tool'),
    bytes,
  }
}

const add = (sum: Map<string, Counted>, text: string, at: number): void => {
  const entry = entryIn(text) as unknown as CallEntry
  if (entry.type !== 'mcp') return
  const [server, hour] = [entry.mcp_server_id, Math.floor(at / HOUR_MS)]
  const key = `${server} ${hour}`
  const counts = countsOf(entry, text.length)
  const before = sum.get(key) ?? {
    server,
    hour,
    last: at,
    calls: 0,
    errors: 0,
    throttled: 0,
    refused: 0,
    bytes: 0,
  }
  for (const name of Object.keys(counts) as (keyof Counts)[]) before[name] += counts[name]
  before.last = Math.max(before.last, at)
  sum.set(key, before)
}

const store = (sql: SqlStorage, { server, hour, last, ...counts }: Counted, now: number): void => {
  const { calls, errors, throttled, refused, bytes } = counts
  sql.exec(
    `INSERT INTO usage_day VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
       calls = calls + excluded.calls, errors = errors + excluded.errors, throttled = throttled + excluded.throttled,
       refused = refused + excluded.refused, bytes = bytes + excluded.bytes, last_at = max(last_at, excluded.last_at)`,
    ...[server, Math.floor(hour / 24), calls, errors, throttled, refused, bytes, last],
  )
  if (hour <= lastOver(now)) return
  sql.exec(
    'INSERT INTO usage_hour VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET calls = calls + excluded.calls',
    ...[server, hour, calls],
  )
}

/** Counts some of the rows that were not counted yet. @returns whether more wait */
export const countCalls = (sql: SqlStorage, now: number): boolean => {
  if (!isCounted(sql)) return false
  const rows = rowsAfter(sql, countedUpTo(sql), AT_ONCE)
  const sum = new Map<string, Counted>()
  for (const { entry, at } of rows) add(sum, entry, at)
  for (const counted of sum.values()) store(sql, counted, now)
  const last = rows.at(-1)
  if (last) sql.exec('UPDATE audit_state SET counted_seq = ?', last.seq)
  return rows.length === AT_ONCE
}

/** Deletes some of the counts that nobody asks for any more. @returns whether there may be more */
export const tidyUsage = (sql: SqlStorage, now: number): boolean => {
  const deleted = [
    sql.exec(
      `DELETE FROM usage_hour WHERE (server_id, hour) IN
         (SELECT server_id, hour FROM usage_hour INDEXED BY usage_by_hour WHERE hour < ? LIMIT ${DELETED_AT_ONCE}) RETURNING 1`,
      lastOver(now),
    ),
    sql.exec(
      `DELETE FROM usage_day WHERE (server_id, day) IN (SELECT server_id, day FROM usage_day AS old
         WHERE day < ? AND (NOT EXISTS (SELECT 1 FROM server WHERE id = old.server_id)
           OR EXISTS (SELECT 1 FROM usage_day AS later WHERE later.server_id = old.server_id AND later.day > old.day))
         LIMIT ${DELETED_AT_ONCE}) RETURNING 1`,
      Math.floor(now / DAY_MS) - KEPT_DAYS,
    ),
  ]
  return deleted.some((rows) => rows.toArray().length === DELETED_AT_ONCE)
}

/** Days without a call are left out. @param since day @param serverId null: all servers of the account */
export const callsByDay = (sql: SqlStorage, since: number, serverId: string | null): Calls[] =>
  allRows<Calls>(
    sql,
    `SELECT day, sum(calls) AS calls, sum(errors) AS errors, sum(throttled) AS throttled, sum(refused) AS refused
       FROM usage_day WHERE day >= ? ${serverId === null ? '' : 'AND server_id = ?'} GROUP BY day`,
    ...(serverId === null ? [since] : [since, serverId]),
  )

/** When a server was called last, and how often within 24 hours, the hour in which they began left out. */
export const useOf = (sql: SqlStorage, id: string, now: number): ServerUse => {
  const last = firstRow<{ last_at: number }>(
    sql,
    'SELECT last_at FROM usage_day WHERE server_id = ? ORDER BY day DESC LIMIT 1',
    id,
  )
  const { calls } = sql
    .exec<{ calls: number | null }>(
      'SELECT sum(calls) AS calls FROM usage_hour WHERE server_id = ? AND hour > ?',
      ...[id, lastOver(now)],
    )
    .one()
  return { id, last_used_at: last?.last_at ?? null, calls_24h: calls ?? 0 }
}
