/** Drafts of an account: writes that wait for a person. Their arguments are sealed, and erased once decided. Times are milliseconds since the epoch. */
import { sameBytes } from '../../core/bytes.ts'
import { DAY_MS, earliest } from '../../core/time.ts'
import { type Caller, principalOf } from '../../rules/admission.ts'
import type { ApprovalReason } from '../../rules/approval.ts'
import { DRAFT_MS, type Draft, type DraftState, presentDraft } from '../../rules/drafts.ts'
import type { Hands } from '../../rules/four-eyes.ts'
import type { EqualDraft } from '../../rules/ledger.ts'
import type { ClaimRequest, DraftSummary, Kept, NewDraft, WriteState } from '../../rules/write-contract.ts'
import { pageOf } from './page.ts'

export const DRAFT = `
  CREATE TABLE draft (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    key TEXT NOT NULL,
    fingerprint BLOB NOT NULL,
    tool TEXT NOT NULL,
    effect TEXT NOT NULL CHECK (effect IN ('write', 'money')),
    server_id TEXT NOT NULL,
    server_name TEXT NOT NULL,
    server_created_by TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'approved', 'executed', 'rejected', 'expired', 'canceled')),
    reasons TEXT NOT NULL,
    summary TEXT NOT NULL,
    caller TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    decided_at INTEGER,
    decided_by TEXT,
    decider_name TEXT,
    decision_reason TEXT,
    outcome TEXT,
    wrapped_key BLOB,
    body BLOB
  ) STRICT;
  CREATE INDEX draft_by_key ON draft (key, created_at);
  CREATE INDEX draft_by_fingerprint ON draft (fingerprint) WHERE state = 'pending';
  CREATE INDEX draft_pending ON draft (created_at) WHERE state = 'pending';
`

/** JSON: whose hands were in a draft when it was made. Empty for those of version 0.1.0. */
export const DRAFT_HANDS = `
  ALTER TABLE draft ADD COLUMN hands TEXT NOT NULL DEFAULT '';
`

/** Decided drafts are kept so long; the trail keeps who decided for as long as the account says. */
const KEPT_MS = 30 * DAY_MS
/** An agent in a loop must not bury what people have to read, nor keep other servers of the account from asking. */
const MOST_PENDING_OF_SERVER = 100
const MOST_PENDING = 2_000

export type Outcome = { state: WriteState; kept: Kept | null }

export type StoredDraft = Draft & {
  key: string
  tool: string
  effect: 'write' | 'money'
  serverId: string
  serverName: string
  reasons: ApprovalReason[]
  summary: DraftSummary
  decidedAt: number | null
  deciderName: string | null
  decisionReason: string | null
  outcome: Outcome | null
}

type Row = {
  seq: number
  id: string
  key: string
  tool: string
  effect: 'write' | 'money'
  server_id: string
  server_name: string
  server_created_by: string
  state: DraftState
  reasons: string
  summary: string
  caller: string
  hands: string
  created_at: number
  decided_at: number | null
  decided_by: string | null
  decider_name: string | null
  decision_reason: string | null
  outcome: string | null
}

const COLUMNS = `seq, id, key, tool, effect, server_id, server_name, server_created_by, state, reasons, summary, caller,
  hands, created_at, decided_at, decided_by, decider_name, decision_reason, outcome`

/** Version 0.1.0 kept the caller and who created the server, by the ids of their API tokens. */
const handsOf = ({ hands, caller, server_created_by }: Row): Hands =>
  hands === ''
    ? {
        caller: principalOf(JSON.parse(caller) as Caller),
        callerIssuer: null,
        holder: null,
        editors: [server_created_by],
        payeeChangers: [],
      }
    : (JSON.parse(hands) as Hands)

const draftOf = (row: Row, accountId: string, now: number): StoredDraft => {
  const draft: Draft = {
    id: row.id,
    accountId,
    state: row.state,
    created_at: row.created_at,
    caller: JSON.parse(row.caller) as Caller,
    hands: handsOf(row),
    decidedBy: row.decided_by,
  }
  return {
    ...presentDraft(draft, now),
    key: row.key,
    tool: row.tool,
    effect: row.effect,
    serverId: row.server_id,
    serverName: row.server_name,
    reasons: JSON.parse(row.reasons),
    summary: JSON.parse(row.summary),
    decidedAt: row.decided_at,
    deciderName: row.decider_name,
    decisionReason: row.decision_reason,
    outcome: row.outcome === null ? null : JSON.parse(row.outcome),
  }
}

