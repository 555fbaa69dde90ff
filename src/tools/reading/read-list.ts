/**
 * How tools that answer a question read a list: pages several at once, within the bounds of a reading, and what was read
 * says whether it is all. `readWhole` reads a list in its own order, so that a sum does not depend on it, and can go on in
 * the next call; `readRecent` reads the newest pages. List tools read page after page instead, since each of their answers
 * ends at a row: `derived/walk.ts`.
 */
import type { Resource } from '../../../schemas/define.ts'
import { higher, orderOf, shortfall } from '../../finexio/pages.ts'
import { encodeCursor, queryDigest } from '../derived/cursor.ts'
import { keyOf, pageOf, startOf } from '../derived/list.ts'
import type { Filters } from '../derived/list-answer.ts'
import type { Row } from '../derived/request.ts'
import type { Page } from '../derived/walk.ts'
import type { ToolContext } from '../tool.ts'
import { noneIfNotFound, type Reading, UNREADABLE_ROWS } from './reading.ts'

/** Where a list goes on in the next call, the last row of this one (new rows shift pages), and what came so far, of how many. */
export type Resume = { page: number; last: string | null; seen?: number; count?: number | null }

export type Whole = {
  rows: Row[]
  /** Finexio's highest count over all pages; null where it sends none. */
  count: number | null
  unreadable: number
  /** First page that was not read; null when the whole list was, or no page brings more. */
  next: Resume | null
  /** What speaks against these being all, as the end of a sentence: what is missing cannot be had by reading on. */
  flaw: string | null
}

/** Whether every row was read that Finexio says there is. */
export const isWhole = ({ next, flaw, unreadable }: Whole): boolean =>
  next === null && flaw === null && unreadable === 0

const NOTHING: Whole = { rows: [], count: null, unreadable: 0, next: { page: 1, last: null }, flaw: null }

