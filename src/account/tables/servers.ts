/** MCP servers of one account: a row each, found by the digest of its token. Times are milliseconds since the epoch. */
import { DAY_MS } from '../../core/time.ts'
import type { Holder } from '../../rules/admission.ts'
import {
  type ConfigChange,
  type Limits,
  mergeConfig,
  type ServerConfig,
} from '../../rules/server-settings.ts'
import { differences } from '../../rules/who/loosens.ts'
import { keepEndedTokens } from './ended-tokens.ts'
import { noteHands } from './principals/server-hands.ts'
import {
  allRows,
  countRows,
  earliestOf,
  firstRow,
  hasRow,
  insertRow,
  LIVES,
  type PageRequest,
  selectPage,
} from './rows.ts'

export const SERVER = `
  CREATE TABLE server (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    digest BLOB NOT NULL UNIQUE,
    name TEXT NOT NULL,
    config TEXT NOT NULL,
    expires_at INTEGER,
    created_by TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX server_by_expiry ON server (expires_at) WHERE expires_at IS NOT NULL;
`

/** The token before the last rotation, while it works beside the new one. */
export const RETIRED_TOKEN = `
  CREATE TABLE retired_token (
    digest BLOB PRIMARY KEY,
    server_id TEXT NOT NULL REFERENCES server (id) ON DELETE CASCADE,
    ends_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX retired_token_by_server ON retired_token (server_id);
`

export const SERVER_WARNED = `
  ALTER TABLE server ADD COLUMN warned INTEGER NOT NULL DEFAULT 0;
`

/** Who works through a server; and which state of its settings a call was judged by. */
export const SERVER_HOLDER = `
  ALTER TABLE server ADD COLUMN holder TEXT;
  ALTER TABLE server ADD COLUMN holder_kind TEXT CHECK (holder_kind IN ('person', 'system'));
  ALTER TABLE server ADD COLUMN holder_name TEXT;
  ALTER TABLE server ADD COLUMN revision INTEGER NOT NULL DEFAULT 1;
`

/** Id of the change of settings that another person has to agree to before the server's URL lets anybody in. */
export const SERVER_ASLEEP = 'ALTER TABLE server ADD COLUMN asleep TEXT;'

/** The person or system that works through a server. */
export type ServerHolder = Holder & { name: string }

/** Plain data without secrets. */
export type Server = {
  id: string
  name: string
  config: ServerConfig
  expires_at: number | null
  /** Null: nobody is named. */
  holder: ServerHolder | null
  /** Id of a person or system, as the two after it. */
  created_by: string
  rotated_by: string[]
  /** Who changed it last; null: nobody did. */
  changed_by: string | null
  created_at: number
  updated_at: number
  /** Counts changes of what a call is judged by. */
  revision: number
  /** Id of the change of settings that has to be agreed to before its newest URL lets anybody in; null: it is awake. */
  asleep: string | null
}

export type NewServer = Pick<Server, 'id' | 'name' | 'config' | 'expires_at' | 'holder' | 'created_by'> & {
  digest: Uint8Array
  asleep?: string | null
  /** Who issued the API token that created it, and so on; absent: nobody but `root`. */
  issuers?: readonly string[]
}

/** Absent keys stay as they are; `config` is merged key by key, and null removes a key. */
export type ServerChange = Partial<Pick<Server, 'name' | 'expires_at' | 'holder'>> & { config?: ConfigChange }

type Row = Omit<Server, 'config' | 'rotated_by' | 'holder'> & {
  config: string
  rotated_by: string
  holder: string | null
  holder_kind: Holder['kind'] | null
  holder_name: string | null
}

const COLUMNS = `id, name, config, expires_at, holder, holder_kind, holder_name, created_by, created_at, updated_at, revision, asleep,
   (SELECT json_group_array(DISTINCT person_id) FROM server_hand WHERE server_id = server.id AND act = 'rotated') AS rotated_by,
   (SELECT person_id FROM server_hand WHERE server_id = server.id AND act = 'changed' ORDER BY at DESC LIMIT 1) AS changed_by`

const serverOf = ({ holder, holder_kind, holder_name, ...row }: Row): Server => ({
  ...row,
  config: JSON.parse(row.config),
  rotated_by: JSON.parse(row.rotated_by),
  holder: holder === null ? null : { id: holder, kind: holder_kind!, name: holder_name! },
})

