/** Notifications that wait for their delivery. Times are milliseconds since the epoch. */
import type { Message } from '../notify/deliver.ts'
import type { Notification } from '../notify/event.ts'

export const OUTBOX = `
  CREATE TABLE outbox (
    id TEXT PRIMARY KEY,
    type TEXT NOT NULL,
    body TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    next_at INTEGER NOT NULL
  ) STRICT;
  ALTER TABLE server ADD COLUMN warned INTEGER NOT NULL DEFAULT 0;
`

/** Pauses between attempts; after the last one a message is given up. */
const PAUSES_MS = [30_000, 5 * 60_000, 30 * 60_000, 2 * 3_600_000, 12 * 3_600_000]
/** A receiver that is away must not fill the account's storage. */
const MOST_WAITING = 200
const DAY_MS = 24 * 3_600_000

/** Adds a message whose first attempt is due now. Drops it when too many wait already. */
export const enqueue = (sql: SqlStorage, notification: Notification, now: number): void => {
  const { waiting } = sql.exec<{ waiting: number }>('SELECT count(*) AS waiting FROM outbox').one()
  if (waiting >= MOST_WAITING) return
  const id = `msg_${crypto.randomUUID()}`
  const body = JSON.stringify({
    type: notification.type,
    timestamp: new Date(now).toISOString(),
    data: notification.data,
  })
  sql.exec('INSERT INTO outbox VALUES (?, ?, ?, 0, ?)', id, notification.type, body, now)
}

/** Messages whose time has come. Taking one counts as an attempt, so that a crash cannot repeat it for ever. */
export const takeDue = (sql: SqlStorage, now: number): Message[] => {
  const due = sql
    .exec<Message & { attempts: number }>(
      'SELECT id, body, attempts FROM outbox WHERE next_at <= ? LIMIT 20',
      now,
    )
    .toArray()
  for (const { id, attempts } of due) {
    const pause = PAUSES_MS[attempts]
    if (pause === undefined) sql.exec('DELETE FROM outbox WHERE id = ?', id)
    else sql.exec('UPDATE outbox SET attempts = attempts + 1, next_at = ? WHERE id = ?', now + pause, id)
  }
  return due.map(({ id, body }) => ({ id, body }))
}

export const delivered = (sql: SqlStorage, id: string): void => {
  sql.exec('DELETE FROM outbox WHERE id = ?', id)
}

type Expiring = { id: string; name: string; expires_at: number }

/** Servers that end within a day and whose operator was not told; those made for less than a day need no warning. */
const EXPIRING = 'warned = 0 AND expires_at IS NOT NULL AND expires_at - created_at > ?'

/** Notes that they are told of. */
export const takeExpiring = (sql: SqlStorage, now: number): Expiring[] =>
  sql
    .exec<Expiring>(
      `UPDATE server SET warned = 1 WHERE ${EXPIRING} AND expires_at <= ? AND expires_at > ? RETURNING id, name, expires_at`,
      ...[DAY_MS, now + DAY_MS, now],
    )
    .toArray()

/** When there is something to tell or to send; null for never. */
export const nextOutbox = (sql: SqlStorage): number | null => {
  const { due, expiring } = sql
    .exec<{ due: number | null; expiring: number | null }>(
      `SELECT (SELECT min(next_at) FROM outbox) AS due, (SELECT min(expires_at) FROM server WHERE ${EXPIRING}) AS expiring`,
      DAY_MS,
    )
    .one()
  const times = [due, expiring === null ? null : expiring - DAY_MS].filter((time) => time !== null)
  return times.length > 0 ? Math.min(...times) : null
}
