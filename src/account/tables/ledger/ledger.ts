/** The ledger of an account: a row for each write, committed before its request leaves. Times are milliseconds since the epoch. */
import { sameBytes } from '../../../core/bytes.ts'
import { CLAIM_MS, decide, KEPT_MS } from '../../../rules/ledger.ts'
import { SHOWN_MS } from '../../../rules/unknown.ts'
import type {
  ClaimRequest,
  Earlier,
  Obstacle,
  Settlement,
  WriteState,
} from '../../../rules/write-contract.ts'
import { allRows, earliestOf, firstRow, insertRow } from '../rows.ts'
import { insertMovements, removeMovements, tidyMovements } from './movements.ts'
import { dropInvoices, markUnsure } from './reserved.ts'

export const LEDGER = `
  CREATE TABLE ledger (
    key TEXT PRIMARY KEY,
    tool TEXT NOT NULL,
    effect TEXT NOT NULL CHECK (effect IN ('write', 'money')),
    server_id TEXT NOT NULL,
    request_id TEXT NOT NULL,
    fingerprint BLOB NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('claimed', 'succeeded', 'rejected', 'not_sent', 'unknown')),
    claimed_at INTEGER NOT NULL,
    settled_at INTEGER,
    kept TEXT
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX ledger_by_fingerprint ON ledger (fingerprint, claimed_at);
  CREATE INDEX ledger_by_time ON ledger (claimed_at);
  CREATE INDEX ledger_under_way ON ledger (claimed_at) WHERE state = 'claimed';
  CREATE TABLE ledger_subject (
    digest BLOB NOT NULL,
    key TEXT NOT NULL REFERENCES ledger (key) ON DELETE CASCADE,
    PRIMARY KEY (digest, key)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX ledger_subject_by_key ON ledger_subject (key);
`

/** Further columns that settling an unknown outcome needs. */
export const LEDGER_FACTS = `
  ALTER TABLE ledger ADD COLUMN target TEXT NOT NULL DEFAULT '{}';
  ALTER TABLE ledger_subject ADD COLUMN position INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE ledger_subject ADD COLUMN record_id TEXT;
`

/** Who may have called, and what was looked up since. */
export const LEDGER_LOOKS = `
  ALTER TABLE ledger ADD COLUMN called_by TEXT;
  ALTER TABLE ledger ADD COLUMN look TEXT;
  ALTER TABLE ledger ADD COLUMN absent_since INTEGER;
`

export type LedgerColumns = Omit<Earlier, 'kept' | 'elsewhere'> & {
  fingerprint: ArrayBuffer
  serverId: string
  kept: string | null
}

export const COLUMNS =
  'key, tool, server_id AS serverId, fingerprint, state, coalesce(settled_at, claimed_at) AS at, kept'

export const earlierOf = ({ key, tool, state, at, kept }: LedgerColumns): Earlier => ({
  key,
  tool,
  state,
  at,
  kept: kept === null ? null : JSON.parse(kept),
})

/**
 * Known in part. Refused: which rows were stored is not documented. Accepted: the answer does not name all rows, or names some with
 * another amount. What is not known is held until it was looked up.
 */
export const IN_PART = "state IN ('rejected', 'succeeded') AND coalesce(kept ->> 'partial', 0) = 1"

const rowByKey = (sql: SqlStorage, key: string): LedgerColumns | undefined =>
  firstRow<LedgerColumns>(sql, `SELECT ${COLUMNS} FROM ledger WHERE key = ?`, key)

/** An unsettled one before one that is under way, before the latest. */
const equalWrite = (
  sql: SqlStorage,
  fingerprint: Uint8Array,
  key: string | null,
): LedgerColumns | undefined =>
  firstRow<LedgerColumns>(
    sql,
    `SELECT ${COLUMNS} FROM ledger
     WHERE fingerprint = ? AND state IN ('claimed', 'unknown', 'succeeded') AND key IS NOT ?
     ORDER BY state = 'unknown' DESC, state = 'claimed' DESC, claimed_at DESC LIMIT 1`,
    ...[fingerprint, key],
  )

/** What prevents a write, or null when nothing does. Writes nothing. */
export const obstacle = (sql: SqlStorage, request: ClaimRequest, now: number): Obstacle | null => {
  const { key, fingerprint, serverId } = request
  const metOf = (row: LedgerColumns | undefined) =>
    row ? { ...earlierOf(row), elsewhere: row.serverId !== serverId } : null
  const row = key === null ? undefined : rowByKey(sql, key)
  const met = metOf(row)
  const byKey = met && { ...met, same: sameBytes(row!.fingerprint, fingerprint) }
  const equal = metOf(equalWrite(sql, fingerprint, key))
  const decision = decide({ byKey, equal, keyless: key === null }, now)
  return decision.kind === 'go' ? null : decision
}

/**
 * Takes the key. To be called in one transaction with `obstacle`, before anything is sent.
 * @param calledBy ids of everybody who may have called
 */
export const insertClaim = (
  sql: SqlStorage,
  request: ClaimRequest,
  now: number,
  calledBy: readonly string[] = [],
): string => {
  const key = request.key ?? request.minted
  const { tool, effect, serverId, requestId, fingerprint, subjects, target } = request
  // A key under which nothing was executed may be taken again, and what was reserved under it goes with it.
  const before = firstRow<{ claimed_at: number }>(
    sql,
    'DELETE FROM ledger WHERE key = ? RETURNING claimed_at',
    key,
  )
  if (before) removeMovements(sql, key, before.claimed_at)
  insertRow(sql, 'ledger', {
    ...{ key, tool, effect, server_id: serverId, request_id: requestId, fingerprint, target },
    ...{ state: 'claimed', claimed_at: now, called_by: calledBy },
  })
  for (const [position, digest] of subjects.entries())
    sql.exec(
      'INSERT OR IGNORE INTO ledger_subject (digest, key, position) VALUES (?, ?, ?)',
      ...[digest, key, position],
    )
  insertMovements(sql, key, request, now)
  return key
}

