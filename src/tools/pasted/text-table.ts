/** A pasted text as a table: which mark separates its cells, and which of its lines holds the headings. */
import { type CsvRecord, readCsv } from './csv.ts'

const MARKS = [',', '\t', ';', '|'] as const
type Mark = (typeof MARKS)[number]

/** Headings are looked for this far down. */
const MOST_TITLES = 20

export type TextTable = {
  records: CsvRecord[]
  /** Position of the headings among the records. */
  heading: number
  mark: Mark
  /** How many different things the headings are known to mean. */
  known: number
}

type Asked = {
  /** Most lines, all kinds together, and most cells in one. */
  bounds: { records: number; cells: number }
  /** How much speaks for a line being the headings: how many different things its cells mean, and what is added to it. */
  knows(cells: readonly string[]): number
  named?(cells: readonly string[]): number
}

/** The lines between the fences of a code block, in their places, so that line numbers stay. */
const withoutFences = (text: string): string => text.replace(/^[ \t]*(?:```|~~~)[^\r\n]*$/gm, '')

const unemphasised = (cell: string): string => cell.trim().replace(/^(\*\*|__)(.+)\1$/, '$2')

/**
 * The outer pipes of a markdown table make empty cells, and its rule is no row. They are outer only where all lines have them:
 * in a table without them a blank first cell is a cell, and taking it off would move the others.
 */
const tidy = (records: readonly CsvRecord[], mark: Mark): CsvRecord[] => {
  if (mark !== '|') return [...records]
  const rows = records
    .map((record) => ({ ...record, cells: record.cells.map(unemphasised) }))
    .filter(({ cells }) => !cells.every((cell) => /^:?-*:?$/.test(cell)))
  const wide = rows.filter(({ cells }) => cells.length > 1)
  const from = wide.every(({ cells }) => cells[0] === '') ? 1 : 0
  const to = wide.every(({ cells }) => cells.at(-1) === '') ? -1 : undefined
  return rows.map((row) => (row.cells.length > 1 ? { ...row, cells: row.cells.slice(from, to) } : row))
}

const headingAt = (records: readonly CsvRecord[], { knows, named }: Asked): number => {
  const known = records.slice(0, MOST_TITLES).map(({ cells }) => knows(cells) + (named?.(cells) ?? 0))
  const most = Math.max(...known)
  return most < 2 ? 0 : known.indexOf(most)
}

const readWith = (text: string, mark: Mark, asked: Asked): TextTable | string => {
  const { records: most, cells } = asked.bounds
  const read = readCsv(text, { records: most, cells: cells + (mark === '|' ? 2 : 0) }, mark)
  if (!read.ok) return read.problem
  const records = tidy(read.records, mark)
  const heading = headingAt(records, asked)
  return { records, heading, mark, known: asked.knows(records[heading]?.cells ?? []) }
}

/**
 * The mark under which most headings are known is the one that was meant; among equals the one that makes most cells.
 * @returns or what is wrong, and in which line
 */
export const textTableOf = (source: string, asked: Asked): TextTable | string => {
  const text = withoutFences(source)
  const reads = MARKS.map((mark) => readWith(text, mark, asked))
  const good = reads.filter((read) => typeof read !== 'string')
  const width = ({ records, heading }: TextTable) => records[heading]?.cells.length ?? 0
  const [best] = good.toSorted((one, other) => other.known - one.known || width(other) - width(one))
  return best && (best.known > 1 || typeof reads[0] !== 'string') ? best : reads[0]!
}
