/** A sheet with a known meaning, in one of many dialects: headings, columns, rows of one or more lines, and what stands around them. */
import { type Chance, chanceOf } from '../../../../tools/composites/pasted/chance.ts'
import { type Bill, billsOf, SUPPLIERS, type Trouble, troubleOf } from './bills.ts'
import { type Style, styleOf } from './cells.ts'
import { type Column, columnsOf } from './columns.ts'
import { PROGRAMS } from './programs.ts'

type Row = {
  cells: string[]
  bill?: Bill /** Stands for itself and need not be named: blank, a title, a rule. */
  isSilent?: boolean
}
export type Written = {
  csv: string
  args: Record<string, unknown>
  bills: Bill[]
  hasDue: boolean
  /** The bill on a line of the sheet, counted from 1; null: a row that is none and has to be named. */
  lines: Map<number, Bill | null>
  style: Style
  /** Where each line of the table begins to count. */
  headingLine: number
}

const blankBelow = (columns: readonly Column[], cells: string[]) =>
  cells.map((cell, at) => (columns[at]!.isOfBill ? '' : cell))

type Draw = { columns: readonly Column[]; style: Style; isBlankBelow: boolean; chance: Chance }

/** What some programs print below the lines of a bill; it is no line. */
const closingOf = ({ lines, cents }: Bill, { columns, style, chance }: Draw): string[] => {
  const [word, sum] = chance.pick<[string, number]>([
    ['Subtotal', cents],
    ['Payment received', Math.ceil(cents / 2)],
    ['Less credit', lines[0]!],
    ['', cents],
    ['Balance', cents],
  ])
  return columns.map(({ heading, isOfBill }) =>
    heading === 'Description' ? word : isOfBill ? '' : style.amount(sum),
  )
}

const rowsOf = (bill: Bill, draw: Draw): Row[] => {
  const { columns, isBlankBelow, chance } = draw
  const rows = bill.lines.map((_, line): Row => {
    const cells = columns.map(({ cell }) => cell(bill, line))
    if (line === 0 || !isBlankBelow) return { cells, bill }
    const below = blankBelow(columns, cells)
    // Where all money is the bill's own, a line below it is words alone.
    return below.filter((cell) => cell !== '').length > 1
      ? { cells: below, bill }
      : { cells: below, isSilent: true }
  })
  const hasMore =
    bill.lines.length > 1 && isBlankBelow && columns.filter(({ isOfBill }) => !isOfBill).length > 1
  return hasMore && chance.is(0.15) ? [...rows, { cells: closingOf(bill, draw), bill }] : rows
}

const LABELS = [
  'Total',
  'TOTAL',
  'Grand Total',
  'Totals',
  'Total Due',
  'Report Total',
  'Sum',
  'Total (all bills)',
  'Total Payable',
  'Subtotal',
  'Summe',
  'Gesamt',
  'Total général',
  'TOTALS:',
  '',
  '',
  'Celkem',
  '\u5408\u8a08',
  '** Total **',
]
const NOTES = [
  'Please pay by Friday',
  'Prepared by Ann Lee',
  '* disputed bills are not listed',
  'Page 1 of 2',
  'Report printed 11/20/2026',
  'End of report',
  'Accrual Basis Monday, November 23, 2026 09:14 AM GMT-05:00',
]
const TITLES = [
  'Example1',
  'Unpaid Bills Detail',
  'As of November 23, 2026',
  'A/P Aging Detail',
  'All Vendors',
  'Report run by: Ann',
  'Currency: USD',
]

/** None of its rows is what it seems. */
const SCALES = [
  'All amounts in thousands',
  '(USD 000s)',
  '$000',
  'Amounts in EUR',
  'Paid bills',
  'DRAFT',
  'Vendor credits',
  'Estimates',
]

const labelled = (
  columns: readonly Column[],
  label: string,
  amounts: (column: Column) => string,
  chance: Chance,
): string[] => {
  const at = chance.pick(columns.map((_, place) => place).filter((place) => amounts(columns[place]!) === ''))
  return columns.map((one, place) =>
    place === (chance.is(0.7) ? 0 : at) || place === at ? (place === at ? label : '') : amounts(one),
  )
}

const totalOf = (
  columns: readonly Column[],
  bills: readonly Bill[],
  style: Style,
  label: string,
  chance: Chance,
): Row => {
  const sum = bills.reduce((all, { cents, kind }) => all + (kind === 'bill' ? cents : 0), 0)
  const isMoney = ({ heading }: Column) =>
    /amount|amt|total|balance|due$|remaining|paid|charges|credit|debit/i.test(heading) &&
    !/date|number|status/i.test(heading)
  const money = columns.filter(isMoney)
  return { cells: labelled(columns, label, (one) => (money.includes(one) ? style.amount(sum) : ''), chance) }
}

