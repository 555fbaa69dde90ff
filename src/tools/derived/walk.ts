/**
 * Reads the pages of a Finexio list newest first, one request after another, up to a bound. Finexio does not document
 * its order: it is learned from the timestamps of the first page, and the walk starts at the end where the new rows are.
 */

import * as z from 'zod'
import { base64UrlOf, bytesOfBase64Url } from '../../core/bytes.ts'
import { FinexioFailure } from '../../finexio/failure.ts'
import { higher, shortfall } from '../../finexio/pages.ts'
import type { Row } from './request.ts'

// `next_cursor`: where a list goes on. Opaque to clients and bound to its query and to the server's configuration.

/** Reading direction: `newest` follows pages upwards, `oldest` downwards from the last, `unknown` as Finexio lists. */
const Order = z.enum(['newest', 'oldest', 'unknown'])
export type Order = z.infer<typeof Order>

const Position = z.object({
  order: Order,
  page: z.int().min(1).max(1_000_000),
  /** Rows of that page already given, in reading direction. */
  skip: z.int().min(0).max(100_000),
  /** Key of the last row given: new rows upstream shift pages, this finds the place again. */
  last: z.string().max(200).nullable(),
  /** Rows that came so far, and the highest count of them: at its end a list is held against its count. */
  seen: z.int().min(0).optional(),
  count: z.int().min(0).nullable().optional(),
})
export type Position = z.infer<typeof Position>

const LONGEST_CURSOR = 1_000

/** Format of the text below, in case it ever changes. */
const FORMAT = 1

/** A short digest of whatever must not change between two pages: tool, filters, server, configuration. */
export const queryDigest = async (parts: unknown): Promise<string> => {
  const bytes = new TextEncoder().encode(JSON.stringify(parts))
  return base64UrlOf(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)).slice(0, 9))
}

/** @param digest of the query, as `queryDigest` gives it */
export const encodeCursor = (position: Position, digest: string): string => {
  const { order, page, skip, last, seen, count } = position
  const parts = [
    FORMAT,
    digest,
    order,
    page,
    skip,
    last,
    ...(seen === undefined ? [] : [seen, count ?? null]),
  ]
  return base64UrlOf(new TextEncoder().encode(JSON.stringify(parts)))
}

/** Null when the text is not a cursor of ours or belongs to another query or configuration. */
export const decodeCursor = (text: string, digest: string): Position | null => {
  if (text.length > LONGEST_CURSOR) return null
  try {
    const [format, owner, order, page, skip, last, seen, count] = JSON.parse(
      new TextDecoder().decode(bytesOfBase64Url(text)),
    )
    return format === FORMAT && owner === digest
      ? Position.parse({ order, page, skip, last, seen, count })
      : null
  } catch {
    return null
  }
}

export type Page = {
  rows: readonly Row[]
  next: number | null
  count: number | null
  unreadable?: number
  /** Why a list with this page is not known to be whole; see `ListPage`. */
  flaw?: string | null
}

export type Walk = {
  page(number: number): Promise<Page>
  /** Newest-or-oldest of a page's rows, `unknown` when its timestamps tell nothing. */
  orderOf(rows: readonly Row[]): Order
  /** Moment of a row, by which pages are sorted. */
  timeOf(row: Row): number
  /** What is known of this list's order from earlier calls. */
  learned: Order
  keep(row: Row): boolean
  keyOf(row: Row): string | null
  limit: number
  start: Position | null
  mostPages: number
  /** False once too little time is left for another request. */
  mayGoOn(): boolean
}

export type Walked = {
  rows: Row[]
  next: Position | null
  order: Order
  requests: number
  /** Rows looked at, whether kept or not. */
  looked: number
  count: number | null
  /** Rows that were no records. */
  unreadable: number
  /** Last row looked at. */
  lastSeen: Row | null
  stopped: 'bound' | 'time' | FinexioFailure | null
  /** What speaks against these being all rows, although no further page can be had; as the end of a sentence. */
  flaw: string | null
}

/** Whether these rows, with those of earlier calls, are known to be all. */
export const isAll = ({ next, stopped, flaw, unreadable }: Walked): boolean =>
  next === null && stopped === null && flaw === null && unreadable === 0

/** `seen`: rows that came, with those of earlier calls; null where an earlier call did not count them. `keys`: of the rows of this call. */
type State = Walked & { number: number; page: Page; seen: number | null; keys: Set<string>; ids: Set<string> }

const orderFrom = (walk: Walk, page: Page): Order => {
  if (page.next === null) return 'newest'
  const seen = walk.orderOf(page.rows)
  return seen === 'unknown' ? walk.learned : seen
}

/** Where the count leads past the end, the list is read as Finexio lists it. */
const stayAtStart = (state: State) => {
  state.order = 'unknown'
  state.flaw = `it counts ${state.count}, and the page where that would end is not there`
}

const isGone = (failure: unknown): boolean =>
  failure instanceof FinexioFailure && failure.kind === 'not_found'

/** Where Finexio lists oldest first, new rows are on the last page: jump there, then follow `next` to be sure. */
const goToEnd = async (walk: Walk, state: State) => {
  const perPage = state.page.rows.length + (state.page.unreadable ?? 0)
  let number = Math.max(Math.ceil((state.count ?? 0) / perPage), state.page.next ?? 1)
  while (state.requests < walk.mostPages) {
    state.requests++
    const page = await walk.page(number).catch((failure) => {
      if (!isGone(failure)) throw failure
      return null
    })
    if (page === null) return stayAtStart(state)
    note(state, page)
    Object.assign(state, { page, number })
    if (page.next === null) return
    number = page.next
  }
  state.stopped = 'bound'
}