export const insertDraft = (
  sql: SqlStorage,
  { id, request, reasons, summary, caller, wrapped_key, body }: NewDraft,
  server: { name: string; created_by: string },
  hands: Hands,
  now: number,
): void => {
  const key = request.key ?? request.minted
  sql.exec(
    `INSERT INTO draft (id, key, fingerprint, tool, effect, server_id, server_name, server_created_by, state, reasons,
       summary, caller, hands, created_at, wrapped_key, body)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'pending', ?, ?, ?, ?, ?, ?, ?)`,
    ...[id, key, request.fingerprint, request.tool, request.effect, request.serverId, server.name],
    ...[server.created_by, JSON.stringify(reasons), JSON.stringify(summary), JSON.stringify(caller)],
    ...[JSON.stringify(hands), now, wrapped_key, body],
  )
}

/** Whether so many wait already that no more may be made, through this server or in the whole account. */
export const tooManyPending = (sql: SqlStorage, serverId: string, now: number): boolean => {
  const { all, own } = sql
    .exec<{ all: number; own: number }>(
      `SELECT count(*) AS "all", coalesce(sum(server_id = ?), 0) AS own FROM draft WHERE state = 'pending' AND created_at > ?`,
      ...[serverId, now - DRAFT_MS],
    )
    .one()
  return all >= MOST_PENDING || own >= MOST_PENDING_OF_SERVER
}

export const selectDraft = (
  sql: SqlStorage,
  id: string,
  accountId: string,
  now: number,
): StoredDraft | null => {
  const [row] = sql.exec<Row>(`SELECT ${COLUMNS} FROM draft WHERE id = ?`, id).toArray()
  return row ? draftOf(row, accountId, now) : null
}

export type DraftFilter = { state: DraftState | null; limit: number; before: number }

/** Whether a pending draft has expired is decided by its age, not by what the alarm has written yet. */
const inState = (state: DraftState | null, born: number): [clause: string, values: (string | number)[]] => {
  if (state === null) return ['TRUE', []]
  if (state === 'pending') return ["state = 'pending' AND created_at > ?", [born]]
  if (state === 'expired') return ["(state = 'expired' OR (state = 'pending' AND created_at <= ?))", [born]]
  return ['state = ?', [state]]
}

/** Newest first. */
export const selectDrafts = (
  sql: SqlStorage,
  { state, limit, before }: DraftFilter,
  accountId: string,
  now: number,
): { drafts: StoredDraft[]; next: number | null } => {
  const [wanted, values] = inState(state, now - DRAFT_MS)
  const rows = sql
    .exec<Row>(
      `SELECT ${COLUMNS} FROM draft WHERE ${wanted} AND seq < ? ORDER BY seq DESC LIMIT ?`,
      ...[...values, before, limit + 1],
    )
    .toArray()
  const { page, next } = pageOf(rows, limit)
  return { drafts: page.map((row) => draftOf(row, accountId, now)), next }
}

export type Decision = { name: string | null; reason: string | null }

/** Records a step and erases the draft's arguments: who decided has seen them, and nothing needs them any more. */
export const writeStep = (
  sql: SqlStorage,
  { id, state, decidedBy }: Pick<Draft, 'id' | 'state' | 'decidedBy'>,
  { name, reason }: Decision,
  now: number,
): void => {
  sql.exec(
    `UPDATE draft SET state = ?, decided_by = ?, decider_name = ?, decision_reason = ?, decided_at = ?,
       wrapped_key = NULL, body = NULL WHERE id = ?`,
    ...[state, decidedBy, name, reason, now, id],
  )
}

export const writeOutcome = (sql: SqlStorage, key: string, outcome: Outcome): void => {
  sql.exec("UPDATE draft SET outcome = ? WHERE key = ? AND state = 'executed'", JSON.stringify(outcome), key)
}

