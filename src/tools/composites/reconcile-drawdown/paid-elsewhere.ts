/**
 * Whether an invoice that a payment left unpaid is paid by another one: its drawdown does not tell, the invoice names its latest
 * payment, and a number that Finexio freed may have been submitted again as another invoice.
 */
import { invoices } from '../../../../schemas/invoices.ts'
import { payments } from '../../../../schemas/payments.ts'
import { oneLine } from '../../../core/text.ts'
import { timeOf } from '../../../finexio/pages.ts'
import { isPathId, type Row, toolName } from '../../derived/request.ts'
import { billOf } from '../../reading/bills.ts'
import { invoicesOf } from '../../reading/payment-life.ts'
import { paysOf } from '../../reading/payment-means.ts'
import { isWhole, readRecent, type Whole } from '../../reading/read-list.ts'
import { askForOne, type Reading } from '../../reading/reading.ts'

/** By invoice id: what pays it now, or may, in words; null: nothing does. Absent: nobody knows. */
export type Elsewhere = ReadonlyMap<unknown, string | null>

/** What is submitted again is newer than the payment that came back. */
const MOST_PAGES = 10
/** Invoices, and payments, that are read one by one. */
const MOST_SINGLY = 25

/** Whether everything submitted since a moment was read. */
const reaches = (whole: Whole, since: number | null): boolean =>
  isWhole(whole) ||
  (whole.flaw === null &&
    since !== null &&
    whole.rows.some(({ created }) => (timeOf(created) ?? Number.POSITIVE_INFINITY) < since))

const recordsOf = async (reading: Reading, ids: readonly unknown[], listed: readonly Row[]) => {
  const known = new Map(listed.map((row): [unknown, Row] => [row.id, row]))
  const missing = ids.filter((id) => isPathId(id) && !known.has(id)).slice(0, MOST_SINGLY)
  if (!reading.context.sees(toolName(invoices, 'get'))) return known
  for (const found of await Promise.all(missing.map((id) => askForOne(reading, invoices, { id }))))
    if (found) known.set(found.id, found)
  return known
}

const paymentsOf = async (reading: Reading, candidates: readonly Row[]): Promise<Map<unknown, Row>> => {
  const ids = [...new Set(candidates.map(({ payment_id }) => payment_id))].filter(isPathId)
  if (!reading.context.sees(toolName(payments, 'get'))) return new Map()
  const read = await Promise.all(ids.slice(0, MOST_SINGLY).map((id) => askForOne(reading, payments, { id })))
  return new Map(read.filter((row) => row !== null).map((row) => [row.id, row]))
}

/** What a submission of a bill means for it; null where it pays nothing. */
const wordsOf = (candidate: Row, read: ReadonlyMap<unknown, Row>): string | null => {
  const { payment_id: id } = candidate
  if (!isPathId(id))
    return `was submitted again as invoice ${oneLine(candidate.id)} (${oneLine(candidate.status ?? 'without status', 40)}), without a payment so far`
  const payment = read.get(id)
  if (!payment) return `has another payment, ${oneLine(id)}, which was not read`
  const { pays, dated } = paysOf(payment)
  const said = { paid: 'is paid by', under_way: 'is being paid by', unknown: 'may be paid by', not_paid: '' }
  return pays === 'not_paid' ? null : `${said[pays]} another payment, ${oneLine(id)}, which ${dated}`
}

type Left = { invoice: Row; payment: Row }

/** Other submissions of the bill, and the invoice itself where it names another payment. */
const candidatesOf = ({ invoice, payment }: Left, own: Row | undefined, listed: readonly Row[]): Row[] => {
  const { originating_counterparty_id, receiving_counterparty_id } = { ...payment, ...own }
  const bill = billOf({ ...invoice, originating_counterparty_id, receiving_counterparty_id })
  const since = timeOf(own?.created) ?? Number.NEGATIVE_INFINITY
  const again = listed.filter(
    (row) =>
      bill !== null &&
      row.id !== invoice.id &&
      billOf(row) === bill &&
      (timeOf(row.created) ?? since) >= since,
  )
  const isOther = isPathId(own?.payment_id) && own.payment_id !== payment.id
  return [...(own && isOther ? [own] : []), ...again]
}

const told = (of: readonly Row[], read: ReadonlyMap<unknown, Row>, own: Row | undefined, isAll: boolean) => {
  const words = of.map((row) => wordsOf(row, read)).filter((one) => one !== null)
  return words.length > 0 ? words.join(', and ') : own && isAll ? null : undefined
}

/** @param back payments of a drawdown that came back */
export const elsewhereOf = async (
  reading: Reading,
  drawdown: Row,
  back: readonly Row[],
): Promise<Elsewhere> => {
  const left = back.flatMap((payment) => invoicesOf(payment).map((invoice) => ({ invoice, payment })))
  if (left.length === 0 || !reading.context.sees(toolName(invoices, 'list'))) return new Map()
  const whole = await readRecent(reading, invoices, MOST_PAGES)
  const records = await recordsOf(
    reading,
    left.map(({ invoice }) => invoice.id),
    whole.rows,
  )
  const isAll = reaches(whole, timeOf(drawdown.created))
  const each = left.map((one) => {
    const own = records.get(one.invoice.id)
    return { one, own, of: candidatesOf(one, own, whole.rows) }
  })
  const read = await paymentsOf(
    reading,
    each.flatMap(({ of }) => of),
  )
  return new Map(
    each.flatMap(({ one, own, of }): [unknown, string | null][] => {
      const words = told(of, read, own, isAll)
      return words === undefined ? [] : [[one.invoice.id, words]]
    }),
  )
}
