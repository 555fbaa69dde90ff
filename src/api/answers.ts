/** What answers of the management API have in common: as schemas, and how they are made. */
import * as z from 'zod'

export const uuid = z.uuid()
export const time = z.iso.datetime()
export const count = z.int().min(0)
export const maybeText = z.string().nullable()

/** How near a trail is to its bound by size. */
export const Fullness = z
  .enum(['ok', 'filling', 'cutting'])
  .describe('filling: past 70 % of the bound; cutting: its oldest rows go.')

const Difference = z.object({ key: z.string(), before: z.unknown(), after: z.unknown() })

const waits = {
  settings_draft_id: uuid.describe('GET /settings-draft/{settings} shows it.'),
  waits_for: z.enum(['a second person', '24 hours']),
  loosens: z.array(Difference).describe('What waits: keys with what stands there and what was asked for.'),
  acts_at: time.nullable().describe('When it acts by itself; null: not without another person.'),
  waits_until: time,
}

/** 202: what loosens waits; what only narrows has acted. */
export const WaitsAnswer = z
  .object({
    ...waits,
    acted: z.array(z.string()).describe('Keys that changed at once, since that only narrows.'),
  })
  .meta({ id: 'Waits' })

/** Of what was made asleep; absent where it is awake. */
export const WaitsWith = z.object(waits).partial().shape

export const Removed = z.object({ id: uuid })

/** A page, newest first. */
export const pageAnswer = (item: z.ZodType) =>
  z.object({ result: z.array(item), next_cursor: z.string().nullable() })

/**
 * A page as it is answered.
 * @param next where it ended; null: there is no more
 * @param shown a row as it is answered
 */
export const paged = <Row, Shown>(rows: readonly Row[], next: number | null, shown: (row: Row) => Shown) => ({
  result: rows.map((row) => shown(row)),
  next_cursor: next === null ? null : String(next),
})

/** ISO 8601 in UTC. @param at milliseconds since the epoch */
export const isoOf = <At extends number | null>(at: At): At extends null ? null : string =>
  (at === null ? null : new Date(at).toISOString()) as At extends null ? null : string
