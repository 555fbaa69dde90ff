/**
 * Sign-ins to the MCP servers of one account: a row for each client that a person let in. The row decides; what KV holds
 * of a grant is worthless without it. Times are milliseconds since the epoch.
 */
import { countRows, earliestOf, firstRow, hasRow, insertRow, type PageRequest, selectPage } from '../rows.ts'

/** How long a grant waits for its authorization code to be exchanged: as long as the code itself is valid. */
const CODE_MS = 10 * 60_000
/** A grant that is not refreshed in this time ends. */
export const GRANT_SECONDS = 30 * 24 * 3600

export const OAUTH_GRANT = `
  CREATE TABLE oauth_grant (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    server_id TEXT NOT NULL REFERENCES server (id) ON DELETE CASCADE,
    api_token_id TEXT NOT NULL,
    api_token_name TEXT NOT NULL,
    client_id TEXT NOT NULL,
    client_name TEXT NOT NULL,
    redirect_uri TEXT NOT NULL,
    scopes TEXT NOT NULL,
    code_used INTEGER NOT NULL DEFAULT 0 CHECK (code_used IN (0, 1)),
    created_at INTEGER NOT NULL,
    last_used_at INTEGER,
    expires_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX oauth_grant_by_server ON oauth_grant (server_id, seq);
  CREATE INDEX oauth_grant_by_expiry ON oauth_grant (expires_at);
`

/** A grant is a person's; an API token stands behind it unless they signed in at the company's identity provider. */
export const GRANT_OF_PERSON = `
  CREATE TABLE person_grant (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    server_id TEXT NOT NULL REFERENCES server (id) ON DELETE CASCADE,
    person_id TEXT NOT NULL,
    person_name TEXT NOT NULL,
    api_token_id TEXT,
    client_id TEXT NOT NULL,
    client_name TEXT NOT NULL,
    redirect_uri TEXT NOT NULL,
    scopes TEXT NOT NULL,
    code_used INTEGER NOT NULL DEFAULT 0 CHECK (code_used IN (0, 1)),
    created_at INTEGER NOT NULL,
    last_used_at INTEGER,
    expires_at INTEGER NOT NULL
  ) STRICT;
  INSERT INTO person_grant
    SELECT seq, id, server_id, api_token_id, api_token_name, api_token_id, client_id, client_name, redirect_uri, scopes, code_used,
      created_at, last_used_at, expires_at FROM oauth_grant;
  DROP TABLE oauth_grant;
  ALTER TABLE person_grant RENAME TO oauth_grant;
  CREATE INDEX oauth_grant_by_server ON oauth_grant (server_id, seq);
  CREATE INDEX oauth_grant_by_expiry ON oauth_grant (expires_at);
`

/** Plain data without secrets. */
export type Grant = {
  id: string
  server_id: string
  /** Who signed in. */
  person_id: string
  person_name: string
  /** The API token that they proved to hold; null: they signed in at the company's identity provider. */
  api_token_id: string | null
  client_id: string
  client_name: string
  /** Where the client takes its answers. */
  redirect_uri: string
  scopes: string[]
  created_at: number
  /** When tokens were last fetched for it: about hourly while it is in use. */
  last_used_at: number | null
  expires_at: number
}

export type NewGrant = Omit<Grant, 'created_at' | 'last_used_at' | 'expires_at'>

type Row = Omit<Grant, 'scopes'> & { scopes: string }

const COLUMNS =
  'id, server_id, person_id, person_name, api_token_id, client_id, client_name, redirect_uri, scopes, created_at, last_used_at, expires_at'

const grantOf = (row: Row): Grant => ({ ...row, scopes: JSON.parse(row.scopes) })

/** Machines of one person with the same client, at the same server. */
const MOST_MACHINES = 10

/**
 * Each machine of a person signs in for itself: with so many of them the one that was idle longest goes. A client that is
 * hosted elsewhere looks alike from every machine.
 */
export const insertGrant = (sql: SqlStorage, grant: NewGrant, now: number): void => {
  const { server_id, person_id, client_id, redirect_uri } = grant
  sql.exec(
    `DELETE FROM oauth_grant WHERE id IN (
       SELECT id FROM oauth_grant WHERE server_id = ? AND person_id = ? AND client_id = ? AND redirect_uri = ?
       ORDER BY coalesce(last_used_at, created_at) DESC, seq DESC LIMIT -1 OFFSET ?)`,
    ...[server_id, person_id, client_id, redirect_uri, MOST_MACHINES - 1],
  )
  insertRow(sql, 'oauth_grant', { ...grant, created_at: now, expires_at: now + CODE_MS })
}

/** Number of grants of all servers; expired ones count until they are deleted. */
export const countGrants = (sql: SqlStorage): number => countRows(sql, 'oauth_grant')

/** Newest first. */
export const selectGrants = (
  sql: SqlStorage,
  serverId: string,
  page: PageRequest,
  now: number,
): { grants: Grant[]; next: number | null } => {
  const from = 'oauth_grant WHERE server_id = ? AND expires_at > ?'
  const { rows, next } = selectPage<Row>(sql, COLUMNS, from, [serverId, now], page)
  return { grants: rows.map(grantOf), next }
}

/** A valid grant of this server. */
export const selectGrant = (sql: SqlStorage, serverId: string, id: string, now: number): Grant | null => {
  const row = firstRow<Row>(
    sql,
    `SELECT ${COLUMNS} FROM oauth_grant WHERE id = ? AND server_id = ? AND expires_at > ?`,
    ...[id, serverId, now],
  )
  return row ? grantOf(row) : null
}

/** What tokens are fetched with: the code, once, or a refresh token. */
export type Fetching = 'code' | 'refresh'

/** Records that tokens were fetched. Returns false for a grant that ended, and for a code that was used before. */
export const useGrant = (sql: SqlStorage, id: string, fetching: Fetching, now: number): boolean =>
  hasRow(
    sql,
    `UPDATE oauth_grant SET code_used = 1, last_used_at = ?, expires_at = ?
     WHERE id = ? AND code_used = ? AND expires_at > ? RETURNING id`,
    ...[now, now + GRANT_SECONDS * 1000, id, Number(fetching === 'refresh'), now],
  )

/** Returns the name of its client; null when there is no such grant. */
export const removeGrant = (sql: SqlStorage, serverId: string, id: string): string | null =>
  firstRow<{ client_name: string }>(
    sql,
    'DELETE FROM oauth_grant WHERE id = ? AND server_id = ? RETURNING client_name',
    ...[id, serverId],
  )?.client_name ?? null

/** Ends the sign-ins of a server that no longer asks for signing in: should it ask again, they do not come back. */
export const removeGrants = (sql: SqlStorage, serverId: string): void => {
  sql.exec('DELETE FROM oauth_grant WHERE server_id = ?', serverId)
}

/** Deletes expired grants. Every query checks expiry itself, so it does not matter when this runs. */
export const removeExpiredGrants = (sql: SqlStorage, now: number): void => {
  sql.exec('DELETE FROM oauth_grant WHERE expires_at <= ?', now)
}

/** When `removeExpiredGrants` has something to do next; null for never. */
export const nextGrantExpiry = (sql: SqlStorage): number | null =>
  earliestOf(sql, 'SELECT min(expires_at) AS at FROM oauth_grant')
