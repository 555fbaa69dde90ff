/**
 * Reads the pages of a Finexio list newest first, one request after another, up to a bound. Finexio does not document
 * its order: it is learned from the timestamps of the first page, and the walk starts at the end where the new rows are.
 */

import * as z from 'zod'
import { base64UrlOf, bytesOfBase64Url } from '../../core/bytes.ts'
import { FinexioFailure } from '../../finexio/failure.ts'
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
  const { order, page, skip, last } = position
  return base64UrlOf(new TextEncoder().encode(JSON.stringify([FORMAT, digest, order, page, skip, last])))
}

/** Null when the text is not a cursor of ours or belongs to another query or configuration. */
export const decodeCursor = (text: string, digest: string): Position | null => {
  if (text.length > LONGEST_CURSOR) return null
  try {
    const [format, owner, order, page, skip, last] = JSON.parse(
      new TextDecoder().decode(bytesOfBase64Url(text)),
    )
    return format === FORMAT && owner === digest ? Position.parse({ order, page, skip, last }) : null
  } catch {
    return null
  }
}

export type Page = { rows: readonly Row[]; next: number | null; count: number | null; unreadable?: number }

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
}

type State = Walked & { number: number; page: Page }

const orderFrom = (walk: Walk, page: Page): Order => {
  if (page.next === null) return 'newest'
  const seen = walk.orderOf(page.rows)
  return seen === 'unknown' ? walk.learned : seen
}

/** Where Finexio lists oldest first, new rows are on the last page: jump there, then follow `next` to be sure. */
const goToEnd = async (walk: Walk, state: State) => {
  const perPage = state.page.rows.length
  let number = Math.max(Math.ceil((state.count ?? 0) / perPage), state.page.next ?? 1)
  while (state.requests < walk.mostPages) {
    state.page = await walk.page(number)
    state.requests++
    state.number = number
    if (state.page.next === null || state.page.next <= number) return
    number = state.page.next
  }
  state.stopped = 'bound'
}

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
    count: page.count,
    unreadable: 0,
    lastSeen: null,
    stopped: null,
    number,
    page,
  }
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

/** Takes rows of the present page until the limit; returns how many of them were looked at. */
const take = (walk: Walk, state: State, from: Position | null) => {
  const rows = inReadingOrder(walk, state)
  state.unreadable += state.page.unreadable ?? 0
  let index = resumeAt(walk, rows, from)
  for (; index < rows.length && state.rows.length < walk.limit; index++) {
    const row = rows[index]!
    state.looked++
    state.lastSeen = row
    if (walk.keep(row)) state.rows.push(row)
  }
  const last = state.lastSeen ? walk.keyOf(state.lastSeen) : (from?.last ?? null)
  const more = following(state)
  if (index < rows.length) state.next = { order: state.order, page: state.number, skip: index, last }
  else state.next = more === null ? null : { order: state.order, page: more, skip: 0, last }
}

const mustStop = (walk: Walk, state: State): Walked['stopped'] => {
  if (state.requests >= walk.mostPages) return 'bound'
  return walk.mayGoOn() ? null : 'time'
}

/** A later page that fails ends the walk with what was read so far; a first page that fails fails the call. */
const turnPage = async (walk: Walk, state: State, number: number) => {
  try {
    state.page = await walk.page(number)
    state.number = number
  } catch (failure) {
    if (!(failure instanceof FinexioFailure)) throw failure
    state.stopped = failure
  }
  state.requests++
}

/** @throws FinexioFailure when the first page fails; a later one ends the walk and is in `stopped` */
export const walkPages = async (walk: Walk): Promise<Walked> => {
  const state = await open(walk)
  take(walk, state, walk.start)
  while (state.rows.length < walk.limit && state.next) {
    state.stopped = mustStop(walk, state)
    if (!state.stopped) await turnPage(walk, state, state.next.page)
    if (state.stopped) break
    take(walk, state, state.next)
  }
  const { number: _number, page: _page, ...walked } = state
  return walked
}
