/**
 * Timestamps in the text of tables. Finexio writes six digits of a second and no zone: in a list they are a third of its
 * tokens, and a reader takes them for his own time. Structured content keeps them as they were given.
 */
const STAMP = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.\d{1,9})?(Z|[+-]\d\d:?\d\d)?$/

/** `2026-11-03T15:10:00.590000` → `2026-11-03T15:10:00Z`, since Finexio means UTC; anything else as it is. */
export const plainTime = (value: unknown): unknown => {
  const match = typeof value === 'string' ? STAMP.exec(value) : null
  return match ? `${match[1]}T${match[2]}${match[3] ?? 'Z'}` : value
}

/** Milliseconds of 24 hours. */
export const DAY_MS = 24 * 3_600_000

/** The first of several moments; null: never. */
export const earliest = (times: readonly (number | null)[]): number | null => {
  const known = times.filter((time) => time !== null)
  return known.length > 0 ? Math.min(...known) : null
}
