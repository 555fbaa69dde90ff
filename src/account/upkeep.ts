/** The alarm of an account's object: deletes what expired. It makes no difference when, how often or whether it runs. */
import { DAY_MS, earliest, rest } from '../core/time.ts'
import type { Trail } from './audit/trail.ts'
import { goOnVerifying, isVerifying } from './audit/verification.ts'
import type { Notifier } from './notify/notifier.ts'
import type { Pusher } from './push/pusher.ts'
import { selectAccount } from './tables/account.ts'
import {
  auditSize,
  fullnessOf,
  hasAudit,
  hasToTidy,
  headOf,
  nextAuditTidying,
  tellSize,
} from './tables/audit.ts'
import { cancelEnded, nextDraftTidying, tidyDrafts } from './tables/drafts/ended-drafts.ts'
import { forgetEndedTokens } from './tables/ended-tokens.ts'
import { nextTidying, tidyLedger } from './tables/ledger/ledger.ts'
import { nextGrantExpiry, removeExpiredGrants } from './tables/principals/grants.ts'
import { nextRecordExpiry, removeExpiredRecords } from './tables/principals/oauth-records.ts'
import { nextExpiry, removeExpired } from './tables/servers.ts'
import { tidyUsage } from './tables/usage.ts'
import type { Tenant } from './tenant.ts'
import { settleStale } from './writes/settled.ts'

const RETRY_MS = 60_000
const HOUR_MS = DAY_MS / 24
/** Between slices of counts that go. */
const REST_MS = 20
const LOOKED_AFTER = 250

/** What the alarm of one account does. Times are milliseconds since the epoch. */
export class Upkeep {
  readonly #tenant: Tenant
  readonly #trail: Trail
  readonly #notifier: Notifier
  readonly #pusher: Pusher

  #rows = 0
  /** When counts were deleted last; 0: not since the object began. */
  #usageTidied = 0
  /** More rows of the trail go than one alarm takes. */
  #more = false

  constructor(tenant: Tenant, trail: Trail, notifier: Notifier, pusher: Pusher) {
    this.#tenant = tenant
    this.#trail = trail
    this.#notifier = notifier
    this.#pusher = pusher
  }

  /** @param then what else follows, and may fail as well */
  async run(then: () => Promise<void>): Promise<void> {
    try {
      this.#tidy(Date.now())
      await this.#tidyTrail()
      if (this.#tenant.exists) await this.#notifier.flush(Date.now())
      if (hasAudit(this.#tenant.sql)) await this.#pusher.run()
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
    this.#tenant.storage.transactionSync(() => settleStale(sql, now))
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
    // The alarm rings often where rows are pushed.
    if (hasToTidy(sql, Date.now())) {
      await this.#trail.count()
      this.#more = await this.#trail.tidy(Date.now())
    } else this.#more = false
    this.#tellSize(Date.now())
    if (this.#tenant.exists) await this.#tidyUsage(Date.now())
    else if (!headOf(sql)) forgetEndedTokens(sql)
  }

  /** Once an hour at most: the alarm rings often where rows are pushed, and counts go by the hour. */
  async #tidyUsage(now: number): Promise<void> {
    if (Math.abs(now - this.#usageTidied) < HOUR_MS) return
    this.#usageTidied = now
    while (tidyUsage(this.#tenant.sql, now)) await rest(REST_MS)
  }

  #tellSize(now: number): void {
    const { sql, exists } = this.#tenant
    const news = tellSize(sql, now)
    if (news && exists) this.#notifier.trailFills(selectAccount(sql)!.id, news, now)
  }

  /** What follows rows of the trail: they are to be pushed; and every few hundred, a look at the size, at which the alarm looks once a day. */
  async rowsCame(now: number): Promise<void> {
    await this.armPush(now)
    this.#rows += 1
    if (this.#rows % LOOKED_AFTER !== 0) return
    this.#tellSize(now)
    if (fullnessOf(auditSize(this.#tenant.sql)) === 'cutting') await this.armBy(now)
  }

  #nextOfTrail(sql: SqlStorage, now: number): number | null {
    return this.#more || isVerifying(sql)
      ? now
      : earliest([nextAuditTidying(sql, now), this.#pusher.next(now)])
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

  /** Of an object that starts: an alarm may have been dropped after too many failures, and rows may wait to be pushed since a setting says where to. */
  async started(): Promise<void> {
    if ((await this.#tenant.storage.getAlarm()) === null) await this.arm()
    await this.armPush(Date.now())
  }

  /** Sees to it that the alarm pushes what waits. */
  async armPush(now: number): Promise<void> {
    const pushed = this.#pusher.wake(now)
    if (pushed !== null) await this.armBy(pushed)
  }

  /** Sets the alarm to when there is something to do, or removes it. */
  async arm(): Promise<void> {
    const { storage } = this.#tenant
    const next = this.#next(Date.now())
    if (next === null) await storage.deleteAlarm()
    else if ((await storage.getAlarm()) !== next) await storage.setAlarm(next)
  }
}
