/** Whether a token or a sign-in is let in: one query answers all that a call needs. Writes nothing. */
import { sameBytes } from '../../core/bytes.ts'
import type { Admission, Caller, ListOrder } from '../../rules/admission.ts'
import { effectiveConfig } from '../../rules/server-settings.ts'
import { selectGrant } from '../tables/principals/grants.ts'

const QUERY = `
  SELECT server.id, server.name, server.config, server.expires_at, server.digest, server.holder, server.holder_name,
    account.revision || '.' || server.revision AS revision,
    account.id AS account_id, account.name AS account_name, account.base_url,
    account.credential_version, account.wrapped_key, account.status, account.read_only, account.approval, account.payees,
    (SELECT json_group_object(resource, newest_or_oldest) FROM list_order) AS orders
  FROM server, account WHERE`

const BY_DIGEST = `${QUERY} server.digest = ? AND server.asleep IS NULL`
const BY_ID = `${QUERY} server.id = ? AND server.asleep IS NULL`
/** The token before the last rotation, while both work. */
const BY_RETIRED = `${QUERY} server.id = (SELECT server_id FROM retired_token WHERE digest = ? AND ends_at > ?)`

type Row = {
  id: string
  name: string
  config: string
  expires_at: number | null
  digest: ArrayBuffer
  holder: string | null
  holder_name: string | null
  account_id: string
  account_name: string
  base_url: string
  credential_version: number
  wrapped_key: ArrayBuffer
  status: 'active' | 'needs_reauth'
  read_only: number
  approval: string
  payees: 'open' | 'verified'
  orders: string
  revision: string
}

const admissionOf = (row: Row, caller: Caller, digest: Uint8Array | null): Admission => ({
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
    config: effectiveConfig(JSON.parse(row.config), {
      approval: JSON.parse(row.approval),
      payees: row.payees,
    }),
    expires_at: row.expires_at === null ? null : new Date(row.expires_at).toISOString(),
    holder: row.holder,
    holder_name: row.holder_name,
  },
  orders: JSON.parse(row.orders) as Record<string, ListOrder>,
  caller,
  digest,
  revision: row.revision,
})

const DIGEST_BYTES = 32

const rowOf = (sql: SqlStorage, digest: Uint8Array, now: number): Row | undefined => {
  const [row] = sql.exec<Row>(BY_DIGEST, digest).toArray()
  if (!row) return sql.exec<Row>(BY_RETIRED, digest, now).toArray()[0]
  // The index finds by prefix in variable time: the digest, which is keyed, is compared again in constant time.
  return sameBytes(row.digest, digest) ? row : undefined
}

const living = (
  row: Row | undefined,
  { caller, digest, now }: { caller: Caller; digest: Uint8Array | null; now: number },
): Admission | null => {
  if (!row) return null
  return row.expires_at !== null && row.expires_at <= now ? null : admissionOf(row, caller, digest)
}

/**
 * @param digest keyed digest of the whole token
 * @param caller who called, for the answer
 * @param now milliseconds since the epoch: expiry is judged here, the alarm only cleans up
 */
export const admit = (sql: SqlStorage, digest: Uint8Array, caller: Caller, now: number): Admission | null => {
  if (digest.byteLength !== DIGEST_BYTES) return null
  return living(rowOf(sql, digest, now), { caller, digest, now })
}

/** Who holds a token of a grant, as far as the Worker could tell, without the client that acts for them. */
export type SignedIn = {
  grantId: string
  who: Extract<Caller, { kind: 'api_token' }> | Omit<Extract<Caller, { kind: 'person' }>, 'oauth'>
}

const callerOf = (sql: SqlStorage, serverId: string, signedIn: SignedIn | null, now: number): Caller => {
  const grant = signedIn && selectGrant(sql, serverId, signedIn.grantId, now)
  if (!grant || (grant.api_token_id ?? grant.person_id) !== signedIn.who.id) return { kind: 'url' }
  const oauth = { grant_id: grant.id, client_id: grant.client_id, client_name: grant.client_name }
  return { ...signedIn.who, oauth }
}

/**
 * The same at the URL of a server that holds no secret: who calls was proved by signing in.
 * @param signedIn null: nobody
 * @returns null when there is no such server, or it does not ask for signing in
 */
export const admitSignedIn = (
  sql: SqlStorage,
  serverId: string,
  signedIn: SignedIn | null,
  now: number,
): Admission | null => {
  const caller = callerOf(sql, serverId, signedIn, now)
  const admission = living(sql.exec<Row>(BY_ID, serverId).toArray()[0], { caller, digest: null, now })
  return admission?.server.config.require_api_token_auth ? admission : null
}
