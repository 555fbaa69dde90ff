/** Ranges of time as people give them: a plain date at the end means that whole day. Pure. */
import { DAY_MS } from '../../core/time.ts'
import { timeOf } from '../../finexio/pages.ts'
import { Refusal } from '../refusal.ts'

const isPlainDate = (text: string) => /^\d{4}-\d\d-\d\d$/.test(text)

/** A moment in Finexio's own form: no zone, UTC. */
export const stampOf = (moment: number): string => new Date(moment).toISOString().slice(0, -1)

/** The last moment that people mean by `text`: of a plain date, the end of that day. */
export const endOf = (text: string): string => (isPlainDate(text) ? `${text}T23:59:59.999999` : text)

export type Range = { created_start: string; created_end: string }

/**
 * @param start ISO 8601; the beginning of the day `days` before the end when left out, the same for calls of one day
 * @param end ISO 8601; `now` when left out
 * @throws Refusal when it ends before it begins
 */
export const rangeOf = (
  start: string | undefined,
  end: string | undefined,
  days: number,
  now: number,
): Range => {
  const created_end = end === undefined ? stampOf(now) : endOf(end)
  const last = timeOf(created_end) ?? now
  const created_start = start ?? stampOf(last - days * DAY_MS).slice(0, 10)
  if ((timeOf(created_start) ?? 0) > last)
    throw new Refusal(`The range ends (${created_end}) before it begins (${created_start}): swap the two.`)
  return { created_start, created_end }
}
