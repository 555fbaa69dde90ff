/** Reading the lists of Finexio: one page by its number, and the newest rows. What a list tool answers is in `list-tool.ts`. */
import type { Listing, Resource } from '../../../schemas/define.ts'
import { cut } from '../../core/text.ts'
import { FinexioFailure } from '../../finexio/failure.ts'
import { completeTimes, type ListPage, orderOf, readPage, timeOf } from '../../finexio/pages.ts'
import type { FinexioReply, FinexioRequest } from '../../finexio/types.ts'
import { Refusal } from '../refusal.ts'
import { TOOL_TIME_MS, type ToolContext } from '../tool.ts'
import { decodeCursor, type Position } from './cursor.ts'
import type { Filters, ListMethod } from './list-answer.ts'
import { isKept, type Split, spellings, split, withRequiredFilter } from './list-filters.ts'
import { fillPath, type Row, readRecords, routeOf } from './request.ts'
import { isAll, type Page, type Walk, type Walked, walkPages } from './walk.ts'

/** Requests of one call: enough for 500 rows that begin and end within a page, plus finding the right end. */
export const MOST_PAGES = 10
/** The same where rows are looked for that Finexio has no filter for. */
export const MOST_SCANNED = 40
/** A read may take 30 s: later than this no further page is asked for. */
const LATEST_START_MS = TOOL_TIME_MS - 30_000

/** Fields that a row is told apart by. */
const KEYS = ['id', 'processor_request_id', 'external_reference_id', 'timestamp', 'object_id']

/** The key of a row within its list; null where it has none. */
export const keyOf = (row: Row): string | null => {
  const key = row.id ?? row.processor_request_id ?? row.external_reference_id
  if (typeof key === 'string') return cut(key, 200)
  return typeof row.timestamp === 'string' ? cut(`${row.object_id} ${row.timestamp}`, 200) : null
}

/** @throws FinexioFailure for an answer that is no list: nobody knows what is there */
const noList = (reply: FinexioReply): FinexioFailure =>
  new FinexioFailure({
    kind: 'upstream_fault',
    status: reply.status,
    message: 'Finexio answered with something that is not the list asked for',
    rate: reply.rate,
    sent: true,
  })

/** A list that cannot be empty and is. */
const emptyFlaw = ({ neverEmpty }: Listing, sent: Filters, page: ListPage): string | null =>
  neverEmpty && sent[neverEmpty.by] !== undefined && page.rows.length === 0
    ? `it is empty, and ${neverEmpty.because}`
    : null

const pageReader =
  (
    method: ListMethod,
    { finexio }: Pick<ToolContext, 'finexio'>,
    base: Omit<FinexioRequest, 'query'>,
    sent: Filters,
    only?: ReadonlySet<string>,
  ) =>
  async (number: number): Promise<Page> => {
    const { shape, single = false } = method.list
    const paged = shape === 'envelope'
    const query = completeTimes(paged && number > 1 ? { ...sent, page: number } : sent)
    const reply = await finexio.send({ ...base, query })
    const page = readPage(reply.body, { number, url: reply.url, paged, single })
    if (!page) throw noList(reply)
    const { records, unreadable } = readRecords(method, page.rows, only)
    const { next, count, flaw } = page
    // One object that is no such record is no list of it either.
    if (single && records.length === 0 && page.rows[0] === reply.body) throw noList(reply)
    return { rows: records, next, count, unreadable, flaw: flaw ?? emptyFlaw(method.list, sent, page) }
  }

/**
 * Reads one page of a list by its number; each call is one request.
 * @param path ids that the route asks for
 */
export const pageOf = (
  resource: Resource,
  context: Pick<ToolContext, 'finexio'>,
  sent: Filters,
  path: Row = {},
) => {
  const method = resource.methods.list as ListMethod
  const { verb, template } = routeOf(method)
  const base = { verb, template, path: fillPath(template, path), effect: method.effect }
  return pageReader(method, context, base, sent)
}

/** @throws Refusal on a cursor of another query */
export const startOf = async (cursor: unknown, digest: string): Promise<Position | null> => {
  if (typeof cursor !== 'string' || cursor === '') return null
  const position = decodeCursor(cursor, digest)
  if (position) return position
  throw new Refusal(
    'next_cursor: it belongs to another query or this server was reconfigured. Repeat without next_cursor.',
  )
}

export const remember = (resource: Resource, walked: Walked, context: ToolContext) => {
  // A list of one page was sorted here, so it says nothing of Finexio's order.
  const single = walked.requests === 1 && walked.next === null
  if (!single && walked.order !== 'unknown' && context.orders[resource.name] !== walked.order)
    context.learnOrder(resource.name, walked.order)
}

/** `mostPages`: requests at most. `startedAt`: when the tool call began, in milliseconds since the epoch. */
export type Bounds = { mostPages: number; startedAt: number }

/** What a list reads of its rows: what is shown, and what the walk looks at. A row may have eighty fields and lists of records. */
export const fieldsRead = (
  { list }: ListMethod,
  { kept }: Split,
  columns: readonly string[],
): ReadonlySet<string> =>
  new Set([
    ...columns,
    ...(columns.includes('amount') ? ['amount_cents'] : []),
    ...KEYS,
    ...kept.flatMap(({ fields }) => fields),
    ...(list.newest ? [list.newest] : []),
  ])

/** How this list is walked: where its rows come from, how their order is recognised, when to stop. */
export const walkOf = (
  method: ListMethod,
  context: ToolContext,
  parts: Split,
  { mostPages, startedAt }: Bounds,
  only?: ReadonlySet<string>,
): Omit<Walk, 'limit' | 'start' | 'learned'> => {
  const sent = withRequiredFilter(method, parts)
  const { verb, template } = routeOf(method)
  const base = { verb, template, path: fillPath(template, parts.path), effect: method.effect }
  const { newest } = method.list
  return {
    page: pageReader(method, context, base, sent, only),
    orderOf: (rows) => (newest ? orderOf(rows, newest) : 'unknown'),
    timeOf: (row) => (newest ? timeOf(row[newest]) : null) ?? 0,
    keep: (row) => isKept(parts.kept, row),
    ends: (row) => parts.kept.some(({ ends }) => ends?.(row)),
    keyOf,
    mostPages,
    mayGoOn: () => context.now() - startedAt < LATEST_START_MS,
  }
}

export type Spelled = { walked: Walked; parts: Split }

/** In the first way; where that list is whole and holds nothing, in the next one. */
export const inEachWay = async (
  [parts, ...others]: readonly [Split, ...Split[]],
  walk: (parts: Split) => Promise<Walked>,
): Promise<Spelled> => {
  const walked = await walk(parts)
  const [other, ...more] = others
  if (!other || walked.rows.length > 0 || !isAll(walked)) return { walked, parts }
  const found = await inEachWay([other, ...more], walk)
  return { ...found, walked: { ...found.walked, requests: walked.requests + found.walked.requests } }
}

/**
 * The newest rows of a list for a tool that needs them inside, whole and not yet fit to be shown.
 * @throws FinexioFailure when the first page fails; a later one ends the walk, which says so
 */
export const readNewest = async (
  resource: Resource,
  filters: Row,
  { limit, ...bounds }: Bounds & { limit: number },
  context: ToolContext,
): Promise<Walked> => {
  const method = resource.methods.list as ListMethod
  const learned = context.orders[resource.name] ?? 'unknown'
  const { walked } = await inEachWay(spellings(method.list, split(method, filters)), (parts) =>
    walkPages({ ...walkOf(method, context, parts, bounds), learned, limit, start: null }),
  )
  remember(resource, walked, context)
  return walked
}
