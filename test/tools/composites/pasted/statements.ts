/**
 * Statements with a known truth: an account of invoices and payments as Finexio sends them, and what a supplier's bookkeeping prints
 * of it, in one of many forms. Knows nothing of how statements are read.
 */
import { type Chance, chanceOf, dayText, type Money, moneyText, transposed } from './chance.ts'

type Row = Record<string, unknown>
type Fate = 'paid' | 'under_way' | 'waiting' | 'failed' | 'refunded' | 'again'
type Bill = { number: string; gross: number; discount: number; fate: Fate; day: number; id: string }

/** What a line is; `any`: whatever is said of it decides nothing. */
export type Truth =
  | 'paid'
  | 'under_way'
  | 'unpaid'
  | 'refunded'
  | 'short'
  | 'differs'
  | 'unknown'
  | 'someone_elses'
  | 'repeated'
  | 'credit'
  | 'payment'
type Line = { number: string; cents: number; day: number; truth: Truth; words: string }

export type Generated = {
  text: string
  truths: { truth: Truth; number: string; cents: number }[]
  own: Row[]
  others: Row[]
  payments: Row[]
}

const NUMBERS: readonly ((at: number) => string)[] = [
  (at) => `INV-${1000 + at * 7}`,
  (at) => `${70_000 + at * 13}`,
  (at) => `A/2026/${String(at).padStart(3, '0')}`,
  (at) => `SI${String(at * 11).padStart(6, '0')}`,
  (at) => `${500 + at}-${at % 9}`,
]

const STATUS: Readonly<Record<Fate, [string, string | null]>> = {
  paid: ['complete', 'settled'],
  again: ['complete', 'settled'],
  under_way: ['in-progress', 'in-progress'],
  waiting: ['pending', null],
  failed: ['failed', 'failed'],
  refunded: ['complete', 'settled'],
}

const stamp = (day: number) => `${dayText(day, 'iso')}T10:00:00.100000`

const invoiceRow = (bill: Bill, payment: string | null, supplier: string): Row => ({
  id: bill.id,
  invoice_number: bill.number,
  amount_cents: bill.gross,
  discount_amount_cents: bill.discount,
  status: STATUS[bill.fate][0],
  payment_id: payment,
  receiving_counterparty_id: supplier,
  originating_counterparty_id: 'b1',
  created: stamp(bill.day),
})

const paymentRow = (id: string, bills: readonly Bill[], isNet: boolean, chance: Chance): Row => {
  const [{ fate, day }] = bills as [Bill]
  return {
    id,
    amount_cents: bills.reduce((sum, { gross, discount }) => sum + gross - discount, 0),
    status: STATUS[fate][1],
    payment_method: chance.pick(['check', 'ach', 'card']),
    instrument_number: String(chance.between(1000, 9999)),
    originating_counterparty_id: 'b1',
    receiving_counterparty_id: 's1',
    created: stamp(day + 1),
    refund_timestamp: fate === 'refunded' ? stamp(day + 9) : null,
    events: [],
    invoices: bills.map(({ id: invoice, number, gross, discount }) => ({
      id: invoice,
      invoice_number: number,
      payment_amount_cents: isNet ? gross - discount : gross,
    })),
  }
}

const billsOf = (chance: Chance, seed: number): Bill[] => {
  const style = NUMBERS[seed % NUMBERS.length]!
  return Array.from({ length: chance.between(6, 28) }, (_, at) => {
    const gross = chance.between(1_000, 2_500_000)
    return {
      id: `i${at}`,
      number: style(at + (seed % 5) * 100),
      gross,
      discount: chance.is(0.2) ? Math.max(1, Math.round(gross / 50)) : 0,
      fate: chance.pick<Fate>([
        'paid',
        'paid',
        'paid',
        'under_way',
        'waiting',
        'failed',
        'refunded',
        'again',
      ]),
      day: chance.between(5, 300),
    }
  })
}