/** Ends the drafts of a server that ended. */
export const cancelOfServer = (sql: SqlStorage, serverId: string, now: number): void => {
  sql.exec(
    `UPDATE draft SET state = 'canceled', decided_at = ?, decision_reason = 'its MCP server ended',
       wrapped_key = NULL, body = NULL WHERE server_id = ? AND state = 'pending'`,
    ...[now, serverId],
  )
}

/** Drafts past their time expire; what was decided long ago is forgotten. */
export const tidyDrafts = (sql: SqlStorage, now: number): void => {
  sql.exec(
    `UPDATE draft SET state = 'expired', decided_at = created_at + ?, wrapped_key = NULL, body = NULL
     WHERE state = 'pending' AND created_at <= ?`,
    ...[DRAFT_MS, now - DRAFT_MS],
  )
  sql.exec("DELETE FROM draft WHERE state != 'pending' AND created_at <= ?", now - KEPT_MS)
}

/** When `tidyDrafts` has something to do next; null for never. */
export const nextDraftTidying = (sql: SqlStorage): number | null => {
  const { pending, oldest } = sql
    .exec<{ pending: number | null; oldest: number | null }>(
      `SELECT (SELECT min(created_at) FROM draft WHERE state = 'pending') AS pending,
              (SELECT min(created_at) FROM draft WHERE state != 'pending') AS oldest`,
    )
    .one()
  return earliest([pending === null ? null : pending + DRAFT_MS, oldest === null ? null : oldest + KEPT_MS])
}

/** Sealed arguments of a draft; null once they were erased. */
export const selectSealed = (
  sql: SqlStorage,
  id: string,
): { wrapped_key: Uint8Array; ciphertext: Uint8Array } | null => {
  const [row] = sql
    .exec<{ wrapped_key: ArrayBuffer | null; body: ArrayBuffer | null }>(
      'SELECT wrapped_key, body FROM draft WHERE id = ?',
      id,
    )
    .toArray()
  if (!row?.wrapped_key || !row.body) return null
  return { wrapped_key: new Uint8Array(row.wrapped_key), ciphertext: new Uint8Array(row.body) }
}

/** Replaces what `from` wrapped; false when that was erased or replaced meanwhile. */
export const replaceSealed = (
  sql: SqlStorage,
  id: string,
  from: Uint8Array,
  { wrapped_key, ciphertext }: { wrapped_key: Uint8Array; ciphertext: Uint8Array },
): boolean =>
  sql
    .exec(
      'UPDATE draft SET wrapped_key = ?, body = ? WHERE id = ? AND wrapped_key = ? RETURNING id',
      ...[wrapped_key, ciphertext, id, from],
    )
    .toArray().length > 0

/** Ids of drafts whose arguments are kept. */
export const sealedDrafts = (sql: SqlStorage): string[] =>
  sql
    .exec<{ id: string }>('SELECT id FROM draft WHERE body IS NOT NULL')
    .toArray()
    .map(({ id }) => id)

/** The draft under the key of a call or, for a call without one, a pending draft that is equal to it. */
export const selectEqualDraft = (
  sql: SqlStorage,
  { key, fingerprint }: Pick<ClaimRequest, 'key' | 'fingerprint'>,
): EqualDraft | null => {
  type Found = Omit<EqualDraft, 'same'> & { fingerprint: ArrayBuffer }
  const columns = 'id, key, tool, state, created_at, fingerprint'
  const found =
    key === null
      ? sql.exec<Found>(
          `SELECT ${columns} FROM draft WHERE fingerprint = ? AND state = 'pending' LIMIT 1`,
          fingerprint,
        )
      : sql.exec<Found>(`SELECT ${columns} FROM draft WHERE key = ? ORDER BY created_at DESC LIMIT 1`, key)
  const [row] = found.toArray()
  if (!row) return null
  const { fingerprint: stored, ...draft } = row
  return { ...draft, same: sameBytes(stored, fingerprint) }
}

/** Whether a claim is for the very write that was drafted, down to each argument. */
export const isDrafted = (sql: SqlStorage, id: string, request: ClaimRequest): boolean => {
  const { key, fingerprint, serverId, tool } = request
  const [row] = sql
    .exec(
      'SELECT 1 FROM draft WHERE id = ? AND key = ? AND fingerprint = ? AND server_id = ? AND tool = ?',
      ...[id, key, fingerprint, serverId, tool],
    )
    .toArray()
  return row !== undefined
}
