/**
 * Checks that a bank presents (positive pay): number, payee and amount, without days. A check agrees only where its number is that of
 * one issued check and its amount and payee are the same; whatever cannot be told is undecided. Pure.
 */
import { dollars } from '../../../core/money.ts'
import { foldName, foldNumber, oneLine } from '../../../core/text.ts'
import { type Row, wordOf } from '../../derived/request.ts'
import { type Form, type PastedRow, readPasted } from '../../pasted/pasted-rows.ts'
import { isTotalWord } from '../../pasted/totals.ts'
import { ARRIVED, paymentLife } from '../../reading/payment-life.ts'
import { isCheck } from '../../reading/payment-means.ts'
import { STOPPED } from '../../reading/tally.ts'

const MOST_LINES = 500

export type CheckLine = {
  /** Of the text, from 1. */
  line: number
  number: string
  /** As written; empty where the bank names none. */
  payee: string
  /** Null where it cannot be read. */
  cents: number | null
}

export const CHECK_VERDICTS = [
  'agrees',
  'wrong_amount',
  'wrong_payee',
  'stopped',
  'not_issued',
  'repeated',
  'undecided',
] as const
export type CheckVerdict = (typeof CHECK_VERDICTS)[number]

export type JudgedCheck = {
  line: CheckLine
  verdict: CheckVerdict
  /** In a sentence without its end. */
  why: string
  /** The payment whose check it is; null where none is. */
  payment: Row | null
}

const FORM: Form = {
  dictionary: {
    number:
      'check number,check no,check num,check nbr,check,checks,chk no,chk,check serial,check serial number,serial number,serial no,serial,cheque number,cheque no,cheque,item number',
    payee:
      'payee,payee name,paid to,pay to,made out to,issued to,vendor,vendor name,supplier,supplier name,name',
    amount: 'amount,check amount,amt,presented amount,amount presented,paid amount,total',
    date: 'date,posting date,posted date,transaction date,value date,presented date,paid date',
  },
  amounts: ['amount'],
  dates: ['date'],
  most: MOST_LINES,
}

/** A line of words that begins with the number of a check. */
const LOOSE =
  /^\W*(?:(?:check|cheque|chk|ck)\b\W*(?:(?:number|no|nr|num)\b\W*)?)?#?\s*(\d{3,12})\b[\s,:;-]*(.*)$/i

const lineOf = ({ line, text, amounts }: PastedRow): CheckLine | null => {
  const loose = text.number === undefined ? LOOSE.exec(text.description ?? '') : null
  const number = text.number ?? loose?.[1] ?? ''
  if (!/\d/.test(number)) return null
  return {
    line,
    number,
    payee: (text.payee ?? loose?.[2] ?? '').trim(),
    cents: amounts.amount === undefined || amounts.amount.isMinus ? null : amounts.amount.cents,
  }
}

/** @returns null unless every line is a check without a day @throws Refusal when there are too many lines */
export const readChecks = (source: string): CheckLine[] | null => {
  const { rows } = readPasted(source, 'lines', FORM)
  const real = rows.filter(
    ({ text, amounts }) =>
      Object.keys(amounts).length > 0 && !Object.values(text).some((cell) => isTotalWord(cell)),
  )
  const hasDays = rows.some(({ dates, text }) => dates.date !== undefined || (text.date ?? '') !== '')
  const lines = real.map(lineOf)
  return hasDays || lines.length === 0 || lines.some((line) => line === null)
    ? null
    : lines.filter((line) => line !== null)
}

const SUFFIX = /(?:incorporated|inc|llc|llp|ltd|limited|corporation|corp|company|co)$/
const bare = (name: string): string => foldName(name).replace(SUFFIX, '')

/** Whether two names are one: null where one is a part of the other, as when a bank cuts it. A misspelt name is another. */
const isSameName = (given: string, own: string): boolean | null => {
  const [a, b] = [bare(given), bare(own)]
  if (a === b) return true
  const isPart = a.length > 2 && b.length > 2 && (a.includes(b) || b.includes(a))
  return isPart ? null : false
}

