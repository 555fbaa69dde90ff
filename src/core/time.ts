/** Spans and moments, in milliseconds. */

/** Milliseconds of 24 hours. */
export const DAY_MS = 24 * 3_600_000

/** The first of several moments; null: never. */
export const earliest = (times: readonly (number | null)[]): number | null => {
  const known = times.filter((time) => time !== null)
  return known.length > 0 ? Math.min(...known) : null
}

/** Lets others go on for so many milliseconds at least. */
export const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms))
