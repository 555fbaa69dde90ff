/**
 * Since when somebody holds a role without a gap: a row for each grant in the directory, brought up to date with every change
 * of a person or an API token. Times are milliseconds since the epoch.
 */
import { accountOf, type Grant, holds, type Role, roleOf } from '../../../rules/who/roles.ts'
import { allRows } from '../rows.ts'

export const ROLE_HELD = `
  CREATE TABLE role_held (
    person_id TEXT NOT NULL,
    grant TEXT NOT NULL,
    since INTEGER NOT NULL,
    ends_at INTEGER,
    PRIMARY KEY (person_id, grant)
  ) STRICT, WITHOUT ROWID;
`

/** Since when the identity provider's claims gave a grant at every sign-in; null: they do not give it. */
export const ROLE_MAPPED = `
  ALTER TABLE role_held ADD COLUMN mapped_since INTEGER;
  UPDATE role_held SET mapped_since = since WHERE EXISTS (
    SELECT 1 FROM person JOIN json_each(person.mapped_grants) AS mapped
      WHERE person.id = person_id AND mapped.value = grant AND person.mapped_until IS role_held.ends_at
  );
`

/**
 * From where somebody has a grant: an API token, or the sign-in at the identity provider. `ends_at` null: until it is taken.
 * `renews`: that it ends by its time is no gap, since each sign-in asks the provider for it anew.
 */
export type Source = { grant: Grant; ends_at: number | null; renews?: true }

type Row = { grant: Grant; since: number; ends_at: number | null; mapped_since?: number | null }

const rowsOf = (sql: SqlStorage, personId: string): Row[] =>
  allRows<Row>(sql, 'SELECT * FROM role_held WHERE person_id = ?', personId)

const lives = ({ ends_at }: Pick<Row, 'ends_at'>, now: number): boolean => ends_at === null || ends_at > now

/** Whether one grant gives all that another does. */
const covers = (wide: Grant, narrow: Grant): boolean => holds([wide], roleOf(narrow), accountOf(narrow))

/** The latest end of a grant among its sources. */
const endOf = (sources: readonly Source[]): number | null => {
  const ends = sources.map(({ ends_at }) => ends_at)
  return ends.includes(null) ? null : Math.max(...(ends as number[]))
}

/**
 * Stores the grants that somebody has now: a new one begins now, and one that was lost begins again when it comes back. An
 * API token that expired is a loss, whatever the provider gives later.
 * @param sources all that are valid; empty for somebody who is disabled
 */
export const noteRoles = (
  sql: SqlStorage,
  personId: string,
  sources: readonly Source[],
  now: number,
): void => {
  const before = rowsOf(sql, personId)
  sql.exec('DELETE FROM role_held WHERE person_id = ?', personId)
  for (const [grant, own] of Map.groupBy(sources, (source) => source.grant)) {
    const wider = before.filter((row) => covers(row.grant, grant))
    const mapped = wider.flatMap(({ mapped_since }) => mapped_since ?? [])
    const held = wider.filter((row) => lives(row, now)).map(({ since }) => since)
    const renews = own.filter((source) => source.renews)
    const renewed = renews.some((source) => lives(source, now))
    const since = Math.min(now, ...held, ...(renewed ? mapped : []))
    sql.exec(
      'INSERT INTO role_held (person_id, grant, since, ends_at) VALUES (?, ?, ?, ?)',
      ...[personId, grant, since, endOf(own)],
    )
    // The step that gave tokens their holders came before this column: it knows keys alone.
    if (renews.length > 0) noteMapped(sql, personId, grant, renewed ? [since] : mapped)
  }
}

const noteMapped = (sql: SqlStorage, personId: string, grant: Grant, since: readonly number[]): void => {
  const first = since.length > 0 ? Math.min(...since) : null
  sql.exec(
    'UPDATE role_held SET mapped_since = ? WHERE person_id = ? AND grant = ?',
    ...[first, personId, grant],
  )
}

/** Since when somebody has a role for an account without a gap; null: they do not have it. */
export const heldSince = (
  sql: SqlStorage,
  personId: string,
  role: Role,
  accountId: string | null,
  now: number,
): number | null => {
  const since = rowsOf(sql, personId)
    .filter((row) => lives(row, now) && holds([row.grant], role, accountId))
    .map((row) => row.since)
  return since.length === 0 ? null : Math.min(...since)
}