const heldBy = (holder: ServerHolder | null) => ({
  holder: holder?.id ?? null,
  holder_kind: holder?.kind ?? null,
  holder_name: holder?.name ?? null,
})

/** @throws when id or digest is taken */
export const insertServer = (sql: SqlStorage, server: NewServer, now: number): Server => {
  const { holder, issuers = [], asleep = null, ...own } = server
  const { id, created_by } = server
  const times = { created_at: now, updated_at: now }
  insertRow(sql, 'server', { ...own, ...heldBy(holder), ...times, asleep })
  noteHands(sql, id, 'created', [created_by, ...issuers], now)
  if (holder) noteHands(sql, id, 'held', [holder.id], now)
  return selectServer(sql, id, Number.NEGATIVE_INFINITY)!
}

/** Counts expired servers too, until they are deleted. */
export const countServers = (sql: SqlStorage): number => countRows(sql, 'server')

/** Expired servers are gone, whether or not the alarm has erased them yet. */
export const selectServer = (sql: SqlStorage, id: string, now: number): Server | null => {
  const row = firstRow<Row>(sql, `SELECT ${COLUMNS} FROM server WHERE id = ? AND ${LIVES}`, id, now)
  return row ? serverOf(row) : null
}

/** Id of who works through a server, without the rest of it; null: nobody is named, or there is no such server. */
export const holderIdOf = (sql: SqlStorage, id: string): string | null =>
  firstRow<{ holder: string | null }>(sql, 'SELECT holder FROM server WHERE id = ?', id)?.holder ?? null

/** Of the account and of one of its servers: whom the directory is asked about before a write. */
export const accountAndHolder = (sql: SqlStorage, id: string): { accountId: string; holder: string | null } =>
  sql
    .exec<{ accountId: string; holder: string | null }>(
      'SELECT account.id AS accountId, (SELECT holder FROM server WHERE id = ?) AS holder FROM account',
      id,
    )
    .one()

/** Settings of the servers of the account that have a rule about payees. */
export const payeeRulesOf = (sql: SqlStorage): ServerConfig[] =>
  allRows<{ config: string }>(
    sql,
    "SELECT config FROM server WHERE config ->> '$.first_payment' IS NOT NULL OR config -> '$.changed_supplier' IS NOT NULL",
  ).map(({ config }) => JSON.parse(config))

export type Ending = Pick<Server, 'id' | 'name'> & { expires_at: number }

const MOST_ENDING = 20

/** Servers that end before a moment, the first ones. */
export const endingServers = (sql: SqlStorage, now: number, until: number): Ending[] =>
  allRows<Ending>(
    sql,
    `SELECT id, name, expires_at FROM server WHERE expires_at > ? AND expires_at <= ?
       ORDER BY expires_at LIMIT ${MOST_ENDING}`,
    ...[now, until],
  )

const MOST_LIMITED = 100

/** The newest servers that have limits of their own. */
export const limitedServers = (
  sql: SqlStorage,
  now: number,
): (Pick<Server, 'id' | 'name'> & { limits: Limits })[] =>
  allRows<Pick<Server, 'id' | 'name'> & { limits: string }>(
    sql,
    `SELECT id, name, config -> '$.limits' AS limits FROM server
       WHERE json_type(config, '$.limits') = 'object' AND ${LIVES} ORDER BY seq DESC LIMIT ${MOST_LIMITED}`,
    now,
  ).map(({ limits, ...server }) => ({ ...server, limits: JSON.parse(limits) }))

/** Newest first. */
export const selectServers = (
  sql: SqlStorage,
  page: PageRequest,
  now: number,
): { servers: Server[]; next: number | null } => {
  const { rows, next } = selectPage<Row>(sql, COLUMNS, `server WHERE ${LIVES}`, [now], page)
  return { servers: rows.map(serverOf), next }
}

