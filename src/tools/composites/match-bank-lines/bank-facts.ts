/** What lines of a bank statement are compared with, and what of a line names it. Pure. */
import { centsIn } from '../../../core/money.ts'
import { textOrNull } from '../../../core/text.ts'
import { DAY_MS } from '../../../core/time.ts'
import { timeOf } from '../../../finexio/pages.ts'
import { type Row, wordOf } from '../../derived/request.ts'
import { STOPPED } from '../../reading/tally.ts'
import type { BankLine } from './bank-lines.ts'

export type Drawdown = {
  id: string
  trace: string | null
  cents: number | null
  status: string
  /** Milliseconds; when it was complete, else created. */
  at: number | null
  account: string | null
}

export type Refund = { id: string; cents: number | null; at: number | null; keys: readonly string[] }

export const VERDICTS = [
  'drawdown',
  'part',
  'return',
  'refund',
  'repeated',
  'none',
  'amount_differs',
  'candidates',
  'undecided',
] as const
export type Verdict = (typeof VERDICTS)[number]

export type Matched = {
  line: BankLine
  verdict: Verdict
  /** Drawdowns, or the payment that was refunded. */
  ids: readonly string[]
  /** In a sentence without its end. */
  why: string
  candidates: readonly { id: string; why: string }[]
}

export type Known = { drawdowns: readonly Drawdown[]; refunds: readonly Refund[]; isWhole: boolean }

export type Said = Omit<Matched, 'line'>
export const said = (
  verdict: Verdict,
  why: string,
  ids: readonly string[] = [],
  candidates: Said['candidates'] = [],
): Said => ({
  verdict,
  why,
  ids,
  candidates,
})

export const LEAST_KEY = 6
/** Banks print the end of a trace number: the seven figures that the sender counts. */
export const LEAST_END = 7
/** The same without zeros in front: too little to go by, enough to ask. */
export const LEAST_DOUBT = 5
export const MOST_CANDIDATES = 5
export const DAYS = { before: 2, after: 6, refund: 12 }
/** A trace does not make a line of another season the one that is meant. */
const SEASON = { before: 14, after: 90 }

/** A reference as it is compared: without punctuation and leading zeros, which spreadsheets lose. */
export const keyOf = (text: string | null): string =>
  (text ?? '')
    .toUpperCase()
    .replace(/[^A-Z0-9]/g, '')
    .replace(/^0+/, '')

const tokensOf = ({ text }: BankLine): string[] => [
  ...new Set(
    text
      .split(/[^A-Za-z0-9-]+/)
      .flatMap((token) => [token, ...token.split('-'), ...(token.match(/\d+/g) ?? [])])
      .map(keyOf)
      .filter((token) => token.length >= LEAST_KEY),
  ),
]

export const isNamed = ({ text }: BankLine) => /finexio/i.test(text)
const RETURNED = /\b(?:return(?:ed)?|rtn|reversal|reversed|refund(?:ed)?|chargeback)\b/i

export const isNear = (line: BankLine, at: number | null, before: number, after: number): boolean => {
  if (line.date === null || at === null) return false
  const days = (Date.parse(`${line.date}T00:00:00Z`) - Math.floor(at / DAY_MS) * DAY_MS) / DAY_MS
  return days >= -before && days <= after
}

/** Whether the day of a line, where it has one, rules out what happened at that time. */
export const isOtherSeason = (line: BankLine, at: number | null): boolean =>
  line.date !== null && at !== null && !isNear(line, at, SEASON.before, SEASON.after)

export const isOtherAccount = (line: BankLine, { account }: Drawdown) =>
  line.account !== null && account !== null && line.account !== account

/** Lines and drawdowns as they are compared, found once. */
export type Index = {
  tokens: ReadonlyMap<BankLine, readonly string[]>
  keys: ReadonlyMap<Drawdown, readonly string[]>
}

export const indexOf = (lines: readonly BankLine[], { drawdowns }: Known): Index => ({
  tokens: new Map(lines.map((line) => [line, tokensOf(line)])),
  keys: new Map(
    drawdowns.map((one) => [one, [keyOf(one.trace), keyOf(one.id)].filter((key) => key.length >= LEAST_KEY)]),
  ),
})

/** Drawdowns of those days whose trace ends with a number on the line. @param least figures of it */
export const endingOn = (line: BankLine, { drawdowns }: Known, least: number): Drawdown[] => {
  const runs = line.text.match(/\d+/g) ?? []
  const ends = [...runs, ...runs.map((run) => run.replace(/^0+/, ''))].filter(({ length }) => length >= least)
  return drawdowns.filter(
    ({ at, trace }) =>
      isNear(line, at, DAYS.before, DAYS.refund) && ends.some((end) => trace?.trim().endsWith(end)),
  )
}

/** Drawdowns that a line names: by trace or id; else by the end of a trace, where the payee is named or the amount agrees. */
export const namedBy = (line: BankLine, known: Known, index: Index): Drawdown[] => {
  const own = index.tokens.get(line)!
  const named = known.drawdowns.filter((one) => index.keys.get(one)!.some((key) => own.includes(key)))
  if (named.length > 0) return named
  return endingOn(line, known, LEAST_END).filter(({ cents }) => isNamed(line) || cents === line.cents)
}

export const saysReturned = ({ text }: BankLine) => RETURNED.test(text)

/** A drawdown that brought no money. */
export const isStopped = (status: string) => status === 'error' || STOPPED.has(status)

/** Of money that left for a drawdown which brought none. */
export const stoppedWords = ({ status }: Pick<Drawdown, 'status'>): string =>
  isStopped(status) ? `; but Finexio says ${status} of it: look for its return` : ''

/** Whether a line brings money back. */
export const comesBack = (line: BankLine) =>
  line.direction === 'in' || (line.direction === null && saysReturned(line))

/** A drawdown as Finexio lists it. */
export const drawdownOf = (row: Row): Drawdown => ({
  id: String(row.processor_request_id ?? ''),
  trace: textOrNull(row.trace_id),
  cents: centsIn(row.amount_cents),
  status: wordOf(row.status),
  at: timeOf(row.funding_complete_date) ?? timeOf(row.created),
  account: textOrNull(row.bank_account_last_four),
})

/** A refunded payment as Finexio lists it. Of numbers only long ones name a payment: check numbers and cards are of four. */
export const refundOf = (row: Row): Refund => ({
  id: String(row.id ?? ''),
  cents: centsIn(row.amount_cents),
  at: timeOf(row.refund_timestamp),
  keys: [row.tracking_id, row.instrument_number, row.id].map((key) => textOrNull(key) ?? ''),
})
