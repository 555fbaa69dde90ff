/**
 * One integrated account: the only authority on its servers, their expiry, and where its credential lies. What a tool call needs
 * is called on the object itself, the rest on its parts: see account-stub.ts (docs/decisions/01).
 */
import { DurableObject } from 'cloudflare:workers'
import type { Env } from '../core/env.ts'
import { type AskedCall, type Caller, type ListOrder, refOf, type Verdict } from '../rules/admission.ts'
import { CLAIM_MS } from '../rules/ledger.ts'
import type { Claim, ClaimRequest, NewDraft, Preview, Settlement } from '../rules/write-contract.ts'
import { AuditAccess } from './audit/access.ts'
import { type Cause, isToldAlready } from './audit/changing.ts'
import type { AuditEntry } from './audit/entry.ts'
import { settleLeft } from './audit/outlived.ts'
import { snapshotOfNow } from './audit/snapshots.ts'
import { Trail } from './audit/trail.ts'
import type { Authority } from './authority.ts'
import { Credentials } from './credentials.ts'
import type { SignedIn } from './door/admit.ts'
import { Door } from './door/door.ts'
import { type Limits, OwnLimits } from './door/own-limits.ts'
import { Grants, newPageLimits } from './grants.ts'
import { AuthorityLease } from './lease.ts'
import { Notifier } from './notify/notifier.ts'
import { Overview } from './overview.ts'
import { changeAccount, eraseAccount, insertAccount, readAccount } from './own-account.ts'
import { accountPusher } from './push/account-pusher.ts'
import { Secrets } from './secrets.ts'
import { Servers } from './servers.ts'
import * as accounts from './tables/account.ts'
import { hasAudit } from './tables/audit.ts'
import { type SentRecord, selectSent } from './tables/ledger/sent.ts'
import type { Written } from './tables/ledger/unsettled.ts'
import { insertOrder } from './tables/list-order.ts'
import { accountMigrations, migrate, schemaVersion } from './tables/migrations.ts'
import { accountAndHolder, selectServer } from './tables/servers.ts'
import { Tenant } from './tenant.ts'
import { Upkeep } from './upkeep.ts'
import { Usage } from './usage.ts'
import { WaitingCount } from './waiting/waiting-count.ts'
import { Drafts } from './writes/drafts.ts'
import { Payees } from './writes/payees.ts'
import { Unknowns } from './writes/unknowns.ts'
import { aboutRequest, type Drafted, WriteDecisions } from './writes/write-decisions.ts'

