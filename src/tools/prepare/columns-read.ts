/** What is decided once for a column: what it means, how its dates and amounts are written, and what it leaves in doubt. */
import { foreignCurrencyIn } from '../pasted/amounts.ts'
import { type Dialect, dialectOf as dialectIn, type Written } from '../pasted/dialect.ts'
import { squashed } from '../pasted/headings.ts'
import { quotedCell } from '../pasted/reading.ts'
import { mayDecide } from './against.ts'
import { type Column, meaningsAmong } from './headings.ts'
import { ONE_CELL, type Sorted } from './rows-sorted.ts'
import { isBlank, type SheetRow, type Table } from './table.ts'

const AMOUNTS: readonly string[] = ['amount', 'open_amount', 'paid_amount', 'discount']
const DATES: readonly string[] = ['invoice_date', 'invoice_due_date']

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

/** Unknown headings that speak of money taken off or paid, whatever their cells look like: a plain `10` may be a percentage. */
const SPEAKING =
  /retain|retention|discount|withh|holdback|deduct|credit|paid|payment|paydate|scheduled|balance|advance|deposit|adjust|rebate|allowance|percent|pct|amount|amt/

const PERCENT = /percent|pct|rate$/
const EXCHANGE = /exchange|fxrate|currencyrate/
const NET = /^net(?:amount)?$/

const needsAnswer = (
  { kind, heading }: Column,
  texts: readonly string[],
  amountIsWhole: boolean,
): string[] => {
  const name = squashed(heading)
  if (kind === 'told') return []
  // Dollars are worth one dollar.
  if (EXCHANGE.test(name)) return texts.filter((text) => !/^1(?:[.,]0+)?$/.test(text))
  if (kind === 'unknown')
    return SPEAKING.test(name) ? texts.filter((text) => /[1-9\p{L}]/u.test(text)) : texts.filter(mayDecide)
  return kind === 'added' && !amountIsWhole ? texts.filter((text) => /[1-9]/.test(text)) : []
}

/** A net amount beside another one is net of a tax, if a column holds that; else nobody knows what of. */
const netOf = (columns: readonly Column[], rows: Sorted['bills']): string | null => {
  const amount = columns.findIndex(({ meaning }) => meaning === 'amount')
  const at = columns.findIndex(({ heading, kind }) => kind === 'harmless' && NET.test(squashed(heading)))
  if (amount < 0 || at < 0 || columns.some(({ kind }) => kind === 'added')) return null
  const differing = rows.find(
    ({ cells }) => !isBlank(cells[at]) && String(cells[at]).trim() !== String(cells[amount] ?? '').trim(),
  )
  return differing
    ? `column ${quotedCell(columns[at]!.heading)} (${quotedCell(String(differing.cells[at]))}) is not the amount: say in columns which of both is owed, such as {${quotedCell(columns[at]!.heading)}: "open_amount"}, or "ignore" if the other one is`
    : null
}

/** What to do about a column that may change how much is owed; a discount that is taken for what is open would be paid. */
const adviceFor = (heading: string): string => {
  const name = squashed(heading)
  if (PERCENT.test(name))
    return 'work it out and give it in dollars, or set it to "ignore" in columns if it changes nothing'
  const meaning = /disc/.test(name)
    ? 'discount'
    : /retain|retention|withh|holdback|deduct|credit|paid|advance|deposit|rebate|allowance/.test(name)
      ? 'paid_amount'
      : 'open_amount'
  return `say in columns what it means, such as {${quotedCell(heading)}: "${meaning}"}, "status", "type" or "hold", or "ignore" if it changes nothing`
}

/** Percentages are no dollars, whoever says so. */
const toldPercent = (columns: readonly Column[]): string | null => {
  const column = columns.find(
    ({ heading, meaning, kind }) =>
      kind === 'told' && AMOUNTS.includes(meaning) && PERCENT.test(squashed(heading)),
  )
  return column
    ? `column ${quotedCell(column.heading)} holds percentages: ${adviceFor(column.heading)}`
    : null
}

