/** What an answer must say besides its figures: what was not read, not listed, or could not be counted. */
import type { Row } from '../walk.ts'
import { type Reading, stopWords } from './reading.ts'
import { withoutAmount } from './tally.ts'
import type { Whole } from './whole-list.ts'

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
  whole.unreadable > 0 && `${counted(whole.unreadable, 'row')} of Finexio could not be read and are missing.`,
]

/** Rows that count but add nothing to the sums. */
export const amountNote = (rows: readonly Row[], noun: string): Note =>
  withoutAmount(rows) > 0 && `${counted(withoutAmount(rows), noun)} without an amount: counted, not summed.`

export const shownNote = (shown: number, all: number, nouns: string): Note =>
  all > shown && `${shown} of ${all} ${nouns} are listed; raise limit for more.`

/** @param stop why the reading had ended before names were asked for; null when it had not */
export const namesNote = (reading: Reading, stop: string | null): Note =>
  stop === null && reading.stopped !== null && `Names are missing. ${stopWords(reading)}`

/** Whether a list is told in part only. */
export const isPartial = (whole: Whole, reading: Reading): boolean =>
  whole.next !== null || whole.unreadable > 0 || reading.stopped !== null