type Holder = {
  key: string
  tool: string
  server_id: string
  state: WriteState
  at: number
  record_id: string | null
}

/** What Finexio lets come again is free once: not while its resubmission succeeded or is under way. */
const isFree = ({ state, record_id }: Holder, freed: readonly string[]): boolean =>
  state === 'succeeded' && record_id !== null && freed.includes(record_id)

/** Finexio may show late what it stored of a batch that it refused in part. */
const isAbsent = ({ state, at }: Holder, looked: boolean, now: number): boolean =>
  looked && state === 'rejected' && now - at >= SHOWN_MS

/** Writes that have a record as well. That another one like it was made before prevents only an invoice: it would be paid twice. */
const holdersOf = (sql: SqlStorage, digest: Uint8Array, { key, target, movements }: ClaimRequest): Holder[] =>
  allRows<Holder>(
    sql,
    `SELECT ledger.key, tool, server_id, coalesce(settled_at, claimed_at) AS at, record_id,
         CASE WHEN state = 'succeeded' AND position IN (SELECT value FROM json_each(kept, '$.unknown_rows'))
           THEN 'unknown' ELSE state END AS state
       FROM ledger_subject JOIN ledger USING (key)
       WHERE digest = ? AND target = ? AND (
         (ledger.key IS NOT ? AND (state IN ('claimed', 'unknown') OR (state = 'succeeded' AND ?)))
         OR (${IN_PART}))`,
    ...[digest, JSON.stringify(target), key, Number(movements.length > 0)],
  )

/** Records of a write that the ledger has already, by their position in the write. */
export const recordsInLedger = (sql: SqlStorage, request: ClaimRequest, now: number): Obstacle | null => {
  const { equals, guard, serverId } = request
  const freed = new Map(guard?.free.map(({ index, ids }) => [index, ids]))
  const met = equals.flatMap((digest, index) => {
    const absent = guard?.absent.includes(index) ?? false
    const holder = holdersOf(sql, digest, request).find(
      (one) => !isFree(one, freed.get(index) ?? []) && !isAbsent(one, absent, now),
    )
    return holder ? [{ index, elsewhere: holder.server_id !== serverId, ...holder }] : []
  })
  const [first] = met
  if (!first) return null
  if (request.movements.length > 0)
    return {
      kind: 'in_ledger',
      rows: met.map(({ index, key, state, elsewhere }) => ({ index, key, state, elsewhere })),
    }
  const { key, tool, state, at, elsewhere } = first
  return { kind: 'possible_repeat', earlier: { key, tool, state, at, kept: null, elsewhere } }
}

/**
 * Writes down how a claim ended. What a write reserved is released only when nothing was executed.
 * @returns when it was claimed; null: it was settled before, and stays so
 */
export const settle = (
  sql: SqlStorage,
  { key, requestId, state, kept, made, absent = [], unsure = [] }: Settlement,
  now: number,
): number | null => {
  const settled = firstRow<{ claimed_at: number }>(
    sql,
    `UPDATE ledger SET state = ?, settled_at = ?, kept = ?
     WHERE key = ? AND coalesce(request_id = ?, TRUE)
       AND (state IN ('claimed', 'unknown') OR (${IN_PART} AND ?)) RETURNING claimed_at`,
    ...[state, now, kept && JSON.stringify(kept), key, requestId ?? null, Number(kept?.partial !== true)],
  )
  if (!settled) return null
  for (const { digest, id } of made ?? [])
    sql.exec('UPDATE ledger_subject SET record_id = ? WHERE digest = ? AND key = ?', id, digest, key)
  for (const position of absent)
    sql.exec('DELETE FROM ledger_subject WHERE key = ? AND position = ?', key, position)
  const released = state === 'not_sent' || (state === 'rejected' && kept?.partial !== true)
  // Only what this very claim reserved: the ledger forgets a key while limits still count what went under it.
  if (released) removeMovements(sql, key, settled.claimed_at)
  if (state === 'succeeded') {
    dropInvoices(sql, key, settled.claimed_at, absent)
    markUnsure(sql, key, settled.claimed_at, unsure)
  }
  return settled.claimed_at
}

/** Of what nobody settled nothing is forgotten. */
const IS_SETTLED = `state NOT IN ('claimed', 'unknown') AND NOT (${IN_PART})`

/** Keys of claims that nobody settled in time: what became of them is unknown. */
export const staleClaims = (sql: SqlStorage, now: number): string[] =>
  allRows<{ key: string }>(
    sql,
    `SELECT key FROM ledger WHERE state = 'claimed' AND abs(? - claimed_at) >= ${CLAIM_MS}`,
    now,
  ).map(({ key }) => key)

/** What was settled is forgotten a week after it was claimed. */
export const tidyLedger = (sql: SqlStorage, now: number): void => {
  sql.exec(`DELETE FROM ledger WHERE claimed_at <= ? AND ${IS_SETTLED}`, now - KEPT_MS)
  tidyMovements(sql, now)
}

/** When a claim goes stale, or `tidyLedger` has something to do next; null for never. */
export const nextTidying = (sql: SqlStorage, now: number): number | null =>
  earliestOf(
    sql,
    // A claim in the future was made before the clock was set back.
    `SELECT min(min(claimed_at), ${now}) + ${CLAIM_MS} AS at FROM ledger WHERE state = 'claimed'`,
    `SELECT min(claimed_at) + ${KEPT_MS} AS at FROM ledger WHERE ${IS_SETTLED}`,
  )
