/** Which columns a program exports, and what it puts into them. */
import type { Chance } from '../../../../tools/composites/pasted/chance.ts'
import type { Bill, State, Trouble } from './bills.ts'
import type { Style } from './cells.ts'
import type { Words } from './programs.ts'

export type Column = {
  heading: string
  /** @param line which of the bill's lines; what is of the bill alone may be blank below the first */
  cell: (bill: Bill, line: number) => string
  /** Holds the bill's and not the line's. */
  isOfBill: boolean
}

/** How a sheet tells how much: the line, what is open of the bill, what was paid. */
type Amounts =
  | 'alone'
  | 'open beside'
  | 'paid beside'
  | 'all three'
  | 'open alone'
  | 'debit and credit'
  | 'net and tax'
  | 'running balance'

type Draw = {
  chance: Chance
  words: Words
  style: Style
  /** How one cell is written by somebody else's hand. */
  stray: Style
  trouble: Trouble
  bills: readonly Bill[]
}

const needsOpen = ({ states }: Trouble) => states.includes('partly')

const amountsFor = ({ chance, trouble }: Draw): Amounts =>
  chance.pick<Amounts>(
    needsOpen(trouble)
      ? ['alone', 'open beside', 'open beside', 'paid beside', 'all three', 'open alone']
      : [
          'alone',
          'alone',
          'alone',
          'open beside',
          'paid beside',
          'all three',
          'open alone',
          'debit and credit',
          'net and tax',
          'running balance',
        ],
  )

const runningAt = (bills: readonly Bill[], bill: Bill): number =>
  Math.abs(
    bills
      .slice(0, bills.indexOf(bill) + 1)
      .reduce((sum, { kind, cents }) => sum + (kind === 'bill' ? cents : -cents), 0),
  )

/** @param isSigned credits are said by the sign */
const amountColumns = (draw: Draw, how: Amounts, isSigned: boolean): Column[] => {
  const { style, words, chance } = draw
  const money = ({ kind }: Bill, cents: number) => {
    if (cents === 0) return style.isEuropean ? style.amount(0) : chance.pick([style.amount(0), '0.00'])
    const by = chance.is(0.01) ? draw.stray : style
    return isSigned && kind !== 'bill' ? by.credit(cents) : by.amount(cents)
  }
  const ofLine = (heading: string): Column => ({
    heading,
    isOfBill: false,
    cell: (bill, at) => money(bill, bill.lines[at]!),
  })
  const ofBill = (heading: string, cents: (bill: Bill) => number): Column => ({
    heading,
    isOfBill: true,
    cell: (bill) => money(bill, cents(bill)),
  })
  const paid = ofBill(words.paid, ({ cents, open }) => cents - open)
  const open = ofBill(words.open, (bill) => bill.open)
  if (how === 'alone') return [ofLine(words.amount)]
  if (how === 'open beside') return [ofLine(words.amount), open]
  if (how === 'paid beside') return [ofLine(words.amount), paid]
  if (how === 'all three') return [ofLine(words.amount), paid, open]
  if (how === 'open alone') return [open]
  if (how === 'net and tax') {
    const tax = ({ cents }: Bill) => Math.floor(cents / 12)
    return [
      ofBill('Subtotal', (bill) => bill.cents - tax(bill)),
      ofBill('Sales Tax', tax),
      ofBill(words.amount === 'Total' ? 'Total' : 'Invoice Total', ({ cents }) => cents),
    ]
  }
  if (how === 'running balance')
    return [ofLine(words.amount), ofBill('Balance', (bill) => runningAt(draw.bills, bill))]
  const side = (heading: string, isBill: boolean): Column => ({
    heading,
    isOfBill: false,
    cell: ({ kind, lines }, at) => ((kind === 'bill') === isBill ? style.amount(lines[at]!) : ''),
  })
  return chance.is(0.5)
    ? [side('Debit', false), side('Credit', true)]
    : [side('Charges', true), side('Credits', false)]
}

const column = (heading: string, cell: (bill: Bill) => string): Column => ({ heading, cell, isOfBill: true })

/** Said in nothing but the words of a note. */
const SAID: Record<State, readonly string[]> = {
  open: ['', 'Toner', 'October', 'Partial shipment', 'Credit card fees'],
  partly: ['pay only part', 'partial payment made', 'less 20.00 credit'],
  paid: ['PAID 11/20 CK 1002', 'paid', 'Already paid by card', 'pd in full - paid'],
  void: ['VOID', 'voided 11/3', 'duplicate of another', 'cancelled'],
  draft: ['draft', 'not approved yet', 'needs approval'],
  held: ['hold', 'ON HOLD - waiting for credit', 'do not pay until Friday', 'disputed'],
}

