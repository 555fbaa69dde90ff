/**
 * People and systems of the deployment: a row each in the directory, with the roles they have when they sign in at the
 * company's identity provider. What their API tokens may do stands with the tokens. Times are milliseconds since the epoch.
 */
import { type Called, whoIsNamed } from '../../../rules/who/namesakes.ts'
import type { Grant } from '../../../rules/who/roles.ts'
import {
  allRows,
  columnOf,
  countRows,
  firstRow,
  hasRow,
  insertRow,
  type PageRequest,
  selectPage,
} from '../rows.ts'

export const PERSON = `
  CREATE TABLE person (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('person', 'system')),
    name TEXT NOT NULL,
    email TEXT,
    issuer TEXT,
    subject TEXT,
    grants TEXT NOT NULL,
    mapped_grants TEXT NOT NULL DEFAULT '[]',
    mapped_until INTEGER,
    disabled_at INTEGER,
    created_by TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    CHECK ((issuer IS NULL) = (subject IS NULL))
  ) STRICT;
  CREATE UNIQUE INDEX person_by_identity ON person (issuer, subject) WHERE issuer IS NOT NULL;
  CREATE INDEX person_by_name ON person (name, kind);
  CREATE TABLE person_alias (
    alias TEXT PRIMARY KEY,
    person_id TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
`

/**
 * Who ever signed in, or could, under which identity of a provider: whoever has it is the same human being, whatever person it
 * is given to next. Rows stay when the person is removed.
 */
export const PERSON_IDENTITY = `
  CREATE TABLE person_identity (
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    person_id TEXT NOT NULL,
    PRIMARY KEY (issuer, subject, person_id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX person_identity_by_person ON person_identity (person_id);
  INSERT INTO person_identity SELECT issuer, subject, id FROM person WHERE issuer IS NOT NULL;
`

/** How often the identity of somebody was changed: who signed in by an earlier one may be somebody else. */
export const PERSON_IDENTITY_CHANGES = `
  ALTER TABLE person ADD COLUMN identity_changes INTEGER NOT NULL DEFAULT 0;
  UPDATE person SET identity_changes =
    (SELECT count(*) FROM person_identity WHERE person_id = person.id) - (issuer IS NOT NULL);
`

export type PersonKind = 'person' | 'system'

/** Plain data without secrets. */
export type Person = {
  id: string
  kind: PersonKind
  name: string
  email: string | null
  /** Who they are at the company's identity provider; null: they do not sign in there. */
  issuer: string | null
  subject: string | null
  /** Roles when they sign in at the identity provider. */
  grants: Grant[]
  /** Those that the identity provider's claims gave at the last sign-in. */
  mapped_grants: Grant[]
  /** Milliseconds since the epoch until which those count; null: there were none. */
  mapped_until: number | null
  /** Null: they may act. */
  disabled_at: number | null
  created_by: string
  created_at: number
}

export type NewPerson = Omit<Person, 'created_at' | 'disabled_at' | 'mapped_grants' | 'mapped_until'>

/** Absent keys stay as they are. */
export type PersonChange = Partial<
  Pick<Person, 'name' | 'email' | 'issuer' | 'subject' | 'grants' | 'mapped_grants' | 'mapped_until'> & {
    disabled: boolean
  }
>

type Row = Omit<Person, 'grants' | 'mapped_grants'> & { grants: string; mapped_grants: string }

const COLUMNS =
  'id, kind, name, email, issuer, subject, grants, mapped_grants, mapped_until, disabled_at, created_by, created_at'

const personOf = (row: Row): Person => ({
  ...row,
  grants: JSON.parse(row.grants),
  mapped_grants: JSON.parse(row.mapped_grants),
})

type Identified = Pick<Person, 'id' | 'issuer' | 'subject'>

const noteIdentity = (sql: SqlStorage, { id, issuer, subject }: Identified): void => {
  if (issuer !== null) sql.exec('INSERT OR IGNORE INTO person_identity VALUES (?, ?, ?)', issuer, subject, id)
}

export const insertPerson = (sql: SqlStorage, person: NewPerson, now: number): Person => {
  insertRow(sql, 'person', { ...person, created_at: now })
  noteIdentity(sql, person)
  return { ...person, mapped_grants: [], mapped_until: null, disabled_at: null, created_at: now }
}

const one = (sql: SqlStorage, where: string, ...values: string[]): Person | null => {
  const row = firstRow<Row>(
    sql,
    `SELECT ${COLUMNS} FROM person WHERE ${where} ORDER BY seq LIMIT 1`,
    ...values,
  )
  return row ? personOf(row) : null
}

/** Null for an unknown id. */
export const selectPerson = (sql: SqlStorage, id: string): Person | null => one(sql, 'id = ?', id)

/** The person or system of this name; the oldest where there are several. */
export const personNamed = (sql: SqlStorage, name: string, kind: PersonKind): Person | null =>
  one(sql, 'name = ? AND kind = ?', name, kind)

/** `holder`: an id; null: they are named. */
export type NamedHolder = { holder: string | null } & Parameters<typeof whoIsNamed>[1]
export type FoundHolder =
  | { kind: 'known' | 'added' | 'disabled'; person: Person }
  | { kind: 'unknown' | 'full' }
  | { kind: 'unclear'; why: string }

/** Who is named by id, else the one who is called so; null: somebody new. */
export const findHolder = (sql: SqlStorage, { holder, ...named }: NamedHolder): FoundHolder | null => {
  const everybody = allRows<Called>(sql, 'SELECT id, kind, name FROM person ORDER BY seq')
  const found = holder === null ? whoIsNamed(everybody, named) : ({ kind: 'known', id: holder } as const)
  if (found.kind !== 'known') return found.kind === 'unclear' ? found : null
  const person = selectPerson(sql, found.id)
  if (!person) return { kind: 'unknown' }
  return { kind: person.disabled_at === null ? 'known' : 'disabled', person }
}

