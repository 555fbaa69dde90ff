/** List tools: pages of Finexio as `{result, next_cursor, result_count, is_partial_response}`, newest first. */
import type { Listing, Resource } from '../../../schemas/define.ts'
import { cut } from '../../core/text.ts'
import { FinexioFailure } from '../../finexio/failure.ts'
import { completeTimes, type ListPage, orderOf, readPage, timeOf } from '../../finexio/pages.ts'
import type { FinexioReply, FinexioRequest } from '../../finexio/types.ts'
import { isBlank, presentColumns } from '../present/present.ts'
import { Refusal } from '../refusal.ts'
import { TOOL_TIME_MS, type ToolAnswer, type ToolContext } from '../tool.ts'
import {
  chosenColumns,
  type Filters,
  type ListMethod,
  listText,
  notesOf,
  type Split,
  type TextFormat,
} from './list-answer.ts'
import { fillPath, type Row, readRecords, routeOf, wordOf } from './request.ts'
import {
  decodeCursor,
  encodeCursor,
  isAll,
  type Page,
  type Position,
  queryDigest,
  type Walk,
  type Walked,
  walkPages,
} from './walk.ts'

/** Separates what Finexio filters by from what is filtered here, page by page. */
const split = (method: ListMethod, args: Row): Split => {
  const path: Row = {}
  const sent: Filters = {}
  const kept: Record<string, string> = {}
  for (const [name, value] of Object.entries(args)) {
    if (isBlank(value)) continue
    if (method.path && name in method.path.shape) path[name] = value
    else if (method.list.scans?.[name]?.includes(String(value))) kept[name] = String(value)
    else sent[name] = value as string
  }
  return { path, sent, kept }
}

/** The filters as given and, where Finexio may have stored one in upper case, so: what it declares takes one value a request. */
const spellings = ({ eitherCase = [] }: Listing, parts: Split): [Split, ...Split[]] => {
  const upper = Object.entries(parts.sent).map(([name, value]) =>
    eitherCase.includes(name) ? [name, String(value).toUpperCase()] : [name, value],
  )
  const differs = upper.some(([name, value]) => parts.sent[String(name)] !== value)
  return differs ? [parts, { ...parts, sent: Object.fromEntries(upper) }] : [parts]
}

/** Finexio refuses some lists without a filter; a scan for a status it cannot filter by needs one that lets all pass. */
const withRequiredFilter = (method: ListMethod, { sent, kept }: Split): Filters => {
  if (!method.list.needsFilter || Object.keys(sent).length > 0) return sent
  if (Object.keys(kept).length > 0) return { ...sent, created_start: '1970-01-01' }
  const filters = Object.keys(method.query?.shape ?? {}).filter((name) => name !== 'page')
  throw new Refusal(
    `At least one filter is needed: ${filters.join(', ')}. A created_start date is the usual one.`,
  )
}

/** Whether a row has the words that Finexio could not filter by. */
const isKept = (kept: Split['kept'], row: Row): boolean =>
  Object.entries(kept).every(([field, value]) => wordOf(row[field]) === value.toLowerCase())

/** Requests of one call: enough for 500 rows that begin and end within a page, plus finding the right end. */
const MOST_PAGES = 10
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

const remember = (resource: Resource, walked: Walked, context: ToolContext) => {
  // A list of one page was sorted here, so it says nothing of Finexio's order.
  const single = walked.requests === 1 && walked.next === null
  if (!single && walked.order !== 'unknown' && context.orders[resource.name] !== walked.order)
    context.learnOrder(resource.name, walked.order)
}

/** Finexio's count is that of its own filters: with a filter of ours it would mislead. */
const total = (walked: Walked, { kept }: Split): number | null =>
  Object.keys(kept).length === 0 && typeof walked.count === 'number' && walked.count >= walked.rows.length
    ? walked.count
    : null

/** `mostPages`: requests at most. `startedAt`: when the tool call began, in milliseconds since the epoch. */
type Bounds = { mostPages: number; startedAt: number }

/** What a list reads of its rows: what is shown, and what the walk looks at. A row may have eighty fields and lists of records. */
const fieldsRead = ({ list }: ListMethod, { kept }: Split, columns: readonly string[]): ReadonlySet<string> =>
  new Set([...columns, ...KEYS, ...Object.keys(kept), ...(list.newest ? [list.newest] : [])])

/** How this list is walked: where its rows come from, how their order is recognised, when to stop. */
const walkOf = (
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
    keyOf,
    mostPages,
    mayGoOn: () => context.now() - startedAt < LATEST_START_MS,
  }
}

type Spelled = { walked: Walked; parts: Split }

/** In the first spelling; where that list is whole and holds nothing, once more in the other one. */
const inEitherSpelling = async (
  [parts, other]: readonly [Split, ...Split[]],
  walk: (parts: Split) => Promise<Walked>,
): Promise<Spelled> => {
  const walked = await walk(parts)
  if (!other || walked.rows.length > 0 || !isAll(walked)) return { walked, parts }
  const again = await walk(other)
  return { walked: { ...again, requests: walked.requests + again.requests }, parts: other }
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
  const { walked } = await inEitherSpelling(spellings(method.list, split(method, filters)), (parts) =>
    walkPages({ ...walkOf(method, context, parts, bounds), learned, limit, start: null }),
  )
  remember(resource, walked, context)
  return walked
}

/** Where a list goes on, and in which spelling of its filters: that in which the call before found something. */
const resumed = async (method: ListMethod, parts: Split, cursor: unknown, query: readonly unknown[]) => {
  const ways = spellings(method.list, parts)
  const digestOf = (way: Split) => queryDigest(way === parts ? query : [...query, way.sent])
  const [given, upper] = ways
  const own = upper && typeof cursor === 'string' ? decodeCursor(cursor, await digestOf(upper)) : null
  if (upper && own) return { ways: [upper] as const, start: own, digestOf }
  const start = await startOf(cursor, await digestOf(given))
  return { ways: start ? ([given] as const) : ways, start, digestOf }
}

/**
 * Lists records of one resource.
 * @throws Refusal on arguments that cannot be served, FinexioFailure when the first page fails
 */
export const runList =
  (resource: Resource, method: ListMethod, name: string) =>
  async (
    { limit, next_cursor, fields, format, ...filters }: Row,
    context: ToolContext,
  ): Promise<ToolAnswer> => {
    const columns = chosenColumns(method, fields as string[] | undefined)
    const parts = split(method, filters)
    const { ways, start, digestOf } = await resumed(method, parts, next_cursor, [
      name,
      filters,
      context.scope,
    ])
    const { walked, parts: asked } = await inEitherSpelling(ways, (way) =>
      walkPages({
        ...walkOf(
          method,
          context,
          way,
          { mostPages: MOST_PAGES, startedAt: context.now() },
          fieldsRead(method, way, columns),
        ),
        learned: context.orders[resource.name] ?? 'unknown',
        limit: Number(limit),
        start,
      }),
    )
    remember(resource, walked, context)
    const shown = walked.rows.some((row) => 'note' in row) ? [...columns, 'note'] : columns
    const result = walked.rows.map((row) => presentColumns(row, shown))
    const structured = {
      result,
      next_cursor: walked.next ? encodeCursor(walked.next, await digestOf(asked)) : null,
      result_count: result.length,
      has_more: walked.next !== null,
      total_count: total(walked, parts),
      is_partial_response: walked.stopped !== null || walked.flaw !== null || walked.unreadable > 0,
      ...notesOf(method, parts, walked),
    }
    const text = listText(resource.name, shown, structured, (format as TextFormat) ?? context.textFormat)
    return { structured, text }
  }
