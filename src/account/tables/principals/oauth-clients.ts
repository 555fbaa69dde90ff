/**
 * Clients that registered themselves, which anybody may: what is kept of them is bounded, and short unless somebody signs in
 * with one. Beside them the marks of signatures that were used. One row each in the directory; times are milliseconds since the epoch.
 */
import { firstRow } from '../rows.ts'

export const OAUTH_CLIENT = `
  CREATE TABLE oauth_client (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL,
    source BLOB,
    made_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX oauth_client_by_source ON oauth_client (source, made_at) WHERE source IS NOT NULL;
  CREATE INDEX oauth_client_by_age ON oauth_client (made_at) WHERE source IS NOT NULL;
  CREATE INDEX oauth_client_by_expiry ON oauth_client (expires_at);
`

const DAY_MS = 24 * 3_600_000
/** A client nobody signs in with. */
const UNUSED_MS = 3 * DAY_MS
/** Assistants in the cloud register many clients from one address. */
const MOST_OF_A_SOURCE = 200
const MOST_UNUSED = 5_000

/** `source`: keyed digest of where a registration came from; null once a person let the client in. */
export type NewClientRecord = {
  key: string
  value: string
  expires_at: number
  source: Uint8Array<ArrayBuffer> | null
}

/** Null for none, or none any more. */
export const selectClientRecord = (sql: SqlStorage, key: string, now: number): string | null =>
  firstRow<{ value: string }>(
    sql,
    'SELECT value FROM oauth_client WHERE key = ? AND expires_at > ?',
    ...[key, now],
  )?.value ?? null

/** The oldest make room. */
const keepNewest = (sql: SqlStorage, where: string, most: number, ...bound: Uint8Array<ArrayBuffer>[]) =>
  sql.exec(
    `DELETE FROM oauth_client WHERE key IN (
       SELECT key FROM oauth_client WHERE ${where} ORDER BY made_at DESC LIMIT -1 OFFSET ?)`,
    ...[...bound, most],
  )

/** Changes a record, or adds it. */
export const putClientRecord = (
  sql: SqlStorage,
  { key, value, expires_at, source }: NewClientRecord,
  now: number,
): void => {
  sql.exec('DELETE FROM oauth_client WHERE expires_at <= ?', now)
  const ends = source ? Math.min(expires_at, now + UNUSED_MS) : expires_at
  sql.exec(
    `INSERT INTO oauth_client VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (key) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at`,
    ...[key, value, source, now, ends],
  )
  if (!source) return
  keepNewest(sql, 'source = ?', MOST_OF_A_SOURCE, source)
  keepNewest(sql, 'source IS NOT NULL', MOST_UNUSED)
}

/** A person let the client in: it stays. @param until when it ends unless it is used again */
export const useClient = (sql: SqlStorage, key: string, until: number): void => {
  sql.exec('UPDATE oauth_client SET source = NULL, expires_at = ? WHERE key = ?', until, key)
}