/** @param issuer of the identity provider @param subject its name for the person */
export const personOfIdentity = (sql: SqlStorage, issuer: string, subject: string): Person | null =>
  one(sql, 'issuer = ? AND subject = ?', issuer, subject)

/** Roles that the identity provider's claims gave at the newest sign-in, while they last. */
export const mappedNow = ({ mapped_grants, mapped_until }: Person, now: number): Grant[] =>
  mapped_until !== null && mapped_until > now ? mapped_grants : []

/** Names of people, in the same order, also by ids under which they were recorded before; the id of who was removed. */
export const namesOf = (sql: SqlStorage, ids: readonly string[]): string[] => {
  const rows = allRows<{ id: string; name: string }>(
    sql,
    `SELECT id, name FROM person WHERE id IN (SELECT value FROM json_each(?1))
       UNION ALL SELECT alias, name FROM person_alias JOIN person ON person.id = person_id
         WHERE alias IN (SELECT value FROM json_each(?1))`,
    JSON.stringify(ids),
  )
  return ids.map((id) => rows.find((row) => row.id === id)?.name ?? id)
}

/** Whether anybody ever had this identity, also somebody who was removed or has another one now. */
export const wasKnown = (sql: SqlStorage, issuer: string, subject: string): boolean =>
  hasRow(sql, 'SELECT 1 FROM person_identity WHERE issuer = ? AND subject = ? LIMIT 1', issuer, subject)

/** Newest first. */
export const selectPeople = (
  sql: SqlStorage,
  page: PageRequest,
): { people: Person[]; next: number | null } => {
  const { rows, next } = selectPage<Row>(sql, COLUMNS, 'person WHERE TRUE', [], page)
  return { people: rows.map(personOf), next }
}

/** People with a grant for exactly this account. */
export const peopleWith = (sql: SqlStorage, accountId: string): Person[] =>
  allRows<Row>(
    sql,
    `SELECT ${COLUMNS} FROM person WHERE EXISTS (SELECT 1 FROM json_each(person.grants) WHERE value LIKE ?)`,
    `%:${accountId}`,
  ).map(personOf)

/** Id of the only enabled person; null: there are several, or none. */
export const onlyPerson = (sql: SqlStorage): string | null => {
  const query = "SELECT id FROM person WHERE kind = 'person' AND disabled_at IS NULL LIMIT 2"
  const found = allRows<{ id: string }>(sql, query)
  return found.length === 1 ? found[0]!.id : null
}

export const countPeople = (sql: SqlStorage): number => countRows(sql, 'person')

/** How often the identity of somebody was changed; null: there is no such person. */
export const identityChanges = (sql: SqlStorage, id: string): number | null =>
  firstRow<{ identity_changes: number }>(sql, 'SELECT identity_changes FROM person WHERE id = ?', id)
    ?.identity_changes ?? null

/** Whoever has the next one may be another human being: what rests on a sign-in ends, and roles count from now on. */
const endIdentity = (sql: SqlStorage, id: string): void => {
  sql.exec('UPDATE person SET identity_changes = identity_changes + 1 WHERE id = ?', id)
  sql.exec('DELETE FROM role_held WHERE person_id = ?', id)
}

/** Null when there is nobody with this id. */
export const changePerson = (
  sql: SqlStorage,
  id: string,
  { disabled, ...change }: PersonChange,
  now: number,
): Person | null => {
  const before = selectPerson(sql, id)
  if (!before) return null
  const moved = { ...before, ...change }
  const isMoved = moved.issuer !== before.issuer || moved.subject !== before.subject
  if (isMoved) endIdentity(sql, id)
  // What the company said of the one identity it did not say of the other.
  const after = isMoved ? { ...moved, mapped_grants: [], mapped_until: null } : moved
  if (disabled !== undefined) after.disabled_at = disabled ? (before.disabled_at ?? now) : null
  const { name, email, issuer, subject, grants, mapped_grants, mapped_until, disabled_at } = after
  sql.exec(
    `UPDATE person SET name = ?, email = ?, issuer = ?, subject = ?, grants = ?, mapped_grants = ?, mapped_until = ?,
       disabled_at = ?
     WHERE id = ?`,
    ...[name, email, issuer, subject, JSON.stringify(grants), JSON.stringify(mapped_grants), mapped_until],
    ...[disabled_at, id],
  )
  noteIdentity(sql, after)
  return after
}

/** Returns false for an unknown id. Aliases stay, so that nobody new is taken for the deleted person. */
export const removePerson = (sql: SqlStorage, id: string): boolean =>
  hasRow(sql, 'DELETE FROM person WHERE id = ? RETURNING id', id)

/** Stores another id under which somebody was recorded: version 0.1.0 recorded API tokens. */
export const addAlias = (sql: SqlStorage, alias: string, personId: string): void => {
  sql.exec('INSERT OR REPLACE INTO person_alias VALUES (?, ?)', alias, personId)
}

/** Every id under which somebody may have been recorded, the present one first: also as another person of the same identity. */
export const idsOf = (sql: SqlStorage, personId: string): string[] => {
  const found = columnOf<string>(
    sql,
    `WITH RECURSIVE same (id) AS (
         SELECT ? UNION
         SELECT other.person_id FROM same JOIN person_identity AS own ON own.person_id = same.id
           JOIN person_identity AS other ON other.issuer = own.issuer AND other.subject = own.subject
       )
       SELECT id FROM same UNION SELECT alias FROM person_alias JOIN same ON person_id = same.id`,
    personId,
  )
  return [...new Set([personId, ...found])]
}
