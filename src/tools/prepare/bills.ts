/** Bills that take several lines of a sheet, and lines that stand there twice. */
import { decimalOf } from '../../core/money.ts'
import { isBlank } from './columns-read.ts'
import type { Column } from './headings.ts'
import { type InvoiceRow, placeOf } from './invoice-rows.ts'
import type { SheetRow } from './table.ts'

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

const placesOf = (bills: readonly Bill[]): string => {
  const all = bills.map(({ invoiceRow: { row } }) => String(row))
  return `${all.slice(0, -1).join(', ')}${all.length > 1 ? ' and ' : ''}${all.at(-1)}`
}

/** Whether an amount among the lines is the sum of the others: then it is the bill's total and not one more line. */
const holdsOwnTotal = (cents: readonly number[]): boolean => {
  const all = cents.reduce((sum, one) => sum + one, 0)
  return cents.some((one) => one * 2 === all)
}

const AMBIGUOUS =
  'takes several lines, and whether their amounts add up or repeat is not clear: give one line with the amount of the whole bill'

/** The first line with the amount of all, or a problem on it: half a bill is never ready. */
const joined = (lines: readonly Bill[], mayAdd: boolean): Bill => {
  const [first] = lines as [Bill, ...Bill[]]
  if (lines.length === 1) return first
  const { invoiceRow } = first
  for (const { invoiceRow: other } of lines.slice(1)) invoiceRow.problems.push(...other.problems)
  const cents = lines.map(centsOf)
  const rows = placesOf(lines)
  if (!mayAdd || cents.includes(null) || holdsOwnTotal(cents as number[])) {
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

/** Lines below a bill that name no number, day or supplier of their own belong to it; those that name one are in doubt. */
const withLinesBelow = (bills: readonly Bill[], columns: readonly Column[]): Bill[] => {
  const [number, date, supplier] = ['invoice_number', 'invoice_date', 'supplier'].map((meaning) =>
    atOf(columns, meaning),
  ) as [number, number, number]
  const groups: Bill[][] = []
  for (const bill of bills) {
    const { cells } = bill.sheet
    const blank = (at: number) => at < 0 || isBlank(cells[at])
    const above = groups.at(-1)
    if (
      number < 0 ||
      !blank(number) ||
      above === undefined ||
      above[0]!.invoiceRow.invoice.invoice_number === undefined
    )
      groups.push([bill])
    else if (blank(date) && blank(supplier)) above.push(bill)
    else {
      const same = (at: number) =>
        blank(at) || String(cells[at]).trim() === String(above[0]!.sheet.cells[at]).trim()
      if (same(date) && same(supplier))
        refuse(
          above[0]!,
          `is not clear: row ${bill.invoiceRow.row} below has no number and may be a line of this bill`,
        )
      groups.push([bill])
    }
  }
  const owed = columns.some(({ meaning }) => meaning === 'open_amount' || meaning === 'paid_amount')
  return groups.map((lines) => {
    for (const { invoiceRow } of lines.slice(1))
      invoiceRow.problems = invoiceRow.problems.filter(({ field }) => field !== 'invoice_number')
    return joined(lines, !owed)
  })
}

const LINE_LEVEL =
  /^(?:line|item|sku|qty|quantity|product|gl|expense|account|class|category|department|dept|location|unit|project|cost center|line description|description|memo)\b/i

/** Whether lines of one number differ only as lines of a bill do. */
const areLines = (bills: readonly Bill[], columns: readonly Column[]): boolean => {
  const differing = columns.filter(
    (_, at) => new Set(bills.map(({ sheet }) => String(sheet.cells[at] ?? '').trim())).size > 1,
  )
  const isLevel = ({ heading, meaning }: Column) =>
    meaning === 'ignore' || meaning === 'note' ? LINE_LEVEL.test(heading) : meaning === 'account_number'
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
    return [
      joined(
        group,
        new Set(cents).size > 1 ||
          (new Set(group.map(({ sheet }) => cellsOf(sheet))).size === group.length &&
            new Set(cents).size > 1),
      ),
    ]
  })
}

/** @returns one row for each bill, in the order of the sheet */
export const billsOf = (
  sheets: readonly SheetRow[],
  invoiceRows: readonly InvoiceRow[],
  columns: readonly Column[],
): InvoiceRow[] => {
  const all = sheets.map((sheet, at) => ({ sheet, invoiceRow: invoiceRows[at]! }))
  return sameNumber(withLinesBelow(all, columns), columns)
    .map(({ invoiceRow }) => invoiceRow)
    .toSorted((one, other) => one.row - other.row)
}
