/**
 * Lists a deployment's accounts and holds its API tokens. Of tool calls, only those that present an API
 * token come here, and writes to ask whether the deployment's are stopped.
 */
import { DurableObject } from 'cloudflare:workers'
import type { Env } from '../core/env.ts'
import type { AuditEntry, AuditRow } from './audit/entry.ts'
import { Trail, type Verified } from './audit/trail.ts'
import { type LimiterState, type LimiterVerdict, take } from './limiter.ts'
import * as tokens from './tables/api-tokens.ts'
import { type AuditQuery, tidyAudit } from './tables/audit.ts'
import { areWritesStopped, setWritesStopped } from './tables/deployment.ts'
import {
  type ListedAccount,
  putListedAccount,
  removeListedAccount,
  selectListedAccounts,
} from './tables/listed-accounts.ts'
import { directoryMigrations, migrate } from './tables/migrations.ts'
import * as sessions from './tables/sessions.ts'

/** Most API tokens of one deployment; stops a script that creates them in a loop. */
const MOST_API_TOKENS = 10_000
const REGISTRATIONS = { limit: 30, windowSeconds: 60 }

export class DirectoryObject extends DurableObject<Env> {
  readonly #trail = new Trail(this.ctx.storage.sql)
  #registrations: LimiterState = []

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    ctx.blockConcurrencyWhile(async () => migrate(ctx.storage, directoryMigrations))
  }

  get #sql() {
    return this.ctx.storage.sql
  }

  /** Adds an account, or renames the one that is there. */
  put(account: ListedAccount): void {
    putListedAccount(this.#sql, account)
  }

  /** Takes an account off the list, and off the API tokens made for it. False when it was not listed. */
  remove(id: string): boolean {
    tokens.forgetAccount(this.#sql, id)
    return removeListedAccount(this.#sql, id)
  }

  /** Newest first. @param before where the last page ended */
  list(limit: number, before: number = Number.MAX_SAFE_INTEGER) {
    return selectListedAccounts(this.#sql, { limit, before })
  }

  /** Null when there are as many as there can be. */
  createApiToken(token: tokens.NewApiToken): tokens.ApiToken | null {
    const now = Date.now()
    tokens.removeExpiredApiTokens(this.#sql, now)
    if (tokens.countApiTokens(this.#sql) >= MOST_API_TOKENS) return null
    return tokens.insertApiToken(this.#sql, token, now)
  }

  /** Newest first. @param before where the last page ended */
  listApiTokens(limit: number, before: number = Number.MAX_SAFE_INTEGER) {
    return tokens.selectApiTokens(this.#sql, { limit, before }, Date.now())
  }

  /** Once this returns the token works nowhere any more. Returns false when there is no such token. */
  revokeApiToken(id: string): boolean {
    return tokens.removeApiToken(this.#sql, id)
  }

  /** @param digest keyed digest of an API token; null for unknown, expired and revoked ones alike */
  useApiToken(digest: Uint8Array): tokens.ApiToken | null {
    return tokens.useApiToken(this.#sql, digest, Date.now())
  }

  /** @param digest keyed digest of the new session's secret */
  openSession(digest: Uint8Array, owner: sessions.SessionOwner): void {
    sessions.insertSession(this.#sql, digest, owner, Date.now())
  }

  /** @param keyDigest keyed digest of the admin key as it is now; null for sessions that are over or never were */
  useSession(digest: Uint8Array, keyDigest: Uint8Array): sessions.SessionHolder | null {
    return sessions.useSession(this.#sql, digest, keyDigest, Date.now())
  }

  /** @param everywhere ends all sessions of the same key or API token */
  closeSession(digest: Uint8Array, everywhere: boolean): void {
    if (everywhere) sessions.removeAllSessions(this.#sql, digest)
    else sessions.removeSession(this.#sql, digest)
  }

  addSignInCode(digest: Uint8Array): void {
    sessions.insertSignInCode(this.#sql, digest, Date.now())
  }

  /** Uses up a one-time code. Returns true for a valid one, and only once. */
  takeSignInCode(digest: Uint8Array): boolean {
    return sessions.takeSignInCode(this.#sql, digest, Date.now())
  }

  /** The API token that its holder proved earlier to hold; null once it ended. */
  useApiTokenById(id: string): tokens.ApiToken | null {
    return tokens.useApiTokenById(this.#sql, id, Date.now())
  }

  /** Which of these tokens are still valid: for lists, without counting as use. */
  livingApiTokens(ids: string[]): string[] {
    return tokens.livingApiTokens(this.#sql, ids, Date.now())
  }

  /** Counts one client registration. Anyone may register, so the number per minute is limited, or the storage could be filled. */
  countRegistration(): LimiterVerdict {
    const { state, verdict } = take(this.#registrations, Date.now(), REGISTRATIONS)
    this.#registrations = state
    return verdict
  }

  /** The kill switch of the whole deployment. */
  writesStopped(): boolean {
    return areWritesStopped(this.#sql)
  }

  stopWrites(stopped: boolean): void {
    setWritesStopped(this.#sql, stopped)
  }

  /** Adds rows about the deployment itself, which belong to no account. */
  record(entries: AuditEntry[]): Promise<void> {
    tidyAudit(this.#sql, Date.now())
    return this.#trail.append(entries, Date.now())
  }

  readAudit(query: AuditQuery): Promise<AuditRow[]> {
    return this.#trail.read(query)
  }

  verifyAudit(from: Verified['next']): Promise<Verified> {
    return this.#trail.verify(from)
  }
}
