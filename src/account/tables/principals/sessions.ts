/** Sessions of the dashboard and the one-time codes that open them: a row each in the directory. Times are milliseconds since the epoch. */
import { sameBytes } from '../../../core/bytes.ts'
import type { Grant } from '../../../rules/who/roles.ts'
import { type Deployment, onePersonActs, selectDeployment } from '../deployment.ts'
import {
  isListedAccount,
  type StoppedAccount,
  selectStopped,
  selectWaiting,
  type Waiting,
} from '../listed-accounts.ts'
import { firstRow, insertRow } from '../rows.ts'
import { type ApiToken, useApiTokenById } from './api-tokens.ts'
import { mappedNow, type Person, type PersonChange, selectPerson } from './people.ts'

/** Whose key or sign-in opened a session: it ends with that. `key`: the deployment's admin key. */
export type SessionOwner =
  | { kind: 'key'; keyDigest: Uint8Array }
  | { kind: 'api_token'; id: string }
  /** `mapped`: roles that the identity provider's claims gave, beside those granted here; null ends with the working day. */
  | { kind: 'person'; id: string; mapped: readonly Grant[]; endsAt: number | null }

/** Who a session speaks for now. */
export type SessionHolder =
  | { kind: 'key' }
  | { kind: 'api_token'; token: ApiToken }
  | { kind: 'person'; person: Person; grants: Grant[] }

/** With what every page of the dashboard needs to know of the directory, so that it asks once. */
export type UsedSession = SessionHolder & {
  deployment: Deployment
  onePersonActs: boolean
  /** Accounts whose writes are stopped. */
  stopped: StoppedAccount[]
  /** Whether there is the account that the page is about; false where it is about none. */
  listed: boolean
  /** Accounts in which drafts wait, with how many. */
  waiting: Waiting[]
}

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

/** Sessions of people who signed in at the company's identity provider. Those that were open end: everybody signs in once more. */
export const SESSION_OF_PERSON = `
  DROP TABLE session;
  CREATE TABLE session (
    digest BLOB PRIMARY KEY,
    api_token_id TEXT REFERENCES api_token (id) ON DELETE CASCADE,
    admin_key_digest BLOB,
    person_id TEXT REFERENCES person (id) ON DELETE CASCADE,
    grants TEXT,
    opened_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    ends_at INTEGER,
    CHECK ((api_token_id IS NOT NULL) + (admin_key_digest IS NOT NULL) + (person_id IS NOT NULL) = 1)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX session_by_token ON session (api_token_id);
  CREATE INDEX session_by_person ON session (person_id);
  ALTER TABLE sign_in_code ADD COLUMN api_token_id TEXT;
`

/** A working day, and a long lunch. */
export const SESSION_MS = 12 * 3_600_000
export const IDLE_MS = 2 * 3_600_000
/** How long a one-time link works: with the admin key, and with an API token of the demo. */
const CODE_MS = 5 * 60_000
const TOKEN_CODE_MS = 24 * 3_600_000

/** How exact `seen_at` is: a busy session writes at most once in that time. */
const SEEN_MS = 60_000
/** A script that signs in in a loop must not fill the directory: the oldest sessions make room. */
const MOST_SESSIONS = 2_000

const LIVES = 'opened_at > ? AND seen_at > ? AND (ends_at IS NULL OR ends_at > ?)'
const bounds = (now: number) => [now - SESSION_MS, now - IDLE_MS, now]

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
  const person = owner.kind === 'person' ? owner : null
  insertRow(sql, 'session', {
    digest,
    api_token_id: owner.kind === 'api_token' ? owner.id : null,
    admin_key_digest: owner.kind === 'key' ? owner.keyDigest : null,
    person_id: person?.id ?? null,
    grants: person?.mapped ?? null,
    ...{ opened_at: now, seen_at: now, ends_at: person?.endsAt ?? null },
  })
}

type Row = {
  api_token_id: string | null
  person_id: string | null
  grants: string | null
  admin_key_digest: ArrayBuffer | null
  seen_at: number
}

/** What the claims gave at this sign-in, as far as the newest one, in whatever browser, gave it too. */
const mappedIn = ({ grants }: Row, person: Person, now: number): Grant[] => {
  const mapped = mappedNow(person, now)
  return (JSON.parse(grants!) as Grant[]).filter((grant) => mapped.includes(grant))
}

