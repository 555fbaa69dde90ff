/** The audit trail of one account (or of the deployment): rows in the order in which they came. Times are milliseconds since the epoch. */
import { DAY_MS } from '../../core/time.ts'
import { GENESIS, hashOf, type Link } from '../audit/chain.ts'
import type { AuditEntry, AuditRow } from '../audit/entry.ts'
import type { TrailEntry } from '../audit/own-entries.ts'
import { storedText } from '../audit/stored.ts'
import { allRows, firstRow, hasRow } from './rows.ts'

/** Days for which rows are kept unless an account says otherwise: a year and a month, so that a yearly audit finds it whole. */
const DEFAULT_AUDIT_DAYS = 400

const MB = 1_000_000

const COLUMNS = 'seq, at, entry, hash'

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

/** Most of what one object stores, in megabytes, before the oldest rows go: well below the 10 GB at which the platform refuses writes. */
const DEFAULT_AUDIT_MB = 6_000

const hasColumn = (sql: SqlStorage, name: string): boolean =>
  hasRow(sql, "SELECT 1 FROM pragma_table_info('audit_state') WHERE name = ?", name)

/**
 * Brings a trail of an earlier version into the present form, be its account there or gone: rows that were left without a hash get
 * one, a row costs one index instead of three, rare rows one of their own, and there is a bound by size. May be repeated.
 */
export const settleAudit = (sql: SqlStorage): void => {
  if (hasColumn(sql, 'max_mb')) return
  for (const row of allRows<AuditRow>(sql, `SELECT ${COLUMNS} FROM audit WHERE hash IS NULL ORDER BY seq`)) {
    const before = firstRow<Link>(
      sql,
      'SELECT seq, hash FROM audit WHERE seq < ? ORDER BY seq DESC LIMIT 1',
      row.seq,
    )
    const hash = hashOf((before ?? checkpointOf(sql)).hash, row)
    sql.exec('UPDATE audit SET hash = ? WHERE seq = ?', hash, row.seq)
  }
  sql.exec(`
    DROP INDEX IF EXISTS audit_unsealed;
    DROP INDEX IF EXISTS audit_calls_by_server;
    CREATE INDEX audit_by_type ON audit (type, at) WHERE type <> 'mcp';
    ALTER TABLE audit_state ADD COLUMN max_mb INTEGER NOT NULL DEFAULT ${DEFAULT_AUDIT_MB};
    ALTER TABLE audit_state ADD COLUMN told TEXT;
    ALTER TABLE audit_state ADD COLUMN verification TEXT;
    ALTER TABLE audit_state ADD COLUMN counted_seq INTEGER NOT NULL DEFAULT 0;
  `)
}

/** Where the chain begins: the last row that retention took away. */
export type Checkpoint = Link & { removed: number }

/** Where the chain begins; number 0 and the hash that the first row follows while nothing was removed. */
export const checkpointOf = (sql: SqlStorage): Checkpoint =>
  sql
    .exec<Checkpoint>('SELECT checkpoint_seq AS seq, checkpoint_hash AS hash, removed FROM audit_state')
    .one()

/** For how long rows are kept. */
export const keptMs = (sql: SqlStorage): number =>
  sql.exec<{ kept_days: number }>('SELECT kept_days FROM audit_state').one().kept_days * DAY_MS

/** Size in bytes of all that the object stores, and past which the oldest rows go. */
export type AuditSize = { bytes: number; bound: number }

export const auditSize = (sql: SqlStorage): AuditSize => ({
  bytes: sql.databaseSize,
  bound: sql.exec<{ max_mb: number }>('SELECT max_mb FROM audit_state').one().max_mb * MB,
})

/** @param days for which rows are kept from now on @param megabytes the bound by size; undefined: as it is */
export const keepAudit = (sql: SqlStorage, days: number | undefined, megabytes: number | undefined): void => {
  sql.exec(
    'UPDATE audit_state SET kept_days = coalesce(?, kept_days), max_mb = coalesce(?, max_mb)',
    ...[days ?? null, megabytes ?? null],
  )
}

/** Number of the newest row ever written, be it still there or not. */
export const lastNumber = (sql: SqlStorage): number =>
  firstRow<{ seq: number }>(sql, "SELECT seq FROM sqlite_sequence WHERE name = 'audit'")?.seq ?? 0

