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

/** Milliseconds by which a pause ends late on a machine that is not busy; what is added beyond is so many times the delay, and so long at most. */
const [NOT_LATE_MS, LATE_TIMES, MOST_ADDED_MS] = [5, 2, 100]

/** Lets others go on for so many milliseconds, and for longer where they have more to do than fits into that: then it ends late. */
export const rest = async (ms: number): Promise<void> => {
  const begun = Date.now()
  await pause(ms)
  const late = Date.now() - begun - ms
  if (late > NOT_LATE_MS) await pause(Math.min(late * LATE_TIMES, MOST_ADDED_MS))
}

/**
 * Does something that may take so long at most. Its timer ends with it: one of `AbortSignal.timeout` stays until its time is over, and
 * what listens to it with it.
 * @param ms after which the signal that `work` gets is aborted
 * @throws what `work` throws; of a `fetch` with the signal, a `TimeoutError`
 */
export const within = async <Answer>(
  ms: number,
  work: (deadline: AbortSignal) => Promise<Answer>,
): Promise<Answer> => {
  const controller = new AbortController()
  const late = () => controller.abort(new DOMException('The time is over.', 'TimeoutError'))
  const timer = setTimeout(late, ms)
  try {
    return await work(controller.signal)
  } finally {
    clearTimeout(timer)
  }
}
