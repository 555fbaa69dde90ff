/** Queries that several tables ask alike. */

type Fields = Record<string, SqlStorageValue>
/** What a query binds, in order. */
type Bound = (SqlStorageValue | Uint8Array)[]

/** True while a row that has this column has not expired. Binds the present moment. */
export const LIVES = '(expires_at IS NULL OR expires_at > ?)'

/** Every row of an answer. */
export const allRows = <Row extends Fields>(sql: SqlStorage, query: string, ...bound: Bound): Row[] =>
  sql.exec<Row>(query, ...bound).toArray()

/** The one column of an answer, row by row. */
export const columnOf = <Value extends SqlStorageValue>(
  sql: SqlStorage,
  query: string,
  ...bound: Bound
): Value[] => [...sql.exec(query, ...bound).raw<[Value]>()].map(([value]) => value)

/** The first row of an answer; undefined where it has none. */
export const firstRow = <Row extends Fields>(
  sql: SqlStorage,
  query: string,
  ...bound: Bound
): Row | undefined => allRows<Row>(sql, query, ...bound)[0]

/** Whether an answer has a row. Of a change: whether it changed one, as `RETURNING` answers. */
export const hasRow = (sql: SqlStorage, query: string, ...bound: Bound): boolean =>
  firstRow(sql, query, ...bound) !== undefined

type Storable = SqlStorageValue | Uint8Array | boolean | object

const stored = (value: Storable): SqlStorageValue | Uint8Array => {
  if (typeof value === 'boolean') return Number(value)
  const isPlain = typeof value !== 'object' || value === null
  return isPlain || value instanceof Uint8Array || value instanceof ArrayBuffer
    ? value
    : JSON.stringify(value)
}

/**
 * Adds a row. Objects and arrays are stored as JSON, yes and no as 1 and 0.
 * @param row values by column, whose names are ours and come from no request; columns that it does not name get their defaults
 * @throws when a constraint is broken
 */
export const insertRow = (sql: SqlStorage, table: string, row: Readonly<Record<string, Storable>>): void => {
  const columns = Object.keys(row)
  const places = columns.map(() => '?').join(', ')
  sql.exec(
    `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${places})`,
    ...Object.values(row).map(stored),
  )
}

/** Whether an object has a table of this name. */
export const hasTable = (sql: SqlStorage, name: string): boolean =>
  hasRow(sql, "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", name)

/** @param from table, and its WHERE clause where not every row counts */
export const countRows = (sql: SqlStorage, from: string, ...bound: Bound): number =>
  sql.exec<{ count: number }>(`SELECT count(*) AS count FROM ${from}`, ...bound).one().count

/** The first of several moments; null: never. @param sources queries that answer one moment each, named `at` */
export const earliestOf = (sql: SqlStorage, ...sources: string[]): number | null =>
  sql.exec<{ at: number | null }>(`SELECT min(at) AS at FROM (${sources.join(' UNION ALL ')})`).one().at

/** Where a page begins and how long it is. `before`: number (`seq`) of the last row seen. */
export type PageRequest = { limit: number; before: number }

/**
 * A page of rows that are numbered by `seq`, newest first.
 * @param from table with a WHERE clause, which may bind values
 * @returns `next`: where the next page begins; null: nowhere
 */
export const selectPage = <Row extends object>(
  sql: SqlStorage,
  columns: string,
  from: string,
  bound: Bound,
  { limit, before }: PageRequest,
): { rows: Row[]; next: number | null } => {
  const rows = sql
    .exec<{ seq: number }>(
      `SELECT seq, ${columns} FROM ${from} AND seq < ? ORDER BY seq DESC LIMIT ?`,
      ...[...bound, before, limit + 1],
    )
    .toArray()
  const page = rows.slice(0, limit)
  return {
    rows: page.map(({ seq: _seq, ...row }) => row as Row),
    next: rows.length > limit ? page.at(-1)!.seq : null,
  }
}
