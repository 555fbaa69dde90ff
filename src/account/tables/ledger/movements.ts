/**
 * Money that writes moved or may have moved, one row per buyer and supplier of a write. Limits are computed from it. Times are
 * milliseconds since the epoch.
 */
import { canonicalId } from '../../../core/ids.ts'
import { DAY_MS } from '../../../core/time.ts'
import type { Amount, History, Past } from '../../../rules/limits.ts'
import type { Unverified } from '../../../rules/payees/verified.ts'
import type { PolicyHistory } from '../../../rules/policy.ts'
import type { ClaimRequest } from '../../../rules/write-contract.ts'
import { selectPayee } from '../payees.ts'
import { allRows, firstRow, insertRow } from '../rows.ts'

export const MOVEMENT = `
  CREATE TABLE movement (
    key TEXT NOT NULL,
    server_id TEXT NOT NULL,
    buyer TEXT NOT NULL,
    supplier TEXT NOT NULL,
    cents INTEGER NOT NULL,
    count INTEGER NOT NULL,
    at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX movement_by_key ON movement (key);
  CREATE INDEX movement_by_time ON movement (at);
`

export const MOVEMENT_APPROVED = `
  ALTER TABLE movement ADD COLUMN approved INTEGER NOT NULL DEFAULT 0 CHECK (approved IN (0, 1));
  CREATE INDEX movement_by_server ON movement (server_id, at);
`

/** When a payee was paid last, asked before its record is changed. */
export const MOVEMENT_BY_SUPPLIER = `
  CREATE INDEX movement_by_supplier ON movement (supplier, at);
`

/**
 * What the trail says of money once its outcome is known. `invoices`: positions in the write with their cents; null: version before,
 * or not known. `unsure`: Finexio accepted the write, and its answer does not name these.
 */
export const MOVEMENT_OUTCOME = `
  ALTER TABLE movement ADD COLUMN supplier_name TEXT;
  ALTER TABLE movement ADD COLUMN invoices TEXT;
  ALTER TABLE movement ADD COLUMN unsure INTEGER NOT NULL DEFAULT 0 CHECK (unsure IN (0, 1));
`

/** Of the payments of one payee only those that named it are looked through for its name: most name nobody. */
export const MOVEMENT_NAMED =
  'CREATE INDEX movement_named ON movement (supplier, at) WHERE supplier_name IS NOT NULL;'

/** Limits and pages look back 31 days at most. */
export const MOST_DAYS = 31
/** Rules about payees look back up to 365 days; older rows are deleted. */
const KEPT_DAYS = 366

type MovementFacts = Pick<ClaimRequest, 'serverId' | 'movements' | 'approval' | 'names'>

/** What a payee was called when it was paid before; null: no payment of it was named. */
const lastName = (sql: SqlStorage, supplier: string): string | null =>
  firstRow<{ supplier_name: string }>(
    sql,
    'SELECT supplier_name FROM movement WHERE supplier = ? AND supplier_name IS NOT NULL ORDER BY at DESC LIMIT 1',
    supplier,
  )?.supplier_name ?? null

/** Names of those whom a write pays or changes: as it read them, or else as an earlier one did, since a direct write reads nobody. */
export const namesOf = (
  sql: SqlStorage,
  { movements, changes, names = {} }: Pick<ClaimRequest, 'movements' | 'changes' | 'names'>,
): Record<string, string> => {
  const payees = [...movements.map(({ supplier }) => supplier), ...(changes ? [changes.payee] : [])]
  const missing = new Set(payees.filter((id) => !Object.hasOwn(names, id)))
  const known = [...missing].map((id) => [id, lastName(sql, id)] as const)
  return { ...names, ...Object.fromEntries(known.filter((one): one is [string, string] => one[1] !== null)) }
}

/** Counts the amounts of a claimed write towards the limits. @param key idempotency key of the claim @param now time of the claim */
export const insertMovements = (
  sql: SqlStorage,
  key: string,
  { serverId, movements, approval, names = {} }: MovementFacts,
  now: number,
): void => {
  const claimed = { key, server_id: serverId, at: now, approved: approval !== null }
  for (const { invoices = null, ...sums } of movements) {
    const supplier_name = Object.hasOwn(names, sums.supplier) ? names[sums.supplier]! : null
    insertRow(sql, 'movement', { ...claimed, ...sums, supplier_name, invoices })
  }
}

/** Stops counting the amounts of one claim. @param at its time: an earlier claim under the same key still counts */
export const removeMovements = (sql: SqlStorage, key: string, at: number): void => {
  sql.exec('DELETE FROM movement WHERE key = ? AND at = ?', key, at)
}

/** What is counted towards one payee of a write of which not all is known. */
export type OpenPayment = Amount & { buyer: string; supplier: string; supplier_name: string | null }

/** Amounts that are counted under a key; of a write that was accepted in part, those of which nobody knows. @param at when it was claimed */
export const openPayments = (sql: SqlStorage, key: string, at: number): OpenPayment[] =>
  allRows<OpenPayment>(
    sql,
    `SELECT buyer, supplier, supplier_name, cents, count FROM movement WHERE key = ?1 AND at = ?2
       AND unsure = (SELECT max(unsure) FROM movement WHERE key = ?1 AND at = ?2) ORDER BY rowid`,
    ...[key, at],
  )

/** Deletes rows older than any rule looks back. */
export const tidyMovements = (sql: SqlStorage, now: number): void => {
  sql.exec('DELETE FROM movement WHERE at <= ?', now - KEPT_DAYS * DAY_MS)
}

/** When money last left for a supplier, or may have, in milliseconds since the epoch; null: not as far as rows are kept. */
export const lastPaidAt = (sql: SqlStorage, supplier: string): number | null =>
  sql.exec<{ at: number | null }>('SELECT max(at) AS at FROM movement WHERE supplier = ?', supplier).one().at

