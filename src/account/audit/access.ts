/** The audit trail as management reads it on the object that keeps it. */
import { RpcTarget } from 'cloudflare:workers'
import type { Env } from '../../core/env.ts'
import type { Target } from '../../rules/history/changes.ts'
import * as rows from '../tables/audit.ts'
import { selectTrails } from '../tables/listed-accounts.ts'
import { Part, type Tenant } from '../tenant.ts'
import type { Link } from './chain.ts'
import { type Past, pastOf, settingsUpTo } from './history.ts'
import type { AuditPage, AuditQuery, Trail, Verified } from './trail.ts'
import {
  beginVerification,
  goOnVerifying,
  isVerifying,
  type TrailStatus,
  trailStatus,
} from './verification.ts'

/** The audit trail of an account, as management reads it on the account's object: also when the account is gone. */
export class AuditAccess extends Part {
  readonly #trail: Trail
  readonly #env: Env

  constructor(tenant: Tenant, trail: Trail, env: Env) {
    super(tenant)
    this.#trail = trail
    this.#env = env
  }

  async read(query: AuditQuery): Promise<AuditPage> {
    if (!rows.hasAudit(this.tenant.sql)) return { rows: [], stopped: null, since: Number.MAX_SAFE_INTEGER }
    return this.#trail.read(query)
  }

  /** Null where there never was a trail. */
  async verify(from: Verified['next']): Promise<Verified | null> {
    return rows.hasAudit(this.tenant.sql) ? this.#trail.verify(from) : null
  }

  /** Null where there never was a trail. */
  status(): TrailStatus | null {
    return rows.hasAudit(this.tenant.sql) ? trailStatus(this.tenant.sql, this.#env) : null
  }

  /** Verifies the whole trail in the background. Null where there never was a trail. */
  async beginVerification(): Promise<TrailStatus | null> {
    if (!rows.hasAudit(this.tenant.sql)) return null
    beginVerification(this.tenant.sql, Date.now())
    await this.tenant.afterCommit()
    return this.status()
  }

  /** Number and hash of the newest row; null: there is none. */
  head(): Link | null {
    return rows.hasAudit(this.tenant.sql) ? rows.headOf(this.tenant.sql) : null
  }

  /** Settings at a moment, out of the trail alone; null where there never was one. @param target whose changes are told; null: all */
  past(at: number, target: Target | null): Past | null {
    return rows.hasAudit(this.tenant.sql) ? pastOf(this.tenant.sql, at, target) : null
  }

  /** Settings as they were before a row, by its number; null where there never was a trail. */
  before(seq: number): Past['settings'] | null {
    return rows.hasAudit(this.tenant.sql) ? settingsUpTo(this.tenant.sql, seq - 1).all() : null
  }
}

/** The deployment's own trail, whose alarm is another's: a verification runs while the object lives, and begun anew goes on where it was. */
export class DeploymentAudit extends RpcTarget {
  readonly #ctx: DurableObjectState
  readonly #trail: Trail
  readonly #env: Env

  constructor(ctx: DurableObjectState, trail: Trail, env: Env) {
    super()
    this.#ctx = ctx
    this.#trail = trail
    this.#env = env
  }

  get #sql() {
    return this.#ctx.storage.sql
  }

  read(query: AuditQuery): Promise<AuditPage> {
    return this.#trail.read(query)
  }

  verify(from: Verified['next']): Promise<Verified> {
    return this.#trail.verify(from)
  }

  /** Settings of the deployment, people and their keys at a moment, out of the trail alone. */
  past(at: number): Past {
    return pastOf(this.#sql, at, null)
  }

  /** Whose trails there are besides. @param limit of accounts */
  trails(limit: number) {
    return selectTrails(this.#sql, limit)
  }

  status(): TrailStatus {
    return trailStatus(this.#sql, this.#env)
  }

  beginVerification(): TrailStatus {
    beginVerification(this.#sql, Date.now())
    this.#ctx.waitUntil(this.#verifyAll())
    return this.status()
  }

  async #verifyAll(): Promise<void> {
    while (isVerifying(this.#sql)) await goOnVerifying(this.#sql, this.#trail)
  }
}
