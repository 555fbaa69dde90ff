/** The account's own row. Times are milliseconds since the epoch. */
import type { CredentialPointer } from '../../rules/admission.ts'
import type { Approval, Limits } from '../../rules/server-settings.ts'
import { type AuditSize, keepAudit } from './audit.ts'
import { firstRow, hasRow, insertRow } from './rows.ts'

export const ACCOUNT = `
  CREATE TABLE account (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    base_url TEXT NOT NULL,
    credential_version INTEGER NOT NULL,
    wrapped_key BLOB NOT NULL,
    last_version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
  ) STRICT;
`

export const ACCOUNT_STATUS = `
  ALTER TABLE account ADD COLUMN status TEXT NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'needs_reauth'));
  ALTER TABLE account ADD COLUMN read_only INTEGER NOT NULL DEFAULT 0 CHECK (read_only IN (0, 1));
`

export const ACCOUNT_WRITES_STOPPED = `
  ALTER TABLE account ADD COLUMN writes_stopped INTEGER NOT NULL DEFAULT 0 CHECK (writes_stopped IN (0, 1));
`

export const ACCOUNT_APPROVAL = `
  ALTER TABLE account ADD COLUMN approval TEXT NOT NULL DEFAULT '"none"';
`

/** Counts changes of what calls are judged by, of all servers of the account. */
export const ACCOUNT_REVISION = `
  ALTER TABLE account ADD COLUMN revision INTEGER NOT NULL DEFAULT 1;
`

export const ACCOUNT_LIMITS = `
  ALTER TABLE account ADD COLUMN limits TEXT NOT NULL DEFAULT '{}';
`

/** Plain data without secrets. */
export type Account = {
  id: string
  name: string
  base_url: string
  credential_version: number
  status: 'active' | 'needs_reauth'
  read_only: boolean
  /** The kill switch: no write leaves, whatever else allows it. */
  writes_stopped: boolean
  /** Days for which the audit trail is kept. */
  audit_retention_days: number
  /** Megabytes of all that the account stores, past which the oldest rows of the trail go. */
  audit_max_mb: number
  /** Applies to MCP servers that set no approval rule themselves. */
  approval: Approval
  /** `verified`: only a supplier is paid for whose present state somebody vouched. */
  payees: 'open' | 'verified'
  /** Who changed that last: ids with blanks between them of all who may be behind the key that did. They do not accept the present. */
  payees_set_by: string | null
  /** Of all MCP servers together, beside their own. */
  limits: Limits
  created_at: number
  updated_at: number
  revision: number
}

/** The account, with what it stores and the bound of that in bytes. */
export type MeasuredAccount = Account & { audit_size: AuditSize }

export type NewAccount = {
  id: string
  name: string
  base_url: string
  credential: CredentialPointer
  read_only?: boolean
}

/** @throws when there is one of this id already */
export const insertAccount = (sql: SqlStorage, account: NewAccount, now: number): void => {
  const { credential, read_only = false, ...named } = account
  const { version, wrapped_key } = credential
  const versions = { credential_version: version, wrapped_key, last_version: version }
  insertRow(sql, 'account', { ...named, ...versions, read_only, created_at: now, updated_at: now })
}

const COLUMNS = `id, name, base_url, credential_version, status, read_only, writes_stopped, approval, payees, payees_set_by, limits, created_at, updated_at, revision,
  (SELECT kept_days FROM audit_state) AS audit_retention_days, (SELECT max_mb FROM audit_state) AS audit_max_mb`

type Row = Omit<Account, Flag | 'approval' | 'limits'> &
  Record<Flag, number> & { approval: string; limits: string }
type Flag = 'read_only' | 'writes_stopped'

const accountOf = (row: Row): Account => ({
  ...row,
  read_only: row.read_only === 1,
  writes_stopped: row.writes_stopped === 1,
  approval: JSON.parse(row.approval),
  limits: JSON.parse(row.limits),
})

/** Null before the account is created. */
export const selectAccount = (sql: SqlStorage): Account | null => {
  const row = firstRow<Row>(sql, `SELECT ${COLUMNS} FROM account`)
  return row ? accountOf(row) : null
}

/** @param version of the credential that the status is about: another one is left alone */
export const setStatus = (sql: SqlStorage, status: Account['status'], version: number): void => {
  sql.exec('UPDATE account SET status = ? WHERE credential_version = ?', status, version)
}

export type AccountChange = Partial<
  Pick<
    Account,
    | 'name'
    | 'approval'
    | 'payees'
    | 'payees_set_by'
    | 'limits'
    | 'audit_retention_days'
    | 'audit_max_mb'
    | Flag
  >
>

/** Absent keys stay as they are. */
export const changeAccount = (sql: SqlStorage, change: AccountChange, now: number): void => {
  const { name = null, approval, limits, payees = null, payees_set_by = null } = change
  const judged = (change.read_only ?? approval ?? limits ?? change.payees) !== undefined
  const json = (value: unknown) => (value === undefined ? null : JSON.stringify(value))
  const flag = (name: Flag) => (change[name] === undefined ? null : Number(change[name]))
  sql.exec(
    `UPDATE account SET name = coalesce(?, name), read_only = coalesce(?, read_only),
       writes_stopped = coalesce(?, writes_stopped), approval = coalesce(?, approval),
       limits = coalesce(?, limits), payees = coalesce(?, payees),
       payees_set_by = iif(coalesce(?, payees) <> payees, ?, payees_set_by),
       updated_at = ?, revision = revision + ?`,
    ...[name, flag('read_only'), flag('writes_stopped')],
    ...[json(approval), json(limits), payees, payees, payees_set_by, now, Number(judged)],
  )
  keepAudit(sql, change.audit_retention_days, change.audit_max_mb)
}

/** Where the credential in use lies; null before the account is created. */
export const selectPointer = (sql: SqlStorage): CredentialPointer | null => {
  const query = 'SELECT credential_version AS version, wrapped_key FROM account'
  const row = firstRow<{ version: number; wrapped_key: ArrayBuffer }>(sql, query)
  return row ? { ...row, wrapped_key: new Uint8Array(row.wrapped_key) } : null
}

/** Takes the next version number. None is used twice, since a KV record is written once. */
export const takeVersion = (sql: SqlStorage): number | null => {
  const query = 'UPDATE account SET last_version = last_version + 1 RETURNING last_version AS version'
  return firstRow<{ version: number }>(sql, query)?.version ?? null
}

/** Returns the version that was in use; null when one newer than this came in between. */
export const pointTo = (
  sql: SqlStorage,
  { version, wrapped_key }: CredentialPointer,
  baseUrl: string,
  now: number,
): number | null => {
  const before = selectAccount(sql)
  if (!before || before.credential_version >= version) return null
  sql.exec(
    "UPDATE account SET credential_version = ?, wrapped_key = ?, base_url = ?, status = 'active', updated_at = ?, revision = revision + 1",
    ...[version, wrapped_key, baseUrl, now],
  )
  return before.credential_version
}

/** Returns `from`, or null when the pointer had moved already. */
export const movePointer = (
  sql: SqlStorage,
  { version, wrapped_key }: CredentialPointer,
  from: number,
): number | null => {
  const moved = hasRow(
    sql,
    'UPDATE account SET credential_version = ?, wrapped_key = ? WHERE credential_version = ? RETURNING id',
    ...[version, wrapped_key, from],
  )
  return moved ? from : null
}
