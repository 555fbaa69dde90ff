/** Reads what a question is about: its list, the payments beside it where they are needed, and names where they are shown. */
import { payments } from '../../../../schemas/payments.ts'
import type { Filters } from '../../derived/list-answer.ts'
import { isPathId, type Row, toolName, wordOf } from '../../derived/request.ts'
import { resubmittedAmong } from '../../reading/bills.ts'
import { moneyOf } from '../../reading/money-state.ts'
import { isOf, type Names, partyNames } from '../../reading/parties.ts'
import { paymentLife } from '../../reading/payment-life.ts'
import { isWhole, type Resume, readWhole, type Whole } from '../../reading/read-list.ts'
import { type Reading, stopWords } from '../../reading/reading.ts'
import { Refusal } from '../../refusal.ts'
import type { UnpaidMeans } from './aging.ts'
import { isThere, paymentThen } from './as-of.ts'
import { type Around, RESOURCES, type Subject, withColumns } from './columns.ts'
import { replacedAmong, type SupplierPaid } from './flags.ts'
import { thresholdCents } from './form-1099.ts'
import { isWithin, type Period, yearOf } from './periods.ts'
import { twinsAmong } from './twins.ts'

/** What is to be read, as the arguments make it. */
export type Wanted = {
  over: Subject
  date: string
  /** From the beginning of what is compared to the end of the period; null: everything. */
  span: Period | null
  period: Period | null
  parties: Row
  /** Whether columns are used that only payments tell. */
  withPayments: boolean
  /** Whether later payments count, because they may have replaced a failed one. */
  withLater: boolean
  /** Whether names are shown or asked for. */
  withNames: boolean
  after: number
  unpaidMeans: UnpaidMeans
  ageBands: readonly number[]
  /** In cents; null: what the law says. */
  threshold: number | null
  /** The last moment of an earlier day, as which rows are shown; null: now. */
  moment: number | null
}

export type Read = {
  whole: Whole
  /** Why the reading of the list ended early; null when it did not. */
  stop: string | null
  /** The same when the payments beside it had been read. */
  stopBeside: string | null
  /** The payments beside another list; null where none were needed. */
  beside: Whole | null
  /** Rows of the parties asked for, with all their columns. */
  rows: Row[]
}

const DRAWDOWNS_SINCE = '2000-01-01'

const rangeOf = ({ from, to }: Period, field: string): Filters => ({
  [`${field}_start`]: from,
  [`${field}_end`]: `${to}T23:59:59.999999`,
})

/** Columns whose time is that of an event. */
const OF_EVENTS: ReadonlySet<string> = new Set(['printed_at', 'settled_at', 'ended_at'])

/** Finexio's own filter where it has one for the date; a payment's `updated` moves with each of its events. */
const filtersOf = ({ over, date, span, withLater }: Wanted): Filters => {
  const earliest: Filters = over === 'drawdowns' ? { created_start: DRAWDOWNS_SINCE } : {}
  if (span === null || (over !== 'payments' && over !== 'drawdowns')) return earliest
  const { created_end, ...since } = rangeOf(span, 'created')
  if (date === 'created') return withLater ? since : { ...since, created_end }
  if (over === 'drawdowns' && date === 'funding_complete_date') return rangeOf(span, 'completed')
  if (over !== 'payments' || withLater) return earliest
  if (date === 'refunded_at') return { refunded: true }
  return OF_EVENTS.has(date) ? { updated_start: span.from } : earliest
}

const hide = (over: string) =>
  new Refusal(
    `This MCP server does not show ${toolName(RESOURCES[over as Subject], 'list')}, so nothing over ${over} can be answered.`,
  ).by('not_shown')

/** Lists by whose visibility the tool is shown, and what it may read. */
export const LISTS = Object.values(RESOURCES).map((resource) => toolName(resource, 'list'))

/**
 * A composite shows nothing that its server hides. Where none of its lists is visible, its operator named it in `tools`
 * without them, and so lets it read what it needs.
 * @throws Refusal
 */
const checkVisible = ({ over, withPayments }: Wanted, { context }: Reading) => {
  if (!LISTS.some(context.sees)) return
  if (!context.sees(toolName(RESOURCES[over], 'list'))) throw hide(over)
  if (withPayments && !context.sees(toolName(payments, 'list'))) throw hide('payments')
}

const NOTHING_PAID: SupplierPaid = {
  payments_count: 0,
  amount_cents: 0,
  without_cards_cents: 0,
  last_paid_at: null,
}

