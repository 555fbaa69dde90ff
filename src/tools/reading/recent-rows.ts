/** Reads the newest pages of a list, several at once. Finexio does not document its order: the first page tells. */
import type { Resource } from '../../../schemas/define.ts'
import { orderOf } from '../../finexio/pages.ts'
import { pageOf } from '../derived/list.ts'
import type { Filters, ListMethod } from '../derived/list-answer.ts'
import { noneIfNotFound } from './not-found.ts'
import type { Reading } from './reading.ts'
import type { Page } from './walk.ts'
import { joinedRows, lastPage, numbersBetween, readWhole, type Whole } from './whole-list.ts'

/** Pages beside the first: behind it, or before the last where old rows come first. */
const numbersOf = (oldestFirst: boolean, last: number, most: number): number[] =>
  oldestFirst
    ? numbersBetween(Math.max(2, last - most + 2), last)
    : numbersBetween(2, Math.min(last, Math.max(most, 1)))

const NOTHING: Whole = {
  rows: [],
  count: null,
  unreadable: 0,
  next: { page: 1, last: null },
  repeated: false,
}

const isOldestFirst = ({ list: { newest } }: ListMethod, first: Page): boolean =>
  newest !== null && orderOf(first.rows, newest) === 'oldest'

type Pages = { read: Page[]; last: number; oldestFirst: boolean; lost: boolean }

const readPages = async (
  reading: Reading,
  method: ListMethod,
  filters: Filters,
  mostPages: number,
): Promise<Pages | null> => {
  const page = pageOf(method, reading.context, filters)
  const first = await reading.ask(() => page(1))
  if (!first) return null
  const last = first.next === null ? 1 : lastPage(first, 1)
  const oldestFirst = isOldestFirst(method, first)
  const others = await Promise.all(
    numbersOf(oldestFirst, last, mostPages).map((number) => reading.ask(() => noneIfNotFound(page(number)))),
  )
  const read = [first, ...others.filter((one) => one !== null)]
  return { read, last, oldestFirst, lost: read.length <= others.length }
}

/** Finexio's count may be too low, or missing: `next` of the last page has the last word. */
const tailOf = async (
  reading: Reading,
  resource: Resource,
  filters: Filters,
  { read, last, oldestFirst }: Pages,
  mostPages: number,
): Promise<Whole> => {
  const goesOn = read.at(-1)!.next !== null && (oldestFirst || last <= mostPages)
  return goesOn
    ? readWhole(reading, resource, filters, { page: last + 1, last: null })
    : { ...NOTHING, next: null }
}

/**
 * The newest rows for these filters; `next` is null only when these are all.
 * @param mostPages pages of one call, as far as Finexio's count can be trusted
 */
export const readRecent = async (
  reading: Reading,
  resource: Resource,
  mostPages: number,
  filters: Filters = {},
): Promise<Whole> => {
  const pages = await readPages(reading, resource.methods.list as ListMethod, filters, mostPages)
  if (!pages) return NOTHING
  const { read, last, lost } = pages
  const tail = await tailOf(reading, resource, filters, pages, mostPages)
  const rows = joinedRows([...read, { rows: tail.rows, next: null, count: null }])
  const unreadable = read.reduce((sum, one) => sum + (one.unreadable ?? 0), tail.unreadable)
  const count = read[0]!.count
  const isAll = last <= mostPages && reading.stopped === null && tail.next === null
  return {
    rows,
    count,
    unreadable,
    next: isAll ? null : NOTHING.next,
    repeated: isAll && !lost && rows.length + unreadable < (count ?? 0),
  }
}
