/** Reads lists: the envelope of 100 rows a page, bare arrays, single objects; says what of them cannot be trusted; and finds out how rows are ordered. */
import { isObject } from '../core/json.ts'
import type { QueryValue } from './types.ts'

type Row = Readonly<Record<string, unknown>>

export type ListPage = {
  rows: readonly unknown[]
  /** Number of the next page; null at the end. */
  next: number | null
  /** Finexio's count over all pages; null where it sends none. */
  count: number | null
  /** Why a list with this page in it is not known to be whole, as the end of a sentence; null when nothing speaks against it. */
  flaw: string | null
}

/** The page number of a link, and nothing else of it: credentials never go to a host found in an answer. */
export const pageNumberOf = (link: unknown): number | null => {
  if (typeof link !== 'string') return null
  const page = /[?&]page=(\d{1,7})(?:[&#]|$)/.exec(link)?.[1]
  return page === undefined || Number(page) < 1 ? null : Number(page)
}

/** What was asked for, and which forms of an answer are a list of it. */
export type AskedPage = {
  number: number
  /** Address that was asked, without its query; absent where only the page number of a link can be judged. */
  url?: string | undefined
  /** A list that comes in pages; else a bare array is the whole of it. */
  paged: boolean
  /** Whether one record in place of the list is a list of one: Finexio documents a few of its lists so. */
  single?: boolean
}

const withoutSlash = (path: string) => path.replace(/\/+$/, '')

/** Host and path of both must be the same; scheme and port differ behind a proxy. A relative link is of the same host. */
const leadsElsewhere = (link: string, url: string | undefined): boolean => {
  if (url === undefined) return false
  const [from, to] = [URL.parse(url), URL.parse(link, url)]
  return (
    !from || !to || to.hostname !== from.hostname || withoutSlash(to.pathname) !== withoutSlash(from.pathname)
  )
}

type Next = Pick<ListPage, 'next' | 'flaw'>
const END: Next = { next: null, flaw: null }

/** Pages are numbered from 1 without gaps: any other page than the one behind this is one that was read before, or skips some. */
const nextOf = (link: unknown, { number, url, paged }: AskedPage): Next => {
  if (link === null || link === undefined || link === '') return END
  const next = pageNumberOf(link)
  if (next === null || !paged) return { next: null, flaw: 'its link to the next page cannot be followed' }
  if (next !== number + 1)
    return { next: null, flaw: `page ${number} names page ${next} as the one behind it` }
  const elsewhere = leadsElsewhere(String(link), url)
  return { next, flaw: elsewhere ? 'its link to the next page leads elsewhere' : null }
}

const isCount = (count: unknown): count is number =>
  typeof count === 'number' && Number.isSafeInteger(count) && count >= 0

const NO_COUNT = 'it came without a readable count'

/** A page in whichever form it came; null for a body that is no list. */
export const readPage = (body: unknown, asked: AskedPage): ListPage | null => {
  if (Array.isArray(body)) {
    const known = !asked.paged || asked.single === true
    return { rows: body, next: null, count: known ? body.length : null, flaw: known ? null : NO_COUNT }
  }
  if (!isObject(body)) return null
  if (!Array.isArray(body.results))
    return asked.single ? { rows: [body], next: null, count: 1, flaw: null } : null
  const { next, flaw } = nextOf(body.next, asked)
  const count = isCount(body.count) ? body.count : null
  return { rows: body.results, next, count, flaw: flaw ?? (count === null ? NO_COUNT : null) }
}

/**
 * What a count says of a list that was read to its end.
 * @param read rows that came, unreadable ones included
 * @param count the highest that any of its pages named; null where none did
 */
export const shortfall = (read: number, count: number | null): string | null =>
  count !== null && read < count ? `it counts ${count} and ended after ${read}` : null

/** The higher of two counts, as far as there are any: what was counted once and is missing later was not read. */
export const higher = (one: number | null, other: number | null): number | null =>
  one === null || other === null ? (one ?? other) : Math.max(one, other)

const MOMENT = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d(?:\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$/

/** A time as Finexio's description asks for it: date, time and zone. A plain date is a whole day, so at the end of a range its end. */
const completeTime = (name: string, value: string): string => {
  const [, date, time, seconds = ':00', zone = 'Z'] = MOMENT.exec(value) ?? []
  if (date === undefined) return value
  if (time === undefined) return `${date}T${name.endsWith('_end') ? '23:59:59.999999' : '00:00:00'}Z`
  return `${date}T${time}${seconds}${zone.replace(/^([+-]\d\d)(\d\d)$/, '$1:$2')}`
}

const isTimeFilter = (name: string) => /_(start|end|after)$/.test(name)

/** A query with each time in it complete. */
export const completeTimes = (
  query: Readonly<Record<string, QueryValue>>,
): Readonly<Record<string, QueryValue>> =>
  Object.fromEntries(
    Object.entries(query).map(([name, value]) => [
      name,
      typeof value === 'string' && isTimeFilter(name) ? completeTime(name, value) : value,
    ]),
  )

const STAMP = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)(\.\d{1,9})?(Z|[+-]\d\d:?\d\d)?)?$/

/** One of those that Finexio writes: by its digits it is read in a quarter of the time that `Date.parse` takes. */
const USUAL = /^[1-9]\d{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3])(?::[0-5]\d){2}\.\d{6}$/

/** The number that two digits of a text write. */
const twoDigits = (text: string, at: number): number =>
  10 * text.charCodeAt(at) + text.charCodeAt(at + 1) - 11 * '0'.charCodeAt(0)

const usualTime = (text: string): number => {
  const [year, month] = [100 * twoDigits(text, 0) + twoDigits(text, 2), twoDigits(text, 5) - 1]
  const [day, hour, minute, second] = [8, 11, 14, 17].map((at) => twoDigits(text, at))
  return Date.UTC(year, month, day, hour, minute, second) + Number(text.slice(19)) * 1_000
}

/**
 * A timestamp as Finexio writes it: no zone (UTC is meant), six fractional digits.
 * @returns milliseconds since the epoch with their fraction, or null
 */
export const timeOf = (text: unknown): number | null => {
  if (typeof text !== 'string') return null
  if (USUAL.test(text)) return usualTime(text)
  const match = STAMP.exec(text)
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