/** What each supplier got in the period: settled and not refunded. */
const paidIn = (rows: readonly Row[], { period, date }: Wanted): Map<unknown, SupplierPaid> => {
  const paid = new Map<unknown, SupplierPaid>()
  const column = date === 'settled_at' ? 'settled_at' : 'created'
  for (const row of rows) {
    if (row.money !== 'stayed' || (period && !isWithin(row[column], period))) continue
    const before = paid.get(row.receiving_counterparty_id) ?? NOTHING_PAID
    const cents = typeof row.amount_cents === 'number' ? row.amount_cents : 0
    const at = String(row.created ?? '')
    paid.set(row.receiving_counterparty_id, {
      payments_count: before.payments_count + 1,
      amount_cents: before.amount_cents + cents,
      without_cards_cents: before.without_cards_cents + (row.method === 'card' ? 0 : cents),
      last_paid_at: at > (before.last_paid_at ?? '') ? at : before.last_paid_at,
    })
  }
  return paid
}

const NO_NAMES: Names = new Map()

const partyIds = (rows: readonly Row[]) =>
  rows.flatMap((row) => [row.receiving_counterparty_id, row.originating_counterparty_id])

const besideOf = (wanted: Wanted, beside: Whole | null): readonly Row[] =>
  (beside?.rows ?? []).filter(wanted.over === 'suppliers' ? isOf(wanted.parties) : () => true)

/** Those of the parties asked for; a supplier is of a buyer that paid it. */
const ofParties = ({ over, parties }: Wanted, rows: readonly Row[], beside: readonly Row[]): Row[] => {
  if (over !== 'suppliers') return rows.filter(isOf(parties))
  const { receiving_counterparty_id: supplier, originating_counterparty_id: buyer } = parties
  const paid = new Set(beside.map((row) => row.receiving_counterparty_id))
  return rows.filter(
    ({ id }) => (supplier === undefined || id === supplier) && (buyer === undefined || paid.has(id)),
  )
}

const paymentOf = (row: Row): Row => ({
  ...row,
  settled_at: paymentLife(row).settled_at,
  money: moneyOf(row),
  method: wordOf(row.payment_method),
})

const aroundOf = (
  wanted: Wanted,
  read: { rows: readonly Row[]; beside: readonly Row[]; names: Names },
  now: number,
): Around => {
  const { moment } = wanted
  const there = read.rows.filter((row) => moment === null || isThere(row, moment))
  const then = moment === null ? there : there.map((row) => paymentThen(row, moment))
  const paid = paidIn(wanted.over === 'suppliers' ? read.beside.map(paymentOf) : [], wanted)
  return {
    names: read.names,
    payments: new Map(read.beside.map((row) => [row.id, row])),
    replaced: wanted.withLater ? replacedAmong(then) : new Set(),
    resubmitted: wanted.over === 'invoices' ? resubmittedAmong(there) : new Set(),
    twins: wanted.over === 'suppliers' ? twinsAmong(read.rows) : new Set(),
    paidTo: (supplier) => paid.get(supplier) ?? NOTHING_PAID,
    year: yearOf(wanted.period),
    after: wanted.after,
    unpaidMeans: wanted.unpaidMeans,
    ageBands: wanted.ageBands,
    threshold: thresholdCents(yearOf(wanted.period), wanted.threshold),
    now: moment ?? now,
    isThen: moment !== null,
  }
}

/** @param start where an earlier call ended; null for the beginning @throws Refusal */
export const readSubject = async (reading: Reading, wanted: Wanted, start: Resume | null): Promise<Read> => {
  checkVisible(wanted, reading)
  const { context } = reading
  const whole = await readWhole(reading, RESOURCES[wanted.over], filtersOf(wanted), start)
  const stop = stopWords(reading)
  const beside = wanted.withPayments ? await readWhole(reading, payments, {}) : null
  const stopBeside = stopWords(reading)
  const besideRows = besideOf(wanted, beside)
  const own = ofParties(wanted, whole.rows, besideRows).filter(
    (row) => wanted.moment === null || isThere(row, wanted.moment),
  )
  const names = wanted.withNames ? await partyNames(reading, partyIds(own).filter(isPathId)) : NO_NAMES
  const around = aroundOf(wanted, { rows: whole.rows, beside: besideRows, names }, context.now())
  return {
    whole,
    stop,
    stopBeside,
    beside,
    rows: own.map((row) => withColumns[wanted.over](row, around)),
  }
}

/** Whether something of the payments beside the list is missing. */
export const isBesideShort = ({ beside }: Read): boolean =>
  beside !== null && (!isWhole(beside) || beside.unreadable > 0)