const troubleColumns = (draw: Draw, isSigned: boolean): Column[] => {
  const { chance, words, trouble } = draw
  const out: Column[] = []
  const mark = (cell: (bill: Bill) => string) => column(words.status, cell)
  if (trouble.states.length > 1 && chance.is(0.15)) {
    const words = new Map(draw.bills.map(({ number, state }) => [number, chance.pick(SAID[state])]))
    out.push(
      column(chance.pick(['Memo', 'Notes', 'Comments', 'Remarks']), ({ number }) => words.get(number)!),
    )
  } else if (trouble.states.length > 1 || chance.is(0.3)) {
    const isHeldApart = chance.is(0.3)
    out.push(mark(({ state }) => words.states[isHeldApart && state === 'held' ? 'open' : state]))
    if (isHeldApart) {
      const heading = chance.pick(['Hold', 'On Hold', 'Payment Block', 'Payment Hold', 'Disputed', 'Hold?'])
      const [yes, no] = chance.pick([
        ['Y', 'N'],
        ['Yes', ''],
        ['X', ''],
        ['TRUE', 'FALSE'],
        ['1', '0'],
        ['\u2713', ''],
      ])
      out.push(column(heading, ({ state }) => (state === 'held' ? yes! : no!)))
    }
  }
  out.push(...kindColumns(draw, isSigned))
  return out
}

const kindColumns = ({ chance, words, style, trouble }: Draw, isSigned: boolean): Column[] => {
  const out: Column[] = []
  if (!isSigned && trouble.kinds.length > 1)
    out.push(
      chance.is(0.75)
        ? column(words.type, ({ kind }) => words.kinds[kind])
        : column(chance.pick(['', 'D/C', 'Dr/Cr', 'Sign', '+/-']), ({ kind }) =>
            kind === 'bill' ? 'DR' : 'CR',
          ),
    )
  else if (chance.is(0.3)) out.push(column(words.type, ({ kind }) => words.kinds[kind]))
  if (trouble.currencies.length > 1 || chance.is(0.2))
    out.push(column(words.currency, ({ currency }) => currency))
  if (trouble.hasDiscounts)
    out.push(
      chance.is(0.7)
        ? column(chance.pick(['Discount', 'Discount Amount', 'Early Payment Discount']), ({ discount }) =>
            discount > 0 ? style.amount(discount) : '',
          )
        : column(chance.pick(['Discount %', 'Disc. Pct', 'Discount Rate']), ({ discount }) =>
            discount > 0 ? '2%' : '',
          ),
    )
  return out
}

const HARMLESS: readonly [string, (bill: Bill, at: number) => string][] = [
  ['Department', () => 'IT'],
  ['PO Number', ({ day }) => `PO-${day}`],
  ['Location', () => 'Boston, MA'],
  ['Class', () => ''],
  ['GL Account', () => '6100'],
  ['Created By', () => 'Ann Lee'],
  ['Days Overdue', ({ day }) => String(326 - day)],
  ['Terms', ({ day, due }) => (due === day ? 'Due on receipt' : `Net ${due - day}`)],
]

/** The columns of one export. @returns `supplier` null where groups tell it */
export const columnsOf = (draw: Draw, isGrouped: boolean): { columns: Column[]; hasDue: boolean } => {
  const { chance, words, style, trouble } = draw
  const isSigned = trouble.kinds.length > 1 && chance.is(0.4)
  const how = amountsFor(draw)
  const hasDue = chance.is(0.5)
  const columns = [
    column(words.number, ({ number }) => number),
    ...(isGrouped ? [] : [column(words.supplier, ({ supplier }) => style.name(supplier))]),
    column(words.date, ({ day }) => style.day(day)),
    ...(hasDue ? [column(words.due, ({ due }) => style.day(due))] : []),
    ...amountColumns(draw, how, isSigned && how !== 'debit and credit'),
    ...troubleColumns(draw, isSigned || how === 'debit and credit'),
    ...HARMLESS.filter(() => chance.is(0.15)).map(
      ([heading, cell]): Column => ({ heading, cell: (bill) => cell(bill, 0), isOfBill: true }),
    ),
    ...(trouble.hasLines
      ? [
          {
            heading: 'Description',
            isOfBill: false,
            cell: (_: Bill, at: number) => ['Paper', 'Toner, black', 'Freight'][at]!,
          },
        ]
      : []),
  ]
  return {
    columns: chance.is(0.5)
      ? columns
      : columns
          .map((one) => ({ one, at: chance.next() }))
          .toSorted((a, b) => a.at - b.at)
          .map(({ one }) => one),
    hasDue,
  }
}
