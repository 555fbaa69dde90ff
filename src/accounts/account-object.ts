/** One integrated account: the only authority on its servers, their expiry, and where its credential lies. */
import { DurableObject } from 'cloudflare:workers'
import type { AuditEntry, AuditRow } from '../audit/entry.ts'
import type { Env } from '../env.ts'
import type { Caller, CredentialPointer, ListOrder, Verdict } from '../servers/config.ts'
import type { Claim, ClaimRequest, Earlier, Obstacle, Settlement } from '../writes/contract.ts'
import { presentState } from '../writes/ledger.ts'
import * as ledger from '../writes/ledger-rows.ts'
import * as accounts from './account-rows.ts'
import { admit } from './admit.ts'
import {
  type AuditQuery,
  appendAudit,
  hasAudit,
  keepDays,
  keepTrailAlone,
  nextAuditTidying,
  tidyAudit,
} from './audit-rows.ts'
import { type LimiterState, type OwnLimit, take } from './limiter.ts'
import { accountMigrations } from './migrations.ts'
import { Notifier } from './notifier.ts'
import { migrate, schemaVersion } from './schema.ts'
import * as servers from './server-rows.ts'
import { Trail, type Verified } from './trail.ts'
import * as usage from './usage-rows.ts'

/** More than any team needs; a script in a loop stops here. */
const MOST_SERVERS = 20_000
const RETRY_MS = 60_000

const claimEntry = ({ requestId, serverId, tool }: ClaimRequest, key: string): AuditEntry => ({
  type: 'write',
  event: 'claimed',
  request_id: requestId,
  mcp_server_id: serverId,
  tool_name: tool,
  idempotency_key: key,
  outcome: null,
})

const settleEntry = ({ key, state }: Settlement): AuditEntry => ({
  type: 'write',
  event: 'settled',
  request_id: null,
  mcp_server_id: null,
  tool_name: null,
  idempotency_key: key,
  outcome: state,
})

export type Created = { server: servers.Server } | { refused: 'unknown_account' | 'too_many' }

