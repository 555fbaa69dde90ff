/** The text of an answer: rows as CSV, and how long it may be. */
import { plainTime } from '../../core/text.ts'

const isEmpty = (value: unknown) =>
  value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)

const cell = (value: unknown): string => {
  if (isEmpty(value)) return ''
  const text = typeof value === 'object' ? JSON.stringify(value) : String(plainTime(value))
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/**
 * Lines of CSV (RFC 4180), header first: the cheapest text form for a model. Every row is one line: line breaks inside a
 * cell become blanks. Columns in which every cell is empty are left out.
 */
export const csvLines = (columns: readonly string[], rows: readonly Record<string, unknown>[]): string[] => {
  const used = columns.filter((column) => rows.some((row) => !isEmpty(row[column])))
  return [
    used.join(','),
    ...rows.map((row) => used.map((column) => cell(row[column]).replace(/[\r\n]+/g, ' ')).join(',')),
  ]
}

/** In bytes of UTF-8. Beyond this clients cut in silence; we cut at a whole line and say so. */
export const LONGEST_ANSWER = 100_000
/** Kept free for the sentence before a table and the notes beside it. */
const BESIDE = 10_000

const encoder = new TextEncoder()

export const bytesIn = (text: string): number => encoder.encode(text).length

/** How many of these lines, with a line break each, fit into one answer beside the text around them. */
export const fitting = (lines: readonly string[], most = LONGEST_ANSWER - BESIDE): number => {
  let bytes = 0
  const first = lines.findIndex((line) => {
    bytes += bytesIn(line) + 1
    return bytes > most
  })
  return first < 0 ? lines.length : first
}

/** As much of a text as fits into so many bytes, whole characters only. */
const start = (text: string, most: number): string =>
  text.slice(0, encoder.encodeInto(text, new Uint8Array(most)).read)

const IN_STRUCTURE = 'structuredContent holds the whole; ask for fewer fields or a smaller limit'

/**
 * The last resort, for what has no lines to leave out.
 * @param most bytes
 * @param rest where the rest is
 */
export const capped = (text: string, most = LONGEST_ANSWER, rest = IN_STRUCTURE): string => {
  // No character takes more than three bytes per unit of length: most texts need not be counted.
  if (text.length * 3 <= most || bytesIn(text) <= most) return text
  const kept = start(text, most - 200)
  return `${kept}\nText cut: ${text.length - kept.length} more characters; ${rest}.`
}
