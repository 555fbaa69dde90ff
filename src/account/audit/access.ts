/** The audit trail as management reads it on the object of an account. */
import * as rows from '../tables/audit.ts'
import { Part, type Tenant } from '../tenant.ts'
import type { AuditPage, AuditQuery, Trail, Verified } from './trail.ts'
import { beginVerification, type TrailStatus, trailStatus } from './verification.ts'

/** The audit trail of an account, as management reads it on the account's object: also when the account is gone. */
export class AuditAccess extends Part {
  readonly #trail: Trail

  constructor(tenant: Tenant, trail: Trail) {
    super(tenant)
    this.#trail = trail
  }

  async read(query: AuditQuery): Promise<AuditPage> {
    return rows.hasAudit(this.tenant.sql) ? this.#trail.read(query) : { rows: [], stopped: null }
  }

  /** Null where there never was a trail. */
  async verify(from: Verified['next']): Promise<Verified | null> {
    return rows.hasAudit(this.tenant.sql) ? this.#trail.verify(from) : null
  }

  /** Null where there never was a trail. */
  status(): TrailStatus | null {
    return rows.hasAudit(this.tenant.sql) ? trailStatus(this.tenant.sql) : null
  }

  /** Verifies the whole trail in the background. Null where there never was a trail. */
  async beginVerification(): Promise<TrailStatus | null> {
    if (!rows.hasAudit(this.tenant.sql)) return null
    beginVerification(this.tenant.sql, Date.now())
    await this.tenant.afterCommit()
    return this.status()
  }

  /** @param days for which rows are kept @param megabytes past which the oldest rows go; undefined: as it is */
  keep(days: number | undefined, megabytes?: number): void {
    this.tenant.known((sql) => rows.keepAudit(sql, days, megabytes))
  }
}