export class AccountObject extends DurableObject<Env> {
  /** False until an account is created: a guessed id must not leave so much as a table behind. */
  #exists = false
  #calls: LimiterState = []
  readonly #trail = new Trail(this.ctx.storage.sql)
  readonly #notifier = new Notifier(this.ctx, this.env)
  /** Rows of the trail that could not be written yet. */
  #lost = 0

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    ctx.blockConcurrencyWhile(async () => {
      if (schemaVersion(ctx.storage.sql) === 0) return
      migrate(ctx.storage, accountMigrations)
      this.#exists = true
      // An alarm may have been dropped after too many failures.
      if ((await ctx.storage.getAlarm()) === null) await this.#arm()
    })
  }

  get #sql() {
    return this.ctx.storage.sql
  }

  /**
   * @param digest keyed digest of a token
   * @param limit what a call is counted under; null for what does not count
   * @param caller an API token counts here only if it is good for this account
   */
  admit(digest: Uint8Array, limit: OwnLimit | null, caller: Caller): Verdict {
    const now = Date.now()
    const admission = this.#exists ? admit(this.#sql, digest, caller, now) : null
    if (!admission) return { kind: 'unknown' }
    const { require_api_token_auth, allowed_origins = [] } = admission.server.config
    if (require_api_token_auth && caller.kind === 'url') return { kind: 'unauthorized', allowed_origins }
    const counted = limit && take(this.#calls, now, limit)
    this.#calls = counted?.state ?? this.#calls
    if (!counted || counted.verdict.allowed) return { kind: 'admitted', admission }
    const { limit: most, reset } = counted.verdict
    this.#notifier.limitReached(admission.account.id, limit!, now)
    return { kind: 'limited', limit: most, remaining: 0, reset, allowed_origins }
  }

  createAccount(account: accounts.NewAccount): accounts.Account {
    migrate(this.ctx.storage, accountMigrations)
    accounts.insertAccount(this.#sql, account, Date.now())
    this.#exists = true
    return accounts.selectAccount(this.#sql)!
  }

  readAccount(): accounts.Account | null {
    return this.#exists ? accounts.selectAccount(this.#sql) : null
  }

  /** Absent keys stay as they are. Null for an unknown account. */
  changeAccount(change: accounts.AccountChange): accounts.Account | null {
    if (!this.#exists) return null
    accounts.changeAccount(this.#sql, change, Date.now())
    return this.readAccount()
  }

  /** Where the credential lies now; null for an unknown account. */
  credential(): CredentialPointer | null {
    return this.#exists ? accounts.selectPointer(this.#sql) : null
  }

  /** A credential version that no KV record has yet; null for an unknown account. */
  takeCredentialVersion(): number | null {
    return this.#exists ? accounts.takeVersion(this.#sql) : null
  }

  /** Moves the pointer; answers the version it left, null when the account is gone or a newer one came in between. */
  replaceCredential(credential: CredentialPointer, baseUrl: string): number | null {
    return this.#exists ? accounts.pointTo(this.#sql, credential, baseUrl, Date.now()) : null
  }

  /**
   * Moves the pointer to the same credential sealed anew; nothing else about the account changes.
   * @param from version that was read: when another one came in between, nothing happens and null is answered
   */
  moveCredential(credential: CredentialPointer, from: number): number | null {
    return this.#exists ? accounts.movePointer(this.#sql, credential, from) : null
  }

  /**
   * Ends every token, removes the alarm and makes lingering ciphertext useless at once; the audit trail alone stays.
   * False for an unknown account.
   */
  async eraseAccount(): Promise<boolean> {
    if (!this.#exists) return false
    this.#exists = false
    this.ctx.storage.transactionSync(() => keepTrailAlone(this.#sql))
    await this.#arm()
    return true
  }

  /** Adds rows to the trail, also to that of an account which is gone. */
  record(entries: AuditEntry[]): void {
    if (!hasAudit(this.#sql)) return
    const gap: AuditEntry[] = this.#lost > 0 ? [{ type: 'gap', lost: this.#lost }] : []
    this.#lost = 0
    this.ctx.waitUntil(this.#trail.append([...gap, ...entries], Date.now()))
  }

  /** So many rows could not be written: the next one says so. */
  recordGap(lost: number): void {
    this.#lost += lost
  }

  /** @param days for which rows of the trail are kept */
  keepAudit(days: number): void {
    if (this.#exists) keepDays(this.#sql, days)
  }

  readAudit(query: AuditQuery): AuditRow[] {
    return hasAudit(this.#sql) ? this.#trail.read(query) : []
  }

  /** Null where there never was a trail. */
  async verifyAudit(from: Verified['next']): Promise<Verified | null> {
    return hasAudit(this.#sql) ? this.#trail.verify(from) : null
  }

  /** How the account was used in the last days, and each of its newest servers. Null for an unknown account. */
  usage(days: number): { days: usage.UsageDay[]; servers: usage.ServerUse[] } | null {
    if (!this.#exists) return null
    const now = Date.now()
    const { servers: newest } = servers.selectServers(this.#sql, 100, Number.MAX_SAFE_INTEGER, now)
    return {
      days: usage.usageByDay(this.#sql, days, null, now),
      servers: newest.map(({ id }) => usage.useOf(this.#sql, id, now)),
    }
  }

  /** Null for an unknown server. */
  serverUsage(id: string, days: number) {
    if (!this.readServer(id)) return null
    const now = Date.now()
    return {
      use: usage.useOf(this.#sql, id, now),
      days: usage.usageByDay(this.#sql, days, id, now),
      spent: usage.spentOf(this.#sql, id, now),
    }
  }

  async createServer(server: servers.NewServer): Promise<Created> {
    if (!this.#exists) return { refused: 'unknown_account' }
    servers.removeExpired(this.#sql, Date.now())
    if (servers.countServers(this.#sql) >= MOST_SERVERS) return { refused: 'too_many' }
    const created = servers.insertServer(this.#sql, server, Date.now())
    await this.#arm()
    return { server: created }
  }

  /** Newest first. @param before where the last page ended; null for an unknown account */
  listServers(limit: number, before: number = Number.MAX_SAFE_INTEGER) {
    return this.#exists ? servers.selectServers(this.#sql, limit, before, Date.now()) : null
  }

  readServer(id: string): servers.Server | null {
    return this.#exists ? servers.selectServer(this.#sql, id, Date.now()) : null
  }

  async updateServer(id: string, change: servers.ServerChange): Promise<servers.Server | null> {
    if (!this.#exists) return null
    const changed = servers.changeServer(this.#sql, id, change, Date.now())
    await this.#arm()
    return changed
  }

  /**
   * Gives a server another token; the old one works on until `overlapEnds`, those before it end now.
   * @param overlapEnds milliseconds since the epoch; null: the old token ends now
   */
  rotateServer(id: string, digest: Uint8Array, overlapEnds: number | null): servers.Server | null {
    if (!this.#exists) return null
    return this.ctx.storage.transactionSync(() =>
      servers.rotateServer(this.#sql, id, digest, overlapEnds, Date.now()),
    )
  }

  /** Once this returns the token is dead everywhere. False when there was none. */
  async deleteServer(id: string): Promise<boolean> {
    if (!this.#exists) return false
    const removed = servers.removeServer(this.#sql, id)
    await this.#arm()
    return removed
  }

  /** What Finexio said of the credential of this version; a newer one is not blamed for it. */
  setStatus(status: accounts.Account['status'], version: number): void {
    const before = this.readAccount()
    if (!before) return
    accounts.setStatus(this.#sql, status, version)
    if (before.status === 'needs_reauth' || this.readAccount()?.status !== 'needs_reauth') return
    const data = { integrated_account_id: before.id, name: before.name }
    this.#notifier.tell({ type: 'account.needs_reauth', data }, Date.now())
  }

  /** Commits that a write is about to leave, or says what stands in its way. */
  async claimWrite(request: ClaimRequest): Promise<Claim> {
    if (!this.#exists) return { kind: 'unknown_account' }
    const claim = this.ctx.storage.transactionSync(() => this.#claim(request, Date.now()))
    if (claim.kind !== 'claimed') return claim
    this.ctx.waitUntil(this.#trail.seal())
    await this.#arm()
    return claim
  }

  #claim(request: ClaimRequest, now: number): Claim {
    if (accounts.selectAccount(this.#sql)?.writes_stopped) return { kind: 'stopped' }
    const obstacle = ledger.obstacle(this.#sql, request, now)
    if (obstacle) return obstacle
    const key = ledger.insertClaim(this.#sql, request, now)
    appendAudit(this.#sql, claimEntry(request, key), now)
    return { kind: 'claimed', key }
  }

  /** What would stand in the way of a write; reserves nothing. Null: nothing. */
  previewWrite(request: ClaimRequest): Obstacle | null {
    if (!this.#exists) return { kind: 'unknown_account' }
    if (accounts.selectAccount(this.#sql)?.writes_stopped) return { kind: 'stopped' }
    return ledger.obstacle(this.#sql, request, Date.now())
  }

  settleWrite(settlement: Settlement): void {
    if (!this.#exists) return
    const now = Date.now()
    this.ctx.storage.transactionSync(() => {
      ledger.settle(this.#sql, settlement, now)
      appendAudit(this.#sql, settleEntry(settlement), now)
    })
    this.ctx.waitUntil(this.#trail.seal())
  }

  /** The write under a key, with the state it has now; null when there is none. */
  readWrite(key: string): Earlier | null {
    const earlier = this.#exists ? ledger.selectWrite(this.#sql, key) : null
    return earlier && presentState(earlier, Date.now())
  }

  /** Remembers in which direction Finexio lists a resource for this account. */
  learnOrder(resource: string, order: ListOrder): void {
    if (this.#exists) accounts.insertOrder(this.#sql, resource, order)
  }

  /** Erases what expired. Nothing depends on when, how often or whether this runs. */
  override async alarm(): Promise<void> {
    try {
      this.#tidy(Date.now())
      if (this.#exists) await this.#notifier.flush(Date.now())
      await this.#arm()
    } catch (error) {
      console.error({ event: 'alarm_fault', error: error instanceof Error ? error.name : typeof error })
      // Should this fail too, the next waking arms it.
      await this.ctx.storage.setAlarm(Date.now() + RETRY_MS).catch(() => {})
    }
  }

  #tidy(now: number): void {
    if (hasAudit(this.#sql)) tidyAudit(this.#sql, now)
    if (!this.#exists) return
    this.#notifier.warn(accounts.selectAccount(this.#sql)!.id, now)
    servers.removeExpired(this.#sql, now)
    ledger.tidyLedger(this.#sql, now)
  }

  #next(now: number): number | null {
    const audit = hasAudit(this.#sql) ? nextAuditTidying(this.#sql, now) : null
    const account = this.#exists
      ? [servers.nextExpiry(this.#sql), ledger.nextTidying(this.#sql), this.#notifier.next()]
      : []
    const times = [audit, ...account].filter((time) => time !== null)
    return times.length > 0 ? Math.min(...times) : null
  }

  async #arm(): Promise<void> {
    const next = this.#next(Date.now())
    if (next === null) await this.ctx.storage.deleteAlarm()
    else if ((await this.ctx.storage.getAlarm()) !== next) await this.ctx.storage.setAlarm(next)
  }
}
