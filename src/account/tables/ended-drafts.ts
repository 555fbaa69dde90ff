/** Drafts that nobody could carry out any more. Times are milliseconds since the epoch. */
import { appendAudit } from './audit.ts'

type Ended = { id: string; key: string; tool: string; server_id: string }

const SERVER_LIVES =
  'EXISTS (SELECT 1 FROM server WHERE id = draft.server_id AND (expires_at IS NULL OR expires_at > ?1))'
const URL_LIVES = `(token_digest IS NULL
  OR EXISTS (SELECT 1 FROM server WHERE digest = token_digest)
  OR EXISTS (SELECT 1 FROM retired_token WHERE digest = token_digest AND ends_at > ?1))`
const SIGN_IN_LIVES = `(caller ->> '$.oauth.grant_id' IS NULL
  OR EXISTS (SELECT 1 FROM oauth_grant WHERE id = draft.caller ->> '$.oauth.grant_id' AND expires_at > ?1))`

/** Ends drafts that nobody could carry out any more, with a row each: the server, the URL or the sign-in through which they were made has ended. */
export const cancelEnded = (sql: SqlStorage, now: number): void => {
  const ended = sql.exec<Ended>(
    `UPDATE draft SET state = 'canceled', decided_at = ?1, wrapped_key = NULL, body = NULL,
       decision_reason = CASE WHEN NOT ${SERVER_LIVES} THEN 'its MCP server ended'
         WHEN NOT ${URL_LIVES} THEN 'the URL through which it was made ended' ELSE 'the sign-in by which it was made ended' END
     WHERE state = 'pending' AND NOT (${SERVER_LIVES} AND ${URL_LIVES} AND ${SIGN_IN_LIVES})
     RETURNING id, key, tool, server_id`,
    now,
  )
  for (const { id, key, tool, server_id } of ended.toArray()) {
    const what = { request_id: null, mcp_server_id: server_id, tool_name: tool, outcome: null }
    const about = { event: 'canceled' as const, idempotency_key: key, approval_id: id }
    appendAudit(sql, { type: 'write', ...what, ...about, actor_id: null, actor_name: null }, now)
  }
}