export class AccountObject extends DurableObject<Env> {
  readonly #limits = new OwnLimits()
  readonly #signInPages = newPageLimits()
  /** Rows of the trail that could not be written yet. */
  #lost = 0
  readonly #trail = new Trail(this.ctx.storage.sql)
  readonly #notifier = new Notifier(this.ctx, this.env)
  readonly #lease = new AuthorityLease(this.env)
  readonly #writes = new WriteDecisions(this.ctx.storage)
  readonly #tenant = new Tenant(this.ctx.storage, () => this.#afterCommit())
  readonly #waiting = new WaitingCount(this.env, this.#tenant)
  readonly #door = new Door({
    tenant: this.#tenant,
    lease: this.#lease,
    limits: this.#limits,
    shares: this.#trail.shares,
    limitReached: (accountId, own, now) => this.#notifier.limitReached(accountId, own, now),
    record: (entry) => this.ctx.waitUntil(this.record([entry])),
  })
  readonly #pusher = accountPusher(this.ctx, this.env, this.#tenant, this.#notifier)
  readonly #upkeep = new Upkeep(this.#tenant, this.#trail, this.#notifier, this.#pusher)

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    ctx.blockConcurrencyWhile(async () => {
      this.#tenant.exists = schemaVersion(ctx.storage.sql) > 0
      if (this.#tenant.exists) migrate(ctx.storage, accountMigrations, snapshotOfNow)
      else if (!settleLeft(ctx.storage)) return
      await this.#upkeep.started()
    })
  }

  get #sql() {
    return this.ctx.storage.sql
  }

  servers() {
    return new Servers(this.#tenant)
  }

  grants() {
    return new Grants(this.#tenant, this.#signInPages)
  }

  secrets() {
    return new Secrets(this.#tenant)
  }

  credentials() {
    return new Credentials(this.#tenant)
  }

  drafts() {
    return new Drafts(this.#tenant, this.#lease)
  }

  /** Writes of which nobody knows what became of them. */
  unknowns() {
    return new Unknowns(this.#tenant, this.#lease)
  }

  overview() {
    return new Overview(this.#tenant, this.#lease)
  }

  payees() {
    return new Payees(this.#tenant, this.#notifier)
  }

  usage() {
    return new Usage(this.#tenant, this.#trail)
  }

  audit() {
    return new AuditAccess(this.#tenant, this.#trail, this.env)
  }

  /**
   * @param digest keyed digest of a token
   * @param limits what a call is counted under; null for what does not count
   * @param caller an API token counts here only if it is good for this account
   * @param asked what is called, for the row of a call that is not let in; null: no tool
   */
  admit(
    digest: Uint8Array,
    limits: Limits | null,
    caller: Caller,
    asked: AskedCall | null = null,
  ): Promise<Verdict> {
    return this.#door.admit(digest, limits, caller, asked)
  }

  /** As `admit`, at the URL of a server that holds no secret. @param signedIn null: nobody */
  admitSignedIn(
    serverId: string,
    limits: Limits | null,
    signedIn: SignedIn | null,
    asked: AskedCall | null = null,
  ): Promise<Verdict> {
    return this.#door.admitSignedIn(serverId, limits, signedIn, asked)
  }

  /** Counts requests to Finexio towards the account's own limit of them. */
  noteRequests(count: number): void {
    this.#limits.noteRequests(count, Date.now())
  }

  createAccount(account: accounts.NewAccount, cause: Cause | null = null): accounts.MeasuredAccount {
    migrate(this.ctx.storage, accountMigrations)
    return insertAccount(this.#tenant, account, cause)
  }

  /** Null for an unknown account. */
  readAccount(): accounts.MeasuredAccount | null {
    return readAccount(this.#tenant)
  }

  /** Absent keys stay as they are. Null for an unknown account. */
  changeAccount(
    change: accounts.AccountChange,
    expected: Partial<accounts.Account> | null = null,
    cause: Cause | null = null,
  ): accounts.MeasuredAccount | null | 'changed_meanwhile' {
    return changeAccount(this.#tenant, change, expected, cause)
  }

  /**
   * Ends every token, removes the alarm and makes lingering ciphertext useless at once; the audit trail stays, and by which tokens its servers were called.
   * False for an unknown account.
   */
  async eraseAccount(cause: Cause | null = null): Promise<boolean> {
    const erased = eraseAccount(this.#tenant, cause)
    if (erased) await this.#upkeep.arm()
    return erased
  }

  /** What Finexio answered to the credential of this version; a newer one keeps its own status. */
  setStatus(status: accounts.Account['status'], version: number): void {
    const before = this.readAccount()
    if (!before) return
    accounts.setStatus(this.#sql, status, version)
    if (before.status === 'needs_reauth' || this.readAccount()?.status !== 'needs_reauth') return
    const data = { integrated_account_id: before.id, name: before.name }
    this.#notifier.send({ type: 'account.needs_reauth', data }, Date.now())
  }

  /** Remembers in which direction Finexio lists a resource for this account. */
  learnOrder(resource: string, order: ListOrder): void {
    this.#tenant.known((sql) => insertOrder(sql, resource, order))
  }

  /** Gives back the place of a call that leaves no row. */
  leave(place: string): void {
    this.#limits.leave(place)
  }

  /** Adds rows to the trail, also to that of an account which is gone. @param place of the call that is over */
  async record(entries: AuditEntry[], place?: string): Promise<void> {
    this.#limits.leave(place)
    if (!this.#tenant.exists && !hasAudit(this.#sql)) return
    const now = Date.now()
    this.#limits.noteCalls(entries, now)
    const untold = entries.filter((one) => one.type !== 'management' || !isToldAlready(this.#sql, one))
    const gap: AuditEntry[] = this.#lost > 0 ? [{ type: 'gap', lost: this.#lost }] : []
    this.#lost = 0
    await this.#trail.append([...gap, ...untold], now)
    await this.#upkeep.rowsCame(now)
  }

  /** Counts rows that could not be written; the next row says how many. @param place of the call that is over */
  recordGap(lost: number, place?: string): void {
    this.#limits.leave(place)
    this.#lost += lost
  }

  /** What the directory says of a write's caller and approver, and of its kill switch. */
  #authority({ letIn, approval, serverId }: ClaimRequest): Promise<Authority> {
    const decider = approval?.kind === 'approved' ? approval.by : null
    const about = accountAndHolder(this.#sql, serverId)
    return this.#lease.read({ ...about, caller: refOf(letIn.caller), decider }, Date.now)
  }

  /** Commits that a write is about to leave, or says what prevents it. */
  async claimWrite(request: ClaimRequest): Promise<Claim> {
    if (!this.#tenant.exists) return { kind: 'unknown_account' }
    const authority = await this.#authority(request)
    const now = Date.now()
    const claim = this.#tenant.known((_) => this.#writes.claim(request, { authority, now }))
    if (!claim) return { kind: 'unknown_account' }
    if (claim.kind === 'claimed') await this.#upkeep.armBy(now + CLAIM_MS)
    if (request.approval?.kind === 'approved') this.ctx.waitUntil(this.#waiting.tell())
    return claim
  }

  /** What would prevent a write; reserves nothing. */
  async previewWrite(request: ClaimRequest): Promise<Preview> {
    const none = { obstacle: { kind: 'unknown_account' as const }, room: { cents: null, count: null } }
    if (!this.#tenant.exists) return none
    const authority = await this.#authority(request)
    return this.#tenant.known((_, now) => this.#writes.preview(request, { authority, now })) ?? none
  }

  settleWrite(settlement: Settlement): void {
    this.#tenant.known((_, now) => this.#writes.settle(settlement, now))
  }

  /** The write under a key, with the state it has now; null when there is none. */
  readWrite(key: string): Written | null {
    return this.#tenant.known((_, now) => this.#writes.readWritten(key, now))
  }

  /** By which writes of a server records left, in the order of their digests; null where by none. */
  sentRecords(serverId: string, digests: readonly Uint8Array[]): (SentRecord | null)[] {
    const sent = this.#tenant.known((sql, now) =>
      digests.map((digest) => selectSent(sql, serverId, digest, now)),
    )
    return sent ?? []
  }

  /** Keeps a write for a person to decide, and notifies the operator. */
  async draftWrite(draft: NewDraft): Promise<Drafted> {
    if (!this.#tenant.exists) return { kind: 'unknown_account' }
    const authority = await this.#authority(draft.request)
    const drafted = await this.#tenant.committed((_, now) => this.#writes.draft(draft, { authority, now }))
    if (drafted?.kind === 'drafted' && drafted.draft.id === draft.id) this.#notifyPending(draft)
    return drafted ?? { kind: 'unknown_account' }
  }

  #notifyPending({ id, request, notice }: NewDraft): void {
    const { id: integrated_account_id, name: account } = this.readAccount()!
    const { tool: tool_name, serverId: mcp_server_id } = request
    const about = aboutRequest(request, selectServer(this.#sql, mcp_server_id, Date.now()))
    const ids = { integrated_account_id, account, approval_id: id, mcp_server_id, tool_name }
    this.#notifier.send({ type: 'approval.pending', data: { ...ids, ...about, ...notice } }, Date.now())
  }

  async #afterCommit(): Promise<void> {
    this.ctx.waitUntil(this.#waiting.tell())
    await this.#upkeep.arm()
  }

  override async alarm(): Promise<void> {
    await this.#upkeep.run(() => this.#waiting.tell())
  }
}
