/**
 * Who had a hand in an MCP server, and so may not decide on what comes through it: who created, rotated or changed it, who
 * works through it, and whoever issued the API token that they did it with. Times are milliseconds since the epoch.
 */
import { DAY_MS } from '../../../core/time.ts'
import { columnOf } from '../rows.ts'

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

/** Which part of a server was changed; empty: it was not kept, or there are no parts. */
export const SERVER_HAND_KEY = "ALTER TABLE server_hand ADD COLUMN key TEXT NOT NULL DEFAULT '';"

export type Act = 'created' | 'rotated' | 'changed' | 'held'

/** Longer than any draft waits: of older changes the last one of each part alone matters. */
const KEPT_MS = 30 * DAY_MS

/** @param people ids of all who did it @param keys the parts that were changed */
export const noteHands = (
  sql: SqlStorage,
  serverId: string,
  act: Act,
  people: readonly string[],
  now: number,
  keys: readonly string[] = [''],
): void => {
  const rows = keys.flatMap((key) => [...new Set(people)].map((person) => [person, key] as const))
  for (const [person, key] of rows)
    sql.exec(
      'INSERT INTO server_hand (server_id, person_id, act, at, key) VALUES (?, ?, ?, ?, ?)',
      ...[serverId, person, act, now, key],
    )
  sql.exec(
    `DELETE FROM server_hand WHERE server_id = ?1 AND act = ?2 AND act IN ('changed', 'held') AND at < ${LAST}`,
    ...[serverId, act, now - KEPT_MS],
  )
}

/** When a part was changed last before a moment; 0: never. */
const LAST = `coalesce((SELECT max(other.at) FROM server_hand AS other WHERE other.server_id = ?1 AND other.act = ?2
  AND other.key = server_hand.key AND other.at <= ?3), 0)`

const peopleOf = (sql: SqlStorage, where: string, ...bound: (string | number)[]): string[] =>
  columnOf<string>(
    sql,
    `SELECT DISTINCT person_id FROM server_hand WHERE server_id = ?1 AND ${where}`,
    ...bound,
  )

/** Ids of everybody who created or rotated a server, and so got its URL to see. */
export const urlSeenBy = (sql: SqlStorage, serverId: string): string[] =>
  peopleOf(sql, "act IN ('created', 'rotated')", serverId)

/**
 * Ids of whose hands are in a draft through their hands in its server: everybody who created or rotated it, who changed any
 * part of it last before the draft or at all since, and who worked through it then or since. A later change of another part
 * hides nobody.
 * @param drafted when the draft was made
 */
export const handsIn = (
  sql: SqlStorage,
  serverId: string,
  drafted: number,
): { editors: string[]; holders: string[]; urlSeen: string[] } => {
  const since = (act: Act) => peopleOf(sql, `act = ?2 AND at >= ${LAST}`, serverId, act, drafted)
  const urlSeen = urlSeenBy(sql, serverId)
  return { editors: [...new Set([...urlSeen, ...since('changed')])], holders: since('held'), urlSeen }
}