/** What came of a list, told to the reading too: an answer made of several lists is whole only when each is. */
const told = (reading: Reading, whole: Whole): Whole => {
  reading.flaw ??= whole.flaw ?? (whole.unreadable > 0 ? UNREADABLE_ROWS : null)
  return whole
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

type Pages = { read: Page[]; next: number | null; flaw: string | null }

/** Keeps what was seen. Rows without a key cannot be recognised again. */
const isNews = (seen: Set<string>, { rows }: Page): boolean => {
  const before = seen.size
  const keys = rows.map(keyOf).filter((key) => key !== null)
  for (const key of keys) seen.add(key)
  return seen.size > before || keys.length < rows.length || rows.length === 0
}

const REPEATED = 'it sent the same page again instead of the next one'

/** A page that the one before it names, and that did not come although the reading goes on. */
const goneWords = (number: number, { unread }: Reading) =>
  unread === null
    ? `page ${number}, which the page before it names, is not there`
    : `page ${number} came as something that is no list`

/** Pages in their order up to the end of the list, to the first that was not read, or to one that was there before. */
const inOrder = (
  pages: readonly (Page | null)[],
  from: number,
  seen: Set<string>,
  reading: Reading,
): Pages => {
  const read: Page[] = []
  for (const [index, page] of pages.entries()) {
    const next = from + index
    if (page === null)
      return reading.stopped === null
        ? { read, next: null, flaw: goneWords(next, reading) }
        : { read, next, flaw: null }
    if (!isNews(seen, page)) return { read, next: null, flaw: REPEATED }
    read.push(page)
    if (page.next === null) return { read, next: null, flaw: page.flaw ?? null }
  }
  return { read, next: from + pages.length, flaw: null }
}

const remaining = async (
  reading: Reading,
  page: (number: number) => Promise<Page>,
  first: Page,
  number: number,
): Promise<Pages> => {
  const all: Pages = { read: [first], next: first.next, flaw: first.flaw ?? null }
  const seen = new Set<string>()
  isNews(seen, first)
  while (all.next !== null) {
    const from = all.next
    // Only `from` is known to be there; the others are a guess from Finexio's count, which may be much too high.
    const upTo = Math.min(Math.max(from, lastPage(first, number)), from + Math.max(reading.left(), 1) - 1)
    const asked = numbersBetween(from, upTo).map((one) => reading.ask(() => noneIfNotFound(page(one))))
    const { read, next, flaw } = inOrder(await Promise.all(asked), from, seen, reading)
    all.read.push(...read)
    all.next = next
    all.flaw ??= read.find((one) => one.flaw)?.flaw ?? flaw
    if (reading.stopped && next !== null) break
  }
  return all
}

/** Keeps one copy of a row that moved to the next page while pages were read. Rows without an id all stay. */
const unique = (rows: readonly Row[]): Row[] => [
  ...new Map(rows.map((row, index) => [typeof row.id === 'string' ? row.id : index, row])).values(),
]

const unreadableIn = (pages: readonly Page[]): number =>
  pages.reduce((sum, one) => sum + (one.unreadable ?? 0), 0)

const countIn = (pages: readonly Page[], before: number | null = null): number | null =>
  pages.reduce((most, one) => higher(most, one.count), before)

/** Rows that came before this call; null where an earlier version did not count them. */
const seenBefore = (start: Resume | null): number | null => (start === null ? 0 : (start.seen ?? null))

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
  const { read, next, flaw } = await remaining(reading, page, first, number)
  const rows = unique([...fresh(first, start), ...read.slice(1).flatMap((one) => one.rows)])
  const [unreadable, count, before] = [unreadableIn(read), countIn(read, start?.count), seenBefore(start)]
  const seen = before === null ? null : before + rows.length + unreadable
  const lost = next === null && seen !== null ? shortfall(seen, count) : null
  const resume = next === null ? null : { page: next, last: keyOf(rows.at(-1) ?? {}) }
  return told(reading, {
    rows,
    count,
    unreadable,
    next: resume && seen !== null ? { ...resume, seen, count } : resume,
    flaw: flaw ?? lost,
  })
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

type Newest = { read: Page[]; last: number; oldestFirst: boolean }

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
  const most = Math.min(mostPages, reading.left() + 1)
  const others = await Promise.all(
    numbersOf(oldestFirst, last, most).map((number) => reading.ask(() => noneIfNotFound(page(number)))),
  )
  return { read: [first, ...others.filter((one) => one !== null)], last, oldestFirst }
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

/** Every page but the first is where the one before it leads: one without news, or with a flaw of its own, ends the list. */
const flawIn = (pages: readonly Page[]): string | null => {
  const seen = new Set<string>()
  const repeated = pages.map((page) => isNews(seen, page)).includes(false)
  return pages.find(({ flaw }) => flaw)?.flaw ?? (repeated ? REPEATED : null)
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
  const { read, last } = pages
  const tail = await tailOf(reading, resource, filters, pages, mostPages)
  const rows = unique([...read.flatMap((page) => page.rows), ...tail.rows])
  const unreadable = unreadableIn(read) + tail.unreadable
  const count = countIn(read, tail.count)
  const reached = last <= mostPages && reading.stopped === null && tail.next === null
  const lost = reached ? shortfall(rows.length + unreadable, count) : null
  return told(reading, {
    rows,
    count,
    unreadable,
    next: reached ? null : NOTHING.next,
    flaw: flawIn(read) ?? tail.flaw ?? lost,
  })
}

const digestOf = (tool: string, { next_cursor: _, ...query }: Row, { scope }: ToolContext) =>
  queryDigest([tool, query, scope])

/** @throws Refusal on a cursor of another query */
export const decodeResume = async (tool: string, args: Row, context: ToolContext): Promise<Resume | null> => {
  const position = await startOf(args.next_cursor, await digestOf(tool, args, context))
  if (!position) return null
  const { page, last, seen, count = null } = position
  return { page, last, ...(seen !== undefined && { seen, count }) }
}

/** `next_cursor` of an answer; null when there is no more. */
export const encodeResume = async (
  next: Resume | null,
  tool: string,
  args: Row,
  context: ToolContext,
): Promise<string | null> =>
  next && encodeCursor({ order: 'unknown', skip: 0, ...next }, await digestOf(tool, args, context))
