/** Drafts of an account: writes that wait for a person. Their arguments are sealed, and erased once decided. Times are milliseconds since the epoch. */
import { sameBytes } from '../../../core/bytes.ts'
import { DAY_MS } from '../../../core/time.ts'
import { type Caller, principalOf } from '../../../rules/admission.ts'
import type { ApprovalReason } from '../../../rules/approval.ts'
import { DRAFT_MS, type Draft, type DraftState, presentDraft } from '../../../rules/drafts.ts'
import type { EqualDraft } from '../../../rules/ledger.ts'
import type { Hands } from '../../../rules/who/four-eyes.ts'
import type { ClaimRequest, DraftSummary, Kept, NewDraft, WriteState } from '../../../rules/write-contract.ts'
import { allRows, countRows, firstRow, hasRow, insertRow, type PageRequest, selectPage } from '../rows.ts'
import { putPage } from './draft-pages.ts'
import { putSubjects } from './draft-subjects.ts'

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

/**
 * JSON: who was involved in a draft when it was made (`Hands`). Empty for drafts of version 0.1.0. `token_digest`: of the URL
 * through which it was made; null: a sign-in.
 */
export const DRAFT_HANDS = `
  ALTER TABLE draft ADD COLUMN hands TEXT NOT NULL DEFAULT '';
  ALTER TABLE draft ADD COLUMN token_digest BLOB;
`

/** Whether the only person of a company of one decided on what a system drafted. */
export const DRAFT_ONE_PERSON = 'ALTER TABLE draft ADD COLUMN one_person INTEGER NOT NULL DEFAULT 0;'

/** Why, as the caller said. */
export const DRAFT_REASON = 'ALTER TABLE draft ADD COLUMN call_reason TEXT;'

/** How long a draft holds its idempotency key. It is kept for as long as the trail. */
const KEY_MS = 30 * DAY_MS
/** An agent in a loop must not fill the list that people decide from, nor keep other servers of the account from asking. */
const MOST_PENDING_OF_SERVER = 100
const MOST_PENDING = 2_000

const PENDING = "draft WHERE state = 'pending' AND created_at > ?"

export type Outcome = { state: WriteState; kept: Kept | null }

export type StoredDraft = Draft & {
  key: string
  tool: string
  effect: 'write' | 'money'
  serverId: string
  serverName: string
  reasons: ApprovalReason[]
  /** Why, as the caller said; null: nothing was said. */
  callReason: string | null
  summary: DraftSummary
  decidedAt: number | null
  deciderName: string | null
  decisionReason: string | null
  outcome: Outcome | null
}

type Encoded = 'reasons' | 'summary' | 'caller' | 'outcome'
type Row = Omit<StoredDraft, Encoded | 'accountId' | 'hands' | 'onePerson'> &
  Record<Encoded, string | null> & { hands: string; serverCreatedBy: string; onePerson: number }

const COLUMNS = `id, key, tool, effect, server_id AS serverId, server_name AS serverName,
  server_created_by AS serverCreatedBy, state, reasons, summary, caller, hands, created_at, decided_at AS decidedAt,
  decided_by AS decidedBy, decider_name AS deciderName, decision_reason AS decisionReason, outcome, one_person AS onePerson,
  call_reason AS callReason`

/** Version 0.1.0 kept the caller and who created the server, by the ids of their API tokens. */
const handsOf = ({ hands, serverCreatedBy }: Row, caller: Caller): Hands =>
  hands === ''
    ? {
        caller: principalOf(caller),
        callerIssuers: [],
        holders: [],
        editors: [serverCreatedBy],
        payeeChangers: [],
      }
    : (JSON.parse(hands) as Hands)

const draftOf = (row: Row, accountId: string, now: number): StoredDraft => {
  const decoded = (name: Encoded) => JSON.parse(row[name] ?? 'null')
  const [reasons, summary, caller] = [decoded('reasons'), decoded('summary'), decoded('caller')]
  const { serverCreatedBy: _, ...rest } = row
  const hands = handsOf(row, caller)
  return presentDraft(
    {
      ...rest,
      onePerson: row.onePerson === 1,
      accountId,
      reasons,
      summary,
      caller,
      hands,
      outcome: decoded('outcome'),
    },
    now,
  )
}

/** Stores a pending draft under the key of its call. @param server as it is called now, for people who decide */
export const insertDraft = (
  sql: SqlStorage,
  { id, request, reasons, reason, summary, caller, wrapped_key, body, page }: NewDraft,
  server: { name: string; created_by: string },
  hands: Hands,
  now: number,
): void => {
  const { key, minted, fingerprint, tool, effect, serverId, letIn } = request
  insertRow(sql, 'draft', {
    ...{ id, key: key ?? minted, fingerprint, tool, effect },
    ...{ server_id: serverId, server_name: server.name, server_created_by: server.created_by },
    ...{ state: 'pending', reasons, summary, caller, hands, token_digest: letIn.digest },
    ...{ created_at: now, wrapped_key, body, call_reason: reason },
  })
  putPage(sql, id, page)
  putSubjects(sql, id, request.equals)
}

