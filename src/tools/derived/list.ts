/** List tools: pages of Finexio as `{result, next_cursor, result_count, is_partial_response}`, newest first. */
import type { Listing, Resource } from '../../../schemas/define.ts'
import { cut } from '../../core/text.ts'
import { orderOf, readPage, timeOf } from '../../finexio/pages.ts'
import type { FinexioRequest } from '../../finexio/types.ts'
import { isBlank, present } from '../present/present.ts'
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
import { fillPath, picked, type Row, readRecords, routeOf, wordOf } from './request.ts'
import {
  decodeCursor,
  encodeCursor,
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
    else sent[name] = bothSpellings(method.list, name, value as string)
  }
  return { path, sent, kept }
}

const bothSpellings = (list: Listing, name: string, value: string): string | string[] =>
  list.eitherCase?.includes(name) && value !== value.toUpperCase() ? [value, value.toUpperCase()] : value

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

/** The key of a row within its list; null where it has none. */
export const keyOf = (row: Row): string | null => {
  const key = row.id ?? row.processor_request_id ?? row.external_reference_id
  if (typeof key === 'string') return cut(key, 200)
  return typeof row.timestamp === 'string' ? cut(`${row.object_id} ${row.timestamp}`, 200) : null
}

const pageReader =
  (
    method: ListMethod,
    { finexio }: Pick<ToolContext, 'finexio'>,
    base: Omit<FinexioRequest, 'query'>,
    sent: Filters,
  ) =>
  async (number: number): Promise<Page> => {
    const paged = method.list.shape === 'envelope' && number > 1 ? { ...sent, page: number } : sent
    const reply = await finexio.send({ ...base, query: paged })
    const { rows, next, count } = readPage(reply.body)
    const { records, unreadable } = readRecords(method, rows)
    return { rows: records, next, count, unreadable }
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

/** How this list is walked: where its rows come from, how their order is recognised, when to stop. */
const walkOf = (
  method: ListMethod,
  context: ToolContext,
  parts: Split,
  { mostPages, startedAt }: Bounds,
): Omit<Walk, 'limit' | 'start' | 'learned'> => {
  const sent = withRequiredFilter(method, parts)
  const { verb, template } = routeOf(method)
  const base = { verb, template, path: fillPath(template, parts.path), effect: method.effect }
  const { newest } = method.list
  return {
    page: pageReader(method, context, base, sent),
    orderOf: (rows) => (newest ? orderOf(rows, newest) : 'unknown'),
    timeOf: (row) => (newest ? timeOf(row[newest]) : null) ?? 0,
    keep: (row) => isKept(parts.kept, row),
    keyOf,
    mostPages,
    mayGoOn: () => context.now() - startedAt < LATEST_START_MS,
  }
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
  const walk = walkOf(method, context, split(method, filters), bounds)
  const walked = await walkPages({ ...walk, learned, limit, start: null })
  remember(resource, walked, context)
  return walked
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
    const digest = await queryDigest([name, filters, context.scope])
    const walked = await walkPages({
      ...walkOf(method, context, parts, { mostPages: MOST_PAGES, startedAt: context.now() }),
      learned: context.orders[resource.name] ?? 'unknown',
      limit: Number(limit),
      start: await startOf(next_cursor, digest),
    })
    remember(resource, walked, context)
    const result = walked.rows.map((row) => picked(present(picked(row, columns)), columns))
    const structured = {
      result,
      next_cursor: walked.next ? encodeCursor(walked.next, digest) : null,
      result_count: result.length,
      has_more: walked.next !== null,
      total_count: total(walked, parts),
      is_partial_response: walked.stopped !== null || walked.unreadable > 0,
      ...notesOf(method, parts, walked),
    }
    const text = listText(resource.name, columns, structured, (format as TextFormat) ?? context.textFormat)
    return { structured, text }
  }
