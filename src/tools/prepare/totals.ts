/** Whether the sums that a sheet states are those of its rows. */
import { decimalOf } from '../../core/money.ts'
import {
  type DecimalMark,
  looksLikeMoney,
  signedCentsOf,
  wholeCentsOf,
  withoutCurrency,
} from '../pasted/amounts.ts'
import { isCarriedWord, isTotalWord } from '../pasted/totals.ts'
import { type InvoiceRow, type Problem, placeOf } from './invoice-rows.ts'
import { type Sorted, signedCents } from './rows-sorted.ts'
import { isBlank, type SheetRow, type Table } from './table.ts'

/** Of each amount column: where it stands, and how its cells are read; null: no amount. */
export type AmountColumn = {
  at: number
  read(cell: unknown): number | null
  /** Whether it says what is owed: a contradiction elsewhere is a problem and no more. */
  decides: boolean
}

type Bill = SheetRow & { group: string | null; problems: readonly Problem[]; number: string }
type Compared = {
  place: SheetRow | null
  says: number
  comesTo: number
  agrees: boolean | null
  decides: boolean
}

/** What a cell says is compared also where it is in another currency: the total may have counted it. */
export const readerOf =
  (mark: DecimalMark) =>
  (cell: unknown): number | null =>
    signedCents(cell, mark) ?? signedCents(withoutCurrency(String(cell)), mark)

/** Blank counts nothing. */
export const readWholeCents = (cell: unknown): number | null => {
  if (isBlank(cell)) return 0
  const read = wholeCentsOf(String(cell))
  return 'problem' in read ? null : read.value
}

const FIGURE = /[-(]?\s*(?:US)?\$?\s*\d[\d.,]*[.,]\d\d\)?$/i

/** `Total: $700.00` in one cell, or the figure in a column that holds no amounts. */
const loneFigure = (cells: readonly unknown[]): number | null => {
  const texts = cells.flatMap((cell) => (isBlank(cell) ? [] : [String(cell).trim()]))
  const at = texts.findIndex(isTotalWord)
  const figure = texts.find(looksLikeMoney) ?? FIGURE.exec(texts[at] ?? '')?.[0]
  if (figure === undefined) return null
  const mark = /,\d\d\)?$/.test(figure) ? ',' : '.'
  return 'problem' in signedCentsOf(figure, mark) ? null : signedCents(figure, mark)
}

type Sum = { known: number; isWhole: boolean }

/** Reports repeat the amount of a bill on each of its lines, and count it once. */
const once = (bills: readonly Bill[], { at }: AmountColumn): Bill[] => [
  ...new Map(bills.map((bill) => [`${bill.number}\n${String(bill.cells[at] ?? '').trim()}`, bill])).values(),
]

const sumOf = (bills: readonly Bill[], { at, read }: AmountColumn): Sum => {
  const all = bills.map(({ cells }) => read(cells[at]))
  return { known: all.reduce<number>((sum, one) => sum + (one ?? 0), 0), isWhole: !all.includes(null) }
}

/** Of rows that cannot be read nothing is known but that amounts are rarely below zero. */
const agreement = (sums: readonly Sum[], says: number): boolean | null => {
  if (sums.some(({ known, isWhole }) => isWhole && known === says)) return true
  return sums.some(({ known, isWhole }) => !isWhole && known <= says) ? null : false
}

/** What a total may sum up: all above it, all since an earlier total, its group, or of each only what is owed, or only bills without credits. */
const partsOf = (above: readonly Bill[], starts: readonly number[]): Bill[][] => {
  const group = above.at(-1)?.group
  const parts = [
    ...starts.map((from) => above.filter(({ row }) => row > from)),
    above.filter((bill) => bill.group === group),
  ]
  return parts.flatMap((part) => [
    part,
    part.filter(({ problems }) => problems.length === 0),
    part.filter(({ problems }) => !problems.some(({ field }) => field === 'type')),
  ])
}

/** A line below a bill that names no number shares what speaks against it. */
const billsIn = ({ bills }: Sorted, rows: readonly InvoiceRow[]): Bill[] => {
  let head: Pick<Bill, 'problems' | 'number'> = { problems: [], number: '' }
  return bills.map((bill, at) => {
    const { invoice, problems } = rows[at]!
    if (invoice.invoice_number === undefined)
      return { ...bill, number: head.number, problems: [...head.problems, ...problems] }
    head = { problems, number: String(invoice.invoice_number) }
    return { ...bill, ...head }
  })
}

const isCarried = ({ cells }: SheetRow): boolean =>
  cells.some((cell) => !isBlank(cell) && isCarriedWord(String(cell).trim()))

/** Sums that stand above the headings are of the whole sheet. */
const fromTitles = (titles: readonly string[]): number[] =>
  titles.flatMap((title, at) =>
    isTotalWord(title) ? (loneFigure([title]) ?? loneFigure([title, titles[at + 1]]) ?? []) : [],
  )

