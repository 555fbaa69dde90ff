/** What a list takes besides its filters, and what it answers: columns, text, and notes about the rows. */
import * as z from 'zod'
import type { Listing, Method } from '../../../schemas/define.ts'
import { nearest } from '../../core/text.ts'
import { explain } from '../../finexio/explain.ts'
import { csvLines, fitting, withoutEmpty } from '../present/present.ts'
import { Refusal } from '../refusal.ts'
import type { Row } from './request.ts'
import { isAll, type Walked } from './walk.ts'

const DEFAULT_LIMIT = 50
const MOST_ROWS = 500
/** How the text of a list is written; the structure is the same either way. */
const TEXT_FORMATS = ['csv', 'json'] as const

/** Filters of a list by who applies them. `kept`: words that Finexio cannot filter by, found page by page here. */
export type Split = { path: Row; sent: Filters; kept: Record<string, string> }
export type Filters = Record<string, string | number | boolean | readonly string[] | undefined>

export type ListMethod = Method & { list: Listing; gives: z.ZodObject }

/** Arguments that every list takes besides its filters. */
export const listArguments = ({ list, gives }: ListMethod) => {
  const others = Object.keys(gives.shape).filter((name) => !list.columns.includes(name))
  const more = others.length ? ` Also: ${others.join(', ')}.` : ''
  return {
    limit: z.int().min(1).max(MOST_ROWS).default(DEFAULT_LIMIT),
    next_cursor: z.string().optional().describe('From the last answer.'),
    fields: z.array(z.string()).optional().describe(`Columns; ["*"] for all.${more}`),
    format: z.enum(TEXT_FORMATS).optional(),
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
    has_more: z.boolean(),
    total_count: z.int().nullable(),
    is_partial_response: z.boolean(),
    note: z.string().optional(),
  })
}

export const amount = z.string().nullable().optional()

const columnsWithDecimal = (columns: readonly string[]) =>
  columns.flatMap((name) => (name === 'amount_cents' ? [name, 'amount'] : [name]))

/** @throws Refusal naming the nearest column */
export const chosenColumns = (
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

export type TextFormat = 'csv' | 'json'

type List = {
  result: readonly Record<string, unknown>[]
  next_cursor: string | null
  result_count: number
  /** Over all pages; null where Finexio's count would mislead. */
  total_count: number | null
  is_partial_response: boolean
  note?: string
}

const cutNote = (rows: number) => `Text cut: ${rows} more rows; ask for a smaller limit or fewer fields.`

const asJson = (list: List): string => {
  const fits = fitting(list.result.map((row) => JSON.stringify(row)))
  const left = list.result.length - fits
  const note = left > 0 ? [list.note, cutNote(left)].filter(Boolean).join(' ') : list.note
  return JSON.stringify(withoutEmpty({ ...list, result: list.result.slice(0, fits), note }))
}

const asCsv = (columns: readonly string[], rows: List['result']): string[] => {
  const lines = csvLines(columns, rows)
  const fits = fitting(lines)
  return fits === lines.length ? lines : [...lines.slice(0, fits), cutNote(lines.length - fits)]
}

const summary = (noun: string, list: List): string => {
  const words = noun.replaceAll('_', ' ')
  const total = list.total_count
  const of = total !== null && total > list.result_count ? ` of ${total}` : ''
  const end = list.is_partial_response ? '' : ' No more pages.'
  const more = list.next_cursor ? ` More: next_cursor=${list.next_cursor}` : end
  return `${list.result_count}${of} ${words}.${more}${list.note ? ` ${list.note}` : ''}`
}

/** One summary line, then CSV (or the same as JSON). */
export const listText = (
  noun: string,
  columns: readonly string[],
  list: List,
  format: TextFormat,
): string => {
  if (format === 'json') return asJson(list)
  const head = summary(noun, list)
  return list.result_count === 0 ? head : [head, ...asCsv(columns, list.result)].join('\n')
}

const PARTIAL_REASONS = {
  bound: 'stopped at the bound of one call',
  time: 'stopped because time for one call ran out',
}

const scanNote = (kept: Split['kept'], walked: Walked, newest: string | null): string | null => {
  const words = Object.entries(kept).map(([name, value]) => `${name} ${value}`)
  if (words.length === 0) return null
  const back = newest && walked.lastSeen?.[newest] ? ` back to ${walked.lastSeen[newest]}` : ''
  const end = isAll(walked) ? 'that is the whole list' : 'more could not be read'
  const whole = walked.next ? 'older rows were not looked at yet' : end
  return `Finexio has no filter for ${words.join(', ')}: ${walked.looked} rows were read${back}; ${whole}.`
}

const orderNote = (newest: string | null, { order, rows }: Walked) =>
  newest && order === 'unknown' && rows.length > 1
    ? "The order is Finexio's own and could not be recognised: these rows need not be the newest."
    : null

const stopNote = ({ stopped, requests, next }: Walked): string | null => {
  if (!stopped) return null
  const why = typeof stopped === 'string' ? `${PARTIAL_REASONS[stopped]}.` : `stopped: ${explain(stopped)}`
  return `Partial: ${requests} requests, ${why}${next ? ' Continue with next_cursor.' : ''}`
}

/** Not whole for a reason that lies in Finexio's answers: asking on does not mend it. */
export const flawWords = (flaw: string): string =>
  `Finexio's list is not known to be whole: ${flaw}. What is missing here may be there.`

const flawNote = ({ flaw }: Walked) => flaw && `Partial: ${flawWords(flaw)}`

const unreadableNote = ({ unreadable }: Walked) =>
  unreadable > 0 ? `${unreadable} rows of Finexio could not be read and are missing.` : null

/** Notes in one text, or nothing. */
export const noted = (notes: readonly (string | null | false)[]): { note?: string } => {
  const note = notes.filter(Boolean).join(' ')
  return note ? { note } : {}
}

/** Notes about the rows of a list, such as what is missing. */
export const notesOf = (method: ListMethod, { kept }: Split, walked: Walked): { note?: string } => {
  const { newest } = method.list
  const notes = [
    scanNote(kept, walked, newest),
    orderNote(newest, walked),
    stopNote(walked),
    flawNote(walked),
    unreadableNote(walked),
  ]
  return noted(notes)
}
