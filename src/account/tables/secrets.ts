/** The webhook secrets of an account as rows: what may be known of them, and their ciphertext. Times in milliseconds. */
import type { Sealed } from '../vault/envelope.ts'

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

/** More than any account needs; a script in a loop stops here. */
const MOST_SECRETS = 100

const SHOWN = 'name, allowed_hosts, created_at, updated_at'

type ShownRow = Omit<WebhookSecret, 'allowed_hosts'> & { allowed_hosts: string }
type SealedRow = { name: string; version: number; wrapped_key: ArrayBuffer; ciphertext: ArrayBuffer }

const shownOf = ({ name, allowed_hosts, created_at, updated_at }: ShownRow): WebhookSecret => ({
  name,
  allowed_hosts: JSON.parse(allowed_hosts),
  created_at,
  updated_at,
})

const sealedOf = ({ name, version, wrapped_key, ciphertext }: SealedRow): SealedSecret => ({
  name,
  version,
  wrapped_key: new Uint8Array(wrapped_key),
  ciphertext: new Uint8Array(ciphertext),
})

/** By name. */
export const selectSecrets = (sql: SqlStorage): WebhookSecret[] =>
  sql.exec<ShownRow>(`SELECT ${SHOWN} FROM webhook_secret ORDER BY name`).toArray().map(shownOf)

export const selectSealed = (sql: SqlStorage): SealedSecret[] =>
  sql.exec<SealedRow>('SELECT * FROM webhook_secret').toArray().map(sealedOf)

/** One secret with what opens it. */
export const selectSecret = (
  sql: SqlStorage,
  name: string,
): (SealedSecret & { allowed_hosts: string[] }) | null => {
  const [row] = sql.exec<ShownRow & SealedRow>('SELECT * FROM webhook_secret WHERE name = ?', name).toArray()
  return row ? { ...sealedOf(row), allowed_hosts: shownOf(row).allowed_hosts } : null
}

const versionOf = (sql: SqlStorage, name: string): number | null =>
  sql.exec<{ version: number }>('SELECT version FROM webhook_secret WHERE name = ?', name).toArray()[0]
    ?.version ?? null

const isFull = (sql: SqlStorage): boolean =>
  sql.exec<{ n: number }>('SELECT count(*) AS n FROM webhook_secret').one().n >= MOST_SECRETS

/** Creates or replaces a secret. `changed_meanwhile`: a newer version than this came in between. */
export const putSecret = (
  sql: SqlStorage,
  { name, version, wrapped_key, ciphertext }: SealedSecret,
  allowedHosts: readonly string[],
  now: number,
): WebhookSecret | 'too_many' | 'changed_meanwhile' => {
  const known = versionOf(sql, name)
  if (known === null && isFull(sql)) return 'too_many'
  if (known !== null && known > version) return 'changed_meanwhile'
  const [row] = sql
    .exec<ShownRow>(
      `INSERT INTO webhook_secret VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6) ON CONFLICT (name) DO UPDATE SET version = ?2,
         allowed_hosts = ?3, wrapped_key = ?4, ciphertext = ?5, updated_at = ?6 RETURNING ${SHOWN}`,
      ...[name, version, JSON.stringify(allowedHosts), wrapped_key, ciphertext, now],
    )
    .toArray()
  return shownOf(row!)
}

/** The same secret sealed anew. False when the row was replaced or removed since version `from` was read. */
export const moveSecret = (
  sql: SqlStorage,
  { name, version, wrapped_key, ciphertext }: SealedSecret,
  from: number,
): boolean =>
  sql
    .exec(
      'UPDATE webhook_secret SET version = ?, wrapped_key = ?, ciphertext = ? WHERE name = ? AND version = ? RETURNING name',
      ...[version, wrapped_key, ciphertext, name, from],
    )
    .toArray().length > 0

/** False when there was none. */
export const removeSecret = (sql: SqlStorage, name: string): boolean =>
  sql.exec('DELETE FROM webhook_secret WHERE name = ? RETURNING name', name).toArray().length > 0
