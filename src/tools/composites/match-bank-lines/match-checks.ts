/** Answers what the bank presents with what was issued, check by check. */
import { payments } from '../../../../schemas/payments.ts'
import { decimalOf } from '../../../core/money.ts'
import { oneLine } from '../../../core/text.ts'
import { noted } from '../../derived/list-answer.ts'
import type { Row } from '../../derived/request.ts'
import { partyNames } from '../../reading/parties.ts'
import { paymentLife } from '../../reading/payment-life.ts'
import { isWhole, readRecent } from '../../reading/read-list.ts'
import { failIfStopped, type Reading, stopWords } from '../../reading/reading.ts'
import { counted, report, tableOf } from '../../reading/report.ts'
import type { ToolAnswer } from '../../tool.ts'
import { CHECK_VERDICTS, type CheckLine, type CheckVerdict, issuedUnder, judgeChecks } from './check-lines.ts'

const MOST_PAGES = 40

const WORDS: Readonly<Record<CheckVerdict, string>> = {
  agrees: 'agree',
  wrong_amount: 'of ANOTHER AMOUNT',
  wrong_payee: 'to ANOTHER PAYEE',
  stopped: 'STOPPED',
  not_issued: 'NOT ISSUED through Finexio',
  repeated: 'REPEATED',
  undecided: 'UNDECIDED',
}

/** A check as the answer lists it. */
const rowOf = (
  { line, verdict, why, payment }: ReturnType<typeof judgeChecks>[number],
  names: ReadonlyMap<unknown, string | null>,
): Row => ({
  line: line.line,
  check: oneLine(line.number, 40),
  payee: oneLine(line.payee),
  amount_cents: line.cents,
  amount: decimalOf(line.cents),
  verdict,
  why: oneLine(why, 200),
  issued_to: payment ? (names.get(payment.receiving_counterparty_id) ?? null) : null,
  issued_amount: payment ? decimalOf(payment.amount_cents) : null,
  cleared_at: payment ? paymentLife(payment).settled_at : null,
  payment_id: payment?.id ?? null,
})

/** @param buyer only its checks; undefined: all */
export const matchChecks = async (
  reading: Reading,
  lines: readonly CheckLine[],
  buyer: string | undefined,
): Promise<ToolAnswer> => {
  const read = await readRecent(reading, payments, MOST_PAGES)
  if (read.rows.length === 0) failIfStopped(reading)
  const own = read.rows.filter((row) => buyer === undefined || row.originating_counterparty_id === buyer)
  const issued = lines.flatMap(({ number }) => issuedUnder(number, own))
  const names = await partyNames(
    reading,
    issued.map((row) => row.receiving_counterparty_id),
  )
  const judged = judgeChecks(lines, own, names, isWhole(read) && read.unreadable === 0)
  const rows = judged.map((one) => rowOf(one, names))
  const countOf = (verdict: CheckVerdict) => judged.filter((one) => one.verdict === verdict).length
  const said = CHECK_VERDICTS.filter((verdict) => countOf(verdict) > 0).map(
    (verdict) => `${countOf(verdict)} ${WORDS[verdict]}`,
  )
  const isPartial = !isWhole(read) || stopWords(reading) !== null
  const structured = {
    undecided_count: countOf('undecided'),
    lines: rows,
    requests: reading.requests,
    is_partial_response: isPartial,
    ...noted([
      stopWords(reading),
      `Compared with ${counted(own.length, 'payment')}. Zeros in front of a number do not count. A check that cleared already must not be paid a second time.`,
    ]),
  }
  const head = `${isPartial ? 'PARTLY READ. ' : ''}Of ${counted(lines.length, 'check')} ${said.join(', ')}.`
  return report(head, [tableOf('Checks', rows)], structured, reading.context)
}
