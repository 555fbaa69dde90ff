/** What is decided once for a column: what it means, how its dates and amounts are written, and what it leaves in doubt. */
import { cut } from '../../core/text.ts'
import { mayDecide } from './against.ts'
import { type DecimalMark, decimalMarkOf, foreignCurrencyIn } from './amounts.ts'
import { type DayOrder, dayOrderOf } from './dates.ts'
import type { Column } from './headings.ts'
import type { SheetRow, Table } from './table.ts'

const AMOUNTS: readonly string[] = ['amount', 'open_amount', 'paid_amount', 'discount']
const DATES: readonly string[] = ['invoice_date', 'invoice_due_date']

export const isBlank = (cell: unknown): boolean =>
  cell === undefined || cell === null || (typeof cell === 'string' && cell.trim() === '')

/** Only text has a dialect: numbers of JSON are what they are. */
const textsOf = (rows: readonly SheetRow[], at: number): string[] =>
  rows.map(({ cells }) => cells[at]).filter((cell) => typeof cell === 'string' && !isBlank(cell)) as string[]

const quoted = (text: string) => JSON.stringify(cut(text.trim(), 40))

export type Dialect = {
  /** By position; undefined where a column holds no amounts. */
  marks: (DecimalMark | undefined)[]
  orders: (DayOrder | undefined)[]
  /** What every cell of a column that contradicts itself gets, by position. */
  clashes: (string | undefined)[]
  /** What was assumed or proven, in sentences. */
  notes: string[]
}

type Evidence<Value> = { at: number; value: Value; proof: string | null }

/** A column that proves nothing is read as one that does. */
const settled = <Value>(all: readonly Evidence<Value>[]): Evidence<Value>[] => {
  const proven = all.filter(({ proof }) => proof !== null)
  const same = new Set(proven.map(({ value }) => value)).size === 1
  return all.map((one) =>
    one.proof === null && same ? { ...one, value: proven[0]!.value, proof: proven[0]!.proof } : one,
  )
}

const MIXED_MARKS = (one: string, other: string) =>
  `stands in a column that writes cents in two ways (${quoted(one)}, ${quoted(other)}): write all of them as 1250.00`
const MIXED_ORDERS = (one: string, other: string) =>
  `stands in a column that has the day first and the month first (${quoted(one)}, ${quoted(other)}): write all of them as YYYY-MM-DD`

const readMarks = (columns: readonly Column[], rows: readonly SheetRow[], dialect: Dialect): void => {
  const found: Evidence<DecimalMark>[] = []
  for (const [at, { meaning }] of columns.entries()) {
    if (!AMOUNTS.includes(meaning)) continue
    const evidence = decimalMarkOf(textsOf(rows, at))
    if ('clash' in evidence) dialect.clashes[at] = MIXED_MARKS(...evidence.clash)
    else found.push({ at, value: evidence.mark, proof: evidence.proof })
  }
  for (const { at, value, proof } of settled(found)) {
    dialect.marks[at] = value
    if (value === ',' && proof !== null)
      dialect.notes.push(
        `Cents in ${quoted(columns[at]!.heading)} follow a comma, as ${quoted(proof)} shows.`,
      )
  }
}

const readOrders = (columns: readonly Column[], rows: readonly SheetRow[], dialect: Dialect): void => {
  const found: (Evidence<DayOrder> & { open: string | null })[] = []
  for (const [at, { meaning, heading }] of columns.entries()) {
    if (!DATES.includes(meaning)) continue
    const { order, proof, against, open } = dayOrderOf(textsOf(rows, at), heading)
    if (against !== null) dialect.clashes[at] = MIXED_ORDERS(proof!, against)
    else found.push({ at, value: order, proof, open })
  }
  const open = new Map(found.map((one) => [one.at, one.open]))
  for (const { at, value, proof } of settled(found)) {
    dialect.orders[at] = value
    const example = open.get(at) ?? null
    if (example !== null)
      dialect.notes.push(
        `Dates in ${quoted(columns[at]!.heading)} such as ${quoted(example)} are read with the ${value}, ${proof === null ? 'which nothing in the sheet proves' : `as ${quoted(proof)} shows`}.`,
      )
  }
}

/** How the sheet writes amounts and dates, by the evidence of whole columns. */
export const dialectOf = (columns: readonly Column[], rows: readonly SheetRow[]): Dialect => {
  const dialect: Dialect = { marks: [], orders: [], clashes: [], notes: [] }
  readMarks(columns, rows, dialect)
  readOrders(columns, rows, dialect)
  return dialect
}

const WHOLE = /\b(?:total|gross|due|open|balance|outstanding|incl)/i

const needsAnswer = ({ kind }: Column, texts: readonly string[], amountIsWhole: boolean): string[] => {
  if (kind === 'unknown') return texts.filter(mayDecide)
  return kind === 'added' && !amountIsWhole ? texts.filter((text) => /[1-9]/.test(text)) : []
}

const SPOKEN_TITLE =
  /\b(?:paid|void(?:ed)?|credit memos?|credit notes?|vendor credits?|bill credits?|cancell?ed|closed|drafts?|on hold|payment (?:list|history|register)|payments made)\b/i

/**
 * What the sheet leaves open about being owed, in one sentence; null: nothing.
 * @param rows without totals
 */
export const questionIn = (
  { titles }: Table,
  columns: readonly Column[],
  rows: readonly SheetRow[],
): string | null => {
  const title = titles.find((text) => foreignCurrencyIn(text) !== null || SPOKEN_TITLE.test(text))
  if (title !== undefined)
    return `above the headings stands ${quoted(title)}: give only rows that are owed, in US dollars, without that line`
  const amount = columns.find(({ meaning }) => meaning === 'amount')
  const amountIsWhole =
    amount === undefined ||
    amount.kind === 'told' ||
    WHOLE.test(amount.heading) ||
    columns.some(({ meaning }) => meaning === 'open_amount')
  for (const [at, column] of columns.entries()) {
    const telling = [
      ...new Set(
        needsAnswer(
          column,
          rows
            .map(({ cells }) => (isBlank(cells[at]) ? '' : String(cells[at])))
            .filter((text) => text !== ''),
          amountIsWhole,
        ),
      ),
    ]
    if (telling.length > 0)
      return `column ${quoted(column.heading)} (${telling.slice(0, 4).map(quoted).join(', ')}) may change whether or how much of a row is owed: say in columns what it means, such as {${quoted(column.heading)}: "open_amount"}, "status", "type" or "hold", or "ignore" if it changes nothing`
  }
  return null
}