/** Number and hash that the next row follows. */
const endOf = (sql: SqlStorage): Link => {
  const { seq, hash } = sql
    .exec<{ seq: number | null; hash: string | null }>(
      `SELECT (SELECT seq FROM sqlite_sequence WHERE name = 'audit') AS seq,
         (SELECT hash FROM audit ORDER BY seq DESC LIMIT 1) AS hash`,
    )
    .one()
  return { seq: seq ?? 0, hash: hash ?? checkpointOf(sql).hash }
}

/** Number and hash of the newest row that is there; null: none is. */
export const headOf = (sql: SqlStorage): Link | null =>
  firstRow<Link>(sql, 'SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1') ?? null

/** Whether the trail holds a row of this number and hash, or ends there. */
export const holdsLink = (sql: SqlStorage, { seq, hash }: Link): boolean =>
  hasRow(
    sql,
    `SELECT 1 FROM audit WHERE seq = ? AND hash = ?
     UNION ALL SELECT 1 FROM audit_state WHERE checkpoint_seq = ? AND checkpoint_hash = ?`,
    ...[seq, hash, seq, hash],
  )

/** An entry, and when it came. */
export type Timed = { entry: AuditEntry; at: number }

/**
 * Adds rows with their hashes. Synchronous, so that they commit in one transaction with what they record; numbers are not used
 * again, also where somebody cut the last rows off. @returns bytes of the stored text of each
 */
export const appendAll = (sql: SqlStorage, entries: readonly Timed[]): number[] => {
  let { seq, hash } = endOf(sql)
  return entries.map(({ entry, at }) => {
    const row = { seq: ++seq, at, entry: storedText(entry) }
    hash = hashOf(hash, row)
    sql.exec(
      'INSERT INTO audit (seq, at, type, entry, hash) VALUES (?, ?, ?, ?, ?)',
      ...[seq, at, entry.type, row.entry, hash],
    )
    return row.entry.length
  })
}

/** Adds one row. */
export const appendAudit = (sql: SqlStorage, entry: AuditEntry, now: number): void => {
  appendAll(sql, [{ entry, at: now }])
}

/** Rows after a number, in order. */
export const rowsAfter = (sql: SqlStorage, seq: number, most: number): AuditRow[] =>
  allRows<AuditRow>(sql, `SELECT ${COLUMNS} FROM audit WHERE seq > ? ORDER BY seq LIMIT ?`, seq, most)

/** A place among the rows by time. */
export type Place = { at: number; seq: number }
export type TypedRow = AuditRow & { type: string }

/**
 * Rows before a place, newest first, whatever they say.
 * @param after excluded, in milliseconds
 * @param type only rows of it; null: of every type, since most rows are calls and need no index of their own
 */
export const rowsBefore = (
  sql: SqlStorage,
  { at, seq }: Place,
  { after, type, most }: { after: number; type: string | null; most: number },
): TypedRow[] =>
  allRows<TypedRow>(
    sql,
    `SELECT ${COLUMNS}, type FROM audit INDEXED BY ${type === null ? 'audit_by_time' : 'audit_by_type'}
       WHERE ${type === null ? '' : "type <> 'mcp' AND type = ? AND"} (at, seq) < (?, ?) AND at > ?
       ORDER BY at DESC, seq DESC LIMIT ?`,
    ...[...(type === null ? [] : [type]), at, seq, after, most],
  )

/** Rows that the trail holds, and the moment of the oldest; null: it holds none. */
export const auditExtent = (sql: SqlStorage): { rows: number; oldest_at: number | null } => {
  const first = oldest(sql)
  return { rows: first ? lastNumber(sql) - first.seq + 1 : 0, oldest_at: first?.at ?? null }
}

/** Rows that go in one transaction: a few milliseconds. */
const AT_ONCE = 1_000
/** Rows that stay whatever the size, should something else fill the object. */
const LEAST_ROWS = 10_000

/** Whether the oldest row has outlived the retention. */
const isExpired = (sql: SqlStorage, now: number): boolean =>
  (oldest(sql)?.at ?? Number.POSITIVE_INFINITY) <= now - keptMs(sql)

const oldest = (sql: SqlStorage): Place | undefined =>
  firstRow<Place>(sql, 'SELECT seq, at FROM audit ORDER BY seq LIMIT 1')

const isTooLarge = (sql: SqlStorage): boolean => {
  const { bytes, bound } = auditSize(sql)
  return bytes > bound && lastNumber(sql) - (oldest(sql)?.seq ?? Number.POSITIVE_INFINITY) >= LEAST_ROWS
}

