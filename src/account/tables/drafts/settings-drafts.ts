/** Changes of settings that wait: a row each in the directory, their bodies sealed. Times are milliseconds since the epoch. */
import type { PrincipalKind } from '../../../rules/who/four-eyes.ts'
import type { Difference } from '../../../rules/who/loosens.ts'
import type { Grant, Role } from '../../../rules/who/roles.ts'
import {
  presentSettings,
  type SettingsState,
  type SettingsTarget,
} from '../../../rules/who/settings-drafts.ts'
import type { Sealed } from '../../vault/envelope.ts'
import {
  allRows,
  columnOf,
  countRows,
  earliestOf,
  firstRow,
  hasRow,
  insertRow,
  type PageRequest,
  selectPage,
} from '../rows.ts'

/** `accounts`: JSON, those that the change reaches; null: all. `wakes`: what it asks for exists already, asleep. */
export const SETTINGS_DRAFT = `
  CREATE TABLE settings_draft (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL CHECK (state IN ('pending', 'agreed', 'rejected', 'lapsed', 'expired', 'canceled')),
    action TEXT NOT NULL,
    path TEXT NOT NULL,
    accounts TEXT,
    target_kind TEXT NOT NULL,
    target_id TEXT NOT NULL,
    target_name TEXT NOT NULL,
    wakes INTEGER NOT NULL CHECK (wakes IN (0, 1)),
    loosens TEXT NOT NULL,
    reaches TEXT NOT NULL,
    digest TEXT NOT NULL,
    asker_id TEXT NOT NULL,
    asker_name TEXT NOT NULL,
    asker_kind TEXT NOT NULL CHECK (asker_kind IN ('person', 'system', 'root')),
    asker_issuer TEXT,
    asker_grants TEXT NOT NULL,
    roles TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    acts_at INTEGER,
    decided_at INTEGER,
    decided_by TEXT,
    decider_name TEXT,
    reason TEXT,
    wrapped_key BLOB,
    body BLOB
  ) STRICT;
  CREATE INDEX settings_draft_pending ON settings_draft (target_kind, target_id) WHERE state = 'pending';
`

/** JSON: everybody who has seen the key that a change was asked for with. */
export const SETTINGS_ASKER_ISSUERS = `
  ALTER TABLE settings_draft ADD COLUMN asker_issuers TEXT NOT NULL DEFAULT '[]';
  UPDATE settings_draft SET asker_issuers = json_array(asker_issuer) WHERE asker_issuer IS NOT NULL;
`

/** Id of the API token that a change was asked for with, or digest of the admin key; null: a sign-in, or it was asked for before. */
export const SETTINGS_ASKER_KEY = 'ALTER TABLE settings_draft ADD COLUMN asker_key TEXT;'

/** Plain data without what was sealed. */
export type SettingsDraft = {
  id: string
  state: SettingsState
  /** Verb and template of the route, and the path that was called. */
  action: string
  path: string
  /** Accounts that it reaches; null: all. */
  accounts: string[] | null
  target: SettingsTarget
  /** Whether what it asks for exists already, asleep. */
  wakes: boolean
  /** Keys with what stood there and what is to stand there, masked. */
  loosens: Difference[]
  /** Names of what else it reaches: servers that leave approval to their account. */
  reaches: string[]
  /** Keyed digest of the difference as it is, unmasked. */
  digest: string
  asker: {
    id: string
    name: string
    kind: PrincipalKind
    issuers: string[]
    grants: Grant[]
    /** Id of an API token, or digest of the admin key; null: neither, or nobody kept it. */
    key: string | null
  }
  /** Of which the asker had to hold one. */
  roles: Role[]
  created_at: number
  expires_at: number
  /** When it acts by itself; null: not without another person. */
  acts_at: number | null
  decided_at: number | null
  decided_by: string | null
  decider_name: string | null
  reason: string | null
}

/** `sealed` null: there is no body, since what is asked for exists already. */
export type NewSettingsDraft = Omit<
  SettingsDraft,
  'state' | 'created_at' | 'expires_at' | 'decided_at' | 'decided_by' | 'decider_name' | 'reason'
> & {
  sealed: Sealed | null
  /** When its target ends, and the change with it; null or absent: it does not. */
  until?: number | null
}

export type Row = {
  [Key in Exclude<
    keyof SettingsDraft,
    'target' | 'asker' | 'accounts' | 'wakes' | 'loosens' | 'reaches' | 'roles'
  >]: SettingsDraft[Key]
} & {
  accounts: string | null
  target_kind: SettingsTarget['kind']
  target_id: string
  target_name: string
  wakes: number
  loosens: string
  reaches: string
  roles: string
  asker_id: string
  asker_name: string
  asker_kind: PrincipalKind
  asker_key: string | null
  asker_issuers: string
  asker_grants: string
}

