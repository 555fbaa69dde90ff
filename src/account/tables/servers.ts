/** MCP servers of one account: a row each, found by the digest of its token. Times are milliseconds since the epoch. */
import { DAY_MS } from '../../core/time.ts'
import { type ConfigChange, mergeConfig, type ServerConfig } from '../../rules/server-settings.ts'
import { countRows, earliestOf, firstRow, hasRow, LIVES, type PageRequest, selectPage } from './rows.ts'

export const SERVER = `
  CREATE TABLE server (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    digest BLOB NOT NULL UNIQUE,
    name TEXT NOT NULL,
    config TEXT NOT NULL,
    expires_at INTEGER,
    created_by TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX server_by_expiry ON server (expires_at) WHERE expires_at IS NOT NULL;
`

/** The token before the last rotation, while it works beside the new one. */
export const RETIRED_TOKEN = `
  CREATE TABLE retired_token (
    digest BLOB PRIMARY KEY,
    server_id TEXT NOT NULL REFERENCES server (id) ON DELETE CASCADE,
    ends_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX retired_token_by_server ON retired_token (server_id);
`

export const SERVER_WARNED = `
  ALTER TABLE server ADD COLUMN warned INTEGER NOT NULL DEFAULT 0;
`

/** Plain data without secrets. */
export type Server = {
  id: string
  name: string
  config: ServerConfig
  expires_at: number | null
  created_by: string
  created_at: number
  updated_at: number
}

export type NewServer = Pick<Server, 'id' | 'name' | 'config' | 'expires_at' | 'created_by'> & {
  digest: Uint8Array
}

/** Absent keys stay as they are; `config` is merged key by key, and null removes a key. */
export type ServerChange = Partial<Pick<Server, 'name' | 'expires_at'>> & { config?: ConfigChange }

type Row = Omit<Server, 'config'> & { config: string }

const COLUMNS = 'id, name, config, expires_at, created_by, created_at, updated_at'

const serverOf = (row: Row): Server => ({ ...row, config: JSON.parse(row.config) })

/** @throws when id or digest is taken */
export const insertServer = (sql: SqlStorage, server: NewServer, now: number): Server => {
  const { id, digest, name, config, expires_at, created_by } = server
  sql.exec(
    `INSERT INTO server (digest, ${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    ...[digest, id, name, JSON.stringify(config), expires_at, created_by, now, now],
  )
  return { id, name, config, expires_at, created_by, created_at: now, updated_at: now }
}

/** Counts expired servers too, until they are deleted. */
export const countServers = (sql: SqlStorage): number => countRows(sql, 'server')

/** Expired servers are gone, whether or not the alarm has erased them yet. */
export const selectServer = (sql: SqlStorage, id: string, now: number): Server | null => {
  const row = firstRow<Row>(sql, `SELECT ${COLUMNS} FROM server WHERE id = ? AND ${LIVES}`, id, now)
  return row ? serverOf(row) : null
}

/** Newest first. */
export const selectServers = (
  sql: SqlStorage,
  page: PageRequest,
  now: number,
): { servers: Server[]; next: number | null } => {
  const { rows, next } = selectPage<Row>(sql, COLUMNS, `server WHERE ${LIVES}`, [now], page)
  return { servers: rows.map(serverOf), next }
}

/** Null for an unknown or expired server. */
export const changeServer = (
  sql: SqlStorage,
  id: string,
  change: ServerChange,
  now: number,
): Server | null => {
  const before = selectServer(sql, id, now)
  if (!before) return null
  const { name, expires_at } = { ...before, ...change }
  const config = mergeConfig(before.config, change.config)
  sql.exec(
    `UPDATE server SET name = ?, config = ?, expires_at = ?, updated_at = ?,
       warned = CASE WHEN expires_at IS ? THEN warned ELSE 0 END WHERE id = ?`,
    ...[name, JSON.stringify(config), expires_at, now, expires_at, id],
  )
  return { ...before, name, config, expires_at, updated_at: now }
}

/** @param overlapEnds until when the token so far works beside the new one; null: not at all */
export const rotateServer = (
  sql: SqlStorage,
  id: string,
  digest: Uint8Array,
  overlapEnds: number | null,
  now: number,
): Server | null => {
  const before = selectServer(sql, id, now)
  if (!before) return null
  sql.exec('DELETE FROM retired_token WHERE server_id = ?', id)
  if (overlapEnds !== null)
    sql.exec('INSERT INTO retired_token SELECT digest, id, ? FROM server WHERE id = ?', overlapEnds, id)
  sql.exec('UPDATE server SET digest = ?, updated_at = ? WHERE id = ?', digest, now, id)
  return { ...before, updated_at: now }
}

/** Returns false when there is no such server. */
export const removeServer = (sql: SqlStorage, id: string): boolean =>
  hasRow(sql, 'DELETE FROM server WHERE id = ? RETURNING id', id)

/** Foreign keys take the retired tokens of a server along. */
export const removeExpired = (sql: SqlStorage, now: number): void => {
  sql.exec('DELETE FROM retired_token WHERE ends_at <= ?', now)
  sql.exec('DELETE FROM server WHERE expires_at <= ?', now)
}

/** When `removeExpired` has something to do next; null for never. */
export const nextExpiry = (sql: SqlStorage): number | null =>
  earliestOf(sql, 'SELECT min(expires_at) AS at FROM server', 'SELECT min(ends_at) AS at FROM retired_token')

/** Servers whose operator was not warned yet; those made for less than a day need no warning. */
const UNWARNED = `warned = 0 AND expires_at IS NOT NULL AND expires_at - created_at > ${DAY_MS}`

/** Servers that end within a day, each once: they count as warned from now on. */
export const takeExpiring = (sql: SqlStorage, now: number) =>
  sql
    .exec<{ id: string; name: string; expires_at: number }>(
      `UPDATE server SET warned = 1 WHERE ${UNWARNED} AND expires_at <= ? AND expires_at > ? RETURNING id, name, expires_at`,
      ...[now + DAY_MS, now],
    )
    .toArray()

/** When `takeExpiring` has something to answer; null for never. */
export const nextWarning = (sql: SqlStorage): number | null =>
  earliestOf(sql, `SELECT min(expires_at) - ${DAY_MS} AS at FROM server WHERE ${UNWARNED}`)
