/** The caller's rows as one table of cells, whether they came as CSV text or as objects. */
import { MOST_INVOICES } from '../../../schemas/invoices.ts'
import { Refusal } from '../refusal.ts'
import { readCsv } from './csv-reader.ts'

const MOST_COLUMNS = 60

export type Table = {
  headings: string[]
  /** Text for CSV; whatever stood in the object otherwise, undefined where it had no such member. */
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
