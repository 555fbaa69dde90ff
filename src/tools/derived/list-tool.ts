/** List tools: pages of Finexio as `{result, next_cursor, result_count, is_partial_response}`, newest first. */
import type { Resource } from '../../../schemas/define.ts'
import { presentColumns } from '../present/present.ts'
import { newReading } from '../reading/reading.ts'
import type { ToolAnswer, ToolContext } from '../tool.ts'
import { decodeCursor, encodeCursor, queryDigest } from './cursor.ts'
import { fieldsRead, inEachWay, MOST_PAGES, MOST_SCANNED, remember, startOf, walkOf } from './list.ts'
import { emptyNote, type ListMethod, listText, notesOf, type TextFormat } from './list-answer.ts'
import { chosenColumns } from './list-columns.ts'
import {
  alsoFolded,
  checkRanges,
  type Kept,
  rangeNote,
  type Split,
  spellings,
  split,
} from './list-filters.ts'
import { pageOfRows } from './list-page.ts'
import { nearWords } from './names.ts'
import { fieldsBehind, workedOut } from './own-columns.ts'
import { ownFilters, type PartySought } from './own-filters.ts'
import { partyFilter } from './parties-meant.ts'
import { type Row, withNulls } from './request.ts'
import { isAll, type Walked, walkPages } from './walk.ts'

/** Finexio's count is that of its own filters: with a filter of ours it would mislead. */
const total = (walked: Walked, { kept }: Split): number | null =>
  kept.length === 0 && typeof walked.count === 'number' && walked.count >= walked.rows.length
    ? walked.count
    : null

/** Where a list goes on, and in which way of asking: that in which the call before found something. */
const resumed = async (ways: [Split, ...Split[]], cursor: unknown, query: readonly unknown[]) => {
  const [given, ...others] = ways
  const digestOf = (way: Split) =>
    queryDigest(way === given ? query : [...query, way.sent, way.kept.map(({ words }) => words)])
  for (const way of typeof cursor === 'string' ? others : []) {
    const start = decodeCursor(cursor as string, await digestOf(way))
    if (start) return { ways: [way] as const, start, digestOf }
  }
  const start = typeof cursor === 'string' ? await startOf(cursor, await digestOf(given)) : null
  return { ways: start ? ([given] as const) : ways, start, digestOf }
}

/** A party by the best filter there is: Finexio's own where it has one, else while rows are read. */
const byParties = async (
  method: ListMethod,
  parties: readonly PartySought[],
  context: ToolContext,
): Promise<{ kept: Kept[]; sent: Row }> => {
  const kept: Kept[] = []
  const sent: Row = {}
  for (const sought of parties) {
    const { kept: own, ids } = await partyFilter(sought, context)
    const [only, ...others] = ids
    if (sought.field in (method.query?.shape ?? {}) && others.length === 0) sent[sought.field] = only
    else kept.push(own)
  }
  return { kept, sent }
}

/** What a list is asked for, in each of the ways in which it may be found. @throws Refusal */
const waysOf = async (
  resource: Resource,
  method: ListMethod,
  args: Row,
  context: ToolContext,
): Promise<[Split, ...Split[]]> => {
  checkRanges(args)
  const { parties, kept, rest } = ownFilters(resource.name, args)
  const found = await byParties(method, parties, context)
  // What an operator fixed holds beside the party that was asked for.
  const parts = split(method, { ...found.sent, ...rest })
  const also = Object.entries(found.sent).filter(([name, value]) => parts.sent[name] !== value)
  const disagree = also.map(
    ([name, value]): Kept => ({
      words: `${name} ${value}`,
      fields: [name],
      keep: (row) => row[name] === value,
    }),
  )
  const all = { ...parts, kept: [...parts.kept, ...kept, ...found.kept, ...disagree] }
  return alsoFolded(spellings(method.list, all))
}

