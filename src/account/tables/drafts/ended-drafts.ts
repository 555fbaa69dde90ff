/** Drafts that ended without a decision, each with a row in the trail. Times are milliseconds since the epoch. */
import { DRAFT_MS } from '../../../rules/drafts.ts'
import { appendAudit, keptMs } from '../audit.ts'
import { aboutWrite, toldOf } from '../ledger/write-facts.ts'
import { earliestOf } from '../rows.ts'

type Ended = { id: string; key: string; tool: string; server_id: string } & {
  server_name: string
  cents: number
  suppliers: number
  created_at: number
  decision_reason: string | null
}

/** The server that somebody revoked, and who. */
export type Revoked = { serverId: string; by: { actor_id: string; actor_name: string } | null }

const NOBODY = { actor_id: null, actor_name: null }

const ENDED = `id, key, tool, server_id, server_name, created_at, decision_reason, summary ->> '$.total_cents' AS cents,
  json_array_length(summary, '$.suppliers') AS suppliers`

const SERVER_LIVES =
  'EXISTS (SELECT 1 FROM server WHERE id = draft.server_id AND (expires_at IS NULL OR expires_at > ?1))'
const URL_LIVES = `(token_digest IS NULL
  OR EXISTS (SELECT 1 FROM server WHERE digest = token_digest)
  OR EXISTS (SELECT 1 FROM retired_token WHERE digest = token_digest AND ends_at > ?1))`
const SIGN_IN_LIVES = `(caller ->> '$.oauth.grant_id' IS NULL
  OR EXISTS (SELECT 1 FROM oauth_grant WHERE id = draft.caller ->> '$.oauth.grant_id' AND expires_at > ?1))`

const recordEnds = (
  sql: SqlStorage,
  event: 'canceled' | 'expired',
  ended: readonly Ended[],
  now: number,
  revoked: Revoked | null = null,
): void => {
  for (const { id, key, tool, server_id, server_name, cents, suppliers, created_at, ...one } of ended) {
    const facts = { ...aboutWrite(server_name, cents, suppliers), ...toldOf(sql, key, created_at) }
    const what = { request_id: null, mcp_server_id: server_id, tool_name: tool, outcome: null, ...facts }
    const about = { event, idempotency_key: key, approval_id: id }
    const by = revoked?.serverId === server_id ? revoked.by : null
    const who = by ? { actor_id: by.actor_id, actor_name: by.actor_name } : NOBODY
    const why = one.decision_reason && { why: one.decision_reason }
    appendAudit(sql, { type: 'write', ...what, ...about, ...why, ...who }, now)
  }
}

/** Ends drafts that nobody could carry out any more: the server, the URL or the sign-in through which they were made has ended. */
export const cancelEnded = (sql: SqlStorage, now: number, revoked: Revoked | null = null): void => {
  const ended = sql.exec<Ended>(
    `UPDATE draft SET state = 'canceled', decided_at = ?1, wrapped_key = NULL, body = NULL,
       decision_reason = CASE WHEN NOT ${SERVER_LIVES} THEN 'its MCP server ended'
         WHEN NOT ${URL_LIVES} THEN 'the URL through which it was made ended' ELSE 'the sign-in by which it was made ended' END
     WHERE state = 'pending' AND created_at > ?1 - ${DRAFT_MS}
       AND NOT (${SERVER_LIVES} AND ${URL_LIVES} AND ${SIGN_IN_LIVES})
     RETURNING ${ENDED}`,
    now,
  )
  recordEnds(sql, 'canceled', ended.toArray(), now, revoked)
}

/** Ends drafts that nobody decided in time, and deletes those whose rows the trail has lost too. */
export const tidyDrafts = (sql: SqlStorage, now: number): void => {
  const expired = sql.exec<Ended>(
    `UPDATE draft SET state = 'expired', decided_at = created_at + ?, wrapped_key = NULL, body = NULL
     WHERE state = 'pending' AND created_at <= ? RETURNING ${ENDED}`,
    ...[DRAFT_MS, now - DRAFT_MS],
  )
  recordEnds(sql, 'expired', expired.toArray(), now)
  // The trail may have lost more than its days for want of room.
  sql.exec(
    `DELETE FROM draft WHERE state != 'pending' AND (decided_at <= ? OR (decided_at < (SELECT min(at) FROM audit)
       AND (SELECT removed FROM audit_state) > 0))`,
    now - keptMs(sql),
  )
}

/** When `tidyDrafts` has something to do next; null for never. */
export const nextDraftTidying = (sql: SqlStorage): number | null =>
  earliestOf(
    sql,
    `SELECT min(created_at) + ${DRAFT_MS} AS at FROM draft WHERE state = 'pending'`,
    `SELECT min(decided_at) + ${keptMs(sql)} AS at FROM draft WHERE state != 'pending'`,
  )
