/** A supplier's statement as lines that claim something: invoices, credits, payments received. Pure. */
import { oneLine } from '../../../core/text.ts'
import { foreignCurrencyIn, type Signed } from '../../pasted/amounts.ts'
import { type Form, noAmount, type PastedRow, readPasted } from '../../pasted/pasted-rows.ts'
import { isTotalWord } from '../../pasted/totals.ts'
import { Refusal } from '../../refusal.ts'

const MOST_LINES = 300

export type StatementLine = {
  /** Of the text, from 1. */
  line: number
  /** `charge`: a fee or interest that has no number. */
  kind: 'invoice' | 'credit' | 'payment' | 'charge'
  /** What may be its number, the likeliest first; more than one only in plain lines. */
  numbers: readonly string[]
  date: string | null
  /** What the document came to; null where it cannot be read. */
  cents: number | null
  /** What of it the supplier still claims; null where the statement does not say. */
  open: number | null
  /** Why it cannot be read. */
  problem: string | null
}

export type Statement = {
  lines: StatementLine[]
  /** What the statement says that it comes to; null where it says nothing that can be read. */
  total: number | null
  /** What its lines may come to; empty where they cannot be added up. */
  sums: readonly number[]
  notes: string[]
}

const FORM: Form = {
  dictionary: {
    number:
      'invoice number,invoice no,invoice,inv no,inv number,inv,bill no,bill number,bill,supplier invoice no,vendor invoice no,invoice id,invoice num,invoice nbr,document no,document number,doc no,doc number,document,reference no,reference number,ref no,reference,ref,transaction no,num,no,number',
    date: 'invoice date,inv date,bill date,document date,doc date,transaction date,date,issue date,posting date',
    due: 'due date,due on,payment due',
    amount:
      'invoice amount,original amount,amount,invoice total,bill amount,total amount,gross amount,gross,charges,charge,debit,debits,total,amt,orig amount,inv amount',
    open: 'balance due,open balance,amount due,open amount,outstanding,outstanding amount,outstanding balance,remaining,remaining balance,amount remaining,amount open,unpaid,open,due,net due',
    balance: 'balance,running balance,account balance',
    credit:
      'credit,credits,payment,payments,amount paid,paid,paid amount,payments credits,received,credit amount,pmt,pmts,pmt amount,pmts credits,credits pmts,payments and credits',
    type: 'type,transaction type,doc type,document type,trans type,transaction',
    currency: 'currency,currency code,curr,ccy',
    description: 'description,memo,details,particulars,activity,comment',
  },
  amounts: ['amount', 'open', 'balance', 'credit'],
  dates: ['date'],
  most: MOST_LINES,
}

const CREDIT =
  /\bcredit(?: memo| note)?\b|\bcr(?: memo|\.| note)?\b|\b(?:cm|cn)\b|\bcredits?\b|\brebate\b|\breturn(?:ed goods)?\b/i
