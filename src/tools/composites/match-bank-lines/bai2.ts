/** Reads BAI2 (Cash Management Balance Reporting Specifications, version 2): accounts, their days and their transactions. Pure. */
import { Refusal } from '../../refusal.ts'

export type BaiLine = {
  line: number
  /** Of the transaction's type code: 100 to 399 are credits, 400 to 699 debits; null for any other. */
  direction: 'out' | 'in' | null
  cents: number | null
  date: string | null
  /** Last four characters of the account. */
  account: string | null
  text: string
}

type Record = { line: number; code: string; fields: string[]; rest: string }

/** 88 continues the record before it; a slash ends a record whose last field is not free text. */
const recordsIn = (source: string): Record[] => {
  const records: Record[] = []
  for (const [at, raw] of source.split(/\r\n|\r|\n/).entries()) {
    const text = raw.trim().replace(/\/$/, '')
    if (text === '') continue
    const [code = '', ...fields] = text.split(',')
    const last = records.at(-1)
    if (code === '88' && last) last.rest += `,${fields.join(',')}`
    else records.push({ line: at + 1, code, fields, rest: fields.join(',') })
  }
  return records
}

export const isBai = (source: string): boolean =>
  /^\s*01,[^\n]*,2\/?\s*$/m.test(source) && /^\s*16,/m.test(source)

/** How many fields a funds type takes behind itself (availability by day). */
const fundsFields = (fields: readonly string[]): number => {
  const type = fields[2]?.toUpperCase()
  if (type === 'V') return 2
  if (type === 'S') return 3
  return type === 'D' ? 1 + 2 * Number(fields[3] ?? 0) : 0
}

const dayOf = (text: string | undefined): string | null => {
  const [, year, month, day] = /^(\d\d)(\d\d)(\d\d)$/.exec(text ?? '') ?? []
  const date = `20${year}-${month}-${day}`
  return year !== undefined && !Number.isNaN(Date.parse(`${date}T00:00:00Z`)) ? date : null
}

const directionOf = (code: number): BaiLine['direction'] =>
  code >= 100 && code <= 399 ? 'in' : code >= 400 && code <= 699 ? 'out' : null

const transactionOf = ({ line, rest }: Record, date: string | null, account: string | null): BaiLine => {
  const fields = rest.split(',')
  const behind = 3 + fundsFields(fields)
  const amount = fields[1] ?? ''
  return {
    line,
    direction: directionOf(Number(fields[0])),
    cents: /^\d{1,13}$/.test(amount) ? Number(amount) : null,
    date,
    account,
    text: fields.slice(behind).join(' ').trim(),
  }
}

/** @throws Refusal when an account is not in US dollars */
export const readBai = (source: string): BaiLine[] => {
  const lines: BaiLine[] = []
  let date: string | null = null
  let group = 'USD'
  let account: string | null = null
  for (const record of recordsIn(source)) {
    const { code, fields } = record
    if (code === '02') {
      date = dayOf(fields[3])
      group = fields[5]?.trim() || 'USD'
    }
    if (code === '03') {
      const currency = fields[1]?.trim() || group
      if (currency.toUpperCase() !== 'USD')
        throw new Refusal(
          `lines: line ${record.line}: the account is in ${currency.slice(0, 10)}; Finexio pays in US dollars only.`,
        )
      account = fields[0]?.trim().slice(-4) || null
    }
    if (code === '16') lines.push(transactionOf(record, date, account))
  }
  return lines
}
