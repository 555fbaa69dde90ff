/** The deployment's API tokens: a row each in the directory, found by digest. Times are milliseconds since the epoch. */
import { sameBytes } from '../../core/bytes.ts'
import { accountsOf, type Scope } from '../../rules/scopes.ts'
import { pageOf } from './page.ts'

export const API_TOKEN = `
  CREATE TABLE api_token (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    digest BLOB NOT NULL UNIQUE,
    name TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('person', 'system')),
    scopes TEXT NOT NULL,
    expires_at INTEGER,
    last_used_at INTEGER,
    created_by TEXT NOT NULL,
    created_at INTEGER NOT NULL
  ) STRICT;
`

/** Plain data without secrets. */
export type ApiToken = {
  id: string
  /** The person or system that holds it. */
  name: string
  kind: 'person' | 'system'
  scopes: Scope[]
  expires_at: number | null
  /** To the minute. */
  last_used_at: number | null
  created_by: string
  created_at: number
}

export type NewApiToken = Omit<ApiToken, 'last_used_at' | 'created_at'> & { digest: Uint8Array }

type Row = Omit<ApiToken, 'scopes'> & { scopes: string }

const COLUMNS = 'id, name, kind, scopes, expires_at, last_used_at, created_by, created_at'
const LIVES = '(expires_at IS NULL OR expires_at > ?)'
const DIGEST_BYTES = 32

/** How exact `last_used_at` is: a busy token writes at most once in that time. */
const USE_MS = 60_000

const tokenOf = (row: Row): ApiToken => ({ ...row, scopes: JSON.parse(row.scopes) })

export const insertApiToken = (sql: SqlStorage, token: NewApiToken, now: number): ApiToken => {
  const { digest, ...rest } = token
  const { id, name, kind, scopes, expires_at, created_by } = rest
  sql.exec(
    `INSERT INTO api_token (digest, ${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ...[digest, id, name, kind, JSON.stringify(scopes), expires_at, null, created_by, now],
  )
  return { ...rest, last_used_at: null, created_at: now }
}

/** Newest first. @param before `seq` of the last row seen */
export const selectApiTokens = (sql: SqlStorage, limit: number, before: number, now: number) => {
  const rows = sql
    .exec<Row & { seq: number }>(
      `SELECT seq, ${COLUMNS} FROM api_token WHERE seq < ? AND ${LIVES} ORDER BY seq DESC LIMIT ?`,
      ...[before, now, limit + 1],
    )
    .toArray()
  const { page, next } = pageOf(rows, limit)
  return { tokens: page.map(({ seq: _seq, ...row }) => tokenOf(row)), next }
}

/** False when there was none. */
export const removeApiToken = (sql: SqlStorage, id: string): boolean =>
  sql.exec('DELETE FROM api_token WHERE id = ? RETURNING id', id).toArray().length > 0

/** A token that was confined to accounts must not go on unconfined: with the last of them it ends. */
export const forgetAccount = (sql: SqlStorage, accountId: string): void => {
  const gone: Scope = `account:${accountId}`
  const rows = sql
    .exec<{ id: string; scopes: string }>(
      'SELECT api_token.id, scopes FROM api_token, json_each(scopes) AS scope WHERE scope.value = ?',
      gone,
    )
    .toArray()
  for (const { id, scopes } of rows) {
    const left = (JSON.parse(scopes) as Scope[]).filter((scope) => scope !== gone)
    if (accountsOf(left) || left.includes('admin'))
      sql.exec('UPDATE api_token SET scopes = ? WHERE id = ?', JSON.stringify(left), id)
    else removeApiToken(sql, id)
  }
}

export const removeExpiredApiTokens = (sql: SqlStorage, now: number): void => {
  sql.exec('DELETE FROM api_token WHERE expires_at <= ?', now)
}

export const countApiTokens = (sql: SqlStorage): number =>
  sql.exec<{ count: number }>('SELECT count(*) AS count FROM api_token').one().count

const touch = (sql: SqlStorage, { id, last_used_at }: ApiToken, now: number): void => {
  if (last_used_at !== null && now - last_used_at < USE_MS) return
  sql.exec('UPDATE api_token SET last_used_at = ? WHERE id = ?', now, id)
}

/** The living token with this digest, noting that it was used. */
export const useApiToken = (sql: SqlStorage, digest: Uint8Array, now: number): ApiToken | null => {
  if (digest.byteLength !== DIGEST_BYTES) return null
  const [row] = sql
    .exec<Row & { digest: ArrayBuffer }>(
      `SELECT digest, ${COLUMNS} FROM api_token WHERE digest = ? AND ${LIVES}`,
      ...[digest, now],
    )
    .toArray()
  if (!row || !sameBytes(row.digest, digest)) return null
  const { digest: _digest, ...found } = row
  const token = tokenOf(found)
  touch(sql, token, now)
  return token
}

/** Which of these tokens live. */
export const livingApiTokens = (sql: SqlStorage, ids: readonly string[], now: number): string[] =>
  sql
    .exec<{ id: string }>(
      `SELECT id FROM api_token WHERE id IN (SELECT value FROM json_each(?)) AND ${LIVES}`,
      ...[JSON.stringify(ids), now],
    )
    .toArray()
    .map(({ id }) => id)

/** The living token with this id, noting that it was used: for who proved earlier to hold it. */
export const useApiTokenById = (sql: SqlStorage, id: string, now: number): ApiToken | null => {
  const [row] = sql.exec<Row>(`SELECT ${COLUMNS} FROM api_token WHERE id = ? AND ${LIVES}`, id, now).toArray()
  if (!row) return null
  const token = tokenOf(row)
  touch(sql, token, now)
  return token
}
