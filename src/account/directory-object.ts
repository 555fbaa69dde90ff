/** Lists a deployment's accounts, and holds its people, API tokens and settings. Of tool calls, only writes come here, and those by an API token or a holder's server. */
import { DurableObject } from 'cloudflare:workers'
import type { Env } from '../core/env.ts'
import { differsFrom } from '../core/json.ts'
import { DeploymentAudit } from './audit/access.ts'
import { type Cause, changing, isToldAlready } from './audit/changing.ts'
import type { AuditEntry } from './audit/entry.ts'
import { DEPLOYMENT } from './audit/settings-now.ts'
import { keepSettings, snapshotOfNow } from './audit/snapshots.ts'
import { Trail } from './audit/trail.ts'
import { type Asked, type Authority, authorityOf } from './authority.ts'
import { type LimiterVerdict, SourceLimits } from './door/limiter.ts'
import { Principals } from './principals.ts'
import { Outgoing } from './push/outgoing.ts'
import { tellSize, tidyAudit } from './tables/audit.ts'
import { changeDeployment, type Deployment, selectDeployment } from './tables/deployment.ts'
import type { StoredDraft } from './tables/drafts/drafts.ts'
import * as listed from './tables/listed-accounts.ts'
import { directoryMigrations, migrate } from './tables/migrations.ts'
import * as tokens from './tables/principals/api-tokens.ts'
import * as clients from './tables/principals/oauth-clients.ts'
import * as people from './tables/principals/people.ts'
import * as sessions from './tables/principals/sessions.ts'
import { WaitingSettings } from './waiting/waiting-settings.ts'
import { type Named, whoMayApprove } from './writes/deciders.ts'

/** From one source. */
const REGISTRATIONS = { limit: 30, windowSeconds: 60 }