/** With the claim that reserved it; of another one under the same key nothing is said. What the ledger forgot was accepted. */
const WITH_CLAIM =
  'movement LEFT JOIN ledger ON ledger.key = movement.key AND ledger.claimed_at = movement.at'
const IS_SENT = "coalesce(state, 'succeeded') = 'succeeded' AND unsure = 0"

/** When Finexio last accepted money for a supplier; null as above. */
export const lastAcceptedAt = (sql: SqlStorage, supplier: string): number | null =>
  sql
    .exec<{ at: number | null }>(
      `SELECT max(at) AS at FROM ${WITH_CLAIM} WHERE supplier = ? AND ${IS_SENT}`,
      supplier,
    )
    .one().at

const OF_SERVER = 'server_id = ? AND at > ? AND (? IS NULL OR supplier = ?)'
const OF_ACCOUNT = 'at > ? AND (? IS NULL OR supplier = ?)'
const SUMS = 'coalesce(sum(cents), 0) AS cents, coalesce(sum(count), 0) AS count'

/** Those whom a claim would pay although nothing that it looked at says, or says any more, that somebody vouched for them. */
const unverifiedIn = (
  sql: SqlStorage,
  { movements, vouching }: Pick<ClaimRequest, 'movements' | 'vouching'>,
): { supplier: string; why: Unverified }[] =>
  [...new Set(movements.map(({ supplier }) => supplier))].flatMap((supplier) => {
    const found = vouching.find((one) => one.supplier === supplier)
    if (!found || 'why' in found) return [{ supplier, why: found?.why ?? 'unreadable' }]
    const row = selectPayee(sql, supplier)
    return row && row.voided === null && row.version === found.version ? [] : [{ supplier, why: 'changed' }]
  })

/** UUIDs in the one spelling, so that what was sent before an update counts towards the limits of the same party. */
export const canonicalMovements = (sql: SqlStorage): void => {
  const rows = allRows<{ buyer: string; supplier: string }>(
    sql,
    'SELECT DISTINCT buyer, supplier FROM movement',
  )
  for (const { buyer, supplier } of rows)
    sql.exec(
      'UPDATE movement SET buyer = ?, supplier = ? WHERE buyer = ? AND supplier = ?',
      ...[canonicalId(buyer), canonicalId(supplier), buyer, supplier],
    )
}

type Where = { where: string; of: readonly string[] }

const historyIn = (sql: SqlStorage, { where, of }: Where): History & Pick<PolicyHistory, 'unapproved'> => {
  const spent = (more: string, since: number, supplier: string | null) =>
    sql
      .exec<Amount>(`SELECT ${SUMS} FROM movement WHERE ${where}${more}`, ...of, since, supplier, supplier)
      .one()
  return {
    spent: (since, supplier) => spent('', since, supplier),
    past: (since, supplier) =>
      sql.exec<Past>(
        `SELECT buyer, supplier, cents, count, at FROM movement WHERE ${where} ORDER BY at`,
        ...[...of, since, supplier, supplier],
      ),
    unapproved: (since, supplier) => spent(' AND approved = 0', since, supplier).cents,
  }
}

/** What went through all servers of the account so far. */
export const accountHistory = (sql: SqlStorage) => historyIn(sql, { where: OF_ACCOUNT, of: [] })

/** What went through one server so far; without anybody's approval: through all of them. Call it inside the transaction that claims, or parallel calls could exceed a limit together. */
export const historyOf = (sql: SqlStorage, serverId: string): PolicyHistory => ({
  ...historyIn(sql, { where: OF_SERVER, of: [serverId] }),
  unapproved: accountHistory(sql).unapproved,
  unverified: (request) => unverifiedIn(sql, request),
})

/**
 * Cents by UTC day; `day` is days since the epoch. `unsettled_cents`: of these, of writes whose outcome nobody knows yet; what failed is in neither.
 * @param serverId null: all servers of the account
 */
export const centsByDay = (sql: SqlStorage, since: number, serverId: string | null) =>
  allRows<{ day: number; cents: number; unsettled_cents: number }>(
    sql,
    `SELECT at / ${DAY_MS} AS day, sum(cents) AS cents,
         sum(CASE WHEN ${IS_SENT} THEN 0 ELSE cents END) AS unsettled_cents
       FROM ${WITH_CLAIM}
       WHERE at >= ? AND (? IS NULL OR movement.server_id = ?) GROUP BY day`,
    ...[since, serverId, serverId],
  )

/** What the rolling limits of one server have counted. */
export type Spent = {
  per_day: Amount
  per_30_days: Amount
  /** The last 24 hours by supplier, largest first. */
  per_supplier_day: (Amount & { supplier: string })[]
}

const MOST_SUPPLIERS = 10

/** What a server has used of its limits. @param serverId null: all servers of the account @param now end of the rolling windows */
export const spentOf = (sql: SqlStorage, serverId: string | null, now: number): Spent => {
  const { spent } = serverId === null ? accountHistory(sql) : historyOf(sql, serverId)
  const bySupplier = allRows<Amount & { supplier: string }>(
    sql,
    `SELECT supplier, ${SUMS} FROM movement WHERE (? IS NULL OR server_id = ?) AND at > ?
       GROUP BY supplier ORDER BY cents DESC LIMIT ${MOST_SUPPLIERS}`,
    ...[serverId, serverId, now - DAY_MS],
  )
  return {
    per_day: spent(now - DAY_MS, null),
    per_30_days: spent(now - 30 * DAY_MS, null),
    per_supplier_day: bySupplier,
  }
}
