/** What a list answers: text, and notes about the rows. */

import * as z from 'zod'
import type { Listing, Method } from '../../../schemas/define.ts'
import { plainTime } from '../../core/text.ts'
import { grouped, plural } from '../../core/words.ts'
import { explain } from '../../finexio/explain.ts'
import { isEmpty, withoutEmpty } from '../present/present.ts'
import { isAll, type Walked } from './walk.ts'

export type Filters = Record<string, string | number | boolean | readonly string[] | undefined>

export type ListMethod = Method & { list: Listing; gives: z.ZodObject }

export const amount = z.string().nullable().optional()

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

/** Columns that were asked for and hold nothing: left out of a table, and named instead. */
export const emptyNote = (columns: readonly string[], rows: List['result']): string | null => {
  const empty = columns.filter((name) => rows.every((row) => isEmpty(row[name])))
  return rows.length > 0 && empty.length > 0 ? `Empty in all rows: ${empty.join(', ')}.` : null
}

/** Resources are named in the plural. */
const singular = (words: string): string => words.replace(/ies$/, 'y').replace(/s$/, '')

const summary = (noun: string, list: List): string => {
  const words = noun.replaceAll('_', ' ')
  const total = list.total_count
  const isPart = total !== null && total > list.result_count
  const of = isPart ? ` of ${total}` : ''
  const rows = list.result_count === 1 && !isPart ? singular(words) : words
  const end = list.is_partial_response ? '' : ' No more pages.'
  const more = list.next_cursor ? ` More: next_cursor=${list.next_cursor}` : end
  return `${list.result_count}${of} ${rows}.${more}${list.note ? ` ${list.note}` : ''}`
}

/** One summary line, then the lines of a table (or the same as JSON). */
export const listText = (noun: string, lines: readonly string[], list: List, format: TextFormat): string => {
  if (format === 'json') return JSON.stringify(withoutEmpty(list))
  const head = summary(noun, list)
  return [head, ...lines].join('\n')
}

const PARTIAL_REASONS = {
  bound: 'stopped at the bound of one call',
  time: 'stopped because time for one call ran out',
}

/** `words`: what was asked for that Finexio has no filter for. */
type Scanned = { kept: readonly { words: string }[] }

const scanNote = ({ kept }: Scanned, walked: Walked, newest: string | null): string | null => {
  if (kept.length === 0) return null
  const back = newest && walked.lastSeen?.[newest] ? ` back to ${plainTime(walked.lastSeen[newest])}` : ''
  const end = isAll(walked) ? 'that is the whole list' : 'more could not be read'
  const none = walked.ended ? 'no older row can fit' : end
  const whole = walked.next ? 'older rows were not looked at yet' : none
  const unclear =
    walked.undecided > 0
      ? ` ${walked.undecided === 1 ? '1 row does not tell whether it fits and is' : `${grouped(walked.undecided)} rows do not tell whether they fit and are`} left out.`
      : ''
  return `Finexio has no filter for ${kept.map(({ words }) => words).join(', ')}: ${plural(walked.looked, 'row')} ${walked.looked === 1 ? 'was' : 'were'} read${back}; ${whole}.${unclear}`
}

const orderNote = (newest: string | null, { order, rows }: Walked) =>
  newest && order === 'unknown' && rows.length > 1
    ? "The order is Finexio's own and could not be recognised: these rows need not be the newest."
    : null

const stopNote = ({ stopped, requests, next }: Walked): string | null => {
  if (!stopped) return null
  const why = typeof stopped === 'string' ? `${PARTIAL_REASONS[stopped]}.` : `stopped: ${explain(stopped)}`
  return `Partial: ${plural(requests, 'request')}, ${why}${next ? ' Continue with next_cursor.' : ''}`
}

/** Not whole for a reason that lies in Finexio's answers: asking on does not mend it. */
export const flawWords = (flaw: string): string =>
  `Finexio's list is not known to be whole: ${flaw}. What is missing here may be there.`

const flawNote = ({ flaw }: Walked) => flaw && `Partial: ${flawWords(flaw)}`

const unreadableNote = ({ unreadable }: Walked) =>
  unreadable > 0
    ? `${plural(unreadable, 'row')} of Finexio could not be read and ${unreadable === 1 ? 'is' : 'are'} missing.`
    : null

/** Notes in one text, or nothing. */
export const noted = (notes: readonly (string | null | false)[]): { note?: string } => {
  const note = notes.filter(Boolean).join(' ')
  return note ? { note } : {}
}

/** Notes about the rows of a list, such as what is missing. @param more said after what is missing */
export const notesOf = (
  method: ListMethod,
  parts: Scanned,
  walked: Walked,
  more: readonly (string | null)[],
): { note?: string } => {
  const { newest, whenEmpty } = method.list
  const empty = walked.rows.length === 0 && isAll(walked)
  return noted([
    (empty && whenEmpty) || null,
    scanNote(parts, walked, newest),
    orderNote(newest, walked),
    stopNote(walked),
    flawNote(walked),
    unreadableNote(walked),
    ...more,
  ])
}