/** Headings among the rows, in another order: what is below them has other columns. */
const otherTable = (rows: Sorted['bills']): string | null => {
  const row = rows.find(
    ({ cells }) => meaningsAmong(cells) > 2 && !cells.some((cell) => /\d/.test(String(cell ?? ''))),
  )
  return row ? `line ${row.line ?? row.row} begins another table: give each table in a call of its own` : null
}

/** What a line that is no row says of all rows below or above it. */
const SPOKEN =
  /\b(?:paid|void(?:ed)?|credits?|refunds?|prepayments?|cancell?ed|closed|reversed|deleted|archived|drafts?|on hold|disputed|rejected|not (?:yet )?approved|unapproved|(?:do not|don'?t) pay|payment (?:list|history|register)|(?:applied )?payments(?: made)?|estimates?|quotes?|quotations?|proposals?|purchase orders?|pro ?forma|budget|forecast|in (?:thousands|millions|cents))\b|[$'\s(]000s?\b/i

const ELSEWHERE = /\b(?:not (?:listed|included|shown)|exclud(?:ed|es|ing))\b/i

const speaks = (text: string): boolean =>
  foreignCurrencyIn(text) !== null || (SPOKEN.test(text) && (!ELSEWHERE.test(text) || /\bpay\b/i.test(text)))

/** Of lines that are no row: the words of those that stand alone, and the currency of totals. */
const spokenAmong = (
  { others, totals }: Sorted,
  areGroups: boolean,
): { line: SheetRow; text: string } | null => {
  const alone = others.filter(({ why, heads }) => why === ONE_CELL && !(areGroups && heads))
  const said = [
    ...alone.map(({ row }) => ({ row, isSpoken: speaks })),
    ...totals.map((row) => ({ row, isSpoken: (text: string) => foreignCurrencyIn(text) !== null })),
  ].flatMap(({ row, isSpoken }) =>
    row.cells.flatMap((cell) =>
      typeof cell === 'string' && isSpoken(cell) ? [{ line: row, text: cell }] : [],
    ),
  )
  return said[0] ?? null
}

/** Whose money it is: one buyer for all rows is wrong where these differ. */
const ENTITY = /^(?:subsidiary|entity|legalentity|company|companyname|companycode|businessunit)$/

/**
 * What the sheet leaves open about being owed, in one sentence; null: nothing.
 * @param areGroups whether lines of one cell name the suppliers of the rows below them
 */
export const questionIn = (
  { titles }: Table,
  columns: readonly Column[],
  sorted: Sorted,
  areGroups: boolean,
): string | null => {
  const rows = sorted.bills
  const title = titles.find(speaks)
  if (title !== undefined)
    return `above the headings stands ${quotedCell(title)}: give only rows that are owed, in US dollars, without that line`
  const spoken = spokenAmong(sorted, areGroups)
  if (spoken !== null)
    return `line ${spoken.line.line ?? spoken.line.row} says ${quotedCell(spoken.text)}: give only rows that are owed, in US dollars, without that line`
  const doubt = otherTable(rows) ?? toldPercent(columns) ?? netOf(columns, rows)
  if (doubt !== null) return doubt
  const amount = columns.find(({ meaning }) => meaning === 'amount')
  const amountIsWhole =
    amount === undefined ||
    amount.kind === 'told' ||
    WHOLE.test(amount.heading) ||
    columns.some(({ meaning }) => meaning === 'open_amount')
  for (const [at, column] of columns.entries()) {
    const texts = rows
      .map(({ cells }) => (isBlank(cells[at]) ? '' : String(cells[at]).trim()))
      .filter((text) => text !== '')
    const isEntity =
      column.meaning === 'ignore' && column.kind !== 'told' && ENTITY.test(squashed(column.heading))
    if (isEntity && new Set(texts).size > 1 && !columns.some(({ meaning }) => meaning === 'buyer'))
      return `column ${quotedCell(column.heading)} names several companies, and one buyer is to pay all rows: set it to "buyer" in columns, or to "ignore" if that buyer pays for all of them`
    const telling = [...new Set(needsAnswer(column, texts, amountIsWhole))]
    if (telling.length > 0)
      return `column ${quotedCell(column.heading)} (${telling.slice(0, 4).map(quotedCell).join(', ')}) may change whether or how much of a row is owed: ${adviceFor(column.heading)}`
  }
  return null
}
