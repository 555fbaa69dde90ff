/** Notifications that wait for their delivery. Times are milliseconds since the epoch. */
import { noticeSentence } from '../../rules/sentences/notices.ts'
import type { Message, Notification } from '../notify/deliver.ts'
import { allRows, countRows, earliestOf } from './rows.ts'

export const OUTBOX = `
  CREATE TABLE outbox (
    id TEXT PRIMARY KEY,
    type TEXT NOT NULL,
    body TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    next_at INTEGER NOT NULL
  ) STRICT;
`

/** Pauses between attempts; after the last one a message is given up. */
const PAUSES_MS = [30_000, 5 * 60_000, 30 * 60_000, 2 * 3_600_000, 12 * 3_600_000]
/** Messages for a receiver that does not answer must not fill the account's storage. */
const MOST_WAITING = 200

/** Adds a message whose first attempt is due now. Drops it when too many wait already. */
export const enqueue = (sql: SqlStorage, notification: Notification, now: number): void => {
  if (countRows(sql, 'outbox') >= MOST_WAITING) return
  const id = `msg_${crypto.randomUUID()}`
  const { type, data } = notification
  const text = noticeSentence(type, data)
  const body = JSON.stringify({ type, timestamp: new Date(now).toISOString(), text, data })
  sql.exec('INSERT INTO outbox VALUES (?, ?, ?, 0, ?)', id, type, body, now)
}

/** Messages whose time has come. Taking one counts as an attempt, so that a crash cannot repeat it for ever. */
export const takeDue = (sql: SqlStorage, now: number): Message[] => {
  const due = allRows<Message & { attempts: number }>(
    sql,
    'SELECT id, body, attempts FROM outbox WHERE next_at <= ? LIMIT 20',
    now,
  )
  for (const { id, attempts } of due) {
    const pause = PAUSES_MS[attempts]
    if (pause === undefined) sql.exec('DELETE FROM outbox WHERE id = ?', id)
    else sql.exec('UPDATE outbox SET attempts = attempts + 1, next_at = ? WHERE id = ?', now + pause, id)
  }
  return due.map(({ id, body }) => ({ id, body }))
}

/** Removes a message that the receiver took. */
export const delivered = (sql: SqlStorage, id: string): void => {
  sql.exec('DELETE FROM outbox WHERE id = ?', id)
}

/** When the next attempt is due; null for never. */
export const nextAttempt = (sql: SqlStorage): number | null =>
  earliestOf(sql, 'SELECT min(next_at) AS at FROM outbox')