const around = (
  chance: Chance,
  columns: readonly Column[],
  rows: Row[],
  bills: readonly Bill[],
  style: Style,
): Row[] => {
  const blank = (): Row => ({ cells: chance.is(0.5) ? columns.map(() => '') : [''], isSilent: true })
  const out = rows.flatMap((row) => (chance.is(0.04) && row.cells[0] !== '' ? [blank(), row] : [row]))
  if (chance.is(0.35)) out.push(totalOf(columns, bills, style, chance.pick(LABELS), chance))
  if (chance.is(0.15)) out.push(blank())
  if (chance.is(0.2)) out.push({ cells: [chance.pick(NOTES)] })
  if (chance.is(0.1))
    out.splice(chance.between(0, rows.length), 0, { cells: columns.map(({ heading }) => heading) })
  if (chance.is(0.05)) out.push({ cells: columns.map(() => chance.pick(['-----', '====='])), isSilent: true })
  return out
}

const groupedRows = (bills: readonly Bill[], draw: Draw): Row[] =>
  SUPPLIERS.filter((one) => bills.some(({ supplier }) => supplier === one)).flatMap((supplier) => {
    const own = bills.filter((bill) => bill.supplier === supplier)
    const { columns, style, chance } = draw
    const rows = own.flatMap((bill) => rowsOf(bill, draw))
    const title: Row = { cells: columns.map((_, at) => (at === 0 ? supplier.name : '')), isSilent: true }
    return [
      title,
      ...rows,
      ...(chance.is(0.7) ? [totalOf(columns, own, style, `Total for ${supplier.name}`, chance)] : []),
    ]
  })

const MARKS = [',', ',', ',', ';', '\t', '|', 'markdown'] as const

const joined = (
  rows: readonly Row[],
  mark: (typeof MARKS)[number],
  headingAt: number,
  chance: Chance,
): { text: string; lineOf: number[] } => {
  const out: string[] = []
  const lineOf: number[] = []
  if (chance.is(0.05) && mark !== 'markdown') out.push(`sep=${mark}`)
  const isFenced = chance.is(0.08)
  if (isFenced) out.unshift('```')
  const isAllQuoted = chance.is(0.15)
  // Joined by hand: what holds the separator falls apart.
  const isBare = chance.is(0.06)
  const quoted = (cell: string) =>
    isBare
      ? cell
      : isAllQuoted || cell.includes(mark) || cell.includes('"')
        ? `"${cell.replaceAll('"', '""')}"`
        : cell
  for (const [at, { cells }] of rows.entries()) {
    out.push(
      mark === 'markdown'
        ? cells.length === 1 && cells[0] === ''
          ? ''
          : `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
        : cells.map(quoted).join(mark),
    )
    lineOf.push(out.length)
    if (mark === 'markdown' && at === headingAt)
      out.push(`|${cells.map(() => chance.pick(['---', ':--', '--:'])).join('|')}|`)
  }
  if (isFenced) out.push('```')
  return { text: out.join(chance.pick(['\n', '\n', '\r\n'])), lineOf }
}

/** A sheet without the column of suppliers has one, or groups. */
const oneSupplier = (trouble: Trouble, chance: Chance): Trouble => ({
  ...trouble,
  suppliers: [chance.pick(trouble.suppliers)],
})

export const sheetOf = (seed: number): Written => {
  const chance = chanceOf(seed + 31_000)
  const how = chance.pick<'column' | 'groups' | 'argument'>([
    'column',
    'column',
    'column',
    'column',
    'groups',
    'argument',
  ])
  const trouble = how === 'argument' ? oneSupplier(troubleOf(chance), chance) : troubleOf(chance)
  const bills = billsOf(trouble, chance)
  const style = styleOf(chance)
  const { columns, hasDue } = columnsOf(
    { chance, words: chance.pick(PROGRAMS), style, stray: styleOf(chance), trouble, bills },
    how !== 'column',
  )
  const draw = { columns, style, isBlankBelow: chance.is(0.4), chance }
  const body = how === 'groups' ? groupedRows(bills, draw) : bills.flatMap((bill) => rowsOf(bill, draw))
  const titles: Row[] = chance.is(0.25)
    ? TITLES.filter(() => chance.is(0.4)).map((title) => ({ cells: [title], isSilent: true }))
    : []
  const isScaled = chance.is(0.02)
  if (isScaled) titles.push({ cells: [chance.pick(SCALES)], isSilent: true })
  const heading: Row = { cells: columns.map(({ heading: words }) => style.heading(words)), isSilent: true }
  const rows = [...titles, heading, ...around(chance, columns, body, bills, style)]
  const { text, lineOf } = joined(rows, chance.pick(MARKS), titles.length, chance)
  const lines = new Map<number, Bill | null>()
  for (const [at, row] of rows.entries())
    if (!row.isSilent && row.cells.some((cell) => cell !== '')) lines.set(lineOf[at]!, row.bill ?? null)
  const args = { buyer: 'Example1', ...(how === 'argument' && { supplier: bills[0]!.supplier.id }) }
  return {
    csv: text,
    args,
    bills: isScaled ? bills.map((bill) => ({ ...bill, open: 0 })) : bills,
    hasDue,
    lines,
    style,
    headingLine: lineOf[titles.length]!,
  }
}
