/** Sign-ins to the MCP servers of an account, as they are called on its object: a grant lives while its server asks to sign in. */
import * as rows from './tables/grants.ts'
import { selectServer } from './tables/servers.ts'
import { Part } from './tenant.ts'

/** Most grants of one account, over all its servers; stops a script that signs in in a loop. */
const MOST_GRANTS = 5_000

const asksToSignIn = (sql: SqlStorage, serverId: string, now: number): boolean =>
  selectServer(sql, serverId, now)?.config.require_api_token_auth === true

/** `grants()` of the account's object. */
export class Grants extends Part {
  /** Lets a client in that a person signed in with. False when the server is gone or no more grants fit. */
  async open(grant: rows.NewGrant): Promise<boolean> {
    const opened = await this.tenant.committed((sql, now) => {
      rows.removeExpiredGrants(sql, now)
      if (!asksToSignIn(sql, grant.server_id, now) || rows.countGrants(sql) >= MOST_GRANTS) return false
      rows.insertGrant(sql, grant, now)
      return true
    })
    return opened ?? false
  }

  /** Whether tokens of a grant may still be fetched. */
  has(serverId: string, id: string): boolean {
    const lives = (sql: SqlStorage, now: number) =>
      asksToSignIn(sql, serverId, now) && rows.selectGrant(sql, serverId, id, now) !== null
    return this.tenant.known(lives) ?? false
  }

  /** Lets a client fetch tokens. A code that comes a second time was stolen, before or now: its grant ends. */
  fetchTokens(serverId: string, id: string, fetching: rows.Fetching): boolean {
    if (!this.has(serverId, id)) return false
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

  /** Once this returns the grant's tokens work nowhere any more. Returns false when there is no such grant. */
  revoke(serverId: string, id: string): boolean {
    return this.tenant.known((sql) => rows.removeGrant(sql, serverId, id)) ?? false
  }
}
