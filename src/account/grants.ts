/** Sign-ins as the account's object decides on them: a grant lives only as long as its server and asks for sign-in. */
import type { Admission, Caller } from '../rules/server.ts'
import { admitServer } from './admit.ts'
import * as rows from './tables/grants.ts'
import { selectServer } from './tables/servers.ts'

/** Of one account, over all its servers; a script in a loop stops here. */
const MOST_GRANTS = 5_000

/** Who holds a token of a grant, as far as the Worker could tell. `name`: of the API token, as it is called now. */
export type SignedIn = { grantId: string; apiTokenId: string; name: string }

/** `unknown`: no such server, or it asks nobody to sign in. */
export type SignedInAdmission =
  | { kind: 'unknown' }
  | { kind: 'unauthorized'; allowed_origins: string[] }
  | { kind: 'admitted'; admission: Admission }

const asksToSignIn = (sql: SqlStorage, serverId: string, now: number): boolean =>
  selectServer(sql, serverId, now)?.config.require_api_token_auth === true

/** @param signedIn null: nobody */
export const admitSignedIn = (
  sql: SqlStorage,
  serverId: string,
  signedIn: SignedIn | null,
  now: number,
): SignedInAdmission => {
  const grant = signedIn && rows.selectGrant(sql, serverId, signedIn.grantId, now)
  const holds = grant?.api_token_id === signedIn?.apiTokenId
  const caller: Caller =
    grant && signedIn && holds
      ? {
          kind: 'api_token',
          id: signedIn.apiTokenId,
          name: signedIn.name,
          oauth: { grant_id: grant.id, client_id: grant.client_id, client_name: grant.client_name },
        }
      : { kind: 'url' }
  const admission = admitServer(sql, serverId, caller, now)
  if (!admission?.server.config.require_api_token_auth) return { kind: 'unknown' }
  if (caller.kind === 'api_token') return { kind: 'admitted', admission }
  return { kind: 'unauthorized', allowed_origins: admission.server.config.allowed_origins ?? [] }
}

/** False when the server is gone, or there are as many grants as there can be. */
export const openGrant = (sql: SqlStorage, grant: rows.NewGrant, now: number): boolean => {
  rows.removeExpiredGrants(sql, now)
  if (!asksToSignIn(sql, grant.server_id, now) || rows.countGrants(sql) >= MOST_GRANTS) return false
  rows.insertGrant(sql, grant, now)
  return true
}

/** Whether tokens of a grant may still be fetched. */
export const hasGrant = (sql: SqlStorage, serverId: string, id: string, now: number): boolean =>
  asksToSignIn(sql, serverId, now) && rows.selectGrant(sql, serverId, id, now) !== null

/** Lets a client fetch tokens. A code that comes a second time was stolen, before or now: its grant ends. */
export const fetchTokens = (
  sql: SqlStorage,
  serverId: string,
  id: string,
  fetching: rows.Fetching,
  now: number,
): boolean => {
  if (!hasGrant(sql, serverId, id, now)) return false
  const fetched = rows.useGrant(sql, id, fetching, now)
  if (!fetched) rows.removeGrant(sql, serverId, id)
  return fetched
}