/** Why the money of an issued check must not go out any more; null where it may. */
const stopOf = (payment: Row): string | null => {
  const { ended_at, refunded_at } = paymentLife(payment)
  const day = (time: string | null) => (time === null ? '' : ` on ${time.slice(0, 10)}`)
  if (refunded_at !== null) return `its payment was refunded${day(refunded_at)}`
  return STOPPED.has(wordOf(payment.status))
    ? `its payment is ${wordOf(payment.status)}${day(ended_at)}`
    : null
}

const clearedWords = (payment: Row): string => {
  if (!ARRIVED.has(wordOf(payment.status))) return ''
  const at = paymentLife(payment).settled_at
  return `; cleared already${at === null ? '' : ` on ${at.slice(0, 10)}`}`
}

type Said = Omit<JudgedCheck, 'line'>

/** How the amount differs; empty where it does not. */
const amountWordsOf = (presented: number, issued: number): string => {
  const gap = presented - issued
  if (gap === 0) return ''
  return `issued for ${dollars(issued)}: ${dollars(Math.abs(gap))} ${gap > 0 ? 'more' : 'less'} is presented`
}

const isSamePayee = ({ payee }: CheckLine, name: string | null): boolean | null => {
  if (payee === '') return true
  return name === null ? null : isSameName(payee, name)
}

const against = (line: CheckLine, payment: Row, name: string | null): Said => {
  const said = (verdict: CheckVerdict, why: string): Said => ({ verdict, why, payment })
  const issued = payment.amount_cents
  if (line.cents === null || typeof issued !== 'number') return said('undecided', 'an amount cannot be read')
  const same = isSamePayee(line, name)
  const amount = amountWordsOf(line.cents, issued)
  const wrong = [amount, same === false ? `issued to ${oneLine(name)}` : ''].filter(Boolean).join('; ')
  if (wrong !== '')
    return said(amount === '' ? 'wrong_payee' : 'wrong_amount', `${wrong}${clearedWords(payment)}`)
  const stop = stopOf(payment)
  if (stop !== null) return said('stopped', stop)
  if (same === null)
    return said(
      'undecided',
      name === null ? 'its payee is not known here' : `issued to ${oneLine(name)}: only near`,
    )
  const what =
    line.payee === '' ? 'number and amount agree, no payee is given' : 'number, amount and payee agree'
  return said('agrees', `${what}${clearedWords(payment)}`)
}

const key = (number: unknown): string => foldNumber(number)

/** Issued checks of a number. */
export const issuedUnder = (number: string, payments: readonly Row[]): Row[] =>
  payments.filter((one) => isCheck(one) && key(one.instrument_number) === key(number))

/**
 * @param payments those of the account that were read
 * @param names by id of the supplier
 * @param isWhole whether these are all: else a number that is not there may have been issued
 * @returns one verdict for each line, in order
 */
export const judgeChecks = (
  lines: readonly CheckLine[],
  payments: readonly Row[],
  names: ReadonlyMap<unknown, string>,
  isWhole: boolean,
): JudgedCheck[] => {
  const first = new Map<string, number>()
  return lines.map((line) => {
    const before = first.get(key(line.number))
    first.set(key(line.number), before ?? line.line)
    if (before !== undefined)
      return { line, verdict: 'repeated', why: `the same number as line ${before}`, payment: null }
    const all = issuedUnder(line.number, payments)
    const fitting = all.filter(({ amount_cents }) => amount_cents === line.cents)
    const [one, ...more] = fitting.length > 0 ? fitting : all
    if (one && more.length > 0)
      return { line, verdict: 'undecided', why: `${more.length + 1} checks have this number`, payment: null }
    if (one) return { line, ...against(line, one, names.get(one.receiving_counterparty_id) ?? null) }
    return isWhole
      ? {
          line,
          verdict: 'not_issued',
          why: 'no check of this number was issued through Finexio',
          payment: null,
        }
      : { line, verdict: 'undecided', why: 'not among the payments that were read', payment: null }
  })
}
