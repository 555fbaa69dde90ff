/** The webhook secrets of an account as rows: what may be known of them, and their ciphertext. Times in milliseconds. */
import type { Sealed } from '../vault/envelope.ts'
import { allRows, countRows, firstRow, hasRow } from './rows.ts'

export const WEBHOOK_SECRET = `
  CREATE TABLE webhook_secret (
    name TEXT PRIMARY KEY,
    version INTEGER NOT NULL,
    allowed_hosts TEXT NOT NULL,
    wrapped_key BLOB NOT NULL,
    ciphertext BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
`

/** All that anybody is shown. */
export type WebhookSecret = {
  name: string
  /** Exact hosts of the webhooks that may use it. */
  allowed_hosts: string[]
  created_at: number
  updated_at: number
}

export type SealedSecret = Sealed & { name: string; version: number }

/** More than any account needs; stops a script that creates secrets in a loop. */
const MOST_SECRETS = 100

const SHOWN = 'name, allowed_hosts, created_at, updated_at'

type ShownRow = Omit<WebhookSecret, 'allowed_hosts'> & { allowed_hosts: string }
type SealedRow = { name: string; version: number; wrapped_key: ArrayBuffer; ciphertext: ArrayBuffer }

const shownOf = (row: ShownRow): WebhookSecret => ({ ...row, allowed_hosts: JSON.parse(row.allowed_hosts) })

const sealedOf = ({ name, version, wrapped_key, ciphertext }: SealedRow): SealedSecret => ({
  name,
  version,
  wrapped_key: new Uint8Array(wrapped_key),
  ciphertext: new Uint8Array(ciphertext),
})

/** By name. */
export const selectSecrets = (sql: SqlStorage): WebhookSecret[] =>
  allRows<ShownRow>(sql, `SELECT ${SHOWN} FROM webhook_secret ORDER BY name`).map(shownOf)

/** All, as they are sealed. */
export const selectSealed = (sql: SqlStorage): SealedSecret[] =>
  allRows<SealedRow>(sql, 'SELECT * FROM webhook_secret').map(sealedOf)

/** One secret with what opens it. */
export const selectSecret = (
  sql: SqlStorage,
  name: string,
): (SealedSecret & { allowed_hosts: string[] }) | null => {
  const query = 'SELECT * FROM webhook_secret WHERE name = ?'
  const row = firstRow<SealedRow & { allowed_hosts: string }>(sql, query, name)
  return row ? { ...sealedOf(row), allowed_hosts: JSON.parse(row.allowed_hosts) } : null
}

/** Creates or replaces a secret. `changed_meanwhile`: a newer version than this came in between. */
export const putSecret = (
  sql: SqlStorage,
  { name, version, wrapped_key, ciphertext }: SealedSecret,
  allowedHosts: readonly string[],
  now: number,
): WebhookSecret | 'too_many' | 'changed_meanwhile' => {
  const known = selectSecret(sql, name)
  if (!known && countRows(sql, 'webhook_secret') >= MOST_SECRETS) return 'too_many'
  if (known && known.version > version) return 'changed_meanwhile'
  const row = firstRow<ShownRow>(
    sql,
    `INSERT INTO webhook_secret VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6) ON CONFLICT (name) DO UPDATE SET version = ?2,
       allowed_hosts = ?3, wrapped_key = ?4, ciphertext = ?5, updated_at = ?6 RETURNING ${SHOWN}`,
    ...[name, version, JSON.stringify(allowedHosts), wrapped_key, ciphertext, now],
  )
  return shownOf(row!)
}

/** Stores the same secret, encrypted again. Returns false when the row was replaced or deleted since version `from` was read. */
export const moveSecret = (
  sql: SqlStorage,
  { name, version, wrapped_key, ciphertext }: SealedSecret,
  from: number,
): boolean =>
  hasRow(
    sql,
    'UPDATE webhook_secret SET version = ?, wrapped_key = ?, ciphertext = ? WHERE name = ? AND version = ? RETURNING name',
    ...[version, wrapped_key, ciphertext, name, from],
  )

/** Returns false when there is no such secret. */
export const removeSecret = (sql: SqlStorage, name: string): boolean =>
  hasRow(sql, 'DELETE FROM webhook_secret WHERE name = ? RETURNING name', name)
