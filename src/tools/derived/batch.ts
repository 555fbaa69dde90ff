/** `finexio_invoices_bulk_create`: up to 500 invoices in one request. Creating them is the instruction to pay. */
import type { Method, Resource } from '../../../schemas/define.ts'
import { invoiceDateDoubt, invoiceDateProblem } from '../../../schemas/invoices.ts'
import { canonicalId } from '../../core/ids.ts'
import { decimalOf } from '../../core/money.ts'
import { quoted } from '../../core/text.ts'
import { firstOf, plural } from '../../core/words.ts'
import { FinexioFailure } from '../../finexio/failure.ts'
import type { FinexioReply } from '../../finexio/types.ts'
import type { InvoiceKey } from '../../rules/duplicates.ts'
import type { Movement } from '../../rules/limits.ts'
import { present } from '../present/present.ts'
import { Refusal } from '../refusal.ts'
import { jsonAnswer, type ReadReply, type WritePlan } from '../tool.ts'
import {
  differencesOf,
  differenceWords,
  isNamed,
  namesAny,
  type Pair,
  paired,
  unconfirmedOf,
  without,
} from './receipt.ts'
import { type Row, readRecord, withNulls } from './request.ts'
import { madeOf, planned, writeRequest } from './write.ts'

const checkDates = (name: string, invoices: readonly Row[], now: Date) => {
  const problems = invoices.flatMap((invoice, index) => {
    const problem = invoiceDateProblem(String(invoice.invoice_date), now)
    return problem ? [`body[${index}].invoice_date: ${problem}`] : []
  })
  if (problems.length === 0) return
  const more = problems.length > 8 ? `; and ${problems.length - 8} more` : ''
  throw new Refusal(`${name}: ${problems.slice(0, 8).join('; ')}${more}.`)
}

/** What could not be read as what it should be stands as it came: it is not what was sent. */
const withUnread = (row: Row, raw: Row): Row => ({
  ...row,
  ...Object.fromEntries(Object.entries(raw).filter(([name]) => row[name] === null)),
})

const short = (invoice: Row) => withNulls(invoice, ['id', 'invoice_number', 'amount_cents'])

const countWords = (created: number, sent: number): string =>
  `Finexio accepted the batch of ${sent} but listed ${created} created invoices: look the numbers up.`

const partyId = (id: unknown): string => canonicalId(String(id))

/** One sum for each pair of buyer and supplier. */
const movementsOf = (invoices: readonly Row[]): Movement[] => {
  const sums = new Map<string, Movement>()
  for (const [position, invoice] of invoices.entries()) {
    const { originating_counterparty_id, receiving_counterparty_id, amount_cents } = invoice
    const [buyer, supplier] = [partyId(originating_counterparty_id), partyId(receiving_counterparty_id)]
    const key = JSON.stringify([buyer, supplier])
    const own = Number(amount_cents)
    const { cents, count, invoices: before = [] } = sums.get(key) ?? { cents: 0, count: 0 }
    const parts = [...before, [position, own] as const]
    sums.set(key, { buyer, supplier, cents: cents + own, count: count + 1, invoices: parts })
  }
  return [...sums.values()]
}

/** What makes an invoice the same invoice to Finexio. */
export const invoiceKey = (invoice: Row): InvoiceKey => ({
  buyer: partyId(invoice.originating_counterparty_id),
  supplier: partyId(invoice.receiving_counterparty_id),
  number: String(invoice.invoice_number),
})

const MOST_DOUBTS = 8

/**
 * Rows whose dates a person should look at, in sentences without their full stop.
 * @param now milliseconds since 1970 @param rowName how a row is called
 */
export const dateDoubts = (
  invoices: readonly Row[],
  now: number,
  rowName: (index: number) => string = (at) => `body[${at}]`,
): string[] => {
  const doubts = invoices.flatMap(({ invoice_number, invoice_date: date }, index) => {
    const doubt = typeof date === 'string' ? invoiceDateDoubt(date, now) : null
    return doubt === null ? [] : [`${rowName(index)} ${JSON.stringify(invoice_number)} ${doubt}`]
  })
  const more = doubts.length - MOST_DOUBTS
  return more > 0 ? [...doubts.slice(0, MOST_DOUBTS), `${plural(more, 'more row')} likewise`] : doubts
}

