/** One integrated account: the only authority on its servers, their expiry, and where its credential lies. */
import { DurableObject } from 'cloudflare:workers'
import type { Env } from '../core/env.ts'
import { earliest } from '../core/time.ts'
import type { Decider } from '../rules/drafts.ts'
import { CLAIM_MS } from '../rules/ledger.ts'
import type { Admission, Caller, CredentialPointer, ListOrder, Verdict } from '../rules/server.ts'
import type { Claim, ClaimRequest, NewDraft, Preview, Settlement } from '../rules/write.ts'
import { admit } from './admit.ts'
import type { AuditEntry, AuditRow } from './audit/entry.ts'
import { Trail, type Verified } from './audit/trail.ts'
import * as grants from './grants.ts'
import { type LimiterState, type OwnLimit, take } from './limiter.ts'
import { Notifier } from './notify/notifier.ts'
import { DeploymentSwitch } from './switch.ts'
import * as accounts from './tables/account.ts'
import {
  type AuditQuery,
  hasAudit,
  keepDays,
  keepTrailAlone,
  nextAuditTidying,
  type ServerUse,
  tidyAudit,
  useOf,
} from './tables/audit.ts'
import type { DraftFilter } from './tables/drafts.ts'
import {
  type Fetching,
  type NewGrant,
  nextGrantExpiry,
  removeExpiredGrants,
  removeGrant,
  removeGrants,
  selectGrants,
} from './tables/grants.ts'
import type { Written } from './tables/ledger.ts'
import { insertOrder } from './tables/list-order.ts'
import { accountMigrations } from './tables/migrations.ts'
import { spentOf } from './tables/movements.ts'
import { migrate, schemaVersion } from './tables/schema.ts'
import * as secrets from './tables/secrets.ts'
import * as servers from './tables/servers.ts'
import { type UsageDay, usageByDay } from './usage.ts'
import type { Sealed } from './vault/envelope.ts'
import { type Decided, type Drafted, type OpenDraft, WriteBook } from './write-decisions.ts'

/** More than any team needs; a script in a loop stops here. */
const MOST_SERVERS = 20_000
const RETRY_MS = 60_000

export type Created = { server: servers.Server } | { refused: 'unknown_account' | 'too_many' }

