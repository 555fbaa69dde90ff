/** How the columns of a pasted table write amounts and dates, by the evidence of whole columns. */
import { type DecimalMark, decimalMarkOf } from './amounts.ts'
import { type DayOrder, dayOrderOf } from './dates.ts'
import { quotedCell } from './reading.ts'

export type Dialect = {
  /** By position; undefined where a column holds no amounts. */
  marks: (DecimalMark | undefined)[]
  orders: (DayOrder | undefined)[]
  /** What every cell of a column that contradicts itself gets, by position. */
  clashes: (string | undefined)[]
  /** What was assumed or proven, in sentences. */
  notes: string[]
}

/** A column whose cells have a dialect, at its position. */
export type Written = { at: number; heading: string; texts: readonly string[] }

type Evidence<Value> = { at: number; value: Value; proof: string | null }

/** A column that proves nothing is read as one that does. */
const settled = <Value, One extends Evidence<Value>>(all: readonly One[]): One[] => {
  const proven = all.filter(({ proof }) => proof !== null)
  const same = new Set(proven.map(({ value }) => value)).size === 1
  return all.map((one) =>
    one.proof === null && same ? { ...one, value: proven[0]!.value, proof: proven[0]!.proof } : one,
  )
}

const MIXED_MARKS = (one: string, other: string) =>
  `stands in a column that writes cents in two ways (${quotedCell(one)}, ${quotedCell(other)}): write all of them as 1250.00`
const MIXED_ORDERS = (one: string, other: string) =>
  `stands in a column that has the day first and the month first (${quotedCell(one)}, ${quotedCell(other)}): write all of them as YYYY-MM-DD`

const readMarks = (columns: readonly Written[], dialect: Dialect): void => {
  const found: (Evidence<DecimalMark> & { heading: string })[] = []
  for (const { at, heading, texts } of columns) {
    const evidence = decimalMarkOf(texts)
    if ('clash' in evidence) dialect.clashes[at] = MIXED_MARKS(...evidence.clash)
    else found.push({ at, heading, value: evidence.mark, proof: evidence.proof })
  }
  for (const { at, heading, value, proof } of settled<DecimalMark, (typeof found)[number]>(found)) {
    dialect.marks[at] = value
    if (value === ',' && proof !== null)
      dialect.notes.push(`Cents in ${quotedCell(heading)} follow a comma, as ${quotedCell(proof)} shows.`)
  }
}

const readOrders = (columns: readonly Written[], dialect: Dialect): void => {
  const found: (Evidence<DayOrder> & { heading: string; open: string | null })[] = []
  for (const { at, heading, texts } of columns) {
    const { order, proof, against, open } = dayOrderOf(texts, heading)
    if (against !== null) dialect.clashes[at] = MIXED_ORDERS(proof!, against)
    else found.push({ at, heading, value: order, proof, open })
  }
  for (const { at, heading, value, proof, open } of settled<DayOrder, (typeof found)[number]>(found)) {
    dialect.orders[at] = value
    if (open !== null)
      dialect.notes.push(
        `Dates in ${quotedCell(heading)} such as ${quotedCell(open)} are read with the ${value}, ${proof === null ? 'which nothing in the sheet proves' : `as ${quotedCell(proof)} shows`}.`,
      )
  }
}

/** @param amounts columns of money @param dates columns of days */
export const dialectOf = (amounts: readonly Written[], dates: readonly Written[]): Dialect => {
  const dialect: Dialect = { marks: [], orders: [], clashes: [], notes: [] }
  readMarks(amounts, dialect)
  readOrders(dates, dialect)
  return dialect
}
