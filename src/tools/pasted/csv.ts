/** Reads CSV (RFC 4180) as spreadsheets write it: quotes, line breaks inside cells, a BOM, any line ending. Cells stay text. */

export type CsvRecord = {
  /** Line of the text where it begins, from 1. */
  line: number
  /** Records before it, blank ones counted. */
  before: number
  cells: string[]
}
type CsvRead = { ok: true; records: CsvRecord[] } | { ok: false; problem: string }

type CsvBounds = { records: number; cells: number }

const BOM = '\ufeff'

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

type Cursor = { at: number; line: number; before: number }

/** Reads the record at the cursor and moves the cursor behind it. Returns a sentence when it is not a valid record. */
const recordAt = (text: string, cursor: Cursor, delimiter: string, most: number): CsvRecord | string => {
  const { line, before } = cursor
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
  cursor.before++
  return { line, before, cells }
}

/**
 * @param bounds most records (the heading counts) and most cells in one
 * @returns records in order, blank ones left out though their lines count; or what is wrong and in which line
 */
export const readCsv = (source: string, bounds: CsvBounds, delimiter = ','): CsvRead => {
  const text = source.startsWith(BOM) ? source.slice(1) : source
  const records: CsvRecord[] = []
  const cursor = { at: 0, line: 1, before: 0 }
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
