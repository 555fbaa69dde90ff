/** The hot path: one query answers who a token is and all that a call needs. Writes nothing. */
import { type Admission, type Caller, effectiveConfig, type ListOrder } from '../rules/server.ts'

const QUERY = `
  SELECT server.id, server.name, server.config, server.expires_at, server.digest,
    account.id AS account_id, account.name AS account_name, account.base_url,
    account.credential_version, account.wrapped_key, account.status, account.read_only, account.approval,
    (SELECT json_group_object(resource, newest_or_oldest) FROM list_order) AS orders
  FROM server, account WHERE`

const BY_DIGEST = `${QUERY} server.digest = ?`
const BY_ID = `${QUERY} server.id = ?`
/** The token before the last rotation, while both work. */
const BY_RETIRED = `${QUERY} server.id = (SELECT server_id FROM retired_token WHERE digest = ? AND ends_at > ?)`

type Row = {
  id: string
  name: string
  config: string
  expires_at: number | null
  digest: ArrayBuffer
  account_id: string
  account_name: string
  base_url: string
  credential_version: number
  wrapped_key: ArrayBuffer
  status: 'active' | 'needs_reauth'
  read_only: number
  approval: string
  orders: string
}

const admissionOf = (row: Row, caller: Caller): Admission => ({
  account: {
    id: row.account_id,
    name: row.account_name,
    base_url: row.base_url,
    credential: { version: row.credential_version, wrapped_key: new Uint8Array(row.wrapped_key) },
    status: row.status,
    read_only: row.read_only === 1,
  },
  server: {
    id: row.id,
    name: row.name,
    config: effectiveConfig(JSON.parse(row.config), { approval: JSON.parse(row.approval) }),
    expires_at: row.expires_at === null ? null : new Date(row.expires_at).toISOString(),
  },
  orders: JSON.parse(row.orders) as Record<string, ListOrder>,
  caller,
})

const DIGEST_BYTES = 32

const rowOf = (sql: SqlStorage, digest: Uint8Array, now: number): Row | undefined => {
  const [row] = sql.exec<Row>(BY_DIGEST, digest).toArray()
  if (!row) return sql.exec<Row>(BY_RETIRED, digest, now).toArray()[0]
  // The index finds by prefix in variable time; the digest is keyed, and the last word is constant in time.
  return crypto.subtle.timingSafeEqual(row.digest, digest) ? row : undefined
}

const living = (row: Row | undefined, caller: Caller, now: number): Admission | null => {
  if (!row) return null
  return row.expires_at !== null && row.expires_at <= now ? null : admissionOf(row, caller)
}

/**
 * @param digest keyed digest of the whole token
 * @param caller who called, for the answer
 * @param now milliseconds since the epoch: expiry is judged here, the alarm only cleans up
 */
export const admit = (sql: SqlStorage, digest: Uint8Array, caller: Caller, now: number): Admission | null => {
  if (digest.byteLength !== DIGEST_BYTES) return null
  return living(rowOf(sql, digest, now), caller, now)
}

/** The same for a server that is named by its id: who calls was proved in another way. */
export const admitServer = (sql: SqlStorage, id: string, caller: Caller, now: number): Admission | null =>
  living(sql.exec<Row>(BY_ID, id).toArray()[0], caller, now)