/** Drafts that wait for a decision. */
export const countPending = (sql: SqlStorage, now: number): number => countRows(sql, PENDING, now - DRAFT_MS)

/** Whether the limit of waiting drafts is reached, for this server or for the whole account. */
export const tooManyPending = (sql: SqlStorage, serverId: string, now: number): boolean => {
  const own = countRows(sql, `${PENDING} AND server_id = ?`, now - DRAFT_MS, serverId)
  return own >= MOST_PENDING_OF_SERVER || countPending(sql, now) >= MOST_PENDING
}

/** No more than the limit of one server. */
export const selectWaitingOf = (sql: SqlStorage, serverId: string, now: number) =>
  allRows<{ id: string; tool: string }>(
    sql,
    `SELECT id, tool FROM ${PENDING} AND server_id = ?`,
    ...[now - DRAFT_MS, serverId],
  )

/** Null when there is none. @param accountId whose object this is */
export const selectDraft = (
  sql: SqlStorage,
  id: string,
  accountId: string,
  now: number,
): StoredDraft | null => {
  const row = firstRow<Row>(sql, `SELECT ${COLUMNS} FROM draft WHERE id = ?`, id)
  return row ? draftOf(row, accountId, now) : null
}

export type DraftFilter = PageRequest & { state: DraftState | null }

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
  { state, ...page }: DraftFilter,
  accountId: string,
  now: number,
): { drafts: StoredDraft[]; next: number | null } => {
  const [wanted, values] = inState(state, now - DRAFT_MS)
  const { rows, next } = selectPage<Row>(sql, COLUMNS, `draft WHERE ${wanted}`, values, page)
  return { drafts: rows.map((row) => draftOf(row, accountId, now)), next }
}

export type Decision = { name: string | null; reason: string | null }

/** Records a step and erases the draft's arguments: who decided has seen them, and nothing needs them any more. */
export const writeStep = (
  sql: SqlStorage,
  { id, state, decidedBy, onePerson }: Pick<Draft, 'id' | 'state' | 'decidedBy' | 'onePerson'>,
  { name, reason }: Decision,
  now: number,
): void => {
  sql.exec(
    `UPDATE draft SET state = ?, decided_by = ?, decider_name = ?, decision_reason = ?, decided_at = ?, one_person = ?,
       wrapped_key = NULL, body = NULL WHERE id = ?`,
    ...[state, decidedBy, name, reason, now, Number(onePerson), id],
  )
}

/** What became of the write of an executed draft. @param key and time of its claim: a key may be used again after a while */
export const writeOutcome = (sql: SqlStorage, key: string, claimedAt: number, outcome: Outcome): void => {
  sql.exec(
    "UPDATE draft SET outcome = ? WHERE key = ? AND state = 'executed' AND decided_at = ?",
    ...[JSON.stringify(outcome), key, claimedAt],
  )
}

/** Keyed digest of the URL's token through which a draft was made; null: a sign-in, or version 0.1.0. */
export const tokenDigestOf = (sql: SqlStorage, id: string): Uint8Array | null => {
  const row = firstRow<{ token_digest: ArrayBuffer | null }>(
    sql,
    'SELECT token_digest FROM draft WHERE id = ?',
    id,
  )
  return row?.token_digest ? new Uint8Array(row.token_digest) : null
}

/** The draft under the key of a call or, for a call without one, a pending draft that is equal to it. */
export const selectEqualDraft = (
  sql: SqlStorage,
  { key, fingerprint, serverId }: Pick<ClaimRequest, 'key' | 'fingerprint' | 'serverId'>,
  now: number,
): EqualDraft | null => {
  type Found = Omit<EqualDraft, 'same' | 'elsewhere' | 'reasons'> &
    Record<'reasons' | 'server_id', string> & { fingerprint: ArrayBuffer }
  const wanted = key === null ? "fingerprint = ? AND state = 'pending'" : 'key = ?'
  const row = firstRow<Found>(
    sql,
    `SELECT id, key, tool, state, created_at, reasons, fingerprint, server_id FROM draft
     WHERE ${wanted} AND created_at > ? ORDER BY created_at DESC LIMIT 1`,
    ...[key ?? fingerprint, now - KEY_MS],
  )
  if (!row) return null
  const { fingerprint: stored, server_id, reasons, ...draft } = row
  return {
    ...draft,
    reasons: JSON.parse(reasons),
    same: sameBytes(stored, fingerprint),
    elsewhere: server_id !== serverId,
  }
}

/** Whether a claim is for the very write that was drafted, down to each argument. */
export const isDrafted = (sql: SqlStorage, id: string, request: ClaimRequest): boolean =>
  hasRow(
    sql,
    'SELECT 1 FROM draft WHERE id = ? AND key = ? AND fingerprint = ? AND server_id = ? AND tool = ?',
    ...[id, request.key, request.fingerprint, request.serverId, request.tool],
  )
