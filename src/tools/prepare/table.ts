/** The caller's rows as one table of cells, whether they came as text or as objects. */
import { MOST_INVOICES } from '../../../schemas/invoices.ts'
import { Refusal } from '../refusal.ts'
import { type CsvRecord, readCsv } from './csv.ts'
import { meaningsAmong } from './headings.ts'

const MOST_COLUMNS = 60
/** Titles above the headings and totals below the rows come on top of the invoices. */
const MOST_OTHER_LINES = 100
/** Headings are looked for this far down. */
const MOST_TITLES = 20

export type SheetRow = {
  /** Rows below the headings, blank ones counted; the first is 1. */
  row: number
  /** Of the text, from 1; null for rows given as objects. */
  line: number | null
  /** Text in a sheet; the member's value in an object, undefined where it has no such member. */
  cells: unknown[]
}

export type Table = {
  /** `column 4` where nothing is written. */
  headings: string[]
  rows: SheetRow[]
  /** Cells of the lines above the headings. */
  titles: string[]
  /** Whether commas separate the cells, so that an unquoted amount can have come apart. */
  commas: boolean
}

const WAY_OUT = `Give at most ${MOST_INVOICES} rows with one heading row and at most ${MOST_COLUMNS} columns; more rows go into further calls.`

const MARKS = [',', '\t', ';', '|'] as const
type Mark = (typeof MARKS)[number]

/** The lines between the fences of a code block, in their places, so that line numbers stay. */
const withoutFences = (text: string): string => text.replace(/^[ \t]*(?:```|~~~)[^\r\n]*$/gm, '')

/** The outer pipes of a markdown table make empty cells, and its rule is no row. */
const tidy = (record: CsvRecord, mark: Mark): CsvRecord[] => {
  if (mark !== '|') return [record]
  const cells = record.cells.map((cell) => cell.trim())
  if (cells.every((cell) => /^:?-*:?$/.test(cell))) return []
  const from = cells[0] === '' ? 1 : 0
  return [{ ...record, cells: cells.slice(from, cells.at(-1) === '' ? -1 : undefined) }]
}

const headingAt = (records: readonly CsvRecord[], columns: readonly string[]): number => {
  const known = records
    .slice(0, MOST_TITLES)
    .map(({ cells }) => meaningsAmong(cells) + cells.filter((cell) => columns.includes(cell.trim())).length)
  const most = Math.max(...known)
  return most < 2 ? 0 : known.indexOf(most)
}

type Read = { records: CsvRecord[]; heading: number; mark: Mark; known: number }

const readWith = (text: string, mark: Mark, columns: readonly string[]): Read | string => {
  const bounds = { records: MOST_INVOICES + MOST_OTHER_LINES, cells: MOST_COLUMNS + (mark === '|' ? 2 : 0) }
  const read = readCsv(text, bounds, mark)
  if (!read.ok) return read.problem
  const records = read.records.flatMap((record) => tidy(record, mark))
  const heading = headingAt(records, columns)
  return { records, heading, mark, known: meaningsAmong(records[heading]?.cells ?? []) }
}

/** The mark under which most headings are known is the one that was meant; among equals the one that makes most cells. */
const bestOf = (reads: readonly (Read | string)[]): Read | string => {
  const good = reads.filter((read) => typeof read !== 'string')
  const width = ({ records, heading }: Read) => records[heading]?.cells.length ?? 0
  const [best] = good.toSorted((one, other) => other.known - one.known || width(other) - width(one))
  return best && (best.known > 1 || typeof reads[0] !== 'string') ? best : reads[0]!
}

const fromText = (source: string, columns: readonly string[]): Table => {
  const text = withoutFences(source)
  const read = bestOf(MARKS.map((mark) => readWith(text, mark, columns)))
  if (typeof read === 'string') throw new Refusal(`csv: ${read}. ${WAY_OUT}`)
  const { records, heading, mark } = read
  const [top, ...rows] = records.slice(heading)
  if (!top || rows.length === 0) throw new Refusal(`csv: no rows below a heading row. ${WAY_OUT}`)
  if (rows.length > MOST_INVOICES + MOST_OTHER_LINES / 2)
    throw new Refusal(`csv: more than ${MOST_INVOICES} rows. ${WAY_OUT}`)
  const written = top.cells.map((cell) => cell.trim())
  const isUsed = (at: number) => rows.some(({ cells }) => (cells[at] ?? '').trim() !== '')
  return {
    headings: written.map((cell, at) => (cell === '' && isUsed(at) ? `column ${at + 1}` : cell)),
    rows: rows.map(({ line, before, cells }) => ({ row: before - top.before, line, cells })),
    titles: records.slice(0, heading).flatMap(({ cells }) => cells.filter((cell) => cell.trim() !== '')),
    commas: mark === ',',
  }
}

const fromObjects = (objects: readonly Record<string, unknown>[]): Table => {
  const headings = [...new Set(objects.flatMap((row) => Object.keys(row)))]
  if (headings.length > MOST_COLUMNS)
    throw new Refusal(`rows: more than ${MOST_COLUMNS} different names. ${WAY_OUT}`)
  const cellOf = (row: Record<string, unknown>, name: string) =>
    Object.hasOwn(row, name) ? row[name] : undefined
  const rows = objects.map((row, at) => ({
    row: at + 1,
    line: null,
    cells: headings.map((name) => cellOf(row, name)),
  }))
  return { headings, rows, titles: [], commas: false }
}

/**
 * @param columns headings that the caller names
 * @throws Refusal unless exactly one of both is given and it holds rows within the bounds
 */
export const tableOf = (
  csv: string | undefined,
  rows: readonly Record<string, unknown>[] | undefined,
  columns: readonly string[] = [],
): Table => {
  if ((csv === undefined) === (rows === undefined))
    throw new Refusal('Give the invoices either as rows or as csv, and not as both.')
  return csv === undefined ? fromObjects(rows!) : fromText(csv, columns)
}
