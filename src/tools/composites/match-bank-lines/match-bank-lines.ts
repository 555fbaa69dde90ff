/** `match_finexio_bank_lines`: which drawdown, return or refund each line of a bank statement is. */
import * as z from 'zod'
import { drawdowns } from '../../../../schemas/drawdowns.ts'
import { id } from '../../../../schemas/fields.ts'
import { pasted } from '../../../../schemas/meaning.ts'
import { payments } from '../../../../schemas/payments.ts'
import { decimalOf } from '../../../core/money.ts'
import { oneLine } from '../../../core/text.ts'
import { DAY_MS } from '../../../core/time.ts'
import { noted } from '../../derived/list-answer.ts'
import { type Row, toolName } from '../../derived/request.ts'
import { firstRows } from '../../present/present.ts'
import { stampOf } from '../../reading/range.ts'
import { isWhole, readRecent } from '../../reading/read-list.ts'
import { failIfStopped, newReading, type Reading, stopWords } from '../../reading/reading.ts'
import { counted, report, reported, rows, tableOf } from '../../reading/report.ts'
import { defineTool, type ToolAnswer, type ToolContext } from '../../tool.ts'
import { isBai } from './bai2.ts'
import { type Drawdown, drawdownOf, type Known, type Matched, refundOf, type Verdict } from './bank-facts.ts'
import { type BankLine, readBankLines } from './bank-lines.ts'
import { readChecks } from './check-lines.ts'
import { matchChecks } from './match-checks.ts'
import { matchLines } from './match-lines.ts'

const MOST_REQUESTS = 60
const MOST_PAGES = 25
const MOST_LETTERS = 400_000
const MOST_BYTES = 70_000
const MOST_MISSING = 20
/** A drawdown is created some days before its debit; what comes back comes later. */
const DAYS = { before: 14, after: 3 }

const input = z.object({
  lines: pasted(z.string().max(MOST_LETTERS)).describe('As pasted: text, CSV or BAI2.'),
  originating_counterparty_id: id.optional().describe('Only this buyer.'),
})
type Args = z.infer<typeof input>

type Days = { first: number; last: number }

const daysOf = (lines: readonly BankLine[]): Days => {
  const days = lines.flatMap(({ date }) => (date === null ? [] : [Date.parse(`${date}T00:00:00Z`)]))
  return { first: Math.min(...days), last: Math.max(...days) }
}

const readKnown = async (
  reading: Reading,
  { first, last }: Days,
  args: Args,
  comesBack: boolean,
): Promise<Known> => {
  const { originating_counterparty_id: buyer } = args
  const start = stampOf(first - DAYS.before * DAY_MS)
  const drawn = await readRecent(reading, drawdowns, MOST_PAGES, {
    created_start: start,
    created_end: stampOf(last + DAYS.after * DAY_MS),
    ...(buyer !== undefined && { originating_counterparty_id: buyer }),
  })
  const refunded = comesBack
    ? await readRecent(reading, payments, MOST_PAGES, { refunded: true, updated_start: start })
    : null
  const mine = (row: Row) => buyer === undefined || row.originating_counterparty_id === buyer
  return {
    drawdowns: drawn.rows.filter(mine).map(drawdownOf),
    refunds: (refunded?.rows ?? []).filter(mine).map(refundOf),
    isWhole: isWhole(drawn) && (refunded === null || isWhole(refunded)),
  }
}

const DECIDED: readonly Verdict[] = [
  'drawdown',
  'part',
  'return',
  'refund',
  'repeated',
  'amount_differs',
  'none',
]

const rowOf = ({ line, verdict, ids, why, candidates }: Matched): Row => ({
  line: line.line,
  date: line.date,
  amount_cents: line.cents,
  amount: decimalOf(line.cents),
  direction: line.direction,
  verdict,
  ids: ids.map((one) => oneLine(one)),
  why: oneLine(why, 200),
  candidates: candidates.map((one) => `${oneLine(one.id)}: ${oneLine(one.why)}`),
})

