/**
 * Since when somebody holds a role without a gap: a row for each grant in the directory, brought up to date with every change
 * of a person or an API token. Times are milliseconds since the epoch.
 */
import { accountOf, type Grant, holds, type Role, roleOf } from '../../rules/roles.ts'

export const ROLE_HELD = `
  CREATE TABLE role_held (
    person_id TEXT NOT NULL,
    grant TEXT NOT NULL,
    since INTEGER NOT NULL,
    ends_at INTEGER,
    PRIMARY KEY (person_id, grant)
  ) STRICT, WITHOUT ROWID;
`

/** From where somebody has a grant: an API token, or the sign-in at the identity provider. `ends_at` null: until it is taken. */
export type Source = { grant: Grant; ends_at: number | null }

type Row = { grant: Grant; since: number; ends_at: number | null }

const rowsOf = (sql: SqlStorage, personId: string, now: number): Row[] =>
  sql
    .exec<Row>(
      'SELECT grant, since, ends_at FROM role_held WHERE person_id = ? AND (ends_at IS NULL OR ends_at > ?)',
      ...[personId, now],
    )
    .toArray()

/** Whether one grant gives all that another does. */
const covers = (wide: Grant, narrow: Grant): boolean => holds([wide], roleOf(narrow), accountOf(narrow))

/** The latest end of a grant among its sources. */
const endOf = (sources: readonly Source[], grant: Grant): number | null => {
  const ends = sources.filter((source) => source.grant === grant).map(({ ends_at }) => ends_at)
  return ends.includes(null) ? null : Math.max(...(ends as number[]))
}

/**
 * Stores the grants that somebody has now: a new one begins now, and one that was lost begins again when it comes back.
 * @param sources all that are valid; empty for somebody who is disabled
 */
export const noteRoles = (
  sql: SqlStorage,
  personId: string,
  sources: readonly Source[],
  now: number,
): void => {
  const before = rowsOf(sql, personId, now)
  sql.exec('DELETE FROM role_held WHERE person_id = ?', personId)
  for (const grant of new Set(sources.map((source) => source.grant))) {
    const since = before.filter((row) => covers(row.grant, grant)).map((row) => row.since)
    sql.exec(
      'INSERT INTO role_held VALUES (?, ?, ?, ?)',
      ...[personId, grant, Math.min(now, ...since), endOf(sources, grant)],
    )
  }
}

/** Since when somebody has a role for an account without a gap; null: they do not have it. */
export const heldSince = (
  sql: SqlStorage,
  personId: string,
  role: Role,
  accountId: string,
  now: number,
): number | null => {
  const since = rowsOf(sql, personId, now)
    .filter(({ grant }) => holds([grant], role, accountId))
    .map((row) => row.since)
  return since.length === 0 ? null : Math.min(...since)
}
