/**
 * Lines of a document that people paste to have it compared: a table with headings in any mark, or plain lines as they come out of a
 * PDF. Amounts and days are read by the evidence of the whole column; what cannot be read is said of its line, never guessed.
 */
import { Refusal } from '../refusal.ts'
import { type Signed, signedCentsOf } from './amounts.ts'
import type { CsvRecord } from './csv.ts'
import { dateOf } from './dates.ts'
import { dialectOf } from './dialect.ts'
import { type Dictionary, plain, positionsIn } from './headings.ts'
import { looseCells } from './loose-lines.ts'
import type { Reading } from './reading.ts'
import { type TextTable, textTableOf } from './text-table.ts'

const MOST_COLUMNS = 40
/** Titles, totals and balances come on top of the lines that are compared. */
const MOST_OTHER_LINES = 100

export type PastedRow = {
  /** Of the text, from 1. */
  line: number
  /** Cells by meaning, as written. */
  text: Readonly<Record<string, string>>
  /** By meaning; a meaning is missing where its cell is empty. */
  amounts: Readonly<Record<string, Signed>>
  /** `YYYY-MM-DD` by meaning. */
  dates: Readonly<Record<string, string>>
  /** What of it cannot be read, in a sentence; null: all was. */
  problem: string | null
  /** The line in one. */
  whole: string
}

export type Form = {
  /** Meaning to headings. */
  dictionary: Dictionary
  /** Meanings that are money, and those that are days; plain lines have `amount`, `balance` and `date`. */
  amounts: readonly string[]
  dates: readonly string[]
  most: number
}

export type Pasted = { rows: PastedRow[]; notes: string[]; isTable: boolean }

type Cells = { headings: string[]; columns: ReadonlyMap<string, number>; records: CsvRecord[] }

const knownBy =
  (dictionary: Dictionary) =>
  (cells: readonly string[]): number =>
    positionsIn(cells, dictionary).size

const tableCells = ({ records, heading }: TextTable, { dictionary }: Form): Cells => {
  const headings = records[heading]!.cells.map((cell) => cell.trim())
  const isHeading = ({ cells }: CsvRecord) =>
    headings.every((name, at) => plain(cells[at] ?? '') === plain(name))
  return {
    headings,
    columns: positionsIn(headings, dictionary),
    records: records.slice(heading + 1).filter((record) => !isHeading(record)),
  }
}

/** An amount with a comma for thousands that a table of commas would take apart. */
const cameApart = ({ cells }: CsvRecord): boolean =>
  cells.some(
    (cell, at) => /(?:^|[\s$(-])\d{1,3}$/.test(cell) && /^\d{3}(?:[.,)\s-]|$)/.test(cells[at + 1] ?? ''),
  )

/** Cells of a table without headings stand apart as they do in plain lines. */
const linesOf = (source: string, table: TextTable | string): string[] => {
  const lines = source.split(/\r\n|\r|\n/)
  if (typeof table === 'string' || table.mark === '|') return lines.map((line) => line.replaceAll('|', '   '))
  const widths = new Set(table.records.map(({ cells }) => cells.length))
  if (table.mark === ',' && table.records.some(cameApart)) return lines
  if (widths.size > 1 || (table.records[0]?.cells.length ?? 0) < 3) return lines
  const out: string[] = lines.map(() => '')
  for (const { line, cells } of table.records) out[line - 1] = cells.map((cell) => cell.trim()).join('   ')
  return out
}

const valued = <Value>(
  record: CsvRecord,
  { headings, columns }: Cells,
  meanings: readonly string[],
  read: (text: string, at: number) => Reading<Value>,
): { values: Record<string, Value>; problem: string | null } => {
  const values: Record<string, Value> = {}
  let problem: string | null = null
  for (const meaning of meanings) {
    const at = columns.get(meaning)
    const text = at === undefined ? '' : (record.cells[at] ?? '').trim()
    if (at === undefined || text === '' || /^[-\u2013\u2014]+$/.test(text)) continue
    const result = read(text, at)
    if ('value' in result) values[meaning] = result.value
    else problem ??= `${headings[at] || meaning} ${result.problem}`
  }
  return { values, problem }
}

const rowsOf = (cells: Cells, { amounts, dates }: Form): Omit<Pasted, 'isTable'> => {
  const { headings, columns, records } = cells
  const written = (meanings: readonly string[]) =>
    meanings.flatMap((meaning) => {
      const at = columns.get(meaning)
      const texts = records.map((record) => record.cells[at ?? -1] ?? '').filter((text) => text.trim() !== '')
      return at === undefined ? [] : [{ at, heading: headings[at]!, texts }]
    })
  const dialect = dialectOf(written(amounts), written(dates))
  const clashOr = <Value>(at: number, read: () => Reading<Value>): Reading<Value> =>
    dialect.clashes[at] === undefined ? read() : { problem: dialect.clashes[at] }
  const rows = records.map((record): PastedRow => {
    const money = valued(record, cells, amounts, (text, at) =>
      clashOr(at, () => signedCentsOf(text, dialect.marks[at])),
    )
    const days = valued(record, cells, dates, (text, at) =>
      clashOr(at, () => dateOf(text, dialect.orders[at])),
    )
    return {
      line: record.line,
      text: Object.fromEntries(
        [...columns].map(([meaning, at]) => [meaning, (record.cells[at] ?? '').trim()]),
      ),
      amounts: money.values,
      dates: days.values,
      problem: money.problem ?? days.problem,
      whole: record.cells
        .map((cell) => cell.trim())
        .filter(Boolean)
        .join(' '),
    }
  })
  return { rows, notes: dialect.notes }
}

/** @param name of the argument */
export const noAmount = (name: string): Refusal =>
  new Refusal(
    `${name}: no line has an amount with its cents, such as 1,250.00. Give lines with numbers and amounts, or a table with headings.`,
  )

/**
 * @param name of the argument, for the errors
 * @throws Refusal when it is no text of lines, or holds more than are compared in one call
 */
export const readPasted = (source: string, name: string, form: Form): Pasted => {
  const bounds = { records: form.most + MOST_OTHER_LINES, cells: MOST_COLUMNS }
  const table = textTableOf(source, { bounds, knows: knownBy(form.dictionary) })
  const isTable = typeof table !== 'string' && table.known >= 2
  const cells = isTable ? tableCells(table, form) : looseCells(linesOf(source, table))
  // A table that is too long to be read as one has amounts only where they look like money without headings.
  const lines = cells.records.length || source.trim().split(/\r\n|\r|\n/).length
  if (lines > bounds.records) throw new Refusal(`${name}: more than ${form.most} lines. Give it in parts.`)
  if (cells.records.length === 0) throw noAmount(name)
  return { ...rowsOf(cells, form), isTable }
}
