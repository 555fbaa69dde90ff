/** Reads all pages of a list, several at once. The sum over a list must not depend on the order in which Finexio gives it. */
import type { Resource } from '../../../schemas/define.ts'
import { keyOf, pageOf } from '../derived/list.ts'
import type { Filters, ListMethod } from '../derived/list-answer.ts'
import { noneIfNotFound } from './not-found.ts'
import type { Reading } from './reading.ts'
import type { Page, Row } from './walk.ts'

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

/** The last page there should be; `next` of the pages themselves has the last word. */
export const lastPage = (first: Page, number: number): number => {
  const perPage = first.rows.length + (first.unreadable ?? 0)
  return Math.max(perPage > 0 ? Math.ceil((first.count ?? 0) / perPage) : 0, first.next ?? number)
}

export const numbersBetween = (from: number, to: number) =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index)

/** Rows of this page that an earlier call did not have yet. */
const fresh = ({ rows }: Page, from: Resume | null): readonly Row[] => {
  const seen = from?.last ? rows.findIndex((row) => keyOf(row) === from.last) : -1
  return rows.slice(seen + 1)
}

type Pages = { read: Page[]; next: number | null; repeated: boolean }

/** Keeps what was seen. Rows without a key cannot be told from others. */
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

/** A row that moved to the next page while pages were read is there twice. Entries without an id are left alone. */
const unique = (rows: readonly Row[]): Row[] => [
  ...new Map(rows.map((row, index) => [typeof row.id === 'string' ? row.id : index, row])).values(),
]

/** Rows of several pages, each once. */
export const joinedRows = (pages: readonly Page[]): Row[] => unique(pages.flatMap(({ rows }) => rows))

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
  const page = pageOf(resource.methods.list as ListMethod, reading.context, filters, path)
  const number = start?.page ?? 1
  const first = await reading.ask(() => page(number))
  if (!first)
    return { rows: [], count: null, unreadable: 0, next: start ?? { page: 1, last: null }, repeated: false }
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