/** What Finexio answered to a batch, row by row. */
type Answered = {
  /** Rows that came, records or not. */
  count: number
  records: Row[]
  pairs: Pair[]
}

const answeredIn = (method: Method, invoices: readonly Row[], { body }: FinexioReply): Answered => {
  const raw = body === null ? [] : [body].flat()
  const read = raw.flatMap((one) => {
    const record = readRecord(method, one)
    return record ? [{ record, came: present(withUnread(record, one as Row)) }] : []
  })
  const came = read.map((row) => row.came)
  return {
    count: raw.length,
    records: read.map(({ record }) => record),
    pairs: paired(invoices, came),
  }
}

const noneOf = (count: number): string =>
  count === 1
    ? 'did not name the invoice that was'
    : `named none of the ${plural(count, 'invoice')} that were`

const MOST_OTHERS = 5

/** Whose numbers it named instead. */
const othersIn = (records: readonly Row[]): string => {
  const numbers = records.flatMap(({ invoice_number: number }) =>
    typeof number === 'string' && number.trim() !== '' ? [quoted(number)] : [],
  )
  return numbers.length > 0 ? `; it named ${firstOf(numbers, MOST_OTHERS)} instead` : ''
}

/** An answer without a body accepts all. One that says something, and not of these, leaves nobody knowing what became of them. */
const checkNamed = (invoices: readonly Row[], reply: FinexioReply, { pairs, records }: Answered): void => {
  if (reply.body === null || namesAny(pairs)) return
  throw new FinexioFailure({
    kind: 'outcome_unknown',
    status: reply.status,
    message: `Finexio answered with success and ${noneOf(invoices.length)} sent${othersIn(records)}`,
    rate: reply.rate,
    sent: true,
  })
}

const receiptOf = (invoices: readonly Row[], { count, records, pairs }: Answered) => {
  const result = records.map((record) => short(present(record)))
  const differences = differencesOf(pairs)
  const differs = [
    ...(differences.length > 0 ? [differenceWords(differences)] : []),
    ...(count > 0 && result.length !== invoices.length ? [countWords(result.length, invoices.length)] : []),
  ]
  const cents = invoices.reduce((sum, { amount_cents }) => sum + Number(amount_cents), 0)
  return {
    outcome: differs.length > 0 ? 'differs' : 'succeeded',
    ...(differs.length > 0 && { differs: differs.join(' ') }),
    ...(differences.length > 0 && { differences }),
    result,
    result_count: result.length,
    total_cents: cents,
    total: decimalOf(cents),
  }
}

const readBatch = (
  resource: Resource,
  method: Method,
  invoices: readonly Row[],
  reply: FinexioReply,
): ReadReply => {
  const answered = answeredIn(method, invoices, reply)
  checkNamed(invoices, reply, answered)
  return {
    answer: jsonAnswer(receiptOf(invoices, answered)),
    // An answer may leave out by what an invoice is told from others: what was sent stands in for it.
    made: madeOf(
      resource,
      answered.pairs.filter(isNamed).map(({ sent, answered: came }) => ({ ...sent, ...without(came) })),
    ),
    unconfirmed: reply.body === null ? [] : unconfirmedOf(invoices.length, answered.pairs),
    unapplied: [],
  }
}

/** @throws Refusal before anything is sent, with the problems of each row */
export const planBatch =
  (resource: Resource, name: string, method: Method) =>
  (args: Row, now: number): WritePlan => {
    const request = writeRequest(name, method, args)
    const invoices = request.body as Row[]
    checkDates(name, invoices, new Date(now))
    const plan = planned(resource, method, request, args)
    const largest = Math.max(...invoices.map(({ amount_cents }) => Number(amount_cents)))
    return {
      ...plan,
      facts: { ...plan.facts, movements: movementsOf(invoices), largest },
      invoices: invoices.map(invoiceKey),
      doubts: dateDoubts(invoices, now),
      read: (reply) => readBatch(resource, method, invoices, reply),
    }
  }
