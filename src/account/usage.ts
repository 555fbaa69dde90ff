/** How an account and its servers were used: calls out of the trail, money out of what limits count. */
import { DAY_MS } from '../core/time.ts'
import { type Calls, callsByDay } from './tables/audit.ts'
import { centsByDay } from './tables/movements.ts'

/** A day in UTC, with the cents that its writes moved or may have moved. */
export type UsageDay = Calls & { cents: number }

/** Movements are kept no longer than the limits look back. */
export const MOST_DAYS = 31

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
