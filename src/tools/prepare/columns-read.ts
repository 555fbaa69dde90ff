/** What is decided once for a column: what it means, how its dates and amounts are written, and what it leaves in doubt. */

import { foreignCurrencyIn } from '../pasted/amounts.ts'
import { type Dialect, dialectOf as dialectIn, type Written } from '../pasted/dialect.ts'
import { quotedCell } from '../pasted/reading.ts'
import { mayDecide } from './against.ts'
import type { Column } from './headings.ts'
import type { SheetRow, Table } from './table.ts'

const AMOUNTS: readonly string[] = ['amount', 'open_amount', 'paid_amount', 'discount']
const DATES: readonly string[] = ['invoice_date', 'invoice_due_date']

export const isBlank = (cell: unknown): boolean =>
  cell === undefined || cell === null || (typeof cell === 'string' && cell.trim() === '')

/** Only text has a dialect: numbers of JSON are what they are. */
const textsOf = (rows: readonly SheetRow[], at: number): string[] =>
  rows.map(({ cells }) => cells[at]).filter((cell) => typeof cell === 'string' && !isBlank(cell)) as string[]

/** How the sheet writes amounts and dates, by the evidence of whole columns. */
export const dialectOf = (columns: readonly Column[], rows: readonly SheetRow[]): Dialect => {
  const written = (meanings: readonly string[]): Written[] =>
    columns.flatMap(({ meaning, heading }, at) =>
      meanings.includes(meaning) ? [{ at, heading, texts: textsOf(rows, at) }] : [],
    )
  return dialectIn(written(AMOUNTS), written(DATES))
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
    return `above the headings stands ${quotedCell(title)}: give only rows that are owed, in US dollars, without that line`
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
      return `column ${quotedCell(column.heading)} (${telling.slice(0, 4).map(quotedCell).join(', ')}) may change whether or how much of a row is owed: say in columns what it means, such as {${quotedCell(column.heading)}: "open_amount"}, "status", "type" or "hold", or "ignore" if it changes nothing`
  }
  return null
}