/** Payments of one to four bills of the same fate; a bill that was sent again has a refunded one before it. */
const booked = (bills: readonly Bill[], chance: Chance): { own: Row[]; payments: Row[] } => {
  const out: { own: Row[]; payments: Row[] } = { own: [], payments: [] }
  const isNet = chance.is(0.7)
  let at = 0
  while (at < bills.length) {
    const { fate } = bills[at]!
    const most = chance.between(1, 4)
    let end = at + 1
    while (end < bills.length && end - at < most && bills[end]!.fate === fate) end++
    const group = bills.slice(at, end)
    const id = STATUS[fate][1] === null ? null : `p${at}`
    if (id !== null) out.payments.push(paymentRow(id, group, isNet, chance))
    out.own.push(...group.map((bill) => invoiceRow(bill, id, 's1')))
    if (fate === 'again')
      for (const bill of group) {
        const before: Bill = { ...bill, id: `${bill.id}-old`, fate: 'refunded', day: bill.day - 4 }
        out.payments.push(paymentRow(`old-${bill.id}`, [before], isNet, chance))
        out.own.push(invoiceRow(before, `old-${bill.id}`, 's1'))
      }
    at = end
  }
  return out
}

const truthOf = ({ fate, discount }: Bill, isNet: boolean): Truth => {
  if (fate === 'refunded') return 'refunded'
  if (fate === 'paid' || fate === 'again') return discount > 0 && !isNet ? 'short' : 'paid'
  return fate === 'under_way' ? 'under_way' : 'unpaid'
}

/** The same number as other people and programs write it. */
const respelled = (number: string, chance: Chance): string =>
  chance.pick([
    number.toLowerCase(),
    number.replace(/^([A-Z]+)-?/, '$1 '),
    number.replace(/^([A-Z]+)-/, '$1'),
    number.replace(/^([A-Z]+)0+/, '$1'),
  ])

/** What the supplier prints of a bill, mistakes included. @param taken numbers that are somebody's */
const linesOf = (bill: Bill, chance: Chance, taken: ReadonlySet<string>): Line[] => {
  const isNet = bill.discount > 0 && chance.is(0.3)
  const cents = isNet ? bill.gross - bill.discount : bill.gross
  const line: Line = {
    number: bill.number,
    cents,
    day: bill.day,
    truth: truthOf(bill, isNet),
    words: 'Invoice',
  }
  const dice = chance.next()
  if (dice < 0.05) {
    const number = transposed(bill.number, chance)
    return number === null || taken.has(number) ? [line] : [{ ...line, number, truth: 'unknown' }]
  }
  if (dice < 0.1) {
    const wrong = Number(transposed(String(cents), chance) ?? cents)
    const isOther = wrong !== bill.gross && wrong !== bill.gross - bill.discount && wrong > 0
    return isOther ? [{ ...line, cents: wrong, truth: 'differs' }] : [line]
  }
  if (dice < 0.15) return [line, { ...line, truth: 'repeated' }]
  if (dice < 0.2 && cents > 5_000) {
    const part = Math.floor(cents / 3)
    return [
      { ...line, cents: part },
      { ...line, cents: cents - part },
    ]
  }
  return [dice < 0.35 ? { ...line, number: respelled(bill.number, chance) } : line]
}

const foreign = (chance: Chance, others: readonly Bill[]): Line[] => {
  const lines: Line[] = []
  const line = (number: string, cents: number, truth: Truth, words: string) =>
    lines.push({ number, cents, truth, words, day: chance.between(5, 300) })
  for (const { number, gross } of others) if (chance.is(0.5)) line(number, gross, 'someone_elses', 'Invoice')
  for (let at = chance.between(0, 3); at > 0; at--)
    line(`ZZ-${chance.between(100_000, 999_999)}`, chance.between(500, 90_000), 'unknown', 'Invoice')
  if (chance.is(0.4))
    line(`CM-${chance.between(10, 99)}`, -chance.between(500, 9_000), 'credit', 'Credit memo')
  if (chance.is(0.4))
    line(`${chance.between(1000, 9999)}`, -chance.between(500, 90_000), 'payment', 'Payment received')
  if (chance.is(0.3)) line('', chance.between(500, 5_000), 'unknown', 'Late fee')
  return lines
}

