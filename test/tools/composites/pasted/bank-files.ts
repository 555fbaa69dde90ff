/**
 * Bank files with a known truth: drawdowns and refunds as Finexio sends them, and what a bank prints of them among everything else,
 * as CSV, text or BAI2. Knows nothing of how they are matched.
 */
import { type Chance, chanceOf, dayText, type Money, moneyText, transposed } from './chance.ts'

type Row = Record<string, unknown>
export type Truth = 'drawdown' | 'part' | 'return' | 'refund' | 'repeated' | 'none' | 'unclear'
type Line = { day: number; cents: number; out: boolean; text: string; truth: Truth; ids: string[] }

export type Generated = { text: string; truths: Line[]; drawdowns: Row[]; refunds: Row[] }

type Drawn = { id: string; trace: string | null; cents: number; day: number; status: string }

const digits = (chance: Chance, length: number) =>
  Array.from({ length }, () => String(chance.between(0, 9))).join('')

/** Traces of one bank begin alike and some with a zero; every third drawdown has none. */
const drawnOf = (chance: Chance): Drawn[] =>
  Array.from({ length: chance.between(6, 24) }, (_, at) => ({
    id: `DJ${digits(chance, 4)}${String(at).padStart(2, '0')}${chance.pick(['AB', 'XK', 'QZ'])}${digits(chance, 2)}`,
    trace: chance.is(0.3)
      ? null
      : `${chance.pick(['09100001', '02600959'])}${String(chance.between(1, 9_999_999)).padStart(7, '0')}`,
    cents: chance.is(0.1) ? 500_000 : chance.between(10_000, 90_000_000),
    day: chance.between(20, 60),
    status: chance.is(0.1) ? 'error' : 'received',
  }))

const stamp = (day: number) => `${dayText(day, 'iso')}T15:10:08.000000`

const raw = ({ id, trace, cents, day, status }: Drawn): Row => ({
  processor_request_id: id,
  trace_id: trace,
  amount_cents: cents,
  status,
  created: stamp(day),
  funding_complete_date: status === 'received' ? stamp(day + 1) : null,
  bank_account_last_four: '0042',
})

/** How banks print a trace: whole, without its zeros, or its end alone. */
const printed = (trace: string, chance: Chance) =>
  chance.pick([trace, trace.replace(/^0+/, ''), `TRN*1*${trace}*FNX`, `CO ENTRY ${trace.slice(-7)}`])

const wordsOf = ({ id, trace }: Drawn, chance: Chance): { text: string; names: boolean } => {
  if (trace !== null && chance.is(0.85))
    return {
      text: `${chance.pick(['FINEXIO DES:DRAWDOWN', 'ACH DEBIT FINEXIO INC', 'PREAUTHORIZED DEBIT'])} ${printed(trace, chance)}`,
      names: true,
    }
  if (chance.is(0.5))
    return { text: `FINEXIO PAYMENT ID ${chance.pick([id, id.toLowerCase()])}`, names: true }
  return { text: 'ACH DEBIT FINEXIO INC', names: false }
}

/** One line of a drawdown that went wrong on its way to paper: what it is cannot be known from it. */
const spoiled = (line: Line, { trace, cents }: Drawn, dice: number, chance: Chance): Line => {
  if (dice < 0.008) return { ...line, cents: cents + 1_500, truth: 'unclear' }
  const wrong = transposed(dice < 0.016 ? String(cents) : (trace ?? ''), chance)
  if (wrong === null || dice >= 0.025) return line
  return dice < 0.016
    ? { ...line, cents: Number(wrong), truth: 'unclear' }
    : { ...line, text: `ACH DEBIT FINEXIO INC ${wrong}`, truth: 'unclear' }
}

const twice = (line: Line): Line[] => [line, { ...line, truth: 'repeated' }]
const inParts = (line: Line): Line[] => {
  const part = Math.floor(line.cents / 3)
  return [part, line.cents - part].map((cents) => ({ ...line, cents, truth: 'part' }))
}

const linesOf = (one: Drawn, chance: Chance): Line[] => {
  const { text, names } = wordsOf(one, chance)
  const day = one.day + chance.between(0, 3)
  const line: Line = { day, cents: one.cents, out: true, text, truth: 'drawdown', ids: [one.id] }
  if (one.status === 'error')
    return [line, { ...line, day: day + 3, out: false, text: `RETURN ${text}`, truth: 'return' }]
  const dice = chance.next()
  if (dice < 0.05 && names) return twice(line)
  if (dice < 0.1 && names) return inParts(line)
  return [spoiled(line, one, dice - 0.1, chance)]
}

const OTHERS: readonly [string, boolean][] = [
  ['PAYROLL ADP 8812004512', true],
  ['CUSTOMER DEPOSIT LOCKBOX 004411', false],
  ['CHECK 10234', true],
  ['WIRE FEE', true],
  ['ACCOUNT ANALYSIS CHARGE', true],
  ['CARD SETTLEMENT MERCHANT 5540219920', false],
  ['RETURN ITEM CUSTOMER NSF', true],
]

