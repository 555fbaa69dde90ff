/** Lines of a bank statement, pasted as text, as CSV or as a BAI2 file. Pure. */
import { type Form, type PastedRow, readPasted } from '../../pasted/pasted-rows.ts'
import { isTotalWord } from '../../pasted/totals.ts'
import { Refusal } from '../../refusal.ts'
import { isBai, readBai } from './bai2.ts'

const MOST_LINES = 500

export type BankLine = {
  /** Of the text, from 1. */
  line: number
  /** `YYYY-MM-DD`; null where it cannot be read. */
  date: string | null
  /** Never below zero; null where it cannot be read. */
  cents: number | null
  /** Out of the account or into it; null where the statement does not say. */
  direction: 'out' | 'in' | null
  /** Whether only a sign says so, which some banks turn round. */
  isBySign: boolean
  /** Everything else on the line, in which references stand. */
  text: string
  /** Last four characters of the account. */
  account: string | null
  problem: string | null
}

const FORM: Form = {
  dictionary: {
    date: 'date,posting date,posted date,post date,transaction date,trans date,value date,effective date,booking date,as of date',
    amount: 'amount,transaction amount,amt,net amount',
    debit: 'debit,debits,debit amount,withdrawal,withdrawals,money out,paid out,payments,withdrawal amount',
    credit: 'credit,credits,credit amount,deposit,deposits,money in,paid in,receipts,deposit amount',
    description: 'description,transaction description,details,narrative,memo,payee,name,particulars',
    reference:
      'reference,bank reference,reference number,reference no,ref,trace,trace number,trace no,transaction id,check number',
    more: 'customer reference,customer ref,extended description,additional information,text,addenda',
    account: 'account,account number,account no,acct,account last four',
    type: 'type,transaction type,dr cr,cr dr,debit credit,credit debit,direction,bai code,code',
    balance: 'balance,running balance,ledger balance',
  },
  amounts: ['amount', 'debit', 'credit'],
  dates: ['date'],
  most: MOST_LINES,
}

const SAID: readonly (readonly [RegExp, BankLine['direction']])[] = [
  [/^(?:d|dr|debit|withdrawal|ach debit|debits?|out)$/i, 'out'],
  [/^(?:c|cr|credit|deposit|ach credit|credits?|in)$/i, 'in'],
]

type Direction = Pick<BankLine, 'direction' | 'isBySign'>
const said = (direction: BankLine['direction'], isBySign = false): Direction => ({ direction, isBySign })

/** @param hasMinus whether the statement marks what goes out */
const directionOf = ({ amounts, text }: PastedRow, hasMinus: boolean): Direction => {
  const { amount, debit, credit } = amounts
  if ((debit?.cents ?? 0) > 0) return said('out')
  if ((credit?.cents ?? 0) > 0) return said('in')
  const type = (text.type ?? '').replace(/[_-]+/g, ' ')
  const told = SAID.find(([pattern]) => pattern.test(type))?.[1]
  if (told) return said(told)
  if (amount === undefined) return said(null)
  if (amount.word !== null) return said(amount.word === 'dr' ? 'out' : 'in')
  if (amount.isMinus) return said('out', true)
  return said(hasMinus ? 'in' : null, true)
}

const bankLine = (row: PastedRow, hasMinus: boolean): BankLine => {
  const { amounts, text, dates, line, problem } = row
  const found = [amounts.debit, amounts.credit, amounts.amount].filter((one) => one !== undefined)
  const cents = (found.find((one) => one.cents > 0) ?? found[0])?.cents ?? null
  const words = [text.description, text.reference, text.more, text.type]
  const account = (text.account ?? '').replace(/[^0-9a-z]/gi, '').slice(-4)
  return {
    line,
    date: dates.date ?? null,
    cents,
    ...directionOf(row, hasMinus),
    text: words.filter(Boolean).join(' '),
    account: account.length === 4 ? account : null,
    problem: problem ?? (cents === null ? 'has no amount' : null),
  }
}

/** A line of a table with a day and a description has lost its amount: it is said, not left out. */
const isNamedAlone = ({ date, description }: PastedRow['text']): boolean =>
  /\d/.test(date ?? '') && (description ?? '') !== ''

const fromPasted = (source: string): { lines: BankLine[]; notes: string[] } => {
  const { rows, notes } = readPasted(source, 'lines', FORM)
  const real = rows.filter(
    ({ text, amounts, problem }) =>
      ![text.description, text.date].some((cell) => isTotalWord(cell ?? '')) &&
      (Object.keys(amounts).length > 0 || problem !== null || isNamedAlone(text)),
  )
  const hasMinus = real.some(({ amounts }) => amounts.amount?.isMinus)
  return { lines: real.map((row) => bankLine(row, hasMinus)), notes }
}

/** @throws Refusal when it holds no lines, too many, or none with a date */
export const readBankLines = (source: string): { lines: BankLine[]; notes: string[] } => {
  const read = isBai(source)
    ? {
        lines: readBai(source).map((line) => ({
          ...line,
          isBySign: false,
          problem: line.cents === null ? 'has no amount' : null,
        })),
        notes: ['Read as BAI2.'],
      }
    : fromPasted(source)
  if (read.lines.length > MOST_LINES)
    throw new Refusal(`lines: more than ${MOST_LINES} lines. Give them in parts.`)
  if (!read.lines.some(({ date }) => date !== null))
    throw new Refusal(
      'lines: no line has a date with its year, such as 2026-11-23: drawdowns are read by date.',
    )
  return read
}
