/** Drafts that nobody could carry out any more. Times are milliseconds since the epoch. */

const SERVER_LIVES =
  'EXISTS (SELECT 1 FROM server WHERE id = draft.server_id AND (expires_at IS NULL OR expires_at > ?1))'
const URL_LIVES = `(token_digest IS NULL
  OR EXISTS (SELECT 1 FROM server WHERE digest = token_digest)
  OR EXISTS (SELECT 1 FROM retired_token WHERE digest = token_digest AND ends_at > ?1))`
const SIGN_IN_LIVES = `(caller ->> '$.oauth.grant_id' IS NULL
  OR EXISTS (SELECT 1 FROM oauth_grant WHERE id = draft.caller ->> '$.oauth.grant_id' AND expires_at > ?1))`

/** Ends drafts that nobody could carry out any more: the server, the URL or the sign-in through which they were made has ended. */
export const cancelEnded = (sql: SqlStorage, now: number): void => {
  sql.exec(
    `UPDATE draft SET state = 'canceled', decided_at = ?1, wrapped_key = NULL, body = NULL,
       decision_reason = CASE WHEN NOT ${SERVER_LIVES} THEN 'its MCP server ended'
         WHEN NOT ${URL_LIVES} THEN 'the URL through which it was made ended' ELSE 'the sign-in by which it was made ended' END
     WHERE state = 'pending' AND NOT (${SERVER_LIVES} AND ${URL_LIVES} AND ${SIGN_IN_LIVES})`,
    now,
  )
}