/** Nobody has the name: who is near it is offered. */
const nearNote = (args: Row, walked: Walked, looked: readonly Row[]): string | null => {
  if (typeof args.name !== 'string' || walked.rows.length > 0 || !isAll(walked)) return null
  const near = nearWords(looked, args.name)
  return near ? `No name holds this text; ${near}.` : null
}

/** Rows ready to be shown, and their columns: all that were asked for, and what could not be read of an amount. */
const shownRows = (walked: Walked, columns: readonly string[], own: readonly Row[], asked: boolean) => {
  const noted = walked.rows.some((row) => 'note' in row)
  const shown = noted ? [...new Set([...columns, 'note'])] : columns
  const present = presentColumns(shown)
  const rows = walked.rows.map((row, at) => {
    const ready = present(row)
    return asked ? withNulls({ ...ready, ...own[at] }, shown) : ready
  })
  return { rows, shown }
}

type Asked = { resource: Resource; method: ListMethod; columns: readonly string[]; limit: number }

/** Reads the list in the ways in which it may be found. `looked`: rows read for a name, whether it is theirs or not. */
const readIn = async (
  { resource, method, columns, limit }: Asked,
  { ways, start }: Awaited<ReturnType<typeof resumed>>,
  startedAt: number,
  context: ToolContext,
) => {
  const looked: Row[] = []
  const { walked, parts } = await inEachWay(ways, (way) => {
    const read = [...fieldsRead(method, way, columns), ...fieldsBehind(resource.name, columns)]
    const mostPages = way.kept.length > 0 ? MOST_SCANNED : MOST_PAGES
    const walk = walkOf(resource, context, way, { startedAt, mostPages }, new Set(read))
    const byName = way.kept.some(({ fields }) => fields.includes('name'))
    const keep = (row: Row) => {
      if (byName) looked.push(row)
      return walk.keep(row)
    }
    const learned = context.orders[resource.name] ?? 'unknown'
    return walkPages({ ...walk, keep, learned, limit, start })
  })
  remember(resource, walked, context)
  return { walked, parts, looked }
}

const NOTHING_OWN: Awaited<ReturnType<typeof workedOut>> = { values: [], notes: [] }

/**
 * Lists records of one resource.
 * @throws Refusal on arguments that cannot be served, FinexioFailure when the first page fails
 */
export const runList =
  (resource: Resource, method: ListMethod, name: string) =>
  async (
    { limit, next_cursor, fields = [], format, ...filters }: Row,
    context: ToolContext,
  ): Promise<ToolAnswer> => {
    const startedAt = context.now()
    const reading = newReading(context, MOST_SCANNED)
    const columns = chosenColumns(resource.name, method, fields as string[])
    const ways = await waysOf(resource, method, filters, context)
    const from = await resumed(ways, next_cursor, [name, filters, context.scope])
    const list = { resource, method, columns, limit: Number(limit) }
    const { walked, parts, looked } = await readIn(list, from, startedAt, context)
    const asked = (fields as string[]).length > 0
    const own = asked ? await workedOut(resource.name, walked.rows, columns, reading) : NOTHING_OWN
    const { rows, shown } = shownRows(walked, columns, own.values, asked)
    const form = { columns: shown, format: (format as TextFormat) ?? context.textFormat }
    const { walked: given, result, lines, note, json } = pageOfRows(walked, rows, form)
    const structured = {
      result,
      next_cursor: given.next ? encodeCursor(given.next, await from.digestOf(parts)) : null,
      result_count: result.length,
      has_more: given.next !== null,
      total_count: total(given, parts),
      is_partial_response: given.stopped !== null || given.flaw !== null || given.unreadable > 0,
      ...notesOf(method, parts, given, [
        note,
        rangeNote(filters),
        nearNote(filters, walked, looked),
        asked ? emptyNote(columns, result) : null,
        ...own.notes,
      ]),
    }
    return { structured, text: listText(resource.name, lines, structured, form.format), rows: json }
  }
