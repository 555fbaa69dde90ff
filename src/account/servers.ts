/** The MCP servers of an account, as management calls them on the account's object. */
import type { Asked, Cause, Replaced } from './audit/changing.ts'
import { type Account, selectAccount } from './tables/account.ts'
import { cancelEnded } from './tables/drafts/ended-drafts.ts'
import { removeGrants } from './tables/principals/grants.ts'
import * as rows from './tables/servers.ts'
import { Part } from './tenant.ts'

/** More than any team needs; stops a script that creates servers in a loop. */
const MOST_SERVERS = 20_000

export type Created = { server: rows.Server } | { refused: 'unknown_account' | 'too_many' }

const revisionOf = (sql: SqlStorage, id: string, now: number): string | null => {
  const server = rows.selectServer(sql, id, now)
  return server && `${selectAccount(sql)!.revision}.${server.revision}`
}

const asked = (cause: Cause | null, id: string, replaced?: Replaced): Asked => ({
  cause,
  targets: [{ kind: 'mcp_server', id }],
  ...(replaced && { replaced }),
})

/** `servers()` of the account's object. `cause`: who does it, for the trail. */
export class Servers extends Part {
  /** Of what calls through a server are judged by, the account's part included; null for an unknown server. */
  revision(id: string): string | null {
    return this.tenant.known((sql, now) => revisionOf(sql, id, now))
  }

  async create(server: rows.NewServer, cause: Cause | null = null): Promise<Created> {
    const created = await this.tenant.committedChange(asked(cause, server.id), (sql, now): Created => {
      rows.removeExpired(sql, now)
      if (rows.countServers(sql) >= MOST_SERVERS) return { refused: 'too_many' }
      return { server: rows.insertServer(sql, server, now) }
    })
    return created ?? { refused: 'unknown_account' }
  }

  /** Newest first, with the account whose settings hold for them too. @param before where the last page ended; null for an unknown account */
  list(limit: number, before: number = Number.MAX_SAFE_INTEGER) {
    return this.tenant.known((sql, now) => ({
      ...rows.selectServers(sql, { limit, before }, now),
      account: selectAccount(sql)!,
    }))
  }

  /** A server with the account whose settings hold for it too. Null for an unknown or expired server. */
  placed(id: string): { server: rows.Server; account: Account } | null {
    return this.tenant.known((sql, now) => {
      const server = rows.selectServer(sql, id, now)
      return server && { server, account: selectAccount(sql)! }
    })
  }

  /** Null for an unknown or expired server. */
  read(id: string): rows.Server | null {
    return this.tenant.known((sql, now) => rows.selectServer(sql, id, now))
  }

  /**
   * @param by ids of who changes it
   * @param expected `updated_at` that it must still have; null: any
   * @param revision that `revision()` must still answer; null: any
   * @returns null for an unknown server
   */
  update(
    id: string,
    change: rows.ServerChange,
    by: string[],
    expected: number | null = null,
    revision: string | null = null,
    cause: Cause | null = null,
  ): Promise<rows.Server | 'changed_meanwhile' | null> {
    return this.tenant.committedChange(asked(cause, id), (sql, now) => {
      const before = rows.selectServer(sql, id, now)
      if (before && expected !== null && before.updated_at !== expected) return 'changed_meanwhile'
      if (before && revision !== null && revision !== revisionOf(sql, id, now)) return 'changed_meanwhile'
      const changed = rows.changeServer(sql, id, change, by, now)
      if (changed && !changed.config.require_api_token_auth) removeGrants(sql, id)
      cancelEnded(sql, now)
      return changed
    })
  }

  /**
   * Gives a server another token; the old one works on until `overlapEnds`, those before it end now.
   * @param digest keyed digest of the new token
   * @param overlapEnds milliseconds since the epoch; null: the old token ends now
   * @param by ids of who rotates it
   * @returns null for an unknown server
   */
  rotate(
    id: string,
    digest: Uint8Array,
    overlapEnds: number | null,
    by: string[],
    asleep: string | null = null,
    cause: Cause | null = null,
  ): Promise<rows.Server | null> {
    return this.tenant.committedChange(asked(cause, id, 'token'), (sql, now) => {
      const rotated = rows.rotateServer(sql, id, digest, overlapEnds, by, now, asleep)
      cancelEnded(sql, now)
      return rotated
    })
  }

  /**
   * Lets the newest URL of a server in from now on.
   * @param revision at which what it is was agreed to
   * @returns null for an unknown server; false: it changed since, or sleeps for something else
   */
  wake(id: string, draftId: string, revision: string, cause: Cause | null = null): Promise<boolean | null> {
    return this.tenant.committedChange(asked(cause, id), (sql, now) => {
      const present = revisionOf(sql, id, now)
      return present === null ? null : present === revision && rows.wakeServer(sql, id, draftId)
    })
  }

  /** Once this returns the token works nowhere any more. Returns its name; null when there is no such server. */
  delete(id: string, cause: Cause | null = null): Promise<string | null> {
    return this.tenant.committedChange(asked(cause, id), (sql, now) => {
      const name = rows.removeServer(sql, id)
      cancelEnded(sql, now, { serverId: id, by: cause })
      return name
    })
  }
}
