/**
 * Reads the pages of a Finexio list newest first, one request after another, up to a bound. Finexio does not document
 * its order: it is learned from the timestamps of the first page, and the walk starts at the end where the new rows are.
 */
import { FinexioFailure } from '../../finexio/failure.ts'
import { higher, shortfall } from '../../finexio/pages.ts'
import type { Order, Position } from './cursor.ts'
import type { Row } from './request.ts'

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
  /** Whether a row is asked for; null: the row does not tell. */
  keep(row: Row): boolean | null
  /** Whether no row after this one can be asked for, where rows come newest first. */
  ends?(row: Row): boolean
  keyOf(row: Row): string | null
  limit: number
  start: Position | null
  mostPages: number
  /** False once too little time is left for another request. */
  mayGoOn(): boolean
}

/** `looked`, `undecided`: as of `Walked`, up to a row. */
type Place = { next: Position; looked: number; undecided: number }

export type Walked = {
  rows: Row[]
  /** Where the list goes on behind each of the rows. */
  places: Place[]
  next: Position | null
  order: Order
  requests: number
  /** Rows looked at, whether kept or not. */
  looked: number
  /** Rows that do not tell whether they are asked for, and are left out. */
  undecided: number
  /** Whether it ended at a row behind which none is asked for. */
  ended: boolean
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
    places: [],
    next: null,
    order,
    requests: 1,
    looked: 0,
    undecided: 0,
    ended: false,
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

/** Whether rows are read newest first. */
const isOrdered = (number: number, page: Page, order: Order): boolean =>
  order !== 'unknown' || (number === 1 && page.next === null)

/** A page in reading direction. A list of one page is sorted here, whatever order Finexio gave it. */
const inReadingOrder = (walk: Walk, { order, number, page }: State): readonly Row[] => {
  if (!isOrdered(number, page, order)) return page.rows
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

/** One row of the present page. @param from index of the first one that is looked at */
const look = (walk: Walk, state: State, rows: readonly Row[], index: number, from: number) => {
  const row = rows[index]!
  const keep = walk.keep(row)
  state.looked++
  state.lastSeen = row
  if (keep === null) state.undecided++
  if (!keep) return
  const { order, number, looked, undecided, seen, count } = state
  const place = { order, page: number, skip: index + 1, last: walk.keyOf(row) }
  const next = seen === null ? place : { ...place, seen: seen + index + 1 - from, count }
  state.rows.push(row)
  state.places.push({ next, looked, undecided })
}

/** Takes rows of the present page until the limit. */
const take = (walk: Walk, state: State, from: Position | null) => {
  if (isRepeated(walk, state)) {
    state.flaw ??= 'it sent the same page again instead of the next one'
    state.next = null
    return
  }
  const rows = inReadingOrder(walk, state)
  const ordered = isOrdered(state.number, state.page, state.order)
  state.unreadable += state.page.unreadable ?? 0
  const first = resumeAt(walk, rows, from)
  let index = first
  for (; index < rows.length && state.rows.length < walk.limit; index++) {
    state.ended = ordered && walk.ends?.(rows[index]!) === true
    if (state.ended) break
    look(walk, state, rows, index, first)
  }
  count(state, newAmong(state, rows.slice(first, index)))
  const last = state.lastSeen ? walk.keyOf(state.lastSeen) : (from?.last ?? null)
  const here = { order: state.order, page: state.number, skip: index, last }
  state.next = state.ended ? null : index < rows.length ? here : turnedTo(state, last)
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

/** The first rows of a walk, at least one: it goes on behind the last of them. */
export const firstOf = (walked: Walked, rows: number): Walked => {
  const place = walked.places[rows - 1]
  if (!place || rows >= walked.rows.length) return walked
  return {
    ...walked,
    ...place,
    rows: walked.rows.slice(0, rows),
    places: walked.places.slice(0, rows),
    lastSeen: walked.rows[rows - 1]!,
    ended: false,
    stopped: null,
  }
}
