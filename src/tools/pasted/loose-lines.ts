/** Plain lines, as they come out of a PDF or a mail, as a table of date, amount, balance and the words between them. */
import { centsOf } from './amounts.ts'
import type { CsvRecord } from './csv.ts'

const MONTH = '(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]*'
const DAY = new RegExp(
  String.raw`(?<![\w/.-])(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}([-/.])\d{1,2}\1(?:\d{4}|\d\d)|\d{1,2}[ -]${MONTH}\.?,?[ -]\d{2,4}|${MONTH}\.? \d{1,2},? \d{4})(?![\w/-])`,
  'gi',
)
/** Money to the eye: two digits of cents. */
const MONEY =
  /(?<![\w.,/#-])(?:(?:USD|US\$|\$) ?)?(?:-|\(|\u2212)?(?:(?:USD|US\$|\$) ?)?(?:\d{1,3}(?:[,.' \u00a0]\d{3})+|\d+)[.,]\d\d(?!\d)\)?-?(?: ?(?:CR|DR)\b)?(?![\w/%]|[.,]\d)/gi

const HEADINGS = ['date', 'amount', 'balance', 'description']

type Loose = { line: number; dates: string[]; amounts: string[]; words: string }

const looseOf = (text: string, line: number): Loose => {
  const dates = [...text.matchAll(DAY)].map(([found]) => found)
  const undated = text.replace(DAY, '   ')
  const amounts = [...undated.matchAll(MONEY)].map(([found]) => found.trim())
  return { line, dates, amounts, words: undated.replace(MONEY, '   ').trim() }
}

const plainCents = (text: string | undefined): number | null => {
  const read = centsOf((text ?? '').replace(/[()\u2212-]|\b(?:cr|dr)$/gi, '').trim())
  return 'value' in read ? read.value : null
}

/** Whether the second amounts of lines are what the first ones have come to: then they are balances. */
const isRunning = (lines: readonly Loose[]): boolean => {
  const pairs = lines.filter(({ amounts }) => amounts.length === 2)
  const steps = pairs.slice(1).map(({ amounts }, at) => {
    const [amount, now, before] = [amounts[0], amounts[1], pairs[at]!.amounts[1]].map(plainCents)
    return amount !== null && now !== null && before !== null && Math.abs(now! - before!) === amount
  })
  return steps.length > 0 && steps.filter(Boolean).length >= Math.max(1, Math.ceil(steps.length * 0.8))
}

/** The first day is that of the line; of two amounts the second is its balance only where all lines show it. */
export const looseCells = (
  lines: readonly string[],
): { headings: string[]; columns: Map<string, number>; records: CsvRecord[] } => {
  const all = lines.map((text, at) => looseOf(text, at + 1)).filter(({ amounts }) => amounts.length > 0)
  const hasBalances = isRunning(all)
  const records = all.map(({ line, dates, amounts, words }, before): CsvRecord => {
    const [amount = '', balance = ''] = amounts
    const isClear = amounts.length === 1 || (amounts.length === 2 && (hasBalances || amount === balance))
    // Several amounts in one cell are no amount: the line says that it is not clear.
    return {
      line,
      before,
      cells: [dates[0] ?? '', isClear ? amount : amounts.join(' / '), isClear ? balance : '', words],
    }
  })
  return { headings: HEADINGS, columns: new Map(HEADINGS.map((name, at) => [name, at])), records }
}
