/** The deployment's API tokens: a row each in the directory, found by digest. Times are milliseconds since the epoch. */
import { sameBytes } from '../../../core/bytes.ts'
import { ROOT_ID } from '../../../rules/who/four-eyes.ts'
import { accountOf, type Grant, migratedGrants, type OldScope } from '../../../rules/who/roles.ts'
import {
  allRows,
  columnOf,
  countRows,
  firstRow,
  insertRow,
  LIVES,
  type PageRequest,
  selectPage,
} from '../rows.ts'
import {
  addAlias,
  changePerson,
  insertPerson,
  type PersonKind,
  peopleWith,
  personNamed,
  selectPerson,
} from './people.ts'
import { noteRoles, type Source } from './roles-held.ts'

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

/** JSON: everybody who has seen a token through issuing it or the key that it was issued with; root is nobody. */
export const API_TOKEN_ISSUERS = `
  ALTER TABLE api_token ADD COLUMN issuers TEXT NOT NULL DEFAULT '[]';
  UPDATE api_token SET issuers = json_array(created_by) WHERE created_by <> '${ROOT_ID}';
`

/** Id of the change of settings that another person has to agree to before the token lets anybody in. */
export const TOKEN_ASLEEP = 'ALTER TABLE api_token ADD COLUMN asleep TEXT;'

/** Each token gets a holder: those of equal name and kind become one person's. Grants take the place of scopes, narrowing. */
export const tokensOfPeople = (sql: SqlStorage): void => {
  sql.exec(`ALTER TABLE api_token ADD COLUMN holder TEXT NOT NULL DEFAULT '';
    ALTER TABLE api_token ADD COLUMN grants TEXT NOT NULL DEFAULT '[]';`)
  type Old = {
    id: string
    name: string
    kind: PersonKind
    scopes: string
    created_by: string
    created_at: number
    expires_at: number | null
  }
  const sources = new Map<string, Source[]>()
  for (const old of allRows<Old>(sql, 'SELECT * FROM api_token ORDER BY seq')) {
    const { id, name, kind, created_by, created_at, expires_at } = old
    const nobody = { email: null, issuer: null, subject: null, grants: [] }
    const person =
      personNamed(sql, name, kind) ?? insertPerson(sql, { id, name, kind, created_by, ...nobody }, created_at)
    const grants = migratedGrants(JSON.parse(old.scopes) as OldScope[])
    if (id !== person.id) addAlias(sql, id, person.id)
    sql.exec(
      'UPDATE api_token SET holder = ?, grants = ? WHERE id = ?',
      person.id,
      JSON.stringify(grants),
      id,
    )
    const own = [
      ...(sources.get(person.id) ?? []),
      ...grants.map((grant) => ({ grant, ends_at: expires_at })),
    ]
    sources.set(person.id, own)
    noteRoles(sql, person.id, own, created_at)
  }
  for (const table of ['api_token', 'person'])
    sql.exec(
      `UPDATE ${table} SET created_by = coalesce((SELECT person_id FROM person_alias WHERE alias = created_by), created_by)`,
    )
  sql.exec(
    'ALTER TABLE api_token DROP COLUMN scopes; ALTER TABLE api_token DROP COLUMN name; ALTER TABLE api_token DROP COLUMN kind; CREATE INDEX api_token_by_holder ON api_token (holder);',
  )
}

/** Plain data without secrets. */
export type ApiToken = {
  id: string
  /** Id of the person or system that holds it, with their name and kind. */
  holder: string
  name: string
  kind: PersonKind
  grants: Grant[]
  /** Milliseconds since the epoch; null: it does not end by itself. */
  expires_at: number | null
  /** Exact to a minute; null: never used. */
  last_used_at: number | null
  /** Id of the person or system that issued it, and so has seen it. */
  created_by: string
  /** Everybody who has seen it that way: its issuer, and whoever issued the key that it was issued with; `root` is nobody. */
  issuers: string[]
  /** Their names, in the same order; the id of who was removed. */
  issuer_names: string[]
  created_at: number
  /** Id of the change of settings that has to be agreed to first; null: it is awake. */
  asleep: string | null
}