const PAYMENT =
  /\bpayments?\b|\bpmts?\b|\bpaid by\b|\breceipt\b|\bremittance\b|\bcheck (?:no|#|received)|\bdeposit\b/i
/** Words that say it in a line of their own. */
const RECEIVED =
  /^\W*(?:your )?(?:payment|pmt)\b|\bpayment (?:received|rec'd|thank)|\bthank you for your payment\b/i
const NOTE = /\bcredit (?:memo|note)\b/i
const CHARGE = /\b(?:late (?:fee|charge)|finance charge|service (?:fee|charge)|interest|fees?|surcharge)\b/i
const LABEL = /^(?:inv(?:oice)?|bill|no|nr|number|num|ref|reference|document|doc|#)[.:#]*$/i

/** What in a line of words may be a number; with the short word before it, as in `SI 003531`, and by itself. */
const numbersIn = (words: string): string[] => {
  const all = words.split(/\s+/).filter(Boolean)
  const bare = (token: string) => token.replace(/^[#(:]+|[):,;.]+$/g, '')
  const found = all.flatMap((token, at) => {
    if (!/\d/.test(token)) return []
    const before = bare(all[at - 1] ?? '')
    const both = /^[a-z]{1,5}$/i.test(before) ? [`${before} ${bare(token)}`] : []
    return [{ numbers: [bare(token), ...both], isLabelled: LABEL.test(all[at - 1] ?? '') }]
  })
  const isInvoice = /\b(?:inv(?:oice)?|bill)\b/i.test(words)
  const labelled = found.filter(({ isLabelled }) => isLabelled)
  const meant = isInvoice && labelled.length > 0 ? labelled : found
  return [...new Set(meant.flatMap(({ numbers }) => numbers))]
}

/** Whether the third amounts of a table are what the others have come to. */
const runs = (rows: readonly PastedRow[]): boolean => {
  const known = rows.filter(({ amounts }) => amounts.balance && (amounts.amount ?? amounts.credit))
  const steps = known.slice(1).map(({ amounts }, at) => {
    const before = signed(known[at]!.amounts.balance!)
    const change = amounts.amount ? signed(amounts.amount) : -signed(amounts.credit!)
    return Math.abs(signed(amounts.balance!) - before) === Math.abs(change) && before !== 0
  })
  return steps.length > 0 && steps.filter(Boolean).length * 5 >= steps.length * 4
}

/** On a supplier's statement CR lowers what is owed. */
const signed = ({ cents, isMinus, word }: Signed): number => (isMinus || word === 'cr' ? -cents : cents)

const kindOf = ({ text, amounts }: PastedRow, cents: number | null): StatementLine['kind'] => {
  const words = `${text.type ?? ''} ${text.description ?? ''}`
  const isTaken = (cents ?? 0) < 0 || (amounts.amount === undefined && amounts.credit !== undefined)
  // In a column of credits the reference says what it is, as in `PMT 000777`.
  const said = isTaken ? `${words} ${text.number ?? ''}` : words
  if (PAYMENT.test(text.type ?? '') || RECEIVED.test(words) || (isTaken && PAYMENT.test(said)))
    return 'payment'
  return isTaken || CREDIT.test(text.type ?? '') || NOTE.test(words) ? 'credit' : 'invoice'
}

const centsIn = ({ amounts }: PastedRow, hasRunning: boolean): number | null => {
  const found = amounts.amount ?? amounts.open ?? (hasRunning ? undefined : amounts.balance)
  if (found !== undefined && (found.cents !== 0 || amounts.credit === undefined)) return signed(found)
  return amounts.credit === undefined ? null : -Math.abs(signed(amounts.credit))
}

const lineOf = (row: PastedRow, hasRunning: boolean): StatementLine => {
  const cents = centsIn(row, hasRunning)
  const kind = kindOf(row, cents)
  const open = row.amounts.open ?? (hasRunning ? undefined : row.amounts.balance)
  const cell = row.text.number ?? ''
  const foreign = foreignIn(row)
  const numbers = cell === '' ? numbersIn(row.text.description ?? '') : [cell]
  return {
    line: row.line,
    kind: kind === 'invoice' && numbers.length === 0 && CHARGE.test(row.whole) ? 'charge' : kind,
    numbers: numbers.slice(0, 6),
    date: row.dates.date ?? null,
    cents: cents === null || foreign !== null ? null : Math.abs(cents),
    open: open === undefined ? null : signed(open),
    problem:
      foreign === null
        ? (row.problem ?? (cents === null ? 'has no amount' : null))
        : `is in ${foreign}: Finexio pays in US dollars only`,
  }
}

const CARRIED = /\b(?:forward|opening|beginning|previous)\b/i
const TOTAL_DUE = /\b(?:total|amount|balance) (?:amount )?(?:due|owed|outstanding|forward)\b|\bplease pay\b/i

/** A line that names an invoice is one, whatever else it says. */
const isTotal = ({ text }: PastedRow): boolean =>
  !/\d/.test(text.number ?? '') &&
  Object.values(text).some((cell) => isTotalWord(cell) || (TOTAL_DUE.test(cell) && !/\d/.test(cell)))

/** The other currency of a line; null: none is named. */
const foreignIn = ({ text, whole }: PastedRow): string | null => {
  const said = text.currency ?? ''
  const isOther = said !== '' && !/^(?:usd|us\$|\$|us dollars?)$/i.test(said)
  return isOther ? oneLine(said, 20) : foreignCurrencyIn(whole.replace(text.number ?? '', ''))
}

/** What stands above or below the lines speaks for all of them. */
const refuseForeign = (source: string, claims: readonly PastedRow[]): void => {
  const lines = new Set(claims.map(({ line }) => line))
  const others = source.split(/\r\n|\r|\n/).filter((_, at) => !lines.has(at + 1))
  const foreign = others
    .map((text) => foreignCurrencyIn(text.replaceAll('_', ' ')))
    .find((one) => one !== null)
  if (foreign)
    throw new Refusal(
      `statement: names ${foreign}, and Finexio pays in US dollars only: give the lines in US dollars, without that line.`,
    )
}

/** A number with its amount, or a total, and nothing after it. */
const CLAIM = /(?:\d.*|\btotal\b.*)\s-?\(?-?\$?\s?\d[\d,]*\.\d\d\)?(?:\s?(?:cr|dr|usd))?[.,;]?$/i
/** Between an amount and the next claim of the same line. */
const BETWEEN = /(?<=\.\d\d\)?(?:\s?(?:cr|dr|usd))?)(?:\s*;\s*|[.,]\s+|\s+(?=(?:grand )?total\b))(?:and\s+)?/i

/** Claims in one line as a line each: only where every piece is one. */
const apart = (source: string): string =>
  source
    .split(/\r\n|\r|\n/)
    .map((line) => {
      const pieces = line.split(BETWEEN).filter((piece) => piece.trim() !== '')
      return pieces.length > 1 && pieces.every((piece) => CLAIM.test(piece.trim())) ? pieces.join('\n') : line
    })
    .join('\n')

const SPLIT = 'Claims that stood in one line were read as a line each, and are counted so.'

/** What the lines come to, as often as they may be meant: their amounts, or what is open of them. */
const sumsOf = (lines: readonly StatementLine[]): number[] => {
  const lowers = ({ kind }: StatementLine) => kind === 'credit' || kind === 'payment'
  const add = (values: readonly (number | null)[]) =>
    values.reduce((so: number | null, one) => (so === null || one === null ? null : so + one), 0)
  return [
    add(lines.map((line) => (line.cents === null ? null : lowers(line) ? -line.cents : line.cents))),
    add(lines.map(({ open }) => open)),
  ].filter((sum) => sum !== null)
}

/** @throws Refusal when it has no lines, too many, or is in another currency */
export const readStatement = (pasted: string): Statement => {
  const source = apart(pasted)
  const { rows, notes } = readPasted(source, 'statement', FORM)
  const totals = rows.filter(isTotal)
  const claims = rows.filter((row) => !totals.includes(row) && hasAmount(row))
  refuseForeign(source, claims)
  if (claims.every(({ amounts, problem }) => Object.keys(amounts).length === 0 && problem === null))
    throw noAmount('statement')
  if (claims.length > MOST_LINES)
    throw new Refusal(`statement: more than ${MOST_LINES} lines. Give it in parts.`)
  const hasRunning = runs(rows)
  const last = totals.findLast(({ whole }) => !CARRIED.test(whole))
  const total = last ? (last.amounts.open ?? last.amounts.balance ?? last.amounts.amount) : undefined
  const lines = claims.map((row) => lineOf(row, hasRunning))
  const isSplit = source.split('\n').length > pasted.split(/\r\n|\r|\n/).length
  return {
    lines,
    total: total ? signed(total) : null,
    sums: totals.some(({ whole }) => CARRIED.test(whole)) ? [] : sumsOf(lines),
    notes: isSplit ? [...notes, SPLIT] : notes,
  }
}

/** A line with a number and no amount is said, not left out; a page number is none. */
const hasAmount = ({ amounts, problem, text }: PastedRow): boolean =>
  Object.keys(amounts).length > 0 ||
  (problem !== null && (text.number ?? text.description ?? '') !== '') ||
  (/\d/.test(text.number ?? '') && !/\b(?:page|as of|tel|phone|fax)\b|@/i.test(text.number ?? ''))
