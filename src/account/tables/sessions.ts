/** Sessions of the dashboard and the one-time codes that open them: a row each in the directory. Times are milliseconds since the epoch. */
import { sameBytes } from '../../core/bytes.ts'
import { type ApiToken, useApiTokenById } from './api-tokens.ts'
import { firstRow } from './rows.ts'

/** Whose key opened a session: it ends with that key. */
export type SessionOwner = { kind: 'admin_key'; keyDigest: Uint8Array } | { kind: 'api_token'; id: string }

/** Who a session speaks for now. */
export type SessionHolder = { kind: 'admin_key' } | { kind: 'api_token'; token: ApiToken }

export const SESSION = `
  CREATE TABLE session (
    digest BLOB PRIMARY KEY,
    api_token_id TEXT REFERENCES api_token (id) ON DELETE CASCADE,
    admin_key_digest BLOB,
    opened_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    CHECK ((api_token_id IS NULL) <> (admin_key_digest IS NULL))
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX session_by_token ON session (api_token_id);
  CREATE TABLE sign_in_code (
    digest BLOB PRIMARY KEY,
    expires_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
`

/** A session lasts a working day, and ends after two hours without a request. */
export const SESSION_MS = 12 * 3_600_000
export const IDLE_MS = 2 * 3_600_000
const CODE_MS = 5 * 60_000

/** How exact `seen_at` is: a busy session writes at most once in that time. */
const SEEN_MS = 60_000
/** A script that signs in in a loop must not fill the directory: the oldest sessions make room. */
const MOST_SESSIONS = 2_000

const LIVES = 'opened_at > ? AND seen_at > ?'
const bounds = (now: number) => [now - SESSION_MS, now - IDLE_MS]

const tidy = (sql: SqlStorage, now: number): void => {
  sql.exec(`DELETE FROM session WHERE NOT (${LIVES})`, ...bounds(now))
  sql.exec(
    'DELETE FROM session WHERE digest IN (SELECT digest FROM session ORDER BY seen_at DESC LIMIT -1 OFFSET ?)',
    MOST_SESSIONS - 1,
  )
}

/** @param digest keyed digest of the session's secret */
export const insertSession = (
  sql: SqlStorage,
  digest: Uint8Array,
  owner: SessionOwner,
  now: number,
): void => {
  tidy(sql, now)
  const [token, key] = owner.kind === 'api_token' ? [owner.id, null] : [null, owner.keyDigest]
  sql.exec('INSERT INTO session VALUES (?, ?, ?, ?, ?)', digest, token, key, now, now)
}

type Row = {
  api_token_id: string | null
  admin_key_digest: ArrayBuffer | null
  seen_at: number
}

const holderOf = (sql: SqlStorage, row: Row, keyDigest: Uint8Array, now: number): SessionHolder | null => {
  if (row.api_token_id === null)
    return row.admin_key_digest && sameBytes(row.admin_key_digest, keyDigest) ? { kind: 'admin_key' } : null
  const token = useApiTokenById(sql, row.api_token_id, now)
  return token && { kind: 'api_token', token }
}

/**
 * Who a session speaks for, noting that it was used.
 * @param keyDigest keyed digest of the admin key as it is now: a session opened with another one is over
 * @returns null for unknown, expired, idle and ended ones alike
 */
export const useSession = (
  sql: SqlStorage,
  digest: Uint8Array,
  keyDigest: Uint8Array,
  now: number,
): SessionHolder | null => {
  const row = firstRow<Row>(
    sql,
    `SELECT api_token_id, admin_key_digest, seen_at FROM session WHERE digest = ? AND ${LIVES}`,
    ...[digest, ...bounds(now)],
  )
  const holder = row && holderOf(sql, row, keyDigest, now)
  if (!holder) return null
  if (now - row.seen_at >= SEEN_MS) sql.exec('UPDATE session SET seen_at = ? WHERE digest = ?', now, digest)
  return holder
}

/** Ends one session. */
export const removeSession = (sql: SqlStorage, digest: Uint8Array): void => {
  sql.exec('DELETE FROM session WHERE digest = ?', digest)
}

/** Ends every session of the same key or API token. */
export const removeAllSessions = (sql: SqlStorage, digest: Uint8Array): void => {
  sql.exec(
    `DELETE FROM session WHERE EXISTS (
       SELECT 1 FROM session AS own WHERE own.digest = ? AND own.api_token_id IS session.api_token_id
     )`,
    digest,
  )
}

/** Stores a one-time code, good for five minutes. @param digest keyed digest of the code */
export const insertSignInCode = (sql: SqlStorage, digest: Uint8Array, now: number): void => {
  sql.exec('DELETE FROM sign_in_code WHERE expires_at <= ?', now)
  sql.exec('INSERT INTO sign_in_code VALUES (?, ?)', digest, now + CODE_MS)
}

/** Takes a code: true once, and never again. */
export const takeSignInCode = (sql: SqlStorage, digest: Uint8Array, now: number): boolean => {
  const query = 'DELETE FROM sign_in_code WHERE digest = ? RETURNING expires_at'
  const code = firstRow<{ expires_at: number }>(sql, query, digest)
  return code !== undefined && code.expires_at > now
}