export type NewApiToken = Pick<
  ApiToken,
  'id' | 'holder' | 'grants' | 'expires_at' | 'created_by' | 'issuers' | 'asleep'
> & { digest: Uint8Array }

type Encoded = 'grants' | 'issuers' | 'issuer_names'
type Row = Omit<ApiToken, Encoded> & Record<Encoded, string>

const COLUMNS = `id, holder, (SELECT name FROM person WHERE id = holder) AS name,
  (SELECT kind FROM person WHERE id = holder) AS kind, grants, expires_at, last_used_at, created_by, issuers, created_at,
  asleep, (SELECT json_group_array(coalesce(person.name, value) ORDER BY key)
    FROM json_each(api_token.issuers) LEFT JOIN person ON person.id = value) AS issuer_names`
const ACTS = `${LIVES} AND asleep IS NULL AND EXISTS (SELECT 1 FROM person WHERE id = holder AND disabled_at IS NULL)`
const DIGEST_BYTES = 32

/** Precision of `last_used_at`: a busy token causes at most one write in this time. */
const USE_MS = 60_000

const tokenOf = ({ grants, issuers, issuer_names, ...row }: Row): ApiToken => ({
  ...row,
  grants: JSON.parse(grants),
  issuers: JSON.parse(issuers),
  issuer_names: JSON.parse(issuer_names),
})

/** The grants that somebody has now, through API tokens and through signing in at the identity provider. */
const sourcesOf = (sql: SqlStorage, personId: string, now: number): Source[] => {
  const person = selectPerson(sql, personId)
  if (!person || person.disabled_at !== null) return []
  const tokens = allRows<{ grants: string; expires_at: number | null }>(
    sql,
    `SELECT grants, expires_at FROM api_token WHERE holder = ? AND asleep IS NULL AND ${LIVES}`,
    ...[personId, now],
  ).flatMap(({ grants, expires_at }) =>
    (JSON.parse(grants) as Grant[]).map((grant) => ({ grant, ends_at: expires_at })),
  )
  if (person.issuer === null) return tokens
  const granted = person.grants.map((grant) => ({ grant, ends_at: null }))
  const mapped = person.mapped_grants.map((grant) => ({
    grant,
    ends_at: person.mapped_until,
    renews: true as const,
  }))
  return [...tokens, ...granted, ...mapped]
}

/** Call this in every transaction that changes somebody's grants. */
export const rolesChanged = (sql: SqlStorage, personId: string, now: number): void =>
  noteRoles(sql, personId, sourcesOf(sql, personId, now), now)

