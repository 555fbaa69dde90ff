/** The caller's rows as one table of cells, whether they came as CSV text or as objects. */
import { MOST_INVOICES } from '../../../schemas/invoices.ts'
import { Refusal } from '../refusal.ts'

// Reads CSV (RFC 4180) as spreadsheets write it: quotes, line breaks inside cells, a BOM, any line ending. Cells stay text.

type CsvRecord = {
  /** Line of the text where it begins, from 1. */
  line: number
  cells: string[]
}
type CsvRead = { ok: true; records: CsvRecord[] } | { ok: false; problem: string }

type CsvBounds = { records: number; cells: number }

const DELIMITERS = [',', '\t', ';'] as const
const BOM = '\ufeff'

/** Rows copied out of a spreadsheet are separated by tabs, European files by semicolons: the heading row shows which. */
const delimiterOf = (text: string): string => {
  const heading = /^[^\r\n]*/.exec(text)![0].replace(/"[^"]*"/g, '')
  const count = (mark: string) => heading.split(mark).length
  return DELIMITERS.reduce((best, mark) => (count(mark) > count(best) ? mark : best))
}

const linesIn = (text: string): number => text.match(/\r\n|\r|\n/g)?.length ?? 0

type Cell = { text: string; end: number } | { problem: string }

/** A quoted cell; `at` is the position after its opening quote. */
const quotedCell = (text: string, at: number): Cell => {
  let end = at
  for (;;) {
    end = text.indexOf('"', end)
    if (end < 0) return { problem: 'a quote is opened and never closed' }
    if (text[end + 1] !== '"') return { text: text.slice(at, end).replaceAll('""', '"'), end: end + 1 }
    end += 2
  }
}

const endOfCell = (text: string, at: number, delimiter: string): number => {
  let end = at
  while (end < text.length && text[end] !== delimiter && text[end] !== '\n' && text[end] !== '\r') end++
  return end
}

const cellAt = (text: string, at: number, delimiter: string): Cell => {
  if (text[at] !== '"') {
    const end = endOfCell(text, at, delimiter)
    return { text: text.slice(at, end), end }
  }
  const cell = quotedCell(text, at + 1)
  if ('problem' in cell || endOfCell(text, cell.end, delimiter) === cell.end) return cell
  return { problem: 'text follows a closing quote; inside a quoted cell a quote is written twice' }
}

const afterLineBreak = (text: string, at: number): number =>
  text[at] === '\r' && text[at + 1] === '\n' ? at + 2 : at + 1

const isBlank = ({ cells }: CsvRecord) => cells.every((cell) => cell.trim() === '')

type Cursor = { at: number; line: number }

/** Reads the record at the cursor and moves the cursor behind it. Returns a sentence when it is not a valid record. */
const recordAt = (text: string, cursor: Cursor, delimiter: string, most: number): CsvRecord | string => {
  const { line } = cursor
  const from = cursor.at
  const cells: string[] = []
  for (;;) {
    const cell = cellAt(text, cursor.at, delimiter)
    if ('problem' in cell)
      return `line ${cursor.line + linesIn(text.slice(from, cursor.at))}: ${cell.problem}`
    cells.push(cell.text)
    if (cells.length > most) return `line ${line}: more than ${most} columns`
    cursor.at = cell.end
    if (text[cursor.at] !== delimiter) break
    cursor.at++
  }
  cursor.at = afterLineBreak(text, cursor.at)
  cursor.line += linesIn(text.slice(from, cursor.at))
  return { line, cells }
}

/**
 * @param bounds most records (the heading counts) and most cells in one
 * @returns records in order, blank ones left out; or what is wrong and in which line
 */
export const readCsv = (source: string, bounds: CsvBounds): CsvRead => {
  const text = source.startsWith(BOM) ? source.slice(1) : source
  const delimiter = delimiterOf(text)
  const records: CsvRecord[] = []
  const cursor = { at: 0, line: 1 }
  while (cursor.at < text.length) {
    const record = recordAt(text, cursor, delimiter, bounds.cells)
    if (typeof record === 'string') return { ok: false, problem: record }
    if (isBlank(record)) continue
    if (records.length >= bounds.records)
      return { ok: false, problem: `more than ${bounds.records - 1} rows` }
    records.push(record)
  }
  return { ok: true, records }
}

const MOST_COLUMNS = 60

type Table = {
  headings: string[]
  /** Text in CSV; the member's value in an object, undefined where it has no such member. */
  rows: unknown[][]
}

const WAY_OUT = `Give at most ${MOST_INVOICES} rows with one heading row and at most ${MOST_COLUMNS} columns; more rows go into further calls.`

const fromCsv = (text: string): Table => {
  const read = readCsv(text, { records: MOST_INVOICES + 1, cells: MOST_COLUMNS })
  if (!read.ok) throw new Refusal(`csv: ${read.problem}. ${WAY_OUT}`)
  const [heading, ...records] = read.records
  if (!heading || records.length === 0) throw new Refusal(`csv: no rows below a heading row. ${WAY_OUT}`)
  return { headings: heading.cells.map((cell) => cell.trim()), rows: records.map(({ cells }) => cells) }
}

const fromObjects = (objects: readonly Record<string, unknown>[]): Table => {
  const headings = [...new Set(objects.flatMap((row) => Object.keys(row)))]
  if (headings.length > MOST_COLUMNS)
    throw new Refusal(`rows: more than ${MOST_COLUMNS} different names. ${WAY_OUT}`)
  const cellOf = (row: Record<string, unknown>, name: string) =>
    Object.hasOwn(row, name) ? row[name] : undefined
  return { headings, rows: objects.map((row) => headings.map((name) => cellOf(row, name))) }
}

/** @throws Refusal unless exactly one of both is given and it holds rows within the bounds */
export const tableOf = (
  csv: string | undefined,
  rows: readonly Record<string, unknown>[] | undefined,
): Table => {
  if ((csv === undefined) === (rows === undefined))
    throw new Refusal('Give the invoices either as rows or as csv, and not as both.')
  return csv === undefined ? fromObjects(rows!) : fromCsv(csv)
}
