/** Sign-ins to the MCP servers of an account, as they are called on its object: a grant lives while its server asks to sign in. */
import { type LimiterVerdict, SourceLimits } from './door/limiter.ts'
import { cancelEnded } from './tables/drafts/ended-drafts.ts'
import * as rows from './tables/principals/grants.ts'
import {
  endAnswers,
  insertAnswer,
  type OauthRecord,
  putRecords,
  selectAnswer,
  selectRecord,
} from './tables/principals/oauth-records.ts'
import { selectServer } from './tables/servers.ts'
import { Part, type Tenant } from './tenant.ts'

/** Most grants of one account, over all its servers; stops a script that signs in in a loop. */
const MOST_GRANTS = 5_000

const asksToSignIn = (sql: SqlStorage, serverId: string, now: number): boolean =>
  selectServer(sql, serverId, now)?.config.require_api_token_auth === true

/** What can be used once, with the sealed answer to it. */
export type Once = { digest: Uint8Array; answer: string; expires_at: number }

/** `again`: it was used within the last minute, and this was the answer. */
export type Kept =
  | { kind: 'kept' | 'full' | 'used' | 'changed' | 'ended' }
  | { kind: 'again'; answer: string }

/** Pages on which a person is asked to sign in, from one source for one server. */
const PAGES = { limit: 30, windowSeconds: 60 }

export const newPageLimits = (): SourceLimits => new SourceLimits(PAGES)

/** `grants()` of the account's object. */
export class Grants extends Part {
  readonly #pages: SourceLimits

  constructor(tenant: Tenant, pages: SourceLimits) {
    super(tenant)
    this.#pages = pages
  }

  /** Counts one page that asks to sign in. Null for an unknown account. @param source where it was asked for */
  countPage(serverId: string, source: string): LimiterVerdict | null {
    return this.tenant.known((_, now) => this.#pages.take(`${serverId} ${source}`, now))
  }

  /** Lets a client in that a person signed in with, by a form that is used once. */
  async open(grant: rows.NewGrant, written: OauthRecord[], once: Once): Promise<Kept> {
    const opened = await this.tenant.committed((sql, now): Kept => {
      rows.removeExpiredGrants(sql, now)
      if (!asksToSignIn(sql, grant.server_id, now)) return { kind: 'ended' }
      const answered = selectAnswer(sql, once.digest, now)
      if (answered) return answered.again ? { kind: 'again', answer: answered.answer } : { kind: 'used' }
      if (rows.countGrants(sql) >= MOST_GRANTS) return { kind: 'full' }
      rows.insertGrant(sql, grant, now)
      putRecords(sql, grant.id, written, now)
      insertAnswer(sql, grant.id, once, now)
      return { kind: 'kept' }
    })
    return opened ?? { kind: 'ended' }
  }

  /** A grant whose tokens may still be fetched; null for any other. */
  read(serverId: string, id: string): rows.Grant | null {
    return this.tenant.known((sql, now) =>
      asksToSignIn(sql, serverId, now) ? rows.selectGrant(sql, serverId, id, now) : null,
    )
  }

  /** What the OAuth library wrote under a key; null for nothing. */
  readRecord(key: string): string | null {
    return this.tenant.known((sql, now) => selectRecord(sql, key, now))
  }

  /** Keeps what the OAuth library wrote for one request of a grant, all or nothing. */
  async keep(serverId: string, id: string, written: OauthRecord[]): Promise<Kept> {
    const kept = await this.tenant.committed((sql, now): Kept => {
      if (!rows.selectGrant(sql, serverId, id, now)) return { kind: 'ended' }
      putRecords(sql, id, written, now)
      return { kind: 'kept' }
    })
    return kept ?? { kind: 'ended' }
  }

  /**
   * The same for a refresh token, which is used once. Whoever comes with it within a minute gets the same answer, since one may have been lost;
   * after that, and soon after the token of that answer came back, it was stolen, before or now: the grant ends.
   * @param seen the record of the grant that the library went by; null: there was none here
   */
  async keepRefreshed(
    serverId: string,
    id: string,
    {
      written,
      once,
      seen,
    }: { written: OauthRecord[]; once: Once; seen: [key: string, value: string | null] },
  ): Promise<Kept> {
    const kept = await this.tenant.committed((sql, now): Kept => {
      const answered = this.answered(serverId, id, once.digest, false)
      if (answered) return answered
      if (!rows.selectGrant(sql, serverId, id, now)) return { kind: 'ended' }
      const [key, value] = seen
      if (selectRecord(sql, key, now) !== value) return { kind: 'changed' }
      putRecords(sql, id, written, now)
      endAnswers(sql, id, now)
      insertAnswer(sql, id, once, now)
      return { kind: 'kept' }
    })
    return kept ?? { kind: 'ended' }
  }

  /**
   * What was answered to a refresh token that was used. @param genuine whether it was surely issued here, so that it was used if it
   * is not the present one @returns null: it was not used
   */
  answered(serverId: string, id: string, digest: Uint8Array, genuine: boolean): Kept | null {
    const answered = this.tenant.known((sql, now) => selectAnswer(sql, digest, now))
    if (answered?.again) return { kind: 'again', answer: answered.answer }
    if (!answered && !genuine) return null
    this.revoke(serverId, id)
    return { kind: 'used' }
  }

  /** Lets a client fetch tokens. A code that comes a second time was stolen, before or now: its grant ends. */
  fetchTokens(serverId: string, id: string, fetching: rows.Fetching): boolean {
    if (!this.read(serverId, id)) return false
    const { sql } = this.tenant
    const fetched = rows.useGrant(sql, id, fetching, Date.now())
    if (!fetched) rows.removeGrant(sql, serverId, id)
    return fetched
  }

  /** Newest first. @param before where the last page ended; null for an unknown server */
  list(serverId: string, limit: number, before: number = Number.MAX_SAFE_INTEGER) {
    return this.tenant.known((sql, now) =>
      selectServer(sql, serverId, now) ? rows.selectGrants(sql, serverId, { limit, before }, now) : null,
    )
  }

  /** Once this returns the grant's tokens work nowhere any more. Returns the name of its client; null when there is no such grant. */
  revoke(serverId: string, id: string): string | null {
    return this.tenant.known((sql, now) => {
      const client = rows.removeGrant(sql, serverId, id)
      cancelEnded(sql, now)
      return client
    })
  }
}
