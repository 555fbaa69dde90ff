/**
 * How tools that answer a question read a list: pages several at once, within the bounds of a reading, and what was read
 * says whether it is all. `readWhole` reads a list in its own order, so that a sum does not depend on it, and can go on in
 * the next call; `readRecent` reads the newest pages. List tools read page after page instead, since each of their answers
 * ends at a row: `derived/walk.ts`.
 */
import type { Resource } from '../../../schemas/define.ts'
import { orderOf } from '../../finexio/pages.ts'
import { keyOf, pageOf, startOf } from '../derived/list.ts'
import type { Filters } from '../derived/list-answer.ts'
import type { Row } from '../derived/request.ts'
import { encodeCursor, type Page, queryDigest } from '../derived/walk.ts'
import type { ToolContext } from '../tool.ts'
import { noneIfNotFound, type Reading } from './reading.ts'

/** Where a list goes on in the next call, and the last row of this one: new rows shift pages. */
export type Resume = { page: number; last: string | null }

export type Whole = {
  rows: Row[]
  /** Finexio's count over all pages; null where it sends none. */
  count: number | null
  unreadable: number
  /** First page that was not read; null when the whole list was, or no page brings more. */
  next: Resume | null
  /** Finexio sent a page again instead of the next one: what comes after it cannot be had. */
  repeated: boolean
}

/** Whether every row was read that Finexio says there is. */
export const isWhole = ({ next, repeated, rows, count }: Whole): boolean =>
  next === null && !(repeated && rows.length !== count)

const NOTHING: Whole = {
  rows: [],
  count: null,
  unreadable: 0,
  next: { page: 1, last: null },
  repeated: false,
}

/** The last page there should be; `next` of the pages themselves has the last word. */
const lastPage = (first: Page, number: number): number => {
  const perPage = first.rows.length + (first.unreadable ?? 0)
  return Math.max(perPage > 0 ? Math.ceil((first.count ?? 0) / perPage) : 0, first.next ?? number)
}

const numbersBetween = (from: number, to: number) =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index)

/** Rows of this page that an earlier call did not have yet. */
const fresh = ({ rows }: Page, from: Resume | null): readonly Row[] => {
  const seen = from?.last ? rows.findIndex((row) => keyOf(row) === from.last) : -1
  return rows.slice(seen + 1)
}

type Pages = { read: Page[]; next: number | null; repeated: boolean }

/** Keeps what was seen. Rows without a key cannot be recognised again. */
const isNews = (seen: Set<string>, { rows }: Page): boolean => {
  const before = seen.size
  const keys = rows.map(keyOf).filter((key) => key !== null)
  for (const key of keys) seen.add(key)
  return seen.size > before || keys.length < rows.length || rows.length === 0
}

/** Pages in their order up to the end of the list, to the first that was not read, or to one that was there before. */
const inOrder = (pages: readonly (Page | null)[], from: number, seen: Set<string>): Pages => {
  const read: Page[] = []
  for (const [index, page] of pages.entries()) {
    if (page === null) return { read, next: from + index, repeated: false }
    if (!isNews(seen, page)) return { read, next: null, repeated: true }
    read.push(page)
    if (page.next === null) return { read, next: null, repeated: false }
  }
  return { read, next: from + pages.length, repeated: false }
}

const remaining = async (
  reading: Reading,
  page: (number: number) => Promise<Page>,
  first: Page,
  number: number,
): Promise<Pages> => {
  const all: Pages = { read: [first], next: first.next, repeated: false }
  const seen = new Set<string>()
  isNews(seen, first)
  while (all.next !== null) {
    const from = all.next
    const upTo = Math.max(from, lastPage(first, number))
    // Only `from` is known to be there; the others are a guess from Finexio's count, which may be too high.
    const asked = numbersBetween(from, upTo).map((one) =>
      reading.ask(() => (one === from ? page(one) : noneIfNotFound(page(one)))),
    )
    const { read, next, repeated } = inOrder(await Promise.all(asked), from, seen)
    all.read.push(...read)
    Object.assign(all, { next, repeated })
    if (reading.stopped && next !== null) break
  }
  return all
}

/** Keeps one copy of a row that moved to the next page while pages were read. Rows without an id all stay. */
const unique = (rows: readonly Row[]): Row[] => [
  ...new Map(rows.map((row, index) => [typeof row.id === 'string' ? row.id : index, row])).values(),
]

/**
 * Every row that Finexio has for these filters, as far as the reading allows.
 * @param path ids that the route asks for
 * @param start where an earlier call ended; null for the beginning
 */
export const readWhole = async (
  reading: Reading,
  resource: Resource,
  filters: Filters,
  start: Resume | null = null,
  path: Row = {},
): Promise<Whole> => {
  const page = pageOf(resource, reading.context, filters, path)
  const number = start?.page ?? 1
  const first = await reading.ask(() => page(number))
  if (!first) return { ...NOTHING, next: start ?? NOTHING.next }
  const { read, next, repeated } = await remaining(reading, page, first, number)
  const rows = [...fresh(first, start), ...read.slice(1).flatMap((one) => one.rows)]
  return {
    rows: unique(rows),
    count: first.count,
    unreadable: read.reduce((sum, one) => sum + (one.unreadable ?? 0), 0),
    next: next === null ? null : { page: next, last: keyOf(rows.at(-1) ?? {}) },
    repeated,
  }
}

/** Pages beside the first: behind it, or before the last where old rows come first. */
const numbersOf = (oldestFirst: boolean, last: number, most: number): number[] =>
  oldestFirst
    ? numbersBetween(Math.max(2, last - most + 2), last)
    : numbersBetween(2, Math.min(last, Math.max(most, 1)))

const isOldestFirst = ({ methods }: Resource, first: Page): boolean => {
  const newest = methods.list?.list?.newest ?? null
  return newest !== null && orderOf(first.rows, newest) === 'oldest'
}

type Newest = { read: Page[]; last: number; oldestFirst: boolean; lost: boolean }

const readPages = async (
  reading: Reading,
  resource: Resource,
  filters: Filters,
  mostPages: number,
): Promise<Newest | null> => {
  const page = pageOf(resource, reading.context, filters)
  const first = await reading.ask(() => page(1))
  if (!first) return null
  const last = first.next === null ? 1 : lastPage(first, 1)
  const oldestFirst = isOldestFirst(resource, first)
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
  { read, last, oldestFirst }: Newest,
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
  const pages = await readPages(reading, resource, filters, mostPages)
  if (!pages) return NOTHING
  const { read, last, lost } = pages
  const tail = await tailOf(reading, resource, filters, pages, mostPages)
  const rows = unique([...read.flatMap((page) => page.rows), ...tail.rows])
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

const digestOf = (tool: string, { next_cursor: _, ...query }: Row, { scope }: ToolContext) =>
  queryDigest([tool, query, scope])

/** @throws Refusal on a cursor of another query */
export const decodeResume = async (tool: string, args: Row, context: ToolContext): Promise<Resume | null> => {
  const position = await startOf(args.next_cursor, await digestOf(tool, args, context))
  return position && { page: position.page, last: position.last }
}

/** `next_cursor` of an answer; null when there is no more. */
export const encodeResume = async (
  next: Resume | null,
  tool: string,
  args: Row,
  context: ToolContext,
): Promise<string | null> =>
  next && encodeCursor({ order: 'unknown', skip: 0, ...next }, await digestOf(tool, args, context))
