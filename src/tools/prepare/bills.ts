/** Bills that take several lines of a sheet, and lines that stand there twice. */
import { decimalOf } from '../../core/money.ts'
import { listed } from '../../core/words.ts'
import { isFigure } from '../pasted/amounts.ts'
import { plain } from '../pasted/headings.ts'
import type { Column } from './headings.ts'
import { type InvoiceRow, placeOf } from './invoice-rows.ts'
import { isBlank, type SheetRow } from './table.ts'

type Bill = { sheet: SheetRow; invoiceRow: InvoiceRow }

const cellsOf = ({ cells }: SheetRow): string =>
  JSON.stringify(cells.map((cell) => (isBlank(cell) ? '' : String(cell).trim())))
const numberOf = ({ invoiceRow }: Bill): string =>
  String(invoiceRow.invoice.invoice_number ?? '').toLowerCase()
const centsOf = ({ invoiceRow }: Bill): number | null =>
  typeof invoiceRow.invoice.amount_cents === 'number' ? invoiceRow.invoice.amount_cents : null

const refuse = ({ invoiceRow }: Bill, problem: string): void => {
  invoiceRow.problems.push({ ...placeOf(invoiceRow), field: 'invoice_number', problem })
}

const placesOf = (bills: readonly Bill[]): string =>
  listed(bills.map(({ invoiceRow: { row } }) => String(row)))

/** Whether an amount among the lines is the sum of the others: then it is the bill's total and not one more line. */
const holdsOwnTotal = (cents: readonly number[]): boolean => {
  const all = cents.reduce((sum, one) => sum + one, 0)
  return cents.some((one) => one * 2 === all)
}

const LINE_LEVEL =
  /^(?:line|item|sku|qty|quantity|product|gl|expense|account|class|category|department|dept|location|unit|project|cost center|line description|description|memo)\b/i
const isLevel = ({ heading, meaning }: Column): boolean =>
  meaning === 'ignore' || meaning === 'note' ? LINE_LEVEL.test(plain(heading)) : meaning === 'account_number'

/** Such a line is no part of the sum: it takes off, or sums up. */
const NO_PART =
  /\b(?:payments?|paid|prepaid|prepayment|received|credit(?:s|ed)?|refund(?:s|ed)?|deposit|less|discount|allowance|rebate|adjust(?:ment|ed)?|retainage|retention|withh(?:eld|olding)|balance|due|totals?|subtotal)\b/i

const AMBIGUOUS =
  'takes several lines, and whether their amounts add up or repeat is not clear: give one line with the amount of the whole bill'

/** What a line says it is for, in the columns that differ from line to line. */
const wordsOf = ({ sheet }: Bill, columns: readonly Column[]): string =>
  columns
    .flatMap((column, at) => (isLevel(column) && !isBlank(sheet.cells[at]) ? [String(sheet.cells[at])] : []))
    .join(' ')

/** The first line with the amount of all, or a problem on it: half a bill is never ready. */
const joined = (lines: readonly Bill[], mayAdd: boolean, columns: readonly Column[]): Bill => {
  const [first] = lines as [Bill, ...Bill[]]
  if (lines.length === 1) return first
  const { invoiceRow } = first
  for (const { invoiceRow: other } of lines.slice(1)) invoiceRow.problems.push(...other.problems)
  const cents = lines.map(centsOf)
  const rows = placesOf(lines)
  const words = lines.map((line) => wordsOf(line, columns))
  // A line that says nothing may be the total of all above it.
  const areParts = words.slice(1).every((text) => text !== '') && !words.some((text) => NO_PART.test(text))
  // What was paid of the bill, or taken off it, stands on each of its lines, or each line has its own.
  const isWhole = lines.every(
    ({ invoiceRow: { open, invoice } }, at) =>
      open === undefined && (at === 0 || invoice.discount_amount_cents === undefined),
  )
  if (!mayAdd || !areParts || !isWhole || cents.includes(null) || holdsOwnTotal(cents as number[])) {
    refuse(first, `${AMBIGUOUS} (rows ${rows})`)
    return first
  }
  const sum = (cents as number[]).reduce((all, one) => all + one, 0)
  invoiceRow.invoice.amount_cents = sum
  invoiceRow.note = `rows ${rows} are lines of one bill, ${decimalOf(sum)} in all`
  return first
}

const atOf = (columns: readonly Column[], meaning: string) =>
  columns.findIndex((column) => column.meaning === meaning)

type Places = { number: number; date: number; supplier: number }

/** What a row is to the bill above it: a line of it, a bill of its own, or perhaps a line whose cells have moved. */
const relationOf = (
  cells: readonly unknown[],
  above: readonly unknown[],
  at: Places,
): 'own' | 'line' | 'doubt' => {
  const blank = (place: number) => place < 0 || isBlank(cells[place])
  const isNoDay = (row: readonly unknown[]) => at.date >= 0 && !/\d/.test(String(row[at.date] ?? ''))
  // Words in the place of days, row after row, are a fault of the column, and each row is refused for it.
  const isFaultOfAll = !blank(at.date) && !isBlank(above[at.date]) && isNoDay(above)
  const hasDay = !isNoDay(cells) || isFaultOfAll
  if (at.number < 0) return 'own'
  if (!blank(at.number))
    return hasDay || !cells.some((cell) => isFigure(String(cell ?? ''))) ? 'own' : 'doubt'
  if (blank(at.date) && blank(at.supplier)) return 'line'
  const same = (place: number) => blank(place) || String(cells[place]).trim() === String(above[place]).trim()
  return !hasDay || (same(at.date) && same(at.supplier)) ? 'doubt' : 'own'
}

