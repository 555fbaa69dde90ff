/** The deployment's API tokens: a row each in the directory, found by digest. Times are milliseconds since the epoch. */
import { sameBytes } from '../../core/bytes.ts'
import { accountsOf, type Scope } from '../../rules/scopes.ts'
import { countRows, firstRow, hasRow, LIVES, type PageRequest, selectPage } from './rows.ts'

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
  /** Exact to a minute; null: never used. */
  last_used_at: number | null
  created_by: string
  created_at: number
}

export type NewApiToken = Omit<ApiToken, 'last_used_at' | 'created_at'> & { digest: Uint8Array }

type Row = Omit<ApiToken, 'scopes'> & { scopes: string }

const COLUMNS = 'id, name, kind, scopes, expires_at, last_used_at, created_by, created_at'
const DIGEST_BYTES = 32

/** Precision of `last_used_at`: a busy token causes at most one write in this time. */
const USE_MS = 60_000

const tokenOf = (row: Row): ApiToken => ({ ...row, scopes: JSON.parse(row.scopes) })

/** @throws when id or digest is taken */
export const insertApiToken = (sql: SqlStorage, token: NewApiToken, now: number): ApiToken => {
  const { digest, ...rest } = token
  const { id, name, kind, scopes, expires_at, created_by } = rest
  sql.exec(
    `INSERT INTO api_token (digest, ${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ...[digest, id, name, kind, JSON.stringify(scopes), expires_at, null, created_by, now],
  )
  return { ...rest, last_used_at: null, created_at: now }
}

/** Newest first. */
export const selectApiTokens = (
  sql: SqlStorage,
  page: PageRequest,
  now: number,
): { tokens: ApiToken[]; next: number | null } => {
  const { rows, next } = selectPage<Row>(sql, COLUMNS, `api_token WHERE ${LIVES}`, [now], page)
  return { tokens: rows.map(tokenOf), next }
}

/** Returns false when there is no such token. */
export const removeApiToken = (sql: SqlStorage, id: string): boolean =>
  hasRow(sql, 'DELETE FROM api_token WHERE id = ? RETURNING id', id)

/** Takes a deleted account out of all scopes. A token limited to that account alone is deleted, or it would become unlimited. */
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

/** Deletes expired tokens. Every query checks expiry itself, so it does not matter when this runs. */
export const removeExpiredApiTokens = (sql: SqlStorage, now: number): void => {
  sql.exec('DELETE FROM api_token WHERE expires_at <= ?', now)
}

/** Counts expired tokens too, until they are deleted. */
export const countApiTokens = (sql: SqlStorage): number => countRows(sql, 'api_token')

/** The token of a row; updates `last_used_at`. */
const used = (sql: SqlStorage, row: Row | undefined, now: number): ApiToken | null => {
  if (!row) return null
  const { id, last_used_at } = row
  if (last_used_at === null || now - last_used_at >= USE_MS)
    sql.exec('UPDATE api_token SET last_used_at = ? WHERE id = ?', now, id)
  return tokenOf(row)
}

/** The valid token with this digest; updates `last_used_at`. Null for unknown, expired and revoked ones alike. */
export const useApiToken = (sql: SqlStorage, digest: Uint8Array, now: number): ApiToken | null => {
  if (digest.byteLength !== DIGEST_BYTES) return null
  const found = firstRow<Row & { digest: ArrayBuffer }>(
    sql,
    `SELECT digest, ${COLUMNS} FROM api_token WHERE digest = ? AND ${LIVES}`,
    ...[digest, now],
  )
  if (!found || !sameBytes(found.digest, digest)) return null
  const { digest: _digest, ...row } = found
  return used(sql, row, now)
}

/** Which of these tokens are still valid. */
export const livingApiTokens = (sql: SqlStorage, ids: readonly string[], now: number): string[] =>
  sql
    .exec<{ id: string }>(
      `SELECT id FROM api_token WHERE id IN (SELECT value FROM json_each(?)) AND ${LIVES}`,
      ...[JSON.stringify(ids), now],
    )
    .toArray()
    .map(({ id }) => id)

/** The valid token with this id, for somebody who proved earlier to hold it; updates `last_used_at`. Null when it ended. */
export const useApiTokenById = (sql: SqlStorage, id: string, now: number): ApiToken | null =>
  used(sql, firstRow<Row>(sql, `SELECT ${COLUMNS} FROM api_token WHERE id = ? AND ${LIVES}`, id, now), now)
