/** Reads lists: the envelope of 100 rows a page, bare arrays, single objects; and finds out how rows are ordered. */
import { isObject } from '../core/json.ts'

type Row = Readonly<Record<string, unknown>>

export type ListPage = {
  rows: readonly unknown[]
  /** Number of the next page; null at the end. */
  next: number | null
  /** Finexio's count over all pages; null where it sends none. */
  count: number | null
}

/** The page number of a link, and nothing else of it: credentials never go to a host found in an answer. */
export const pageNumberOf = (link: unknown): number | null => {
  if (typeof link !== 'string') return null
  const page = /[?&]page=(\d{1,7})(?:[&#]|$)/.exec(link)?.[1]
  return page === undefined || Number(page) < 1 ? null : Number(page)
}

/** A page in whichever form it came; anything else is a page without rows, whose count is null. */
export const readPage = (body: unknown): ListPage => {
  if (Array.isArray(body)) return { rows: body, next: null, count: body.length }
  if (!isObject(body)) return { rows: [], next: null, count: null }
  if (!Array.isArray(body.results)) return { rows: [body], next: null, count: 1 }
  const count =
    typeof body.count === 'number' && Number.isInteger(body.count) && body.count >= 0 ? body.count : null
  return { rows: body.results, next: pageNumberOf(body.next), count }
}

const STAMP = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)(\.\d{1,9})?(Z|[+-]\d\d:?\d\d)?)?$/

/**
 * A timestamp as Finexio writes it: no zone (UTC is meant), six fractional digits.
 * @returns milliseconds since the epoch with their fraction, or null
 */
export const timeOf = (text: unknown): number | null => {
  const match = typeof text === 'string' ? STAMP.exec(text) : null
  if (!match) return null
  const [, date, time = '00:00', fraction = '0', zone = 'Z'] = match
  const ms = Date.parse(`${date}T${time}${zone.replace(/^([+-]\d\d)(\d\d)$/, '$1:$2')}`)
  return Number.isNaN(ms) ? null : ms + Number(fraction) * 1_000
}

/** Order of a page by a timestamp; `unknown` when its rows rise and fall, or tell nothing. */
export const orderOf = (rows: readonly Row[], field: string): 'newest' | 'oldest' | 'unknown' => {
  const times = rows.map((row) => timeOf(row[field])).filter((time) => time !== null)
  const steps = times.slice(1).map((time, index) => Math.sign(time - times[index]!))
  const [falls, rises] = [steps.includes(-1), steps.includes(1)]
  if (falls === rises) return 'unknown'
  return falls ? 'newest' : 'oldest'
}