const othersOf = (drawn: readonly Drawn[], chance: Chance): Line[] =>
  Array.from({ length: chance.between(10, 40) }, () => {
    const [text, out] = chance.pick(OTHERS)
    const isTwin = chance.is(0.005)
    const cents = isTwin
      ? chance.pick(drawn).cents
      : text.endsWith('FEE')
        ? 1_500
        : chance.between(100, 9_000_000)
    const day = chance.between(15, 66)
    return { day, cents, out, text, truth: 'none', ids: [] }
  })

const refundsOf = (chance: Chance): { rows: Row[]; lines: Line[] } => {
  const rows: Row[] = []
  const lines: Line[] = []
  for (let at = chance.between(0, 3); at > 0; at--) {
    const [id, tracking, cents, day] = [
      `p${at}`,
      `RC00FAKE${digits(chance, 8)}${at}`,
      chance.between(5_000, 9_000_000),
      chance.between(20, 55),
    ]
    rows.push({
      id,
      tracking_id: tracking,
      amount_cents: cents,
      refund_timestamp: stamp(day),
      instrument_number: null,
    })
    const text = chance.is(0.7) ? `FINEXIO REFUND ${tracking}` : 'FINEXIO REFUND'
    lines.push({ day: day + chance.between(0, 4), cents, out: false, text, truth: 'refund', ids: [id] })
  }
  return { rows, lines }
}

const asTable = (lines: readonly Line[], chance: Chance): string => {
  const mark = chance.pick([',', '\t', ';'])
  const money: Money = mark === ';' ? 'comma' : chance.pick(['plain', 'grouped', 'dollar'])
  const day = mark === ';' ? 'eu' : chance.pick(['iso', 'us'] as const)
  const cell = (text: string) => (text.includes(mark) ? `"${text}"` : text)
  const row = (cells: readonly string[]) => cells.map(cell).join(mark)
  const isSplit = chance.is(0.5)
  const headings = isSplit
    ? ['Date', 'Description', 'Debit', 'Credit']
    : ['Posting Date', 'Details', 'Amount']
  const moneyOf = ({ cents, out }: Line) =>
    isSplit
      ? out
        ? [moneyText(cents, money), '']
        : ['', moneyText(cents, money)]
      : [moneyText(out ? -cents : cents, money)]
  return [
    row(headings),
    ...lines.map((line) => row([dayText(line.day, day), line.text, ...moneyOf(line)])),
  ].join('\n')
}

const asText = (lines: readonly Line[], chance: Chance): string => {
  const day = chance.pick(['iso', 'us', 'words'] as const)
  const isWord = chance.is(0.5)
  return [
    'ACCOUNT ACTIVITY',
    ...lines.map(({ day: at, text, cents, out }) => {
      const amount = isWord
        ? `${moneyText(cents, 'grouped')} ${out ? 'DR' : 'CR'}`
        : moneyText(out ? -cents : cents, 'grouped')
      return `${dayText(at, day)}  ${text}   ${amount}`
    }),
  ].join('\n')
}

const asBai = (lines: readonly Line[], chance: Chance): string => {
  const days = Map.groupBy(lines, ({ day }) => day)
  const yymmdd = (day: number) => dayText(day, 'iso').slice(2).replaceAll('-', '')
  return [
    '01,122099999,123456789,260301,0200,1,80,1,2/',
    ...[...days].flatMap(([day, all]) => [
      `02,123456789,122099999,1,${yymmdd(day)},2400,USD,2/`,
      '03,00000000042,USD,015,100000,,/',
      ...all.flatMap(({ cents, out, text }) => {
        const funds = chance.pick(['', '0', 'Z', 'S,0,0,0', `V,${yymmdd(day)},`])
        const [first = '', ...rest] = text.split(' ')
        const head = `16,${out ? 455 : 165},${cents},${funds},,,${first}`
        return chance.is(0.5) ? [`${head} ${rest.join(' ')}`] : [head, `88,${rest.join(' ')}`]
      }),
      '49,0,2/',
      '98,0,1,4/',
    ]),
    '99,0,1,6/',
  ].join('\n')
}

export const bankFileOf = (seed: number): Generated => {
  const chance = chanceOf(seed + 7_000)
  const drawn = drawnOf(chance)
  const refunds = refundsOf(chance)
  const lines = [
    ...drawn.flatMap((one) => linesOf(one, chance)),
    ...refunds.lines,
    ...othersOf(drawn, chance),
  ]
    .map((line) => ({ line, at: line.day + chance.next() / 2 }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ line }) => line)
  // Of two lines that are the same in everything either may be the second.
  for (const line of lines.filter(({ truth }) => truth === 'repeated')) {
    const both = lines.filter(
      ({ ids, cents, out }) => out && cents === line.cents && ids.join() === line.ids.join(),
    )
    for (const [at, one] of both.entries()) one.truth = at === 0 ? 'drawdown' : 'repeated'
  }
  const form = chance.pick([asTable, asText, asBai])
  // BAI2 keeps lines by day, as they are sorted here as well.
  return { text: form(lines, chance), truths: lines, drawdowns: drawn.map(raw), refunds: refunds.rows }
}
