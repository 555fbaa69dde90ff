/** The audit trail as an object keeps it: rows at once, hashes shortly after, in order. */

import type { Target } from '../../rules/history/changes.ts'
import { selectAccount } from '../tables/account.ts'
import * as rows from '../tables/audit.ts'
import { Part, type Tenant } from '../tenant.ts'
import { follow, sealed } from './chain.ts'
import type { Cause } from './changing.ts'
import type { AuditEntry, AuditRow } from './entry.ts'
import { type Past, pastOf } from './history.ts'

const AT_ONCE = 200
/** Rows that come within it are written together: a commit for many instead of one for each. */
const GATHER_MS = 20
/** Rows that come within it get their hashes together: a commit for many instead of one for each. */
const PAUSE_MS = 1_000
/** Rows that one call of `verify` reads. */
const MOST_VERIFIED = 20_000

export type Verified = {
  valid: boolean
  /** Rows that were checked; more remain while `next` is not null. */
  rows: number
  checkpoint: rows.Checkpoint
  last_hash: string
  /** Number of the first row that does not fit. */
  broken_at: number | null
  /** Where to go on: number and hash of the last row that was checked. */
  next: { seq: number; hash: string } | null
}

const pause = (ms: number) => new Promise<void>((done) => setTimeout(done, ms))

/** The trail of one object. Times are milliseconds since the epoch. */
export class Trail {
  readonly #sql: SqlStorage
  #sealing: Promise<void> = Promise.resolve()
  #soon: Promise<void> | null = null
  #gathered: { entry: AuditEntry; at: number }[] = []
  #gathering: Promise<void> | null = null

  constructor(sql: SqlStorage) {
    this.#sql = sql
  }

  /** Adds rows. @returns a promise that resolves once they are written, so that a caller learns of rows that an evicted object lost */
  append(entries: readonly AuditEntry[], now: number): Promise<void> {
    this.#gathered.push(...entries.map((entry) => ({ entry, at: now })))
    this.#gathering ??= pause(GATHER_MS).then(() => this.#write())
    return this.#gathering
  }

  #write(): void {
    const gathered = this.#gathered
    this.#gathered = []
    this.#gathering = null
    for (const { entry, at } of gathered) rows.appendAudit(this.#sql, entry, at)
    void this.sealSoon()
  }

  /** Rows that an evicted object left without a hash get it with the next row, by the alarm, or before the trail is verified. */
  sealSoon(): Promise<void> {
    this.#soon ??= pause(PAUSE_MS).then(() => {
      this.#soon = null
      return this.seal()
    })
    return this.#soon
  }

  /** Gives every row its hash; one at a time, since each follows the one before. */
  seal(): Promise<void> {
    this.#sealing = Promise.all([this.#sealing, this.#gathering])
      .then(() => this.#sealAll())
      .catch((error) => {
        console.error({ event: 'audit_fault', error: error instanceof Error ? error.name : typeof error })
      })
    return this.#sealing
  }

  async #sealAll(): Promise<void> {
    for (;;) {
      const { before, rows: open } = rows.unsealed(this.#sql, AT_ONCE)
      if (open.length === 0) return
      rows.writeHashes(this.#sql, await sealed(before, open))
    }
  }

  /** Whoever reads a row gets its hash as well. */
  async read(query: rows.AuditQuery): Promise<AuditRow[]> {
    await this.seal()
    return rows.selectAudit(this.#sql, query)
  }

  /** @param from where the last call ended; null: from the checkpoint */
  async verify(from: { seq: number; hash: string } | null): Promise<Verified> {
    await this.seal()
    const checkpoint = rows.checkpointOf(this.#sql)
    let last = from ?? { seq: checkpoint.seq, hash: checkpoint.hash }
    let seen = 0
    for (;;) {
      const page = rows.sealedAfter(this.#sql, last.seq, AT_ONCE)
      const { last: reached, brokenAt } = await follow(last, page)
      seen += page.length
      last = reached
      const end = page.length < AT_ONCE
      if (brokenAt === null && !end && seen < MOST_VERIFIED) continue
      // Rows cut off at the end leave a chain that fits: only the count shows it.
      const missing = end && last.seq < rows.lastNumber(this.#sql) ? last.seq + 1 : null
      const broken_at = brokenAt ?? missing
      const next = broken_at === null && !end ? last : null
      return { valid: broken_at === null, rows: seen, checkpoint, last_hash: last.hash, broken_at, next }
    }
  }
}

/** The audit trail of an account, as management reads it on the account's object: also when the account is gone. */
export class AuditAccess extends Part {
  readonly #trail: Trail

  constructor(tenant: Tenant, trail: Trail) {
    super(tenant)
    this.#trail = trail
  }

  async read(query: rows.AuditQuery): Promise<AuditRow[]> {
    return rows.hasAudit(this.tenant.sql) ? this.#trail.read(query) : []
  }

  /** Null where there never was a trail. */
  async verify(from: Verified['next']): Promise<Verified | null> {
    return rows.hasAudit(this.tenant.sql) ? this.#trail.verify(from) : null
  }

  /** @param days for which rows are kept @param cause who does it, for the trail */
  keep(days: number, cause: Cause | null = null): void {
    const account = this.tenant.known(selectAccount)
    const targets = account ? [{ kind: 'integrated_account', id: account.id } as const] : []
    this.tenant.changed({ cause, targets }, (sql) => rows.keepDays(sql, days))
  }

  /** Settings at a moment, out of the trail alone; null where there never was one. @param target whose changes are told; null: all */
  past(at: number, target: Target | null): Past | null {
    return rows.hasAudit(this.tenant.sql) ? pastOf(this.tenant.sql, at, target) : null
  }
}