export class AccountObject extends DurableObject<Env> {
  /** False until an account is created: a guessed id must not leave so much as a table behind. */
  #exists = false
  #calls: LimiterState = []
  readonly #trail = new Trail(this.ctx.storage.sql)
  readonly #notifier = new Notifier(this.ctx, this.env)
  readonly #writes = new WriteBook(this.ctx.storage)
  readonly #switch = new DeploymentSwitch(this.env)
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
    return this.#counted(admission, limit, now)
  }

  /** As `admit`, at the URL of a server that holds no secret. @param signedIn null: nobody */
  admitSignedIn(serverId: string, limit: OwnLimit | null, signedIn: grants.SignedIn | null): Verdict {
    const now = Date.now()
    if (!this.#exists) return { kind: 'unknown' }
    const verdict = grants.admitSignedIn(this.#sql, serverId, signedIn, now)
    return verdict.kind === 'admitted' ? this.#counted(verdict.admission, limit, now) : verdict
  }

  #counted(admission: Admission, limit: OwnLimit | null, now: number): Verdict {
    const counted = limit && take(this.#calls, now, limit)
    this.#calls = counted?.state ?? this.#calls
    if (!counted || counted.verdict.allowed) return { kind: 'admitted', admission }
    const { limit: most, reset } = counted.verdict
    this.#notifier.limitReached(admission.account.id, limit!, now)
    const { allowed_origins = [] } = admission.server.config
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

  /** Webhook secrets by name, without their values; null for an unknown account. */
  webhookSecrets(): secrets.WebhookSecret[] | null {
    return this.#exists ? secrets.selectSecrets(this.#sql) : null
  }

  /** The same as they are sealed. */
  sealedWebhookSecrets(): secrets.SealedSecret[] | null {
    return this.#exists ? secrets.selectSealed(this.#sql) : null
  }

  /** Null when there is none of this name. */
  webhookSecret(name: string): ReturnType<typeof secrets.selectSecret> {
    return this.#exists ? secrets.selectSecret(this.#sql, name) : null
  }

  putWebhookSecret(
    secret: secrets.SealedSecret,
    allowedHosts: string[],
  ): ReturnType<typeof secrets.putSecret> | null {
    return this.#exists ? secrets.putSecret(this.#sql, secret, allowedHosts, Date.now()) : null
  }

  /** The same secret sealed anew; false when it was replaced or removed since version `from` was read. */
  moveWebhookSecret(secret: secrets.SealedSecret, from: number): boolean {
    return this.#exists && secrets.moveSecret(this.#sql, secret, from)
  }

  /** Once this returns no write can use it any more. False when there was none. */
  deleteWebhookSecret(name: string): boolean {
    return this.#exists && secrets.removeSecret(this.#sql, name)
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
  async record(entries: AuditEntry[]): Promise<void> {
    if (!hasAudit(this.#sql)) return
    const gap: AuditEntry[] = this.#lost > 0 ? [{ type: 'gap', lost: this.#lost }] : []
    this.#lost = 0
    await this.#trail.append([...gap, ...entries], Date.now())
  }

  /** So many rows could not be written: the next one says so. */
  recordGap(lost: number): void {
    this.#lost += lost
  }

  /** @param days for which rows of the trail are kept */
  keepAudit(days: number): void {
    if (this.#exists) keepDays(this.#sql, days)
  }

  async readAudit(query: AuditQuery): Promise<AuditRow[]> {
    return hasAudit(this.#sql) ? this.#trail.read(query) : []
  }

  /** Null where there never was a trail. */
  async verifyAudit(from: Verified['next']): Promise<Verified | null> {
    return hasAudit(this.#sql) ? this.#trail.verify(from) : null
  }

  /** How the account was used in the last days, and each of its newest servers. Null for an unknown account. */
  usage(days: number): { days: UsageDay[]; servers: ServerUse[] } | null {
    if (!this.#exists) return null
    const now = Date.now()
    const { servers: newest } = servers.selectServers(this.#sql, 100, Number.MAX_SAFE_INTEGER, now)
    return {
      days: usageByDay(this.#sql, days, null, now),
      servers: newest.map(({ id }) => useOf(this.#sql, id, now)),
    }
  }

  /** Null for an unknown server. */
  serverUsage(id: string, days: number) {
    if (!this.readServer(id)) return null
    const now = Date.now()
    return {
      use: useOf(this.#sql, id, now),
      days: usageByDay(this.#sql, days, id, now),
      spent: spentOf(this.#sql, id, now),
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
    if (changed && !changed.config.require_api_token_auth) removeGrants(this.#sql, id)
    await this.#arm()
    return changed
  }

  /**
   * Gives a server another token; the old one works on until `overlapEnds`, those before it end now.
   * @param overlapEnds milliseconds since the epoch; null: the old token ends now
   */
  async rotateServer(
    id: string,
    digest: Uint8Array,
    overlapEnds: number | null,
  ): Promise<servers.Server | null> {
    if (!this.#exists) return null
    const rotated = this.ctx.storage.transactionSync(() =>
      servers.rotateServer(this.#sql, id, digest, overlapEnds, Date.now()),
    )
    await this.#arm()
    return rotated
  }

  /** Once this returns the token is dead everywhere. False when there was none. */
  async deleteServer(id: string): Promise<boolean> {
    if (!this.#exists) return false
    return this.#committed((now) => {
      this.#writes.serverEnded(id, now)
      return servers.removeServer(this.#sql, id)
    })
  }

  /** Lets a client in that a person signed in with. False when the server is gone or no more grants fit. */
  async openGrant(grant: NewGrant): Promise<boolean> {
    if (!this.#exists || !grants.openGrant(this.#sql, grant, Date.now())) return false
    await this.#arm()
    return true
  }

  hasGrant(serverId: string, id: string): boolean {
    return this.#exists && grants.hasGrant(this.#sql, serverId, id, Date.now())
  }

  /** Asked each time that tokens are fetched. @param fetching a code is good once */
  fetchTokens(serverId: string, id: string, fetching: Fetching): boolean {
    return this.#exists && grants.fetchTokens(this.#sql, serverId, id, fetching, Date.now())
  }

  /** Newest first. @param before where the last page ended; null for an unknown server */
  listGrants(serverId: string, limit: number, before: number = Number.MAX_SAFE_INTEGER) {
    return this.readServer(serverId) && selectGrants(this.#sql, serverId, limit, before, Date.now())
  }

  /** Once this returns the grant's tokens are dead everywhere. False when there was none. */
  revokeGrant(serverId: string, id: string): boolean {
    return this.#exists && removeGrant(this.#sql, serverId, id)
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

  /** Runs what commits, then what follows a commit. */
  async #committed<Answer>(commit: (now: number) => Answer): Promise<Answer> {
    const answer = commit(Date.now())
    this.ctx.waitUntil(this.#trail.sealSoon())
    await this.#arm()
    return answer
  }

  /**
   * Commits that a write is about to leave, or says what stands in its way. The trail is sealed with the row of the call that
   * follows, or by the alarm: one commit less for a write.
   */
  async claimWrite(request: ClaimRequest): Promise<Claim> {
    if (!this.#exists) return { kind: 'unknown_account' }
    if (await this.#switch.isStopped(Date.now)) return { kind: 'stopped' }
    const now = Date.now()
    const claim = this.#writes.claim(request, now)
    if (claim.kind === 'claimed') await this.#armBy(now + CLAIM_MS)
    return claim
  }

  /** What would stand in the way of a write; reserves nothing. */
  async previewWrite(request: ClaimRequest): Promise<Preview> {
    if (!this.#exists) return { obstacle: { kind: 'unknown_account' }, room: { cents: null, count: null } }
    const preview = this.#writes.preview(request, Date.now())
    // A preview that did not ask both switches would promise what the claim refuses.
    return (await this.#switch.isStopped(Date.now)) ? { ...preview, obstacle: { kind: 'stopped' } } : preview
  }

  settleWrite(settlement: Settlement): void {
    if (!this.#exists) return
    this.#writes.settle(settlement, Date.now())
  }

  /** The write under a key, with the state it has now; null when there is none. */
  readWrite(key: string): Written | null {
    return this.#exists ? this.#writes.readWritten(key, Date.now()) : null
  }

  /** Keeps a write for a person to decide, and tells the operator of it. */
  async draftWrite(draft: NewDraft): Promise<Drafted> {
    if (!this.#exists) return { kind: 'unknown_account' }
    const drafted = await this.#committed((now) => this.#writes.draft(draft, now))
    if (drafted.kind === 'drafted' && drafted.draft.id === draft.id) this.#tellPending(draft)
    return drafted
  }

  #tellPending({ id, request }: NewDraft): void {
    const account = this.readAccount()!
    const data = { integrated_account_id: account.id, approval_id: id, mcp_server_id: request.serverId }
    this.#notifier.tell({ type: 'approval.pending', data }, Date.now())
  }

  readDraft(id: string): OpenDraft | null {
    return this.#exists ? this.#writes.readDraft(id, Date.now()) : null
  }

  /** Newest first; null for an unknown account. */
  listDrafts(filter: DraftFilter) {
    return this.#exists ? this.#writes.listDrafts(filter, Date.now()) : null
  }

  async rejectDraft(id: string, by: Decider, reason: string | null, requestId: string): Promise<Decided> {
    if (!this.#exists) return { kind: 'unknown' }
    return this.#committed((now) => this.#writes.reject(id, by, reason, requestId, now))
  }

  /** Ends a draft that nobody may run any more. */
  async cancelDraft(id: string, reason: string, requestId: string): Promise<Decided> {
    if (!this.#exists) return { kind: 'unknown' }
    return this.#committed((now) => this.#writes.cancel(id, reason, requestId, now))
  }

  /** Ids of drafts whose arguments are kept. */
  sealedDrafts(): string[] {
    return this.#exists ? this.#writes.sealedDrafts() : []
  }

  /** Puts the arguments of a draft sealed anew in the place of those that `from` wraps. */
  resealDraft(id: string, from: Uint8Array, sealed: Sealed): boolean {
    return this.#exists && this.#writes.replaceSealed(id, from, sealed)
  }

  /** Remembers in which direction Finexio lists a resource for this account. */
  learnOrder(resource: string, order: ListOrder): void {
    if (this.#exists) insertOrder(this.#sql, resource, order)
  }

  /** Erases what expired. Nothing depends on when, how often or whether this runs. */
  override async alarm(): Promise<void> {
    try {
      this.#tidy(Date.now())
      if (hasAudit(this.#sql)) await this.#trail.seal()
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
    this.#writes.tidy(now)
    removeExpiredGrants(this.#sql, now)
  }

  #next(now: number): number | null {
    const audit = hasAudit(this.#sql) ? nextAuditTidying(this.#sql, now) : null
    const account = this.#exists
      ? [
          servers.nextExpiry(this.#sql),
          nextGrantExpiry(this.#sql),
          ...this.#writes.next(),
          this.#notifier.next(),
        ]
      : []
    return earliest([audit, ...account])
  }

  /** One that comes early finds nothing to do and arms the next: a busy account's is not moved by every write. */
  async #armBy(time: number): Promise<void> {
    const next = await this.ctx.storage.getAlarm()
    if (next === null || next > time) await this.ctx.storage.setAlarm(time)
  }

  async #arm(): Promise<void> {
    const next = this.#next(Date.now())
    if (next === null) await this.ctx.storage.deleteAlarm()
    else if ((await this.ctx.storage.getAlarm()) !== next) await this.ctx.storage.setAlarm(next)
  }
}
