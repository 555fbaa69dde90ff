/** Answers with several tables: in text one sentence, then each table as CSV under its title. */
import * as z from 'zod'
import { visibleText } from '../../core/text.ts'
import { verb } from '../../core/words.ts'
import { flawWords, noted } from '../derived/list-answer.ts'
import type { Row } from '../derived/request.ts'
import { bytesIn, csvLines, fitting, LONGEST_ANSWER, withoutEmpty } from '../present/present.ts'
import type { ToolAnswer, ToolContext } from '../tool.ts'
import { isWhole, type Resume, type Whole } from './read-list.ts'
import { type Reading, stopWords } from './reading.ts'
import { belowZero, withoutAmount } from './tally.ts'

// What an answer must say besides its figures: what was not read, not listed, or could not be counted.

type Note = string | null | false

const pluralOf = (noun: string): string => `${noun.replace(/y$/, 'ie')}s`

/** "1 payment", "2 payments". */
export const counted = (count: number, noun: string): string =>
  `${count} ${count === 1 ? noun : pluralOf(noun)}`

/** `1 of 3 payments was read`. @param read how many rows @param count how many there are; null: not known */
export const readWords = (read: number, count: number | null, noun: string): string =>
  `${read} of ${count === null ? `an unknown number of ${pluralOf(noun)}` : counted(count, noun)} ${verb(read, 'was', 'were')} read`

/**
 * What of a list is missing.
 * @param stop why the reading ended, as it stood when the list was read
 * @param means what that means for this answer, as a whole sentence
 */
const listNotes = (whole: Whole, stop: string | null, noun: string, means: string): Note[] => [
  whole.next !== null && `${stop ?? 'Partial.'} ${readWords(whole.rows.length, whole.count, noun)}. ${means}`,
  whole.next === null &&
    whole.flaw !== null &&
    `Partial: ${flawWords(whole.flaw)} ${readWords(whole.rows.length, whole.count, noun)}.`,
  whole.unreadable > 0 &&
    `${counted(whole.unreadable, 'row')} of Finexio could not be read and ${verb(whole.unreadable, 'is', 'are')} missing.`,
]

const MOST_NAMED = 5

/** Rows by their ids, with what came in place of an amount. */
const namesOf = (rows: readonly Row[]): string => {
  const named = rows
    .slice(0, MOST_NAMED)
    .map(({ id, note }) => (note ? `${id} (${String(note).replace(/\.$/, '')})` : String(id)))
  return `${named.join(', ')}${rows.length > MOST_NAMED ? ` and ${rows.length - MOST_NAMED} more` : ''}.`
}

/** Rows that count but add nothing to the sums, and rows that lower them. */
export const amountNotes = (rows: readonly Row[], noun: string): Note[] => [
  withoutAmount(rows).length > 0 &&
    `${counted(withoutAmount(rows).length, noun)} without a readable amount in US dollars: counted, not summed. ${namesOf(withoutAmount(rows))}`,
  belowZero(rows) > 0 && `${counted(belowZero(rows), noun)} below zero, which the sums are lowered by.`,
]

/**
 * What must be known before any figure is read: that they are those of a part of the list.
 * @param start where an earlier call ended; null when this one began at the beginning
 */
export const scopeWords = (whole: Whole, start: Resume | null): string => {
  if (!isWhole(whole))
    return `PART OF THE LIST, ${whole.rows.length} of ${whole.count ?? 'an unknown number'}: `
  return start === null ? '' : 'THE REST of the list, without what earlier calls answered: '
}

/** Says that fewer are listed than there are; false when all are. */
export const shownNote = (shown: number, all: number, nouns: string): Note =>
  all > shown && `${shown} of ${all} ${nouns} ${verb(shown, 'is', 'are')} listed; raise limit for more.`

/** @param stop why the reading had ended before names were asked for; null when it had not */
const namesNote = (reading: Reading, stop: string | null): Note =>
  stop === null && stopWords(reading) !== null && `Names are missing. ${stopWords(reading)}`

