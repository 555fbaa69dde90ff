/**
 * Who had a hand in an MCP server, and so may not decide on what comes through it: who created, rotated or changed it, who
 * works through it, and whoever issued the API token that they did it with. Times are milliseconds since the epoch.
 */
import { DAY_MS } from '../../core/time.ts'

export const SERVER_HAND = `
  CREATE TABLE server_hand (
    server_id TEXT NOT NULL REFERENCES server (id) ON DELETE CASCADE,
    person_id TEXT NOT NULL,
    act TEXT NOT NULL CHECK (act IN ('created', 'rotated', 'changed', 'held')),
    at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX server_hand_by_server ON server_hand (server_id, act, at);
  INSERT INTO server_hand SELECT id, created_by, 'created', created_at FROM server;
`

export type Act = 'created' | 'rotated' | 'changed' | 'held'

/** Longer than any draft waits: of older changes the last one alone matters. */
const KEPT_MS = 30 * DAY_MS

/** @param people ids of all who did it */
export const noteHands = (
  sql: SqlStorage,
  serverId: string,
  act: Act,
  people: readonly string[],
  now: number,
): void => {
  for (const person of new Set(people))
    sql.exec('INSERT INTO server_hand VALUES (?, ?, ?, ?)', serverId, person, act, now)
  sql.exec(
    `DELETE FROM server_hand WHERE server_id = ?1 AND act = ?2 AND act IN ('changed', 'held') AND at <
       (SELECT max(at) FROM server_hand WHERE server_id = ?1 AND act = ?2 AND at <= ?3)`,
    ...[serverId, act, now - KEPT_MS],
  )
}

/** The last before a moment, and all since. */
const SINCE = `act = ? AND at >= coalesce(
  (SELECT max(at) FROM server_hand WHERE server_id = ?1 AND act = ? AND at <= ?), 0)`

const peopleOf = (sql: SqlStorage, where: string, ...bound: (string | number)[]): string[] =>
  sql
    .exec<{ person_id: string }>(
      `SELECT DISTINCT person_id FROM server_hand WHERE server_id = ?1 AND ${where}`,
      ...bound,
    )
    .toArray()
    .map(({ person_id }) => person_id)

/**
 * Ids of whose hands are in a draft through their hands in its server: everybody who created or rotated it, who changed it
 * last before the draft or at all since, and who worked through it then or since. `urlSeen`: who got its URL to see.
 * @param drafted when the draft was made
 */
export const handsIn = (
  sql: SqlStorage,
  serverId: string,
  drafted: number,
): { editors: string[]; holders: string[]; urlSeen: string[] } => {
  const since = (act: Act) => peopleOf(sql, SINCE, serverId, act, act, drafted)
  const ever = peopleOf(sql, "act IN ('created', 'rotated')", serverId)
  return { editors: [...new Set([...ever, ...since('changed')])], holders: since('held'), urlSeen: ever }
}
