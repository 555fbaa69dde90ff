/** The audit trail of an account, as management reads it on the account's object: also when the account is gone. */
import { RpcTarget } from 'cloudflare:workers'
import { type AuditQuery, hasAudit, keepDays } from '../tables/audit.ts'
import type { Tenant } from '../tenant.ts'
import type { AuditRow } from './entry.ts'
import type { Trail, Verified } from './trail.ts'

export class AuditAccess extends RpcTarget {
  readonly #tenant: Tenant
  readonly #trail: Trail

  constructor(tenant: Tenant, trail: Trail) {
    super()
    this.#tenant = tenant
    this.#trail = trail
  }

  async read(query: AuditQuery): Promise<AuditRow[]> {
    return hasAudit(this.#tenant.sql) ? this.#trail.read(query) : []
  }

  /** Null where there never was a trail. */
  async verify(from: Verified['next']): Promise<Verified | null> {
    return hasAudit(this.#tenant.sql) ? this.#trail.verify(from) : null
  }

  /** @param days for which rows are kept */
  keep(days: number): void {
    this.#tenant.known((sql) => keepDays(sql, days))
  }
}
