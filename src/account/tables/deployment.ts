/** Settings of the whole deployment: one row in the directory. */
import type { RoleMapping } from '../../rules/who/role-maps.ts'
import { onlyPerson } from './principals/people.ts'

export const DEPLOYMENT = `
  CREATE TABLE deployment (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    writes_stopped INTEGER NOT NULL CHECK (writes_stopped IN (0, 1))
  ) STRICT;
  INSERT INTO deployment VALUES (1, 0);
`

export const FOUR_EYES = `
  ALTER TABLE deployment ADD COLUMN second_person_for_settings INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE deployment ADD COLUMN one_person TEXT;
`

/** JSON: the mapping of OIDC_ROLES that counts, and the one that was seen last; null: none was seen so far. */
export const OIDC_ROLES_SEEN = `
  ALTER TABLE deployment ADD COLUMN oidc_roles TEXT;
  ALTER TABLE deployment ADD COLUMN oidc_roles_seen TEXT;
`

/** JSON: who stopped all writes, when and why; null: nobody did, or version 0.1.0 did not keep it. */
export const DEPLOYMENT_STOP = 'ALTER TABLE deployment ADD COLUMN stop TEXT;'

/** Who threw a kill switch. */
export type Stop = {
  by: string
  /** Milliseconds since the epoch. */
  at: number
  /** As that person said; null: nothing. */
  reason: string | null
}

export type Deployment = {
  /** The kill switch of every account. */
  writes_stopped: boolean
  /** Null: writes may leave, or nobody knows who stopped them. */
  stop: Stop | null
  /** Whether loosening a setting needs a second person. */
  second_person_for_settings: boolean
  /** Id of the only person, who decides on what systems drafted; null: there are several. */
  one_person: string | null
}

export const selectDeployment = (sql: SqlStorage): Deployment => {
  type Row = Pick<Deployment, 'one_person'> & Record<'writes_stopped' | 'second_person_for_settings', number>
  const row = sql
    .exec<Row & { stop: string | null }>(
      'SELECT writes_stopped, stop, second_person_for_settings, one_person FROM deployment',
    )
    .one()
  return {
    ...row,
    writes_stopped: row.writes_stopped === 1,
    stop: row.stop === null ? null : JSON.parse(row.stop),
    second_person_for_settings: row.second_person_for_settings === 1,
  }
}

/** One-person mode sleeps while anybody else is enabled. */
export const onePersonActs = (sql: SqlStorage, { one_person }: Deployment): boolean =>
  one_person !== null && onlyPerson(sql) === one_person

/** Absent keys stay as they are. */
export const changeDeployment = (sql: SqlStorage, change: Partial<Deployment>): Deployment => {
  const before = selectDeployment(sql)
  const after = { ...before, ...change, ...(change.stop && { stop: before.stop ?? change.stop }) }
  sql.exec(
    'UPDATE deployment SET writes_stopped = ?, stop = ?, second_person_for_settings = ?, one_person = ?',
    ...[Number(after.writes_stopped), after.stop && JSON.stringify(after.stop)],
    ...[Number(after.second_person_for_settings), after.one_person],
  )
  return after
}

/** `counts`, `seen` undefined: OIDC_ROLES was never looked at. */
export type SeenMappings = { counts: RoleMapping | null | undefined; seen: RoleMapping | null | undefined }

export const selectMappings = (sql: SqlStorage): SeenMappings => {
  type Row = { oidc_roles: string | null; oidc_roles_seen: string | null }
  const row = sql.exec<Row>('SELECT oidc_roles, oidc_roles_seen FROM deployment').one()
  const read = (text: string | null) => (text === null ? undefined : (JSON.parse(text) as RoleMapping | null))
  return { counts: read(row.oidc_roles), seen: read(row.oidc_roles_seen) }
}

export const writeMappings = (
  sql: SqlStorage,
  { counts, seen }: Record<keyof SeenMappings, RoleMapping | null>,
): void => {
  sql.exec(
    'UPDATE deployment SET oidc_roles = ?, oidc_roles_seen = ?',
    ...[JSON.stringify(counts), JSON.stringify(seen)],
  )
}