export class DirectoryObject extends DurableObject<Env> {
  readonly #trail = new Trail(this.ctx.storage.sql)
  readonly #outgoing = new Outgoing(this.ctx, this.env)
  readonly #principals = new Principals(this.ctx.storage)
  readonly #registrations = new SourceLimits(REGISTRATIONS)

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    ctx.blockConcurrencyWhile(async () => {
      migrate(ctx.storage, directoryMigrations, snapshotOfNow)
      await this.#outgoing.arm(Date.now())
    })
  }

  /** Changes of settings that wait for another person. */
  settings() {
    return new WaitingSettings(this.ctx, this.env, this.#outgoing)
  }

  /** The deployment's own trail. */
  audit() {
    return new DeploymentAudit(this.ctx, this.#trail, this.env)
  }

  override async alarm(): Promise<void> {
    const runner = this.ctx.exports as unknown as { SettingsRunner: { act(id: string): Promise<void> } }
    await this.settings().ring((id) => runner.SettingsRunner.act(id))
  }

  get #sql() {
    return this.ctx.storage.sql
  }

  /** Adds an account, or renames the one that is there. @param cause who does it, for the trail, here and below */
  put(account: listed.ListedAccount, cause: Cause | null = null): void {
    this.#principals.putAccount(account, cause)
  }

  /** Removes an account from the list, and its grants from people and API tokens. Returns false when it was not listed. */
  remove(id: string, cause: Cause | null = null): boolean {
    return this.#principals.removeAccount(id, cause)
  }

  /** What is known of a listed account: that its writes are stopped, or that it is being erased and listed no more. */
  noteAccount(id: string, change: listed.AccountNote): void {
    listed.noteAccount(this.#sql, id, change)
  }

  /** Who stopped the writes of an account, when and why; null: nobody is known to have. */
  stopOf(id: string) {
    return listed.selectStop(this.#sql, id)
  }

  /** @param count of drafts that wait in an account */
  noteWaiting(id: string, count: number): void {
    listed.noteWaiting(this.#sql, id, count)
  }

  isListed(id: string): boolean {
    return listed.isListedAccount(this.#sql, id)
  }

  /** Whether an account was disconnected, and its trail is kept. */
  hasEnded(id: string): boolean {
    return listed.hasEnded(this.#sql, id)
  }

  /** Newest first. @param before where the last page ended */
  list(limit: number, before: number = Number.MAX_SAFE_INTEGER) {
    return listed.selectListedAccounts(this.#sql, { limit, before })
  }

  /** Null when there are as many as there can be. */
  createPerson(person: people.NewPerson, cause: Cause | null = null) {
    return this.#principals.create(person, cause)
  }

  /** Whom the company's groups give a role at their first sign-in. Null: they were taken out before, which no group undoes; or all is full. */
  addByGroups(
    person: people.NewPerson & { issuer: string; subject: string },
    cause: Cause | null = null,
  ): people.Person | null {
    const { issuer, subject } = person
    const known = people.personOfIdentity(this.#sql, issuer, subject)
    if (known || people.wasKnown(this.#sql, issuer, subject)) return known
    return this.createPerson(person, cause) as people.Person | null
  }

  /** Newest first. @param before where the last page ended */
  listPeople(limit: number, before: number = Number.MAX_SAFE_INTEGER) {
    return people.selectPeople(this.#sql, { limit, before })
  }

  /** Null for an unknown id. */
  readPerson(id: string): people.Person | null {
    return people.selectPerson(this.#sql, id)
  }

  /** @param issuer of the identity provider @param subject its name for the person; null for who is not known here */
  personOfIdentity(issuer: string, subject: string): people.Person | null {
    return people.personOfIdentity(this.#sql, issuer, subject)
  }

  /** Who is disabled, or gets another identity, signs in anew. Null for an unknown id. */
  changePerson(id: string, change: people.PersonChange, cause: Cause | null = null) {
    return this.#principals.change(id, change, cause)
  }

  /** The same, unless what they may do, or by which sign-in, has changed. @param judged the person as the change was judged */
  changePersonIf(
    id: string,
    change: people.PersonChange,
    judged: people.Person,
    cause: Cause | null = null,
  ): people.Person | null | 'identity_taken' | 'changed_meanwhile' {
    const { grants, issuer, subject, disabled_at } = judged
    const before = people.selectPerson(this.#sql, id)
    return before && !differsFrom(before, { grants, issuer, subject, disabled_at })
      ? this.changePerson(id, change, cause)
      : 'changed_meanwhile'
  }

  /** Ends their API tokens and sessions too. Returns false for an unknown id. */
  removePerson(id: string, cause: Cause | null = null): boolean {
    return this.#principals.remove(id, cause)
  }

  /** The holder of a new API token, who is added where nobody has the name. @param by who asks */
  holderFor(named: people.NamedHolder, by: string, cause: Cause | null = null): people.FoundHolder {
    const { name, kind, usual } = named
    const nobody = { email: null, issuer: null, subject: null, grants: [] }
    const somebody = { id: crypto.randomUUID(), kind: kind ?? usual, name, created_by: by, ...nobody }
    const found = people.findHolder(this.#sql, named)
    const added = found ? null : this.createPerson(somebody, cause)
    return added && added !== 'identity_taken'
      ? { kind: 'added', person: added }
      : (found ?? { kind: 'full' })
  }

  /** Null when there are as many as there can be. */
  createApiToken(token: tokens.NewApiToken, cause: Cause | null = null): tokens.ApiToken | null {
    return this.#principals.createToken(token, cause)
  }

  /** What an account relies on for a second before a write leaves. */
  readAuthority(asked: Asked): Authority {
    return authorityOf(this.#sql, asked, Date.now())
  }

  whoMayApprove(draft: StoredDraft): Named[] {
    return whoMayApprove(this.#sql, draft, Date.now())
  }

  /** Null for unknown, expired and revoked ones alike. */
  readApiToken(id: string): tokens.ApiToken | null {
    return tokens.readApiToken(this.#sql, id, Date.now())
  }

  /** The same, of one that sleeps or whose holder is disabled as well. */
  findApiToken(id: string): tokens.ApiToken | null {
    return tokens.selectApiToken(this.#sql, id, Date.now())
  }

  /** Lets a token act from now on. Null unless it sleeps for this change of settings. */
  wakeApiToken(id: string, draftId: string, cause: Cause | null = null): tokens.ApiToken | null {
    return this.#principals.wakeToken(id, draftId, cause)
  }

  /** Newest first. @param before where the last page ended */
  listApiTokens(limit: number, before: number = Number.MAX_SAFE_INTEGER) {
    return tokens.selectApiTokens(this.#sql, { limit, before }, Date.now())
  }

  /** Once this returns nobody is let in with the token any more. Returns false when there is no such token. */
  revokeApiToken(id: string, cause: Cause | null = null): boolean {
    return this.#principals.revokeToken(id, cause)
  }

  /** @param digest keyed digest of an API token; null for unknown, expired and revoked ones alike */
  useApiToken(digest: Uint8Array): tokens.ApiToken | null {
    return tokens.useApiToken(this.#sql, digest, Date.now())
  }

  /** @param digest keyed digest of the new session's secret */
  openSession(digest: Uint8Array, owner: sessions.SessionOwner): void {
    sessions.insertSession(this.#sql, digest, owner, Date.now())
  }

  useSession(digest: Uint8Array, keyDigest: Uint8Array, accountId: string | null = null) {
    return sessions.useSession(this.#sql, digest, keyDigest, accountId, Date.now())
  }

  /** @param everywhere ends all sessions of the same key or API token */
  closeSession(digest: Uint8Array, everywhere: boolean): void {
    if (everywhere) sessions.removeAllSessions(this.#sql, digest)
    else sessions.removeSession(this.#sql, digest)
  }

  /** @param tokenId of the API token whose holder the link signs in; null: the admin key */
  addSignInCode(digest: Uint8Array, tokenId: string | null): void {
    sessions.insertSignInCode(this.#sql, digest, tokenId, Date.now())
  }

  /** Whom a one-time code signs in; null for one that is unknown, expired or used. @param uses whether it is used up */
  signInCode(digest: Uint8Array, uses: boolean): { tokenId: string | null } | null {
    return (uses ? sessions.takeSignInCode : sessions.readSignInCode)(this.#sql, digest, Date.now())
  }

  /** The API token that its holder proved earlier to hold; null once it ended. */
  useApiTokenById(id: string): tokens.ApiToken | null {
    return tokens.useApiTokenById(this.#sql, id, Date.now())
  }

  /** Which of these tokens are valid, and which of these people are not disabled: for lists, without counting as use. */
  living(ids: string[]): string[] {
    const people = ids.filter((id) => this.readPerson(id)?.disabled_at === null)
    return [...tokens.livingApiTokens(this.#sql, ids, Date.now()), ...people]
  }

  /** Counts one client that registers itself, which anyone may. @param source where it came from */
  countRegistration(source: string): LimiterVerdict {
    return this.#registrations.take(source, Date.now())
  }

  /** A record of the OAuth library that belongs to no account; null for none. */
  readClientRecord(key: string): string | null {
    return clients.selectClientRecord(this.#sql, key, Date.now())
  }

  putClientRecord(record: clients.NewClientRecord): void {
    clients.putClientRecord(this.#sql, record, Date.now())
  }

  /** A person let this client in. @param until milliseconds since the epoch */
  useClient(key: string, until: number): void {
    clients.useClient(this.#sql, key, until)
  }

  /** Id of the only enabled person; null: there are several, or none. */
  onlyPerson(): string | null {
    return people.onlyPerson(this.#sql)
  }

  readDeployment(): Deployment {
    return selectDeployment(this.#sql)
  }

  /** Absent keys stay as they are. @param expected what the change was judged by; null: it acts whatever there is */
  changeDeployment(
    change: Partial<Deployment>,
    expected: Partial<Deployment> | null = null,
    cause: Cause | null = null,
  ): Deployment | 'changed_meanwhile' {
    const before = selectDeployment(this.#sql)
    if (differsFrom(before, expected)) return 'changed_meanwhile'
    return changing(this.ctx.storage, { cause, targets: [DEPLOYMENT] }, Date.now(), () =>
      changeDeployment(this.#sql, change),
    )
  }

  /** Adds rows about the deployment itself, which belong to no account. */
  async record(entries: AuditEntry[]): Promise<void> {
    const now = Date.now()
    tidyAudit(this.#sql, now, keepSettings)
    tellSize(this.#sql, now)
    const untold = entries.filter((one) => one.type !== 'management' || !isToldAlready(this.#sql, one))
    await this.#trail.append(untold, now)
    await this.#outgoing.arm(Date.now())
  }
}