const shuffled = <Value>(values: readonly Value[], chance: Chance): Value[] =>
  values
    .map((value) => ({ value, at: chance.next() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ value }) => value)

const quoted = (cell: string, mark: string) =>
  cell.includes(mark) || cell.includes('"') ? `"${cell.replaceAll('"', '""')}"` : cell

const HEADINGS: readonly (readonly string[])[] = [
  ['Date', 'Type', 'Invoice #', 'Amount'],
  ['Invoice Date', 'Transaction Type', 'Invoice Number', 'Original Amount'],
  ['DOC DATE', 'Doc Type', 'Document No.', 'Amount (USD)'],
  ['date', 'description', 'ref', 'total'],
]

const asTable = (lines: readonly Line[], chance: Chance): string => {
  const mark = chance.pick([',', '\t', ';', '|'])
  const money: Money = mark === ';' ? 'comma' : chance.pick(['plain', 'grouped', 'dollar'])
  const day = mark === ';' ? 'eu' : chance.pick(['iso', 'us', 'words'] as const)
  const headings = chance.pick(HEADINGS)
  const row = (cells: readonly string[]) =>
    mark === '|' ? `| ${cells.join(' | ')} |` : cells.map((cell) => quoted(cell, mark)).join(mark)
  const total = lines.reduce((sum, { cents }) => sum + cents, 0)
  return [
    ...(chance.is(0.4) && mark !== '|' ? [row(['Statement of account'])] : []),
    row(headings),
    ...(mark === '|' ? [row(headings.map(() => '---'))] : []),
    ...lines.map(({ number, cents, words, day: at }) =>
      row([dayText(at, day), words, number, moneyText(cents, money)]),
    ),
    ...(chance.is(0.6) ? [row(['Total', '', '', moneyText(total, money)])] : []),
  ].join(chance.pick(['\n', '\r\n']))
}

const asText = (lines: readonly Line[], chance: Chance): string => {
  const money: Money = chance.pick(['plain', 'grouped', 'dollar'])
  const day = chance.pick(['iso', 'us', 'words'] as const)
  const hasBalance = chance.is(0.3)
  let balance = chance.between(0, 500_000)
  const first = balance
  const body = lines.map(({ number, cents, words, day: at }) => {
    balance += cents
    const label = number === '' ? words : `${words} ${number}`
    return `${dayText(at, day)}  ${label}   ${moneyText(cents, money)}${hasBalance ? `   ${moneyText(balance, money)}` : ''}`
  })
  return [
    'STATEMENT OF ACCOUNT',
    '',
    ...(hasBalance ? [`Opening balance   ${moneyText(first, money)}`] : []),
    ...body,
    ...(chance.is(0.6) ? ['', `Total due   ${moneyText(balance, money)}`] : []),
  ].join('\n')
}

export const statementOf = (seed: number): Generated => {
  const chance = chanceOf(seed)
  const bills = billsOf(chance, seed)
  const strangers = Array.from({ length: 3 }, (_, at): Bill => {
    const gross = chance.between(1_000, 90_000)
    return { id: `o${at}`, number: `XO-${8_000 + at * 17}`, gross, discount: 0, fate: 'paid', day: 40 }
  })
  const taken = new Set([...bills, ...strangers].map(({ number }) => number))
  const lines = shuffled(
    [
      ...bills.filter(() => chance.is(0.85)).map((bill) => linesOf(bill, chance, taken)),
      ...foreign(chance, strangers).map((line) => [line]),
    ],
    chance,
  ).flat()
  const { own, payments } = booked(bills, chance)
  // Another buyer of the account has bills of the same numbers from the same supplier.
  for (const bill of bills.filter(() => chance.is(0.1)))
    own.push({
      ...invoiceRow(
        { ...bill, id: `${bill.id}-b2`, fate: 'waiting', gross: bill.gross + 100_000_000 },
        null,
        's1',
      ),
      originating_counterparty_id: 'b2',
    })
  return {
    text: chance.is(0.5) ? asTable(lines, chance) : asText(lines, chance),
    truths: lines,
    own,
    others: strangers.map((bill) => invoiceRow(bill, null, 's2')),
    payments,
  }
}
