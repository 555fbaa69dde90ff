/** How an account and its servers were used: read from the trail and from what limits count. Times are milliseconds since the epoch. */
import { DAY_MS } from '../../core/time.ts'

/** Finds the calls of one server without reading the whole trail. */
export const CALLS_BY_SERVER = `
  CREATE INDEX audit_calls_by_server ON audit (entry ->> '$.mcp_server_id', at) WHERE type = 'mcp';
`

/** A day in UTC. `cents`: money that its writes moved or may have moved. */
export type UsageDay = {
  /** Days since the epoch. */
  day: number
  calls: number
  errors: number
  throttled: number
  cents: number
}

export type ServerUse = { id: string; last_used_at: number | null; calls_24h: number }

/** What the rolling limits of one server have counted. */
export type Spent = {
  per_day: { cents: number; count: number }
  per_30_days: { cents: number; count: number }
  /** Of the last day, the largest first. */
  per_supplier_day: { supplier: string; cents: number; count: number }[]
}

/** Longer is what neither the trail's question nor the limits' memory is made for. */
export const MOST_DAYS = 31

const GOOD = "('succeeded', 'partial', 'dry_run', 'replayed')"

type Calls = Pick<UsageDay, 'day' | 'calls' | 'errors' | 'throttled'>

const callsByDay = (sql: SqlStorage, since: number, serverId: string | null): Calls[] =>
  sql
    .exec<Calls>(
      `SELECT at / ${DAY_MS} AS day, count(*) AS calls,
         sum(entry ->> '$.outcome' NOT IN ${GOOD}) AS errors,
         sum(entry ->> '$.outcome' = 'throttled') AS throttled
       FROM audit WHERE type = 'mcp' AND at >= ? ${serverId === null ? '' : "AND entry ->> '$.mcp_server_id' = ?"}
       GROUP BY day`,
      ...(serverId === null ? [since] : [since, serverId]),
    )
    .toArray()

const centsByDay = (sql: SqlStorage, since: number, serverId: string | null) =>
  sql
    .exec<{ day: number; cents: number }>(
      `SELECT at / ${DAY_MS} AS day, sum(cents) AS cents FROM movement
       WHERE at >= ? AND (? IS NULL OR server_id = ?) GROUP BY day`,
      ...[since, serverId, serverId],
    )
    .toArray()

const NONE = { calls: 0, errors: 0, throttled: 0 }

/**
 * Every day up to today, also those without a call, oldest first.
 * @param days how many, at most `MOST_DAYS`
 * @param serverId null: all servers of the account
 */
export const usageByDay = (
  sql: SqlStorage,
  days: number,
  serverId: string | null,
  now: number,
): UsageDay[] => {
  const today = Math.floor(now / DAY_MS)
  const first = today - days + 1
  const calls = new Map(callsByDay(sql, first * DAY_MS, serverId).map((row) => [row.day, row]))
  const cents = new Map(centsByDay(sql, first * DAY_MS, serverId).map((row) => [row.day, row.cents]))
  return Array.from({ length: days }, (_, index) => {
    const day = first + index
    return { ...NONE, ...calls.get(day), day, cents: cents.get(day) ?? 0 }
  })
}

const OF_SERVER = "type = 'mcp' AND entry ->> '$.mcp_server_id' = ?"

/** When a server was called last, as far as the trail is kept. */
export const useOf = (sql: SqlStorage, id: string, now: number): ServerUse =>
  sql
    .exec<ServerUse>(
      `SELECT ? AS id, (SELECT max(at) FROM audit WHERE ${OF_SERVER}) AS last_used_at,
         (SELECT count(*) FROM audit WHERE ${OF_SERVER} AND at > ?) AS calls_24h`,
      ...[id, id, id, now - DAY_MS],
    )
    .one()

const MOST_SUPPLIERS = 10

export const spentOf = (sql: SqlStorage, serverId: string, now: number): Spent => {
  const sums = 'coalesce(sum(cents), 0) AS cents, coalesce(sum(count), 0) AS count'
  const since = (from: number) =>
    sql
      .exec<{ cents: number; count: number }>(
        `SELECT ${sums} FROM movement WHERE server_id = ? AND at > ?`,
        serverId,
        from,
      )
      .one()
  const bySupplier = sql
    .exec<Spent['per_supplier_day'][number]>(
      `SELECT supplier, ${sums} FROM movement WHERE server_id = ? AND at > ?
       GROUP BY supplier ORDER BY cents DESC LIMIT ${MOST_SUPPLIERS}`,
      ...[serverId, now - DAY_MS],
    )
    .toArray()
  return {
    per_day: since(now - DAY_MS),
    per_30_days: since(now - 30 * DAY_MS),
    per_supplier_day: bySupplier,
  }
}
