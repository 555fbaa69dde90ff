/** When an MCP server ends. */
import * as z from 'zod'

/** Less than this is almost always a mistake in the caller's clock or zone. */
const LEAST_LIFE_MS = 60_000

export type Expiry = { ok: true; at: number | null } | { ok: false; problem: string }

/** As callers send it. Whether it is far enough ahead, `readExpiry` says. */
export const ExpiryInput = z.iso
  .datetime({
    offset: true,
    error: 'must be an ISO date and time with zone, such as 2027-01-31T00:00:00Z, or null for never',
  })
  .nullable()
  .describe(`At least ${LEAST_LIFE_MS / 1000} seconds ahead, with zone; null: never.`)

/**
 * Reads `expires_at`.
 * @param value ISO 8601 date and time with zone, or null for never
 * @param now milliseconds since the epoch
 * @returns milliseconds since the epoch, or one sentence that says what is wrong
 */
export const readExpiry = (value: unknown, now: number): Expiry => {
  const moment = ExpiryInput.safeParse(value)
  if (!moment.success) return { ok: false, problem: moment.error.issues[0]!.message }
  if (moment.data === null) return { ok: true, at: null }
  const at = Date.parse(moment.data)
  return at - now >= LEAST_LIFE_MS
    ? { ok: true, at }
    : { ok: false, problem: `must be at least ${LEAST_LIFE_MS / 1000} seconds in the future` }
}
