/** Tokens that let somebody in once, with what their server was called then: a call that comes with one leaves a row. */
import type { RefusalCode } from '../../rules/sentences/refused-by.ts'
import { firstRow, hasTable } from './rows.ts'

/** Those that were replaced already before this table was there, and still work, are in it too. */
export const ENDED_TOKEN = `
  CREATE TABLE ended_token (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    digest BLOB NOT NULL UNIQUE,
    server_id TEXT NOT NULL,
    name TEXT NOT NULL,
    holder TEXT,
    holder_name TEXT
  ) STRICT;
  INSERT INTO ended_token (digest, server_id, name, holder, holder_name)
    SELECT retired_token.digest, id, name, holder, holder_name
    FROM retired_token JOIN server ON id = server_id ORDER BY ends_at;
`

/** Some 1.5 MB. What ended longest ago is forgotten. */
const MOST_ENDED = 10_000

/** Keeps the newest tokens of servers that are about to lose them. @param where which servers, with what it binds */
export const keepEndedTokens = (sql: SqlStorage, where: string, ...bound: (string | number)[]): void => {
  const kept = sql.exec(
    `INSERT INTO ended_token (digest, server_id, name, holder, holder_name)
       SELECT digest, id, name, holder, holder_name FROM server WHERE ${where} RETURNING seq`,
    ...bound,
  )
  if (kept.toArray().length > 0)
    sql.exec(`DELETE FROM ended_token WHERE seq <= (SELECT max(seq) FROM ended_token) - ${MOST_ENDED}`)
}

/** An MCP server that a token leads to no more, or not yet. */
export type ClosedServer = {
  server: { id: string; name: string; holder: string | null; holder_name: string | null }
  code: RefusalCode
}

type Row = ClosedServer['server'] & { asleep: string | null }

/**
 * The server of a token that lets nobody in: it sleeps, ended, was revoked, or got another token.
 * @param digest of a token that was not admitted
 * @param now milliseconds since the epoch
 * @returns null: nobody was ever let in by it, or something else is why it lets nobody in now
 */
export const closedServer = (sql: SqlStorage, digest: Uint8Array, now: number): ClosedServer | null => {
  const row = firstRow<Row>(
    sql,
    `SELECT id, name, holder, holder_name, asleep FROM server
       WHERE digest = ?1 AND (expires_at <= ?2 OR asleep IS NOT NULL)
     UNION ALL
     SELECT server_id, coalesce(server.name, ended_token.name), ended_token.holder, ended_token.holder_name, NULL
       FROM ended_token LEFT JOIN server ON server.id = server_id
       WHERE ended_token.digest = ?1 AND NOT EXISTS (SELECT 1 FROM retired_token
         WHERE digest = ?1 AND ends_at > ?2 AND (server.expires_at IS NULL OR server.expires_at > ?2))`,
    ...[digest, now],
  )
  if (!row) return null
  const { asleep, ...server } = row
  return { server, code: asleep === null ? 'server_ended' : 'server_asleep' }
}

/** The same of an account that is gone: every token that it had has ended. */
export const closedWithAccount = (sql: SqlStorage, digest: Uint8Array): ClosedServer | null => {
  if (!hasTable(sql, 'ended_token')) return null
  const columns = 'server_id AS id, name, holder, holder_name'
  const server = firstRow<ClosedServer['server']>(
    sql,
    `SELECT ${columns} FROM ended_token WHERE digest = ?`,
    digest,
  )
  return server ? { server, code: 'account_gone' } : null
}

/** Of an account that is gone, once nothing is left of its trail. */
export const forgetEndedTokens = (sql: SqlStorage): void => {
  if (hasTable(sql, 'ended_token')) sql.exec('DELETE FROM ended_token')
}