const holderOf = (sql: SqlStorage, row: Row, keyDigest: Uint8Array, now: number): SessionHolder | null => {
  if (row.person_id !== null) {
    const person = selectPerson(sql, row.person_id)
    return person && person.disabled_at === null
      ? {
          kind: 'person',
          person,
          grants: [...new Set([...person.grants, ...mappedIn(row, person, now)])],
        }
      : null
  }
  if (row.api_token_id === null)
    return row.admin_key_digest && sameBytes(row.admin_key_digest, keyDigest) ? { kind: 'key' } : null
  const token = useApiTokenById(sql, row.api_token_id, now)
  return token && { kind: 'api_token', token }
}

/**
 * Who a session speaks for, noting that it was used.
 * @param keyDigest keyed digest of the admin key as it is now: a session opened with another one is over
 * @param accountId that the page is about; null: about none
 * @returns null for unknown, expired, idle and ended ones alike
 */
export const useSession = (
  sql: SqlStorage,
  digest: Uint8Array,
  keyDigest: Uint8Array,
  accountId: string | null,
  now: number,
): UsedSession | null => {
  const row = firstRow<Row>(
    sql,
    `SELECT api_token_id, admin_key_digest, person_id, grants, seen_at FROM session WHERE digest = ? AND ${LIVES}`,
    ...[digest, ...bounds(now)],
  )
  const holder = row && holderOf(sql, row, keyDigest, now)
  if (!holder) return null
  if (now - row.seen_at >= SEEN_MS) sql.exec('UPDATE session SET seen_at = ? WHERE digest = ?', now, digest)
  const listed = accountId !== null && isListedAccount(sql, accountId)
  const deployment = selectDeployment(sql)
  return {
    ...holder,
    deployment,
    onePersonActs: onePersonActs(sql, deployment),
    stopped: selectStopped(sql),
    listed,
    waiting: selectWaiting(sql),
  }
}

/** Ends one session. */
export const removeSession = (sql: SqlStorage, digest: Uint8Array): void => {
  sql.exec('DELETE FROM session WHERE digest = ?', digest)
}

/** Ends every session of the same key, API token or signed-in person. */
export const removeAllSessions = (sql: SqlStorage, digest: Uint8Array): void => {
  sql.exec(
    `DELETE FROM session WHERE EXISTS (
       SELECT 1 FROM session AS own WHERE own.digest = ? AND own.api_token_id IS session.api_token_id
         AND own.person_id IS session.person_id
     )`,
    digest,
  )
}

/** Ends every session of somebody, by whatever they signed in, if a change disables them or gives them another identity. */
export const endOutlived = (sql: SqlStorage, before: Person, change: PersonChange): void => {
  const { issuer, subject } = { ...before, ...change }
  if (!change.disabled && issuer === before.issuer && subject === before.subject) return
  sql.exec(
    'DELETE FROM session WHERE person_id = ?1 OR api_token_id IN (SELECT id FROM api_token WHERE holder = ?1)',
    before.id,
  )
}

/** @param tokenId whom the link signs in as: the holder of this API token; null: the admin key */
export const insertSignInCode = (
  sql: SqlStorage,
  digest: Uint8Array,
  tokenId: string | null,
  now: number,
): void => {
  sql.exec('DELETE FROM sign_in_code WHERE expires_at <= ?', now)
  const endsAt = now + (tokenId === null ? CODE_MS : TOKEN_CODE_MS)
  sql.exec('INSERT INTO sign_in_code VALUES (?, ?, ?)', digest, endsAt, tokenId)
}

type CodeRow = { expires_at: number; api_token_id: string | null }

const living = (row: CodeRow | undefined, now: number): { tokenId: string | null } | null =>
  row && row.expires_at > now ? { tokenId: row.api_token_id } : null

/** Whose a code is, which stays good; null for one that is unknown, used or too old. */
export const readSignInCode = (sql: SqlStorage, digest: Uint8Array, now: number) =>
  living(
    firstRow<CodeRow>(sql, 'SELECT expires_at, api_token_id FROM sign_in_code WHERE digest = ?', digest),
    now,
  )

/** Takes a code, once and never again: whose it is; null for one that is unknown, used or too old. */
export const takeSignInCode = (
  sql: SqlStorage,
  digest: Uint8Array,
  now: number,
): { tokenId: string | null } | null => {
  const row = firstRow<CodeRow>(
    sql,
    'DELETE FROM sign_in_code WHERE digest = ? RETURNING expires_at, api_token_id',
    digest,
  )
  return living(row, now)
}
