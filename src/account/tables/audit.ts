/** The audit trail of one account (or of the deployment): rows in the order in which they came. Times are milliseconds since the epoch. */
import { DAY_MS } from '../../core/time.ts'
import { GENESIS } from '../audit/chain.ts'
import type { AuditEntry, AuditRow } from '../audit/entry.ts'
import { earliestOf, firstRow, hasRow } from './rows.ts'

/** Days for which rows are kept unless an account says otherwise: a year and a month, so that a yearly audit finds it whole. */
const DEFAULT_AUDIT_DAYS = 400

export const AUDIT = `
  CREATE TABLE audit (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    type TEXT NOT NULL,
    entry TEXT NOT NULL,
    hash TEXT
  ) STRICT;
  CREATE INDEX audit_by_time ON audit (at);
  CREATE INDEX audit_unsealed ON audit (seq) WHERE hash IS NULL;
  CREATE TABLE audit_state (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    kept_days INTEGER NOT NULL,
    checkpoint_seq INTEGER NOT NULL,
    checkpoint_hash TEXT NOT NULL,
    removed INTEGER NOT NULL
  ) STRICT;
  INSERT INTO audit_state VALUES (1, ${DEFAULT_AUDIT_DAYS}, 0, '${GENESIS}', 0);
`

/** Finds the calls of one server without reading the whole trail. */
export const CALLS_BY_SERVER = `
  CREATE INDEX audit_calls_by_server ON audit (entry ->> '$.mcp_server_id', at) WHERE type = 'mcp';
`

/** Where the chain begins: the last row that retention took away. */
export type Checkpoint = { seq: number; hash: string; removed: number }

/** Where the chain begins; number 0 and the hash that the first row follows while nothing was removed. */
export const checkpointOf = (sql: SqlStorage): Checkpoint =>
  sql
    .exec<Checkpoint>('SELECT checkpoint_seq AS seq, checkpoint_hash AS hash, removed FROM audit_state')
    .one()

const keptMs = (sql: SqlStorage): number =>
  sql.exec<{ kept_days: number }>('SELECT kept_days FROM audit_state').one().kept_days * DAY_MS

/** @param days for which rows are kept from now on */
export const keepDays = (sql: SqlStorage, days: number): void => {
  sql.exec('UPDATE audit_state SET kept_days = ?', days)
}

/** Adds a row; its hash follows. Synchronous, so that it commits in one transaction with what it records. */
export const appendAudit = (sql: SqlStorage, entry: AuditEntry, now: number): void => {
  sql.exec('INSERT INTO audit (at, type, entry) VALUES (?, ?, ?)', now, entry.type, JSON.stringify(entry))
}

const COLUMNS = 'seq, at, entry, hash'

/** Rows that have no hash yet, and the hash that the first of them follows. */
export const unsealed = (sql: SqlStorage, most: number): { before: string; rows: AuditRow[] } => {
  const rows = sql
    .exec<AuditRow>(`SELECT ${COLUMNS} FROM audit WHERE hash IS NULL ORDER BY seq LIMIT ?`, most)
    .toArray()
  const first = rows[0]?.seq ?? 0
  const query = 'SELECT hash FROM audit WHERE seq < ? ORDER BY seq DESC LIMIT 1'
  const before = firstRow<{ hash: string }>(sql, query, first)
  return { before: before?.hash ?? checkpointOf(sql).hash, rows }
}

/** Stores the hashes of rows that had none. */
export const writeHashes = (sql: SqlStorage, rows: readonly AuditRow[]): void => {
  for (const { seq, hash } of rows) sql.exec('UPDATE audit SET hash = ? WHERE seq = ?', hash, seq)
}

/** Rows with a hash, after a row number, in order. */
export const sealedAfter = (sql: SqlStorage, seq: number, most: number): AuditRow[] =>
  sql
    .exec<AuditRow>(
      `SELECT ${COLUMNS} FROM audit WHERE seq > ? AND hash IS NOT NULL ORDER BY seq LIMIT ?`,
      ...[seq, most],
    )
    .toArray()

/** Number of the newest row ever written, be it still there or not. */
export const lastNumber = (sql: SqlStorage): number =>
  firstRow<{ seq: number }>(sql, "SELECT seq FROM sqlite_sequence WHERE name = 'audit'")?.seq ?? 0

/** Where a page of the newest rows ended. */
export type AuditCursor = { at: number; account: string; seq: number }

export type AuditQuery = {
  /** Own id of this trail, by which rows of one moment are ordered among several trails. */
  account: string
  types: readonly string[]
  /** Bounds in milliseconds, both excluded. */
  after: number
  before: number
  /** Members of the entry and the values they must have. */
  filters: Readonly<Record<string, string>>
  cursor: AuditCursor | null
  limit: number
}