export const COLUMNS = `id, state, action, path, accounts, target_kind, target_id, target_name, wakes, loosens, reaches, digest, asker_id,
  asker_name, asker_kind, asker_key, asker_issuers, asker_grants, roles, created_at, expires_at, acts_at, decided_at, decided_by,
  decider_name, reason`

export const draftOf = (row: Row, now: number): SettingsDraft => {
  const { target_kind, target_id, target_name, asker_id, asker_name, asker_kind, asker_key, ...rest } = row
  const { asker_issuers, asker_grants, ...plain } = rest
  const grants = JSON.parse(asker_grants) as Grant[]
  const issuers = JSON.parse(asker_issuers) as string[]
  const draft = {
    ...plain,
    accounts: row.accounts === null ? null : JSON.parse(row.accounts),
    wakes: row.wakes === 1,
    loosens: JSON.parse(row.loosens),
    reaches: JSON.parse(row.reaches),
    roles: JSON.parse(row.roles),
    target: { kind: target_kind, id: target_id, name: target_name },
    asker: { id: asker_id, name: asker_name, kind: asker_kind, key: asker_key, issuers, grants },
  }
  return presentSettings(draft, now)
}

/** Stores a change that waits. @throws when the id is taken */
export const insertSettingsDraft = (
  sql: SqlStorage,
  draft: NewSettingsDraft,
  { created_at, expires_at }: Pick<SettingsDraft, 'created_at' | 'expires_at'>,
): void => {
  const { target, asker, sealed, until: _, ...own } = draft
  insertRow(sql, 'settings_draft', {
    ...own,
    state: 'pending',
    target_kind: target.kind,
    target_id: target.id,
    target_name: target.name,
    asker_id: asker.id,
    asker_name: asker.name,
    asker_kind: asker.kind,
    asker_issuers: asker.issuers,
    asker_grants: asker.grants,
    asker_key: asker.key,
    created_at,
    expires_at,
    wrapped_key: sealed?.wrapped_key ?? null,
    body: sealed?.ciphertext ?? null,
  })
}

/** Null when there is none. */
export const selectSettingsDraft = (sql: SqlStorage, id: string, now: number): SettingsDraft | null => {
  const row = firstRow<Row>(sql, `SELECT ${COLUMNS} FROM settings_draft WHERE id = ?`, id)
  return row ? draftOf(row, now) : null
}

/** Newest first. @param state null: any */
export const selectSettingsDrafts = (
  sql: SqlStorage,
  { state, ...page }: PageRequest & { state: SettingsState | null },
  now: number,
): { drafts: SettingsDraft[]; next: number | null } => {
  // One past its time is stored as pending until it is looked at.
  const stored =
    state === 'expired' ? "state IN ('pending', 'expired')" : state === null ? 'TRUE' : 'state = ?'
  const bound = state === null || state === 'expired' ? [] : [state]
  const { rows, next } = selectPage<Row>(sql, COLUMNS, `settings_draft WHERE ${stored}`, bound, page)
  const drafts = rows.map((row) => draftOf(row, now))
  return { drafts: state === null ? drafts : drafts.filter((draft) => draft.state === state), next }
}

/** What waits for the same target. */
export const pendingFor = (
  sql: SqlStorage,
  { kind, id }: Pick<SettingsTarget, 'kind' | 'id'>,
  now: number,
): SettingsDraft[] =>
  allRows<Row>(
    sql,
    `SELECT ${COLUMNS} FROM settings_draft WHERE state = 'pending' AND target_kind = ? AND target_id = ?`,
    ...[kind, id],
  )
    .map((row) => draftOf(row, now))
    .filter(({ state }) => state === 'pending')

export const countPendingSettings = (sql: SqlStorage, askerId: string, now: number): number =>
  countRows(sql, "settings_draft WHERE state = 'pending' AND asker_id = ? AND expires_at > ?", askerId, now)

/** Whether anything waits. */
export const hasPending = (sql: SqlStorage, now: number): boolean =>
  hasRow(sql, "SELECT 1 FROM settings_draft WHERE state = 'pending' AND expires_at > ? LIMIT 1", now)

/** Moves the moment at which a draft acts by itself. */
export const postponeSettings = (sql: SqlStorage, id: string, actsAt: number, expiresAt: number): void => {
  sql.exec('UPDATE settings_draft SET acts_at = ?, expires_at = ? WHERE id = ?', actsAt, expiresAt, id)
}

/** Ids of what is to act by itself now. */
export const dueSettings = (sql: SqlStorage, now: number): string[] =>
  columnOf<string>(
    sql,
    "SELECT id FROM settings_draft WHERE state = 'pending' AND acts_at <= ? AND expires_at > ? ORDER BY seq LIMIT 20",
    ...[now, now],
  )

/** When something is to act by itself next; null: nothing is. */
export const nextSettings = (sql: SqlStorage, now: number): number | null =>
  earliestOf(
    sql,
    `SELECT min(acts_at) AS at FROM settings_draft WHERE state = 'pending' AND expires_at > ${Math.floor(now)}`,
  )