/** What a page says of the whole list. */
const note = (state: State, page: Page) => {
  state.flaw ??= page.flaw ?? null
  state.count = higher(state.count, page.count)
}

const startOf = ({ start }: Walk): Pick<State, 'seen' | 'count' | 'flaw'> => ({
  seen: start ? (start.seen ?? null) : 0,
  count: start?.count ?? null,
  flaw: null,
})

const open = async (walk: Walk): Promise<State> => {
  const number = walk.start?.page ?? 1
  const page = await walk.page(number)
  const order = walk.start?.order ?? orderFrom(walk, page)
  const state: State = {
    rows: [],
    next: null,
    order,
    requests: 1,
    looked: 0,
    ...startOf(walk),
    unreadable: 0,
    keys: new Set(),
    ids: new Set(),
    lastSeen: null,
    stopped: null,
    number,
    page,
  }
  note(state, page)
  if (!walk.start && order === 'oldest') await goToEnd(walk, state)
  return state
}

/** A page in reading direction. A list of one page is sorted here, whatever order Finexio gave it. */
const inReadingOrder = (walk: Walk, { order, number, page }: State): readonly Row[] => {
  const single = number === 1 && page.next === null
  if (order === 'unknown' && !single) return page.rows
  return page.rows
    .map((row) => ({ row, time: walk.timeOf(row) }))
    .sort((a, b) => b.time - a.time)
    .map(({ row }) => row)
}

const resumeAt = (walk: Walk, rows: readonly Row[], from: Position | null): number => {
  if (!from) return 0
  const found = from.last === null ? -1 : rows.findIndex((row) => walk.keyOf(row) === from.last)
  return found >= 0 ? found + 1 : Math.min(from.skip, rows.length)
}

const following = ({ order, number, page }: State): number | null => {
  if (order === 'oldest') return number > 1 ? number - 1 : null
  return page.next !== null && page.next > number ? page.next : null
}

/** Whether every row of a page came before in this call. Rows without a key cannot be recognised again. */
const isRepeated = (walk: Walk, { keys, page }: State): boolean => {
  const before = keys.size
  const own = page.rows.map(walk.keyOf)
  for (const key of own) if (key !== null) keys.add(key)
  return before > 0 && own.length > 0 && keys.size === before && !own.includes(null)
}

/** Each record once: where pages are cut in another order each time, one stands on two of them and another one on none. */
const newAmong = ({ ids }: State, rows: readonly Row[]): number =>
  rows.filter(({ id }) => typeof id !== 'string' || (!ids.has(id) && ids.add(id))).length

const count = (state: State, rows: number) => {
  if (state.seen !== null) state.seen += rows
}

/** The page was read to its end: where the next is, or how the list ended. */
const turnedTo = (state: State, last: string | null): Position | null => {
  count(state, state.page.unreadable ?? 0)
  const more = following(state)
  if (more !== null) return { order: state.order, page: more, skip: 0, last }
  if (state.seen !== null) state.flaw ??= shortfall(state.seen, state.count)
  return null
}

/** Takes rows of the present page until the limit. */
const take = (walk: Walk, state: State, from: Position | null) => {
  if (isRepeated(walk, state)) {
    state.flaw ??= 'it sent the same page again instead of the next one'
    state.next = null
    return
  }
  const rows = inReadingOrder(walk, state)
  state.unreadable += state.page.unreadable ?? 0
  const first = resumeAt(walk, rows, from)
  let index = first
  for (; index < rows.length && state.rows.length < walk.limit; index++) {
    const row = rows[index]!
    state.looked++
    state.lastSeen = row
    if (walk.keep(row)) state.rows.push(row)
  }
  count(state, newAmong(state, rows.slice(first, index)))
  const last = state.lastSeen ? walk.keyOf(state.lastSeen) : (from?.last ?? null)
  state.next =
    index < rows.length
      ? { order: state.order, page: state.number, skip: index, last }
      : turnedTo(state, last)
}

const mustStop = (walk: Walk, state: State): Walked['stopped'] => {
  if (state.requests >= walk.mostPages) return 'bound'
  return walk.mayGoOn() ? null : 'time'
}

/** A later page that fails ends the walk with what was read so far; a first page that fails fails the call. */
const turnPage = async (walk: Walk, state: State, number: number) => {
  state.requests++
  try {
    state.page = await walk.page(number)
    state.number = number
    note(state, state.page)
  } catch (failure) {
    if (!(failure instanceof FinexioFailure)) throw failure
    if (failure.kind !== 'not_found') state.stopped = failure
    else {
      state.flaw ??= `page ${number}, which the page before it names, is not there`
      state.next = null
    }
  }
}

/** @throws FinexioFailure when the first page fails; a later one ends the walk and is in `stopped` */
export const walkPages = async (walk: Walk): Promise<Walked> => {
  const state = await open(walk)
  take(walk, state, walk.start)
  while (state.rows.length < walk.limit && state.next) {
    state.stopped = mustStop(walk, state)
    if (!state.stopped) await turnPage(walk, state, state.next.page)
    if (state.stopped || state.next === null) break
    take(walk, state, state.next)
  }
  const { number: _number, page: _page, seen, keys: _keys, ids: _ids, ...walked } = state
  const next = walked.next && seen !== null ? { ...walked.next, seen, count: walked.count } : walked.next
  return { ...walked, next }
}
