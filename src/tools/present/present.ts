/** What a record from Finexio looks like to a client: cleaned, secrets masked, amounts readable. */
import { isDeclared, payeeKindOf, type Sensitivity, sensitivityOf } from '../../../schemas/sensitive.ts'
import { jsonIn } from '../../core/json.ts'
import { isBlank, isEmptyCell, masked, withoutNumbers } from '../../core/mask.ts'
import { decimalOf } from '../../core/money.ts'
import { cleanText, plainTime, WITHHELD } from '../../core/text.ts'
import { plural } from '../../core/words.ts'

// The text of an answer: rows as CSV, and how long it may be.

const cell = (value: unknown): string => {
  if (isEmptyCell(value)) return ''
  const text = typeof value === 'object' ? JSON.stringify(value) : String(plainTime(value))
  if (!/[",\r\n]|^\s|\s$/.test(text)) return text
  return `"${text.replaceAll('"', '""').replace(/[\r\n]+/g, ' ')}"`
}

/**
 * Lines of CSV (RFC 4180), header first: the cheapest text form for a model. Every row is one line: line breaks inside a
 * cell become blanks. Columns in which every cell is empty are left out.
 */
export const csvLines = (columns: readonly string[], rows: readonly Record<string, unknown>[]): string[] => {
  const used = columns.filter((column) => rows.some((row) => !isEmptyCell(row[column])))
  return [used.join(','), ...rows.map((row) => used.map((column) => cell(row[column])).join(','))]
}

/** In bytes of UTF-8. Beyond this clients cut in silence; we cut at a whole line and say so. */
export const LONGEST_ANSWER = 100_000
/** Kept free for the sentence before a table and the notes beside it. */
const BESIDE = 10_000

const encoder = new TextEncoder()

/** Length in bytes of UTF-8. */
export const bytesIn = (text: string): number => encoder.encode(text).length

/** How many of these lines, with a line break each, fit into one answer beside the text around them. */
export const fitting = (lines: readonly string[], most = LONGEST_ANSWER - BESIDE): number => {
  // No character takes more than three bytes per unit of length: most answers need not be counted.
  if (lines.reduce((sum, { length }) => sum + 3 * length + 1, 0) <= most) return lines.length
  let bytes = 0
  const first = lines.findIndex((line) => {
    bytes += bytesIn(line) + 1
    return bytes > most
  })
  return first < 0 ? lines.length : first
}

/** The first rows, as many as fit. @param most bytes of their JSON */
export const firstRows = <Row>(rows: readonly Row[], most: number): Row[] => {
  const lines = rows.map((row) => JSON.stringify(row))
  return rows.slice(0, fitting(lines, most))
}

/** As much of a text as fits into a number of bytes, whole characters only. */
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
  return `${kept}\nText cut: ${plural(text.length - kept.length, 'more character')}; ${rest}.`
}

type Row = Record<string, unknown>

/** Deepest nesting passed on: Finexio's own records have four levels. */
const DEEPEST = 12

const HIDE: Readonly<Record<Sensitivity, (value: unknown, depth: number) => unknown>> = {
  masked,
  hidden: (value) => (isBlank(value) ? value : WITHHELD),
  plain: (value, depth) => shown(value, depth),
}

/** History names the field beside its values instead of above them. */
const isChange = (row: Row) => typeof row.field === 'string' && ('before' in row || 'after' in row)

/** History holds owners and contacts as JSON text: parsed, so that field names decide what is masked. In unreadable JSON long numbers are. */
const opened = (value: unknown): unknown =>
  typeof value === 'string' && /^\s*[[{]/.test(value) ? (jsonIn(value) ?? withoutNumbers(value)) : value

/**
 * Finexio may log a field that nobody declared here, which may hold a number to hide. At every depth, since contacts and
 * owners may have new fields as well; the keys of a harmless field (metadata) are the customer's own.
 */
const careful = (name: string, value: unknown, depth: number): unknown => {
  if (typeof value === 'object' && value !== null) {
    if (depth >= DEEPEST || payeeKindOf(name) === null) return value
    if (Array.isArray(value)) return value.map((item) => careful(name, item, depth + 1))
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, careful(key, item, depth + 1)]),
    )
  }
  if (isDeclared(name) || (typeof value !== 'string' && typeof value !== 'number')) return value
  const text = withoutNumbers(String(value))
  return text === String(value) ? value : text
}

const shownChange = (row: Row, depth: number): Row => {
  const { before, after, ...rest } = row
  const name = String(row.field)
  const hide = (value: unknown) => HIDE[sensitivityOf(name)](careful(name, opened(value), depth), depth)
  return { ...shownRow(rest, depth), before: hide(before), after: hide(after) }
}

const shownRow = (row: Row, depth: number): Row => {
  const out: Row = {}
  for (const key in row) {
    const name = cleanText(key)
    // Assigning to this name would set a prototype instead of a field.
    if (name !== '__proto__') out[name] = HIDE[sensitivityOf(name)](row[key], depth)
  }
  return out
}

const shown = (value: unknown, depth: number): unknown => {
  if (typeof value === 'string') return cleanText(value)
  if (typeof value !== 'object' || value === null) return value
  if (depth >= DEEPEST) return '[cut: nested too deeply]'
  if (Array.isArray(value)) return value.map((item) => shown(item, depth + 1))
  return shownRecord(value as Row, depth + 1)
}

const shownRecord = (row: Row, depth: number): Row =>
  isChange(row) ? shownChange(row, depth) : shownRow(row, depth)

/** `amount_cents` is followed by `amount`, the same money as decimal text in US dollars. */
const withDecimal = (row: Row): Row => {
  if (!('amount_cents' in row)) return row
  const out: Row = {}
  for (const key in row) {
    out[key] = row[key]
    if (key === 'amount_cents') out.amount = decimalOf(row[key])
  }
  return out
}

/** A record ready for a result: invisible characters gone, bank, tax and identity numbers masked, decimals added. */
export const present = (record: Row): Row => withDecimal(shownRecord(record, 0))

/**
 * The same of some fields of records, in the order of their names and in one pass a row: lists show hundreds. `amount` is that of
 * `amount_cents`, shown or not.
 * @param columns names of declared fields, `amount` among them
 */
export const presentColumns = (columns: readonly string[]) => {
  const shownAs = columns.map((name) => [name, HIDE[sensitivityOf(name)]] as const)
  return (record: Row): Row => {
    const out: Row = {}
    for (const [name, hide] of shownAs) {
      const value = record[name]
      if (name === 'amount' && record.amount_cents !== undefined) out.amount = decimalOf(record.amount_cents)
      else if (value !== undefined) out[name] = hide(value, 0)
    }
    return out
  }
}

/** Blank, or a list or object that holds nothing. */
export const isEmpty = (value: unknown): boolean => {
  if (isBlank(value)) return true
  if (typeof value !== 'object') return false
  for (const _ in value as object) return false
  return true
}

/** A copy without nulls, empty strings, empty lists and empty objects, for text. */
export const withoutEmpty = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutEmpty)
  if (typeof value !== 'object' || value === null) return value
  const out: Row = {}
  for (const key in value) {
    const kept = withoutEmpty((value as Row)[key])
    if (!isEmpty(kept)) out[key] = kept
  }
  return out
}