/** Rows whose amount is what all above them come to: their total, in whatever words. */
const totalsAmong = (bills: readonly Bill[]): ReadonlySet<Bill> => {
  let sum = 0
  return new Set(
    bills.filter((bill) => {
      const cents = centsOf(bill) ?? 0
      sum += cents
      return cents > 0 && cents === sum - cents
    }),
  )
}

/** Lines below a bill that name no number, day or supplier of their own belong to it; those that name one are in doubt. */
const withLinesBelow = (bills: readonly Bill[], columns: readonly Column[]): Bill[] => {
  const at = {
    number: atOf(columns, 'invoice_number'),
    date: atOf(columns, 'invoice_date'),
    supplier: atOf(columns, 'supplier'),
  }
  const groups: Bill[][] = []
  for (const bill of bills) {
    const above = groups.at(-1)
    const head = above?.[0]
    const relation =
      head?.invoiceRow.invoice.invoice_number === undefined
        ? 'own'
        : relationOf(bill.sheet.cells, head.sheet.cells, at)
    if (relation === 'line') above!.push(bill)
    else groups.push([bill])
    if (relation === 'doubt')
      refuse(
        head!,
        `is not clear: row ${bill.invoiceRow.row} below has no number or no date, and may be a line of this bill`,
      )
  }
  const totals = totalsAmong(bills)
  const owed = columns.some(({ meaning }) => meaning === 'open_amount' || meaning === 'paid_amount')
  return groups.map((lines) => {
    for (const { invoiceRow } of lines.slice(1))
      invoiceRow.problems = invoiceRow.problems.filter(({ field }) => field !== 'invoice_number')
    return joined(lines, !owed && !lines.some((line) => totals.has(line)), columns)
  })
}

/** Whether lines of one number differ only as lines of a bill do. */
const areLines = (bills: readonly Bill[], columns: readonly Column[]): boolean => {
  const differing = columns.filter(
    (_, at) => new Set(bills.map(({ sheet }) => String(sheet.cells[at] ?? '').trim())).size > 1,
  )
  return (
    differing.some(isLevel) &&
    differing.every(
      (column) => isLevel(column) || column.meaning === 'amount' || column.meaning === 'amount_cents',
    )
  )
}

const sameNumber = (bills: readonly Bill[], columns: readonly Column[]): Bill[] => {
  const groups = Map.groupBy(
    bills,
    (bill) =>
      `${bill.invoiceRow.supplier?.toLowerCase()} ${bill.invoiceRow.buyer?.toLowerCase()} ${numberOf(bill)}`,
  )
  return [...groups.values()].flatMap((group) => {
    const [first, second] = group
    if (group.length === 1 || numberOf(first!) === '') return group
    if (group.length === 2 && cellsOf(first!.sheet) === cellsOf(second!.sheet)) {
      second!.invoiceRow.problems.push({
        ...placeOf(second!.invoiceRow),
        field: 'row',
        problem: `is the same as row ${first!.invoiceRow.row} in every cell: that one was taken`,
      })
      second!.invoiceRow.isCopy = true
      return group
    }
    if (!areLines(group, columns)) return group
    const cents = group.map(centsOf)
    return [joined(group, new Set(cents).size > 1, columns)]
  })
}

/** Cells that came apart may be a line of the bill above, or of one whose number they hold: then that one is not known. */
const doubtBroken = (bills: readonly Bill[], columns: readonly Column[]): void => {
  const [number, date] = [atOf(columns, 'invoice_number'), atOf(columns, 'invoice_date')]
  for (const [at, { sheet, invoiceRow }] of bills.entries()) {
    if (!invoiceRow.isBroken) continue
    const texts = new Set(
      sheet.cells.map((cell) =>
        String(cell ?? '')
          .trim()
          .toLowerCase(),
      ),
    )
    const isLine = [number, date].some((one) => one >= 0 && !/\d/.test(String(sheet.cells[one] ?? '')))
    for (const [other, bill] of bills.entries())
      if ((isLine && other === at - 1) || (other !== at && texts.has(numberOf(bill))))
        refuse(
          bill,
          `is not clear: row ${invoiceRow.row}, whose cells came apart, may be a line of this bill`,
        )
  }
}

/** @returns one row for each bill, in the order of the sheet */
export const billsOf = (
  sheets: readonly SheetRow[],
  invoiceRows: readonly InvoiceRow[],
  columns: readonly Column[],
): InvoiceRow[] => {
  const all = sheets.map((sheet, at) => ({ sheet, invoiceRow: invoiceRows[at]! }))
  doubtBroken(all, columns)
  return sameNumber(withLinesBelow(all, columns), columns)
    .map(({ invoiceRow }) => invoiceRow)
    .toSorted((one, other) => one.row - other.row)
}