/** @throws when id or digest is taken */
export const insertApiToken = (sql: SqlStorage, token: NewApiToken, now: number): ApiToken => {
  insertRow(sql, 'api_token', { ...token, created_at: now })
  rolesChanged(sql, token.holder, now)
  return tokenOf(sql.exec<Row>(`SELECT ${COLUMNS} FROM api_token WHERE id = ?`, token.id).one())
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

/** Lets a token act from now on. Null unless it sleeps for this change of settings. */
export const wakeApiToken = (sql: SqlStorage, id: string, draftId: string, now: number): ApiToken | null => {
  const query = `UPDATE api_token SET asleep = NULL WHERE id = ? AND asleep = ? AND ${LIVES} RETURNING holder`
  const row = firstRow<{ holder: string }>(sql, query, id, draftId, now)
  if (!row) return null
  rolesChanged(sql, row.holder, now)
  return readApiToken(sql, id, now)
}

/** Null when there is none, or it ended. */
export const selectApiToken = (sql: SqlStorage, id: string, now: number): ApiToken | null => {
  const row = firstRow<Row>(sql, `SELECT ${COLUMNS} FROM api_token WHERE id = ? AND ${LIVES}`, id, now)
  return row ? tokenOf(row) : null
}

/** Deletes a token. Returns the id of its holder; null when there is no such token. */
export const removeApiToken = (sql: SqlStorage, id: string, now: number): string | null => {
  const row = firstRow<{ holder: string }>(sql, 'DELETE FROM api_token WHERE id = ? RETURNING holder', id)
  if (row) rolesChanged(sql, row.holder, now)
  return row?.holder ?? null
}

/** Ids of all tokens of a person or system. */
export const tokensOf = (sql: SqlStorage, personId: string): string[] =>
  columnOf<string>(sql, 'SELECT id FROM api_token WHERE holder = ? ORDER BY seq', personId)

/** What every token gives, also one that ended. */
export const everyGrant = (sql: SqlStorage): { id: string; holder: string; grants: Grant[] }[] =>
  allRows<{ id: string; holder: string; grants: string }>(
    sql,
    'SELECT id, holder, grants FROM api_token',
  ).map((row) => ({ ...row, grants: JSON.parse(row.grants) as Grant[] }))

/** Deletes all tokens of a person or system. */
export const removeTokensOf = (sql: SqlStorage, personId: string, now: number): void => {
  sql.exec('DELETE FROM api_token WHERE holder = ?', personId)
  rolesChanged(sql, personId, now)
}

/** Removes the grants for a deleted account. A token without any other grant is deleted. */
export const forgetAccount = (sql: SqlStorage, accountId: string, now: number): void => {
  const without = (grants: readonly Grant[]) => grants.filter((grant) => accountOf(grant) !== accountId)
  for (const { id, holder, grants } of everyGrant(sql)) {
    const left = without(grants)
    if (left.length === grants.length) continue
    if (left.length === 0) sql.exec('DELETE FROM api_token WHERE id = ?', id)
    else sql.exec('UPDATE api_token SET grants = ? WHERE id = ?', JSON.stringify(left), id)
    rolesChanged(sql, holder, now)
  }
  for (const { id, grants } of peopleWith(sql, accountId)) {
    changePerson(sql, id, { grants: without(grants) }, now)
    rolesChanged(sql, id, now)
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

/** The valid token with this digest, unless its holder is disabled; updates `last_used_at`. Null for all others alike. */
export const useApiToken = (sql: SqlStorage, digest: Uint8Array, now: number): ApiToken | null => {
  if (digest.byteLength !== DIGEST_BYTES) return null
  const query = `SELECT digest, ${COLUMNS} FROM api_token WHERE digest = ? AND ${ACTS}`
  const found = firstRow<Row & { digest: ArrayBuffer }>(sql, query, digest, now)
  if (!found || !sameBytes(found.digest, digest)) return null
  const { digest: _, ...row } = found
  return used(sql, row, now)
}

/** Which of these tokens are valid and have a holder who is not disabled. */
export const livingApiTokens = (sql: SqlStorage, ids: readonly string[], now: number): string[] =>
  columnOf<string>(
    sql,
    `SELECT id FROM api_token WHERE id IN (SELECT value FROM json_each(?)) AND ${ACTS}`,
    ...[JSON.stringify(ids), now],
  )

const BY_ID = `SELECT ${COLUMNS} FROM api_token WHERE id = ? AND ${ACTS}`

/** The valid token with this id, for somebody who proved earlier to hold it; else as `useApiToken`. */
export const useApiTokenById = (sql: SqlStorage, id: string, now: number): ApiToken | null =>
  used(sql, firstRow<Row>(sql, BY_ID, id, now), now)

/** The valid token with this id; does not update `last_used_at`. Null for all others. */
export const readApiToken = (sql: SqlStorage, id: string, now: number): ApiToken | null => {
  const row = firstRow<Row>(sql, BY_ID, id, now)
  return row ? tokenOf(row) : null
}