/** @param by ids of who changes it; a change that changes nothing is nobody's, and a name hides nobody who changed more before */
export const changeServer = (
  sql: SqlStorage,
  id: string,
  change: ServerChange,
  by: readonly string[],
  now: number,
): Server | null => {
  const before = selectServer(sql, id, now)
  if (!before) return null
  const { name, expires_at, holder } = { ...before, ...change }
  const config = mergeConfig(before.config, change.config)
  const isHeldByAnother = holder?.id !== before.holder?.id
  const keys = differences(
    { ...before.config, expires_at: before.expires_at, holder: before.holder?.id },
    { ...config, expires_at, holder: holder?.id },
  ).map(({ key }) => key)
  if (keys.length === 0 && name === before.name) return before
  sql.exec(
    `UPDATE server SET name = ?, config = ?, expires_at = ?, holder = ?, holder_kind = ?, holder_name = ?,
       updated_at = ?, revision = revision + ?, warned = CASE WHEN expires_at IS ? THEN warned ELSE 0 END WHERE id = ?`,
    ...[name, JSON.stringify(config), expires_at],
    ...Object.values(heldBy(holder)),
    ...[now, Number(keys.length > 0), expires_at, id],
  )
  noteHands(sql, id, 'changed', by, now, keys)
  if (holder && isHeldByAnother) noteHands(sql, id, 'held', [holder.id], now)
  return selectServer(sql, id, Number.NEGATIVE_INFINITY)
}

/** @param overlapEnds until when the token so far works beside the new one; null: not at all @param by ids of who rotates it */
export const rotateServer = (
  sql: SqlStorage,
  id: string,
  digest: Uint8Array,
  overlapEnds: number | null,
  by: readonly string[],
  now: number,
  asleep: string | null = null,
): Server | null => {
  const before = selectServer(sql, id, now)
  if (!before) return null
  sql.exec('DELETE FROM retired_token WHERE server_id = ?', id)
  // A URL that never let anybody in has no time to go on.
  if (overlapEnds !== null && before.asleep === null)
    sql.exec('INSERT INTO retired_token SELECT digest, id, ? FROM server WHERE id = ?', overlapEnds, id)
  keepEndedTokens(sql, 'id = ?', id)
  sql.exec('UPDATE server SET digest = ?, updated_at = ?, asleep = ? WHERE id = ?', digest, now, asleep, id)
  noteHands(sql, id, 'rotated', by, now)
  return selectServer(sql, id, Number.NEGATIVE_INFINITY)
}

/** Lets the newest URL of a server in from now on. False unless it sleeps for this change of settings. */
export const wakeServer = (sql: SqlStorage, id: string, draftId: string): boolean =>
  hasRow(sql, 'UPDATE server SET asleep = NULL WHERE id = ? AND asleep = ? RETURNING id', id, draftId)

/** Whether a URL's token, or the one before it while both work, still leads to this server. */
export const isTokenOf = (sql: SqlStorage, id: string, digest: Uint8Array, now: number): boolean =>
  hasRow(
    sql,
    `SELECT 1 FROM server WHERE id = ? AND digest = ? AND asleep IS NULL
       UNION ALL SELECT 1 FROM retired_token WHERE server_id = ? AND digest = ? AND ends_at > ?`,
    ...[id, digest, id, digest, now],
  )

/** Returns false when there is no such server. */
export const removeServer = (sql: SqlStorage, id: string): string | null => {
  keepEndedTokens(sql, 'id = ?', id)
  return firstRow<{ name: string }>(sql, 'DELETE FROM server WHERE id = ? RETURNING name', id)?.name ?? null
}

/** Foreign keys take the retired tokens of a server along. */
export const removeExpired = (sql: SqlStorage, now: number): void => {
  sql.exec('DELETE FROM retired_token WHERE ends_at <= ?', now)
  keepEndedTokens(sql, 'expires_at <= ?', now)
  sql.exec('DELETE FROM server WHERE expires_at <= ?', now)
}

/** When `removeExpired` has something to do next; null for never. */
export const nextExpiry = (sql: SqlStorage): number | null =>
  earliestOf(sql, 'SELECT min(expires_at) AS at FROM server', 'SELECT min(ends_at) AS at FROM retired_token')

/** Servers whose operator was not warned yet; those made for less than a day need no warning. */
const UNWARNED = `warned = 0 AND expires_at IS NOT NULL AND expires_at - created_at > ${DAY_MS}`

/** Servers that end within a day, each once: they count as warned from now on. */
export const takeExpiring = (sql: SqlStorage, now: number) =>
  allRows<{ id: string; name: string; expires_at: number }>(
    sql,
    `UPDATE server SET warned = 1 WHERE ${UNWARNED} AND expires_at <= ? AND expires_at > ? RETURNING id, name, expires_at`,
    ...[now + DAY_MS, now],
  )

/** When `takeExpiring` has something to answer; null for never. */
export const nextWarning = (sql: SqlStorage): number | null =>
  earliestOf(sql, `SELECT min(expires_at) - ${DAY_MS} AS at FROM server WHERE ${UNWARNED}`)