/** Rows of one trail, newest first. Filter names come from a fixed list: they are no text of a caller. */
export const selectAudit = (sql: SqlStorage, query: AuditQuery): AuditRow[] => {
  const { account, types, after, before, filters, cursor, limit } = query
  const places = types.map(() => '?').join(', ')
  const wanted = Object.keys(filters).map((name) => `AND CAST(entry ->> '$.${name}' AS TEXT) = ?`)
  const from = cursor ? 'AND (at < ? OR (at = ? AND (? > ? OR (? = ? AND seq < ?))))' : ''
  const fromValues = cursor
    ? [cursor.at, cursor.at, account, cursor.account, account, cursor.account, cursor.seq]
    : []
  return sql
    .exec<AuditRow>(
      `SELECT ${COLUMNS} FROM audit WHERE type IN (${places}) AND at > ? AND at < ? ${wanted.join(' ')} ${from}
       ORDER BY at DESC, seq DESC LIMIT ?`,
      ...[...types, after, before, ...Object.values(filters), ...fromValues, limit],
    )
    .toArray()
}

/**
 * Deletes rows older than the retention and records where the chain goes on. Rows without a hash stay.
 * @param keep keeps what rows up to a number say of settings, and answers up to which they may be removed
 */
export const tidyAudit = (
  sql: SqlStorage,
  now: number,
  keep: (sql: SqlStorage, upTo: number, now: number) => number,
): void => {
  const old = firstRow<{ seq: number }>(
    sql,
    'SELECT seq FROM audit WHERE at <= ? AND hash IS NOT NULL ORDER BY seq DESC LIMIT 1',
    now - keptMs(sql),
  )
  const upTo = old && keep(sql, old.seq, now)
  const last = firstRow<Checkpoint>(
    sql,
    `SELECT seq, hash, (SELECT count(*) FROM audit AS older WHERE older.seq <= audit.seq) AS removed
     FROM audit WHERE seq <= ? ORDER BY seq DESC LIMIT 1`,
    upTo ?? 0,
  )
  if (!last) return
  sql.exec(
    'UPDATE audit_state SET checkpoint_seq = ?, checkpoint_hash = ?, removed = removed + ?',
    ...[last.seq, last.hash, last.removed],
  )
  sql.exec('DELETE FROM audit WHERE seq <= ?', last.seq)
}

/** When `tidyAudit` has something to do next; null for never. At most once a day, so that a busy trail is not tidied row by row. */
export const nextAuditTidying = (sql: SqlStorage, now: number): number | null => {
  const at = earliestOf(sql, 'SELECT min(at) AS at FROM audit')
  return at === null ? null : Math.max(at + keptMs(sql) + 1, now + DAY_MS)
}

const KEPT_TABLES = ['audit', 'audit_state']
/** Tables of SQLite and of the platform. */
const FOREIGN = /^(sqlite_|_cf_)/

/** Drops every table but those of the trail. After that the object starts as one without an account. */
export const keepTrailAlone = (sql: SqlStorage): void => {
  const tables = sql.exec<{ name: string }>("SELECT name FROM sqlite_master WHERE type = 'table'").toArray()
  sql.exec('PRAGMA defer_foreign_keys = on')
  for (const { name } of tables)
    if (!KEPT_TABLES.includes(name) && !FOREIGN.test(name)) sql.exec(`DROP TABLE "${name}"`)
}

/** Whether an object holds a trail, be its account there or gone. */
export const hasAudit = (sql: SqlStorage): boolean =>
  hasRow(sql, "SELECT 1 FROM sqlite_master WHERE name = 'audit_state'")

/** Ends that are no error; what waits for a person is none either. */
const GOOD = "('succeeded', 'partial', 'dry_run', 'replayed', 'pending_approval', 'input_required')"

/** The tool calls of a day in UTC. `day`: days since the epoch. */
export type Calls = { day: number; calls: number; errors: number; throttled: number }

/** Days without a call are left out. @param serverId null: all servers of the account */
export const callsByDay = (sql: SqlStorage, since: number, serverId: string | null): Calls[] =>
  sql
    .exec<Calls>(
      `SELECT at / ${DAY_MS} AS day, count(*) AS calls,
         sum(entry ->> '$.outcome' NOT IN ${GOOD}) AS errors,
         sum(entry ->> '$.outcome' = 'throttled') AS throttled
       FROM audit WHERE type = 'mcp' AND at >= ? ${serverId === null ? '' : "AND entry ->> '$.mcp_server_id' = ?"}
       GROUP BY day`,
      ...(serverId === null ? [since] : [since, serverId]),
    )
    .toArray()

export type ServerUse = { id: string; last_used_at: number | null; calls_24h: number }

const OF_SERVER = "type = 'mcp' AND entry ->> '$.mcp_server_id' = ?"

/** When a server was called last, as far as the trail is kept. */
export const useOf = (sql: SqlStorage, id: string, now: number): ServerUse =>
  sql
    .exec<ServerUse>(
      `SELECT ? AS id, (SELECT max(at) FROM audit WHERE ${OF_SERVER}) AS last_used_at,
         (SELECT count(*) FROM audit WHERE ${OF_SERVER} AND at > ?) AS calls_24h`,
      ...[id, id, id, now - DAY_MS],
    )
    .one()
