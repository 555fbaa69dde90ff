/** The caller's rows as one table of cells, whether they came as text or as objects. */
import { MOST_INVOICES } from '../../../schemas/invoices.ts'
import { cutShort } from '../../core/text.ts'
import { textTableOf } from '../pasted/text-table.ts'
import { Refusal } from '../refusal.ts'
import { meaningsAmong } from './headings.ts'

const MOST_COLUMNS = 60
/** Titles above the headings and totals below the rows come on top of the invoices. */
const MOST_OTHER_LINES = 100

export type SheetRow = {
  /** Rows below the headings, blank ones counted; the first is 1. */
  row: number
  /** Of the text, from 1; null for rows given as objects. */
  line: number | null
  /** Text in a sheet; the member's value in an object, undefined where it has no such member. */
  cells: unknown[]
}

export const isBlank = (cell: unknown): boolean =>
  cell === undefined || cell === null || (typeof cell === 'string' && cell.trim() === '')

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

const fromText = (source: string, columns: readonly string[]): Table => {
  const read = textTableOf(source, {
    bounds: { records: MOST_INVOICES + MOST_OTHER_LINES, cells: MOST_COLUMNS },
    knows: meaningsAmong,
    named: (cells) => cells.filter((cell) => columns.includes(cell.trim())).length,
  })
  if (typeof read === 'string') throw new Refusal(`csv: ${read}. ${WAY_OUT}`)
  const { records, heading, mark } = read
  const [top, ...rows] = records.slice(heading)
  if (!top || rows.length === 0) throw new Refusal(`csv: no rows below a heading row. ${WAY_OUT}`)
  if (rows.length > MOST_INVOICES + MOST_OTHER_LINES / 2)
    throw new Refusal(`csv: more than ${MOST_INVOICES} rows. ${WAY_OUT}`)
  const written = top.cells.map((cell) => cell.trim())
  // No bill fits into one column, whatever it is called.
  if (written.length === 1)
    throw new Refusal(
      `csv: the heading row is one cell (${JSON.stringify(cutShort(written[0]!, 60))}): what is aligned by blanks, or is no table, cannot be read. Give CSV, with a comma, semicolon, tab or | between cells.`,
    )
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
