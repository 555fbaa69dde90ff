/** The alarm of an account's object: deletes what expired. It makes no difference when, how often or whether it runs. */
import { earliest } from '../core/time.ts'
import type { Trail } from './audit/trail.ts'
import { goOnVerifying, isVerifying } from './audit/verification.ts'
import type { Notifier } from './notify/notifier.ts'
import { selectAccount } from './tables/account.ts'
import { auditSize, fullnessOf, hasAudit, nextAuditTidying, tellSize } from './tables/audit.ts'
import { cancelEnded, nextDraftTidying, tidyDrafts } from './tables/ended-drafts.ts'
import { nextTidying, tidyLedger } from './tables/ledger.ts'
import { nextGrantExpiry, removeExpiredGrants } from './tables/principals/grants.ts'
import { nextRecordExpiry, removeExpiredRecords } from './tables/principals/oauth-records.ts'
import { nextExpiry, removeExpired } from './tables/servers.ts'
import { tidyUsage } from './tables/usage.ts'
import type { Tenant } from './tenant.ts'

const RETRY_MS = 60_000
const LOOKED_AFTER = 250

/** What the alarm of one account does. Times are milliseconds since the epoch. */
export class Upkeep {
  readonly #tenant: Tenant
  readonly #trail: Trail
  readonly #notifier: Notifier

  #rows = 0
  /** More rows of the trail go than one alarm takes. */
  #more = false

  constructor(tenant: Tenant, trail: Trail, notifier: Notifier) {
    this.#tenant = tenant
    this.#trail = trail
    this.#notifier = notifier
  }

  /** @param then what else follows, and may fail as well */
  async run(then: () => Promise<void>): Promise<void> {
    try {
      this.#tidy(Date.now())
      await this.#tidyTrail()
      if (this.#tenant.exists) await this.#notifier.flush(Date.now())
      await this.arm()
      await then()
    } catch (error) {
      console.error({ event: 'alarm_fault', error: error instanceof Error ? error.name : typeof error })
      // Should this fail too, it is thrown on, so that the platform repeats the alarm.
      await this.#tenant.storage.setAlarm(Date.now() + RETRY_MS)
    }
  }

  #tidy(now: number): void {
    const { sql, exists } = this.#tenant
    if (!exists) return
    this.#notifier.warn(selectAccount(sql)!.id, now)
    removeExpired(sql, now)
    tidyLedger(sql, now)
    tidyDrafts(sql, now)
    removeExpiredGrants(sql, now)
    cancelEnded(sql, now)
    removeExpiredRecords(sql, now)
  }

  /** Before rows go, they are counted. */
  async #tidyTrail(): Promise<void> {
    const { sql } = this.#tenant
    if (!hasAudit(sql)) return
    await goOnVerifying(sql, this.#trail)
    await this.#trail.count()
    this.#more = await this.#trail.tidy(Date.now())
    this.#tellSize(Date.now())
    if (this.#tenant.exists) tidyUsage(sql, Date.now())
  }

  #tellSize(now: number): void {
    const { sql, exists } = this.#tenant
    const news = tellSize(sql, now)
    if (news && exists) this.#notifier.trailFills(selectAccount(sql)!.id, news, now)
  }

  /** Looks at the size every few hundred rows: what the alarm looks at once a day. */
  async watchSize(now: number): Promise<void> {
    this.#rows += 1
    if (this.#rows % LOOKED_AFTER !== 0) return
    this.#tellSize(now)
    if (fullnessOf(auditSize(this.#tenant.sql)) === 'cutting') await this.armBy(now)
  }

  #nextOfTrail(sql: SqlStorage, now: number): number | null {
    return this.#more || isVerifying(sql) ? now : nextAuditTidying(sql, now)
  }

  #next(now: number): number | null {
    const { sql, exists } = this.#tenant
    const audit = hasAudit(sql) ? this.#nextOfTrail(sql, now) : null
    if (!exists) return audit
    const signIns = [nextGrantExpiry(sql), nextRecordExpiry(sql)]
    const rows = [nextExpiry(sql), nextTidying(sql, now), nextDraftTidying(sql)]
    return earliest([audit, ...signIns, ...rows, this.#notifier.next()])
  }

  /** Sets the alarm no later than `time`. One that comes early finds nothing to do and sets the next: a busy account's is not moved by every write. */
  async armBy(time: number): Promise<void> {
    const next = await this.#tenant.storage.getAlarm()
    if (next === null || next > time) await this.#tenant.storage.setAlarm(time)
  }

  /** Sets the alarm to when there is something to do, or removes it. */
  async arm(): Promise<void> {
    const { storage } = this.#tenant
    const next = this.#next(Date.now())
    if (next === null) await storage.deleteAlarm()
    else if ((await storage.getAlarm()) !== next) await storage.setAlarm(next)
  }
}