/** What a total may mean: of all or of a part, each bill or each number once, with what was carried over or without. */
const sumsOf = (part: readonly Bill[], starts: readonly number[], column: AmountColumn, before: number) => {
  const own = partsOf(part, starts).flatMap((one) => [sumOf(one, column), sumOf(once(one, column), column)])
  return before === 0 ? own : [...own, ...own.map((sum) => ({ ...sum, known: sum.known + before }))]
}

/**
 * @param columns that hold amounts
 * @returns a comparison for each figure of each total line, and for each sum among the titles
 */
const compareTotals = (
  bills: readonly Bill[],
  totals: readonly SheetRow[],
  titles: readonly string[],
  columns: readonly AmountColumn[],
): Compared[] => {
  const starts = [0]
  const carried = columns.map(() => 0)
  const compare = (
    place: SheetRow | null,
    part: readonly Bill[],
    says: number,
    asked = columns,
  ): Compared => ({
    place,
    says,
    comesTo: sumOf(part, asked[0]!).known,
    agrees: agreement(
      asked.flatMap((column) => sumsOf(part, starts, column, carried[columns.indexOf(column)]!)),
      says,
    ),
    decides: asked.some(({ decides }) => decides),
  })
  if (columns.length === 0) return []
  const ofTitles = fromTitles(titles).map((says) => compare(null, bills, says))
  const ofLines = totals.flatMap((row) => {
    const figures = columns.map(({ at, read }) => (isBlank(row.cells[at]) ? null : read(row.cells[at])))
    if (isCarried(row)) {
      for (const [at, cents] of figures.entries()) carried[at]! += cents ?? 0
      return []
    }
    const above = bills.filter((bill) => bill.row < row.row)
    const part = above.length > 0 ? above : bills
    const lone = figures.every((one) => one === null) ? loneFigure(row.cells) : null
    const compared =
      lone !== null
        ? [compare(row, part, lone)]
        : figures.flatMap((says, at) => (says === null ? [] : [compare(row, part, says, [columns[at]!])]))
    starts.push(row.row)
    return compared
  })
  return [...ofTitles, ...ofLines]
}

const placeWords = (place: SheetRow | null): string =>
  place === null
    ? 'above the headings'
    : place.line === null
      ? `in row ${place.row}`
      : `in line ${place.line}`

export type TotalsSaid = {
  problems: Problem[]
  notes: string[]
  /** That a total contradicts the rows, or cannot be compared with them, and what to do; null: neither. */
  doubt: string | null
}

const MOST_NAMED = 5

/** Rows whose amount counts and cannot be read. */
const unreadWords = (bills: readonly Bill[], columns: readonly AmountColumn[]): string => {
  const rows = bills
    .filter(({ cells }) => columns.some(({ at, read, decides }) => decides && read(cells[at]) === null))
    .map((bill) => (bill.line === null ? `row ${bill.row}` : `line ${bill.line}`))
  const more = rows.length - MOST_NAMED
  return more > 0 ? `${rows.slice(0, MOST_NAMED).join(', ')} and ${more} more` : rows.join(', ')
}

const wrongWords = ({ place, says, comesTo }: Compared): string =>
  `Nothing is ready: the total ${placeWords(place)} is ${decimalOf(says)}, and the rows come to ${decimalOf(comesTo)}. Ask the person which holds; then give the sheet with the row that is missing or misread, or, if the rows are right, without that total.`

/** A row that cannot be read may be any part of the sum, and another may be missing beside it. */
const openWords = ({ place, says, comesTo }: Compared, unread: string): string =>
  `Nothing is ready: the total ${placeWords(place)} is ${decimalOf(says)}, and cannot be compared: the amount in ${unread} cannot be read, and the others come to ${decimalOf(comesTo)}. Ask the person what that amount is; then give the sheet with it, or, if they say that the others are right as they are, without that total.`

/**
 * What is said of the sums of a sheet. Where one contradicts the rows, or cannot be compared with them, nobody knows which of both holds, and a row may be missing or misread.
 * @param rows the bills as they were read, in the order of `sorted.bills`
 */
export const totalsSaid = (
  { titles }: Table,
  sorted: Sorted,
  rows: readonly InvoiceRow[],
  columns: readonly AmountColumn[],
): TotalsSaid => {
  const bills = billsIn(sorted, rows)
  const compared = compareTotals(bills, sorted.totals, titles, columns)
  const wrong = compared.filter(({ agrees }) => agrees === false)
  const first = wrong.find(({ decides }) => decides)
  const open = compared.find(({ agrees, decides }) => agrees === null && decides)
  return {
    problems: wrong.flatMap(({ place, says, comesTo }) =>
      place === null
        ? []
        : {
            ...placeOf(place),
            field: 'total',
            problem: `is ${decimalOf(says)}, and the rows above come to another sum, ${decimalOf(comesTo)}: look whether a row is missing or misread`,
          },
    ),
    notes: compared
      .filter(({ place, agrees }) => place !== null && agrees !== false)
      .map(
        ({ place, says, agrees }) =>
          `Row ${place!.row} is a total (${decimalOf(says)}${agrees ? ', which the rows above come to' : ', not compared, since the amount of a row cannot be read'}).`,
      ),
    doubt: first ? wrongWords(first) : open ? openWords(open, unreadWords(bills, columns)) : null,
  }
}
