/**
 * What the OAuth library keeps of the sign-ins of one account, and what was used once. Rows go with their grant. Times
 * are milliseconds since the epoch.
 */
import { earliestOf, firstRow } from '../rows.ts'

/** A record of the library: the grant with its code or refresh token, or an access token. Secrets are in it as digests alone. */
export type OauthRecord = { key: string; value: string; expires_at: number }

export const OAUTH_RECORD = `
  CREATE TABLE oauth_record (
    key TEXT PRIMARY KEY,
    grant_id TEXT NOT NULL REFERENCES oauth_grant (id) ON DELETE CASCADE,
    value TEXT NOT NULL,
    expires_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX oauth_record_by_grant ON oauth_record (grant_id, expires_at);
  CREATE INDEX oauth_record_by_expiry ON oauth_record (expires_at);
  CREATE TABLE oauth_answer (
    digest BLOB PRIMARY KEY,
    grant_id TEXT NOT NULL REFERENCES oauth_grant (id) ON DELETE CASCADE,
    answer TEXT NOT NULL,
    used_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX oauth_answer_by_grant ON oauth_answer (grant_id, used_at);
  CREATE INDEX oauth_answer_by_expiry ON oauth_answer (expires_at);
`

/** How long what was used once is answered alike: a second click, refreshes of several processes at once. */
export const AGAIN_MS = 60_000
/** Refreshes that left at the same moment as one whose answer was used already: later ones come from who stole the token. */
const STRAGGLING_MS = 10_000
/** Of one grant: a client that refreshes in a loop must not fill the account. */
const MOST_RECORDS = 50
const MOST_ANSWERS = 20

/** Null for none, or none any more. */
export const selectRecord = (sql: SqlStorage, key: string, now: number): string | null =>
  firstRow<{ value: string }>(
    sql,
    'SELECT value FROM oauth_record WHERE key = ? AND expires_at > ?',
    ...[key, now],
  )?.value ?? null

/** @param grantId of a grant that is there: a record without one cannot be kept */
export const putRecords = (
  sql: SqlStorage,
  grantId: string,
  records: readonly OauthRecord[],
  now: number,
): void => {
  for (const { key, value, expires_at } of records)
    sql.exec('INSERT OR REPLACE INTO oauth_record VALUES (?, ?, ?, ?)', key, grantId, value, expires_at)
  sql.exec('DELETE FROM oauth_record WHERE expires_at <= ?', now)
  // The record of the grant itself lives longest.
  sql.exec(
    `DELETE FROM oauth_record WHERE key IN (
       SELECT key FROM oauth_record WHERE grant_id = ? ORDER BY expires_at DESC LIMIT -1 OFFSET ?)`,
    ...[grantId, MOST_RECORDS],
  )
}

/** Sealed; `again`: it may be given once more. */
export type Answered = { answer: string; again: boolean }

/** What was answered when this was used. @param digest keyed digest of what can be used once @returns null: it was not used */
export const selectAnswer = (sql: SqlStorage, digest: Uint8Array, now: number): Answered | null => {
  const row = firstRow<{ answer: string; used_at: number }>(
    sql,
    'SELECT answer, used_at FROM oauth_answer WHERE digest = ? AND expires_at > ?',
    ...[digest, now],
  )
  return row ? { answer: row.answer, again: now - row.used_at < AGAIN_MS } : null
}

/** Remembers what was used, and forgets what the same grant used over a minute before. @param expires_at when it could not be used any more anyway */
export const insertAnswer = (
  sql: SqlStorage,
  grantId: string,
  { digest, answer, expires_at }: { digest: Uint8Array; answer: string; expires_at: number },
  now: number,
): void => {
  sql.exec('DELETE FROM oauth_answer WHERE grant_id = ? AND used_at <= ?', grantId, now - AGAIN_MS)
  sql.exec(
    `DELETE FROM oauth_answer WHERE digest IN (
       SELECT digest FROM oauth_answer WHERE grant_id = ? ORDER BY used_at DESC LIMIT -1 OFFSET ?)`,
    ...[grantId, MOST_ANSWERS - 1],
  )
  sql.exec('INSERT INTO oauth_answer VALUES (?, ?, ?, ?, ?)', digest, grantId, answer, now, expires_at)
}

/** What a grant used before was not lost: its newest token came back. From now on it is answered again for stragglers alone. */
export const endAnswers = (sql: SqlStorage, grantId: string, now: number): void => {
  sql.exec(
    'UPDATE oauth_answer SET used_at = min(used_at, ?) WHERE grant_id = ?',
    ...[now - AGAIN_MS + STRAGGLING_MS, grantId],
  )
}

/** Erases what expired, and answers that are not given again; nothing depends on when. */
export const removeExpiredRecords = (sql: SqlStorage, now: number): void => {
  sql.exec('DELETE FROM oauth_record WHERE expires_at <= ?', now)
  sql.exec('DELETE FROM oauth_answer WHERE expires_at <= ?', now)
  sql.exec("UPDATE oauth_answer SET answer = '' WHERE used_at <= ? AND answer <> ''", now - AGAIN_MS)
}

/** When `removeExpiredRecords` has something to do next; null for never. */
export const nextRecordExpiry = (sql: SqlStorage): number | null =>
  earliestOf(
    sql,
    'SELECT min(expires_at) AS at FROM oauth_record',
    'SELECT min(expires_at) AS at FROM oauth_answer',
    `SELECT min(used_at) + ${AGAIN_MS} AS at FROM oauth_answer WHERE answer <> ''`,
  )
