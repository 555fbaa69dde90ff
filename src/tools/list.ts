/** List tools: pages of Finexio as `{result, next_cursor, result_count, is_partial_response}`, newest first. */
import * as z from 'zod'
import type { Listing, Method, Resource } from '../../schemas/define.ts'
import { explain } from '../finexio/explain.ts'
import { orderOf, readPage, timeOf } from '../finexio/pages.ts'
import type { FinexioRequest } from '../finexio/types.ts'
import { type Order, openCursor, type Position, queryDigest, sealCursor } from './cursor.ts'
import { listText } from './list-text.ts'
import { nearest } from './nearest.ts'
import { fillPath, routeOf } from './path.ts'
import { present } from './present.ts'
import { readRecords } from './read-records.ts'
import { Refusal } from './refusal.ts'
import { TOOL_TIME_MS, type ToolAnswer, type ToolContext } from './tool.ts'
import { type Page, type Row, type Walked, walkPages } from './walk.ts'

const DEFAULT_LIMIT = 50
const MOST_ROWS = 500
/** Requests of one call: enough for 500 rows that begin and end within a page, plus finding the right end. */
const MOST_PAGES = 10
/** A read may take 30 s: later than this no further page is asked for. */
const LATEST_START_MS = TOOL_TIME_MS - 30_000

export type ListMethod = Method & { list: Listing; gives: z.ZodObject }

/** Arguments that every list takes besides its filters. */
export const listArguments = ({ list, gives }: ListMethod) => {
  const others = Object.keys(gives.shape).filter((name) => !list.columns.includes(name))
  const more = others.length ? ` Also: ${others.join(', ')}.` : ''
  return {
    limit: z.int().min(1).max(MOST_ROWS).default(DEFAULT_LIMIT),
    next_cursor: z.string().optional().describe('From the previous answer, unchanged.'),
    fields: z.array(z.string()).optional().describe(`Columns; ["*"] for all.${more}`),
  }
}

/** What a column means is said once, by the tool that gets one record. */
const undescribed = (type: z.core.$ZodType): z.ZodType => z.clone(type as z.ZodType, type._zod.def)

/** Default columns, typed; further ones appear when asked for. */
export const listOutput = ({ list, gives }: ListMethod) => {
  const row = Object.fromEntries(
    columnsWithDecimal(list.columns).map((name) => [name, undescribed(gives.shape[name] ?? amount)]),
  )
  return z.object({
    result: z.array(z.looseObject(row)),
    next_cursor: z.string().nullable(),
    result_count: z.int(),
    is_partial_response: z.boolean(),
    note: z.string().optional(),
  })
}

export const amount = z.string().nullable().optional()

const columnsWithDecimal = (columns: readonly string[]) =>
  columns.flatMap((name) => (name === 'amount_cents' ? [name, 'amount'] : [name]))

const chosenColumns = (
  { list, gives }: ListMethod,
  fields: readonly string[] | undefined,
): readonly string[] => {
  const known = columnsWithDecimal(Object.keys(gives.shape))
  if (!fields?.length) return columnsWithDecimal(list.columns)
  if (fields.includes('*')) return known
  const wrong = fields.find((name) => !known.includes(name))
  if (wrong === undefined) return fields
  const near = nearest(wrong, known)
  const advice = near ? `did you mean ${JSON.stringify(near)}?` : `known: ${known.join(', ')}.`
  throw new Refusal(`fields: unknown column ${JSON.stringify(wrong)}: ${advice}`)
}

type Filters = Record<string, string | number | boolean | readonly string[] | undefined>
type Split = { path: Row; sent: Filters; kept: Record<string, string> }

const isBlank = (value: unknown) => value === undefined || value === null || value === ''

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

const sameWord = (a: unknown, b: string) =>
  String(a ?? '')
    .toLowerCase()
    .replace('cancelled', 'canceled') === b.toLowerCase()

const keyOf = (row: Row): string | null => {
  const key = row.id ?? row.processor_request_id ?? row.external_reference_id
  if (typeof key === 'string') return key.slice(0, 200)
  return typeof row.timestamp === 'string' ? `${row.object_id} ${row.timestamp}`.slice(0, 200) : null
}

const newestFirst = (field: string | null) => (a: Row, b: Row) =>
  field ? (timeOf(b[field]) ?? 0) - (timeOf(a[field]) ?? 0) : 0

const pageReader =
  (method: ListMethod, context: ToolContext, base: Omit<FinexioRequest, 'query'>, sent: Filters) =>
  async (number: number): Promise<Page> => {
    const paged = method.list.shape === 'envelope' && number > 1 ? { ...sent, page: number } : sent
    const reply = await context.finexio.send({ ...base, query: paged })
    const { rows, next, count } = readPage(reply.body)
    const { records, unreadable } = readRecords(method, rows)
    return { rows: records, next, count, unreadable }
  }