/** Whether rows are to go. */
export const hasToTidy = (sql: SqlStorage, now: number): boolean => isExpired(sql, now) || isTooLarge(sql)

/** Part of the bound at which people are told that the trail fills it, and below which that is forgotten. */
const [TELLING, FORGETTING] = [0.7, 0.6]

/** How far the trail is from its bound. `cutting`: the oldest rows go. */
export type Fullness = 'ok' | 'filling' | 'cutting'

export const fullnessOf = ({ bytes, bound }: AuditSize): Fullness => {
  if (bytes > bound) return 'cutting'
  return bytes > bound * TELLING ? 'filling' : 'ok'
}

const EVENTS = { filling: 'filling', cutting: 'cut_by_size' } as const

/** Adds a row when the trail begins to fill its bound, and each day on which rows go for that. @returns it; null: nothing new */
export const tellSize = (sql: SqlStorage, now: number): TrailEntry | null => {
  const size = auditSize(sql)
  const fullness = fullnessOf(size)
  const { told } = sql.exec<{ told: string | null }>('SELECT told FROM audit_state').one()
  if (fullness === 'ok') {
    if (told !== null && size.bytes < size.bound * FORGETTING) sql.exec('UPDATE audit_state SET told = NULL')
    return null
  }
  const news = fullness === 'filling' ? 'filling' : `cutting ${Math.floor(now / DAY_MS)}`
  // Rows go down to the bound, not below what was told of.
  if (news === told || (news === 'filling' && told !== null)) return null
  const entry = {
    type: 'trail',
    event: EVENTS[fullness],
    bytes: size.bytes,
    bound_bytes: size.bound,
  } as const
  appendAudit(sql, entry, now)
  sql.exec('UPDATE audit_state SET told = ?', news)
  return entry
}

/**
 * Keeps what rows say of settings before they are removed. `upTo`: number of the last of them; `outlived`: moment up to which rows
 * will go, in slices, null for want of room. Answers the number of the last row that may be removed.
 */
export type KeepSettings = (
  sql: SqlStorage,
  going: { upTo: number; outlived: number | null; now: number },
) => number

/** `moved`: the checkpoint did. `more`: there is something left to do at once. */
export type Tidied = { moved: boolean; more: boolean }

/**
 * Deletes at most a thousand of the oldest rows: those that outlived the retention, or whatever is oldest where the object is too
 * large. The checkpoint moves with them, so that the chain holds at every moment. Only what comes before any row that stays goes:
 * a clock that was wrong for a while costs no row.
 * @param keep called before, so that what rows say of settings stays
 */
export const tidyAudit = (
  sql: SqlStorage,
  now: number,
  keep: KeepSettings = (_, { upTo }) => upTo,
): Tidied => {
  const outlived = isTooLarge(sql) ? null : now - keptMs(sql)
  const until = outlived ?? Number.MAX_SAFE_INTEGER
  const first = allRows<AuditRow>(sql, 'SELECT seq, at, hash FROM audit ORDER BY seq LIMIT ?', AT_ONCE)
  const stays = first.findIndex(({ at }) => at > until)
  const old = stays === -1 ? first : first.slice(0, stays)
  const upTo = old.length === 0 ? 0 : keep(sql, { upTo: old.at(-1)!.seq, outlived, now })
  const going = old.filter(({ seq }) => seq <= upTo)
  const last = going.at(-1)
  if (!last) return { moved: false, more: false }
  sql.exec('DELETE FROM audit WHERE seq <= ?', last.seq)
  sql.exec(
    'UPDATE audit_state SET checkpoint_seq = ?, checkpoint_hash = ?, removed = removed + ?',
    ...[last.seq, last.hash, going.length],
  )
  return { moved: true, more: hasToTidy(sql, now) }
}

/** When `tidyAudit` has something to do next; null for never. At most once a day, so that a busy trail is not tidied row by row. */
export const nextAuditTidying = (sql: SqlStorage, now: number): number | null => {
  const first = oldest(sql)
  if (!first) return null
  return isTooLarge(sql) ? now : Math.max(first.at + keptMs(sql) + 1, now + DAY_MS)
}

/** Whether an object holds a trail, be its account there or gone. */
export const hasAudit = (sql: SqlStorage): boolean =>
  hasRow(sql, "SELECT 1 FROM sqlite_master WHERE name = 'audit_state'")
