/** How an account and its servers were used: calls as counted out of the trail, money out of what limits count. */
import { DAY_MS } from '../core/time.ts'
import type { Trail } from './audit/trail.ts'
import { centsByDay, spentOf } from './tables/ledger/movements.ts'
import { selectServer, selectServers } from './tables/servers.ts'
import { type Calls, callsByDay, type ServerUse, useOf } from './tables/usage.ts'
import { Part, type Tenant } from './tenant.ts'

/** A day in UTC, with the cents that its writes moved or may have moved, and those of which nobody knows yet. */
export type UsageDay = Calls & { cents: number; unsettled_cents: number }

/** Servers of which the use is answered, the newest. */
const MOST_SERVERS = 100

const NONE = { calls: 0, errors: 0, throttled: 0, refused: 0, cents: 0, unsettled_cents: 0 }

/** Every day up to today, also those without a call, oldest first. @param serverId null: all servers of the account */
const usageByDay = (sql: SqlStorage, days: number, serverId: string | null, now: number): UsageDay[] => {
  const today = Math.floor(now / DAY_MS)
  const first = today - days + 1
  const calls = new Map(callsByDay(sql, first, serverId).map((row) => [row.day, row]))
  const money = new Map(centsByDay(sql, first * DAY_MS, serverId).map((row) => [row.day, row]))
  return Array.from({ length: days }, (_, index) => {
    const day = first + index
    return { ...NONE, ...calls.get(day), ...money.get(day), day }
  })
}

/** `usage()` of the account's object. */
export class Usage extends Part {
  readonly #trail: Trail

  constructor(tenant: Tenant, trail: Trail) {
    super(tenant)
    this.#trail = trail
  }

  /** Usage of the account and of each of its newest servers; null for an unknown account. @param days at most 31 */
  async ofAccount(days: number): Promise<{ days: UsageDay[]; servers: ServerUse[] } | null> {
    if (this.tenant.exists) await this.#trail.count()
    return this.tenant.known((sql, now) => {
      const newest = { limit: MOST_SERVERS, before: Number.MAX_SAFE_INTEGER }
      const { servers } = selectServers(sql, newest, now)
      return {
        days: usageByDay(sql, days, null, now),
        servers: servers.map(({ id }) => useOf(sql, id, now)),
      }
    })
  }

  /** Null for an unknown server. @param days at most 31 */
  async ofServer(id: string, days: number) {
    if (this.tenant.exists) await this.#trail.count()
    return this.tenant.known((sql, now) =>
      selectServer(sql, id, now)
        ? {
            use: useOf(sql, id, now),
            days: usageByDay(sql, days, id, now),
            spent: spentOf(sql, id, now),
          }
        : null,
    )
  }
}
