/** What an answer must say besides its figures: what was not read, not listed, or could not be counted. */

import type { Row } from '../derived/request.ts'
import { isWhole, type Resume, type Whole } from './read-list.ts'
import { type Reading, stopWords } from './reading.ts'
import { belowZero, withoutAmount } from './tally.ts'

type Note = string | null | false

/** Notes in one text, or nothing. */
export const noted = (notes: readonly Note[]): { note?: string } => {
  const note = notes.filter(Boolean).join(' ')
  return note ? { note } : {}
}

/** "1 payment", "2 payments". */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`

/**
 * What of a list is missing.
 * @param stop why the reading ended, as it stood when the list was read
 * @param then what that means for this answer, as a whole sentence
 */
export const listNotes = (whole: Whole, stop: string | null, noun: string, then: string): Note[] => [
  whole.next !== null &&
    `${stop ?? 'Partial.'} ${whole.rows.length} of ${whole.count ?? 'an unknown number of'} ${noun}s were read. ${then}`,
  whole.next === null &&
    !isWhole(whole) &&
    `Partial: Finexio sent the same page twice; ${whole.rows.length} of ${whole.count ?? 'an unknown number of'} ${noun}s were read.`,
  whole.unreadable > 0 &&
    `${counted(whole.unreadable, 'row')} of Finexio could not be read and ${whole.unreadable === 1 ? 'is' : 'are'} missing.`,
]

/** Rows that count but add nothing to the sums, and rows that lower them. */
export const amountNotes = (rows: readonly Row[], noun: string): Note[] => [
  withoutAmount(rows) > 0 &&
    `${counted(withoutAmount(rows), noun)} without a readable amount in US dollars: counted, not summed.`,
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

export const shownNote = (shown: number, all: number, nouns: string): Note =>
  all > shown && `${shown} of ${all} ${nouns} are listed; raise limit for more.`

/** @param stop why the reading had ended before names were asked for; null when it had not */
export const namesNote = (reading: Reading, stop: string | null): Note =>
  stop === null && reading.stopped !== null && `Names are missing. ${stopWords(reading)}`

/** Whether an answer covers only a part of its list. */
export const isPartial = (whole: Whole, reading: Reading): boolean =>
  !isWhole(whole) || whole.unreadable > 0 || reading.stopped !== null
