import { cut } from '../../core/text.ts'

/** What reading one cell comes to. */
export type Reading<Value> = { value: Value } | { problem: string }

/** Longer than any amount or date: such a cell is not read, and never read in part. */
export const LONGEST_VALUE = 80

/** What a spreadsheet would compute instead of show is not an amount or number to pay by. */
export const textOf = (text: string): Reading<string> =>
  /^\s*[=@]/.test(text)
    ? { problem: 'begins like a spreadsheet formula: write the value that is meant' }
    : { value: text.trim() }

/** A cell as a sentence quotes it. */
export const quotedCell = (text: string): string => JSON.stringify(cut(text.trim(), 40))