/** Drawdowns of these days that no line is, and none may be. */
const missingOf = (known: Known, matched: readonly Matched[], { first, last }: Days): Drawdown[] => {
  const found = new Set(
    matched.flatMap(({ ids, candidates }) => [...ids, ...candidates.map((one) => one.id)]),
  )
  return known.drawdowns.filter(
    ({ id: drawdown, at, status }) =>
      !found.has(drawdown) && status === 'received' && at !== null && at >= first && at < last + DAY_MS,
  )
}

const WORDS: readonly (readonly [Verdict, one: string, several: string])[] = [
  ['drawdown', 'matches a drawdown', 'match drawdowns'],
  ['part', 'matches part of one', 'match parts of one'],
  ['return', 'matches a return', 'match returns'],
  ['refund', 'matches a refund', 'match refunds'],
  ['repeated', 'is repeated', 'are repeated'],
  ['amount_differs', 'names a drawdown of ANOTHER AMOUNT', 'name a drawdown of ANOTHER AMOUNT'],
  ['none', 'is not of Finexio', 'are not of Finexio'],
]

const headOf = (matched: readonly Matched[], missing: number, isPartial: boolean): string => {
  const open = matched.filter(({ verdict }) => !DECIDED.includes(verdict)).length
  const said = WORDS.flatMap(([verdict, one, several]) => {
    const count = matched.filter((line) => line.verdict === verdict).length
    return count === 0 ? [] : [`${count} ${count === 1 ? one : several}`]
  })
  return `${isPartial ? 'PARTLY READ. ' : ''}Of ${counted(matched.length, 'bank line')} ${[...said, `${open} ${open === 1 ? 'is' : 'are'} UNDECIDED`].join(', ')}. ${counted(missing, 'received drawdown')} of these days ${missing === 1 ? 'has' : 'have'} no line.`
}

const missingRow = ({ id, cents, trace }: ReturnType<typeof missingOf>[number]): Row => ({
  id,
  amount_cents: cents,
  amount: decimalOf(cents),
  trace_id: trace,
})

const run = async (args: Args, context: ToolContext): Promise<ToolAnswer> => {
  const reading = newReading(context, MOST_REQUESTS)
  const checks = isBai(args.lines) ? null : readChecks(args.lines)
  if (checks) return matchChecks(reading, checks, args.originating_counterparty_id)
  const { lines, notes } = readBankLines(args.lines)
  const days = daysOf(lines)
  const known = await readKnown(
    reading,
    days,
    args,
    lines.some(({ direction }) => direction !== 'out'),
  )
  if (known.drawdowns.length === 0) failIfStopped(reading)
  const matched = matchLines(lines, known)
  const missing = missingOf(known, matched, days)
  const all = matched.map(rowOf)
  const shown = firstRows(all, MOST_BYTES)
  const left = missing.slice(0, MOST_MISSING).map(missingRow)
  const isPartial = !known.isWhole || stopWords(reading) !== null
  const structured = {
    undecided_count: matched.filter(({ verdict }) => !DECIDED.includes(verdict)).length,
    lines: shown,
    drawdowns_without_line: left,
    drawdowns_without_line_count: missing.length,
    requests: reading.requests,
    is_partial_response: isPartial,
    ...noted([
      stopWords(reading),
      `Compared with ${counted(known.drawdowns.length, 'drawdown')} and ${counted(known.refunds.length, 'refund')}.`,
      ...notes,
      shown.length < all.length &&
        `${shown.length} of ${all.length} lines are listed: give the rest by itself.`,
      missing.length > left.length &&
        `${left.length} of ${missing.length} drawdowns without a line are listed.`,
    ]),
  }
  const tables = [tableOf('Lines', shown), tableOf('Drawdowns without a line', left)]
  return report(headOf(matched, missing.length, isPartial), tables, structured, context)
}

export const matchBankLines = defineTool({
  name: 'match_finexio_bank_lines',
  title: 'Match bank lines',
  description:
    'Matches the lines of a pasted statement of a bank with drawdowns, returns and refunds, by trace or amount and day; what only may fit is a candidate. Positive pay: checks by number, payee, amount, without dates.',
  resource: 'drawdowns',
  method: 'match',
  effect: 'read',
  needs: [toolName(drawdowns, 'list'), toolName(payments, 'list')],
  input,
  output: reported({ undecided_count: z.int(), lines: rows }),
  run,
})