const startOf = async (cursor: unknown, digest: string): Promise<Position | null> => {
  if (typeof cursor !== 'string' || cursor === '') return null
  const position = openCursor(cursor, digest)
  if (position) return position
  throw new Refusal(
    'next_cursor: it belongs to another query or this server was reconfigured. Repeat without next_cursor.',
  )
}

const PARTIAL_REASONS = {
  bound: 'stopped at the bound of one call',
  time: 'stopped because time for one call ran out',
}

const scanNote = (kept: Record<string, string>, walked: Walked, newest: string | null): string | null => {
  const words = Object.entries(kept).map(([name, value]) => `${name} ${value}`)
  if (words.length === 0) return null
  const back = newest && walked.lastSeen?.[newest] ? ` back to ${walked.lastSeen[newest]}` : ''
  const whole = walked.next ? 'older rows were not looked at yet' : 'that is the whole list'
  return `Finexio has no filter for ${words.join(', ')}: ${walked.looked} rows were read${back}; ${whole}.`
}

const orderNote = (method: ListMethod, order: Order, walked: Walked) =>
  method.list.newest && order === 'unknown' && walked.rows.length > 1
    ? "The order is Finexio's own and could not be recognised: these rows need not be the newest."
    : null

const stopNote = ({ stopped, requests, next }: Walked): string | null => {
  if (!stopped) return null
  const why = typeof stopped === 'string' ? `${PARTIAL_REASONS[stopped]}.` : `stopped: ${explain(stopped)}`
  return `Partial: ${requests} requests, ${why}${next ? ' Continue with next_cursor.' : ''}`
}

const unreadableNote = ({ unreadable }: Walked) =>
  unreadable > 0 ? `${unreadable} rows of Finexio could not be read and are missing.` : null

const remember = (resource: Resource, walked: Walked, single: boolean, context: ToolContext) => {
  if (!single && walked.order !== 'unknown' && context.orders[resource.name] !== walked.order)
    context.learnOrder(resource.name, walked.order)
}

/**
 * Lists records of one resource.
 * @throws Refusal on arguments that cannot be served, FinexioFailure when the first page fails
 */
export const runList =
  (resource: Resource, method: ListMethod, name: string) =>
  async (args: Row, context: ToolContext): Promise<ToolAnswer> => {
    const { limit, next_cursor, fields, ...filters } = args
    const columns = chosenColumns(method, fields as string[] | undefined)
    const parts = split(method, filters)
    const sent = withRequiredFilter(method, parts)
    const digest = await queryDigest([name, filters, context.scope])
    const begun = context.now()
    const { verb, template } = routeOf(method)
    const base = { verb, template, path: fillPath(template, parts.path), effect: method.effect }
    const { newest } = method.list
    const walked = await walkPages({
      page: pageReader(method, context, base, sent),
      orderOf: (rows) => (newest ? orderOf(rows, newest) : 'unknown'),
      newestFirst: newestFirst(newest),
      learned: context.orders[resource.name] ?? 'unknown',
      keep: (row) => Object.entries(parts.kept).every(([field, value]) => sameWord(row[field], value)),
      keyOf,
      limit: Number(limit),
      start: await startOf(next_cursor, digest),
      mostPages: MOST_PAGES,
      mayGoOn: () => context.now() - begun < LATEST_START_MS,
    })
    remember(resource, walked, walked.requests === 1 && walked.next === null, context)
    const notes = [
      scanNote(parts.kept, walked, newest),
      orderNote(method, walked.order, walked),
      stopNote(walked),
      unreadableNote(walked),
    ]
    const shown = walked.rows.map((row) => picked(present(row), columns))
    const structured = {
      result: shown,
      next_cursor: walked.next ? sealCursor(walked.next, digest) : null,
      result_count: shown.length,
      is_partial_response: walked.stopped !== null || walked.unreadable > 0,
      ...noteOf(notes),
    }
    return {
      structured,
      text: listText(resource.name, columns, structured, total(walked, parts), context.textFormat),
    }
  }

const picked = (row: Row, columns: readonly string[]): Row =>
  Object.fromEntries(columns.filter((name) => row[name] !== undefined).map((name) => [name, row[name]]))

const noteOf = (notes: readonly (string | null)[]): { note?: string } => {
  const note = notes.filter((text) => text !== null).join(' ')
  return note ? { note } : {}
}

/** Finexio's count is that of its own filters: with a filter of ours it would mislead. */
const total = (walked: Walked, { kept }: Split): number | null =>
  Object.keys(kept).length === 0 && typeof walked.count === 'number' && walked.count >= walked.rows.length
    ? walked.count
    : null
