/** What a request changes, as far as the audit trail tells: names, never values. */
import type { Context } from 'hono'

const MOST_NAMES = 50

/** Remembers the names of what was sent, for the trail. */
export const noteChanged = (c: Context, body: unknown): void => {
  if (typeof body === 'object' && body !== null && !Array.isArray(body))
    c.set('changed', Object.keys(body).slice(0, MOST_NAMES))
}