/** Whether an answer covers only a part of its list. */
const isPartial = (whole: Whole, reading: Reading): boolean => !isWhole(whole) || stopWords(reading) !== null

/** How far a list was read, in words. */
export const reachWords = (whole: Whole, noun: string): string =>
  isWhole(whole)
    ? `all ${counted(whole.rows.length, noun)}`
    : `the newest ${whole.rows.length} of ${whole.count === null ? `an unknown number of ${pluralOf(noun)}` : counted(whole.count, noun)}`

/** Said where what was found may not be all there is; null: the list was read whole. */
export const fartherWords = (whole: Whole, noun: string): string | null =>
  isWhole(whole)
    ? null
    : `Only ${reachWords(whole, noun)} ${verb(whole.rows.length, 'was', 'were')} looked through: others may fit too.`

/** A list that was read: what its rows are, why the reading ended by then, and what a missing part means, in a sentence. */
type Listed = { whole: Whole; stop: string | null; noun: string; means: string }

/**
 * What an answer about a list ends with.
 * @param notes of this answer, said after what the list lacks
 * @param stopBefore why the reading had ended before names were asked for; null when it had not
 */
export const ending = (
  reading: Reading,
  { whole, stop, noun, means }: Listed,
  notes: readonly Note[],
  stopBefore = stop,
) => ({
  requests: reading.requests,
  is_partial_response: isPartial(whole, reading),
  ...noted([...listNotes(whole, stop, noun, means), ...notes, namesNote(reading, stopBefore)]),
})

/** Rows whose columns the text names; what they mean is said where Finexio's own records are listed. */
export const rows = z.array(z.object({}))

/** Output of a tool that answers by `report`. @param fields those an answer turns on; more may come */
export const reported = (fields: z.ZodRawShape): z.ZodObject =>
  z.looseObject({ ...fields, is_partial_response: z.boolean(), note: z.string().optional() })

type Table = { title: string; columns: readonly string[]; rows: readonly Row[] }

const linesOf = ({ title, columns, rows }: Table): string[] =>
  rows.length === 0 ? [] : [`${title}:`, ...csvLines(columns, rows)]

/** As many lines as fit, and how many were left out. */
const cut = (lines: readonly string[]): string => {
  const fits = fitting(lines)
  const left = lines.length - fits
  return left === 0
    ? lines.join('\n')
    : `${lines.slice(0, fits).join('\n')}\nText cut: ${counted(left, 'more line')}; ask for a smaller limit.`
}

/** Cleans our own sentences, which may quote Finexio. Rows must be cleaned by the caller. */
const visible = (value: unknown): unknown => {
  if (typeof value === 'string') return visibleText(value)
  return Array.isArray(value) && value.every((one) => typeof one === 'string')
    ? value.map(visibleText)
    : value
}

/**
 * @param head what the answer comes down to, in a sentence
 * @param answer the whole answer; its rows ready to be shown
 */
export const report = (
  head: string,
  tables: readonly Table[],
  answer: Row,
  { textFormat }: Pick<ToolContext, 'textFormat'>,
): ToolAnswer => {
  const structured = Object.fromEntries(Object.entries(answer).map(([name, value]) => [name, visible(value)]))
  const note = typeof structured.note === 'string' ? ` ${structured.note}` : ''
  const more = structured.next_cursor ? ` More: next_cursor=${structured.next_cursor}` : ''
  const text = cut([`${visibleText(head)}${note}${more}`, ...tables.flatMap(linesOf)])
  if (textFormat === 'csv') return { structured, text }
  const json = JSON.stringify(withoutEmpty(structured))
  return { structured, text: bytesIn(json) <= LONGEST_ANSWER ? json : text }
}

/** A table with the columns of its first row. */
export const tableOf = (title: string, rows: readonly Row[]): Table => ({
  title,
  columns: Object.keys(rows[0] ?? {}),
  rows,
})
