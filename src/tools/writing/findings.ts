/** What Finexio has of those whom a draft would pay or change, read within bounds when somebody looks at it. Nothing that fails here keeps anybody from deciding. */
import { counterparties } from '../../../schemas/counterparties.ts'
import { invoices } from '../../../schemas/invoices.ts'
import { payments } from '../../../schemas/payments.ts'
import { suppliers } from '../../../schemas/suppliers.ts'
import { canonicalId } from '../../core/ids.ts'
import { isObject } from '../../core/json.ts'
import { decimalOf } from '../../core/money.ts'
import { oneLine } from '../../core/text.ts'
import { grouped, listed, plural } from '../../core/words.ts'
import { timeOf } from '../../finexio/pages.ts'
import type { Drafted, PastInvoice, PastPayment, Unusual, Usual } from '../../rules/payees/unusual.ts'
import { unusualAbout, usualOf } from '../../rules/payees/unusual.ts'
import type { DraftSummary } from '../../rules/write-contract.ts'
import { withDeadline } from '../call/deadline.ts'
import { isPathId, type Row } from '../derived/request.ts'
import { moneyOf } from '../reading/money-state.ts'
import { isWhole, readRecent, type Whole } from '../reading/read-list.ts'
import { askForOne, newReading, type Reading, stopWords } from '../reading/reading.ts'
import { TOOL_TIME_MS, type ToolContext } from '../tool.ts'
import type { DraftPage } from './writes.ts'

const MOST_REQUESTS = 20
/** Finexio's lists cannot be asked for one payee: so many of the newest pages are read. */
const PAYMENT_PAGES = 6
const OPEN_PAGES = 1
const INVOICE_PAGES = 3
const MOST_NAMES = 4
const MOST_RECORDS = 5
/** Whoever opens a page does not wait longer for it. */
const LOOK_MS = 10_000
/** Those who would get most come first. */
const MOST_PAYEES = 30
const MOST_SHOWN = 5
const OPEN = ['pending', 'in-progress'] as const

export type ShownPayment = {
  id: string
  created: string | null
  amount_cents: number | null
  amount: string | null
  status: string
  money: PastPayment['money']
}

export type PayeeFindings = {
  id: string
  /** The last of them, newest first; null: they could not be read. */
  payments: ShownPayment[] | null
  open: { count: number; cents: number; total: string | null; payments: ShownPayment[] } | null
  usual: (Usual & { median: string | null; largest: string | null }) | null
  unusual: Unusual[]
}

export type Findings = {
  /** When Finexio was asked, an ISO time. */
  read_at: string
  /** How far was read, in a sentence. */
  reach: string
  /** Why something is missing, in a sentence; null: nothing is. */
  could_not: string | null
  payees: PayeeFindings[]
  /** Payees of whom nothing is said here. */
  more_payees: number
  /** Of parties whom the draft itself does not name, by id. */
  names: Record<string, string>
}

/** What the findings are about. */
type Looked = {
  summary: DraftSummary
  page: Pick<DraftPage, 'would_send' | 'names'>
  /** When it was asked for, in milliseconds since the epoch. */
  askedAt: number
}

const rowsOf = ({ page }: Looked): Row[] => [page.would_send.body ?? []].flat().filter(isObject)

const ofPayee =
  (id: string) =>
  ({ receiving_counterparty_id }: Row): boolean =>
    canonicalId(String(receiving_counterparty_id ?? '')) === canonicalId(id)

const centsIn = ({ amount_cents }: Row): number | null =>
  Number.isSafeInteger(amount_cents) ? (amount_cents as number) : null

const wordIn = (value: unknown): string => oneLine(typeof value === 'string' ? value : '', 40)

const paymentOf = (row: Row): PastPayment => ({
  ...{ at: timeOf(row.created), cents: centsIn(row), status: wordIn(row.status), money: moneyOf(row) },
})

const invoiceOf = (row: Row): PastInvoice => ({
  ...{ number: String(row.invoice_number ?? ''), cents: centsIn(row), at: timeOf(row.created) },
  status: wordIn(row.status),
})

const shownPayment = (row: Row): ShownPayment => {
  const { at, cents, status, money } = paymentOf(row)
  return {
    ...{ id: wordIn(row.id), created: at === null ? null : new Date(at).toISOString() },
    ...{ amount_cents: cents, amount: decimalOf(cents), status, money },
  }
}

const newestFirst = (rows: readonly Row[]): Row[] =>
  [...rows].sort((a, b) => (timeOf(b.created) ?? 0) - (timeOf(a.created) ?? 0))

/** What was read; null: nothing of it. */
type Read = {
  payments: Whole | null
  open: Row[] | null
  invoices: Whole | null
  names: Record<string, string>
  /** Of those that would be paid, by id, as far as they were read. */
  records: ReadonlyMap<string, Row>
}

/** A list that failed at its first page is no list. */
const readable = (list: Whole): Whole | null => (list.rows.length > 0 || isWhole(list) ? list : null)

/** All payments hold the open ones too; else those are asked for by their status. */
const openAmong = async (reading: Reading, all: Whole | null): Promise<Row[] | null> => {
  const isOpen = ({ status }: Row) => OPEN.some((open) => open === status)
  if (all && isWhole(all)) return all.rows.filter(isOpen)
  const lists = await Promise.all(OPEN.map((status) => readRecent(reading, payments, OPEN_PAGES, { status })))
  // Of a longer list the newest are shown, and it is said that they are not all.
  return lists.every((list) => readable(list) !== null) ? lists.flatMap(({ rows }) => rows) : null
}

const PARTIES = ['receiving_counterparty_id', 'originating_counterparty_id'] as const

/** Parties of the request that it does not name. */
const unnamed = (looked: Looked): string[] => {
  const { summary, page } = looked
  const ids = [
    ...summary.suppliers.map(({ id }) => id),
    ...(summary.target === null ? [] : [summary.target]),
    ...rowsOf(looked).flatMap((row) => PARTIES.map((name) => row[name])),
  ]
  return [...new Set(ids.filter(isPathId))]
    .filter((id) => !Object.hasOwn(page.names, id))
    .slice(0, MOST_NAMES)
}

const namesOf = async (reading: Reading, looked: Looked): Promise<Record<string, string>> => {
  const found = await Promise.all(
    unnamed(looked).map(async (id) => [id, await askForOne(reading, counterparties, { id })] as const),
  )
  return Object.fromEntries(
    found.flatMap(([id, row]) =>
      typeof row?.name === 'string' && row.name !== '' ? [[id, oneLine(row.name)]] : [],
    ),
  )
}

const payeesIn = ({ suppliers, target }: DraftSummary): string[] =>
  suppliers.length > 0
    ? [...suppliers].sort((a, b) => b.cents - a.cents).map(({ id }) => id)
    : target === null
      ? []
      : [target]

/** How those that would get most are now: they may be disabled, or paid in another way, since this was asked for. */
const recordsOf = async (reading: Reading, { summary }: Looked): Promise<Map<string, Row>> => {
  const ids = summary.suppliers.length === 0 ? [] : payeesIn(summary).filter(isPathId).slice(0, MOST_RECORDS)
  const found = await Promise.all(
    ids.map(async (id) => [id, await askForOne(reading, suppliers, { id })] as const),
  )
  return new Map(found.filter((one): one is readonly [string, Row] => one[1] !== null))
}

const readAll = async (reading: Reading, looked: Looked): Promise<Read> => {
  const paid = readable(await readRecent(reading, payments, PAYMENT_PAGES))
  const pays = looked.summary.suppliers.length > 0
  const [open, billed, names, records] = await Promise.all([
    openAmong(reading, paid),
    pays ? readRecent(reading, invoices, INVOICE_PAGES).then(readable) : null,
    namesOf(reading, looked),
    recordsOf(reading, looked),
  ])
  return { payments: paid, open, invoices: billed, names, records }
}

const NOTHING: Read = { payments: null, open: null, invoices: null, names: {}, records: new Map() }

const listWords = (list: Whole | null, noun: string): string => {
  if (!list) return `no ${noun}s`
  if (isWhole(list)) return `all ${grouped(list.rows.length)} ${noun}s`
  const last = newestFirst(list.rows).at(-1)
  const back = timeOf(last?.created)
  const of = list.count === null ? '' : ` of ${grouped(list.count)}`
  return `the newest ${grouped(list.rows.length)}${of} ${noun}s${back === null ? '' : ` (back to ${new Date(back).toISOString().slice(0, 16)}Z)`}`
}

const draftedOf = (looked: Looked, id: string): Drafted => {
  const supplier = looked.summary.suppliers.find((one) => one.id === id)
  const own = supplier ? rowsOf(looked).filter(ofPayee(id)) : []
  return {
    cents: supplier?.cents ?? 0,
    invoices: own.map((row) => ({ number: String(row.invoice_number ?? ''), cents: centsIn(row) })),
    firstPayment: supplier?.first_payment ?? null,
    changedAt: timeOf(supplier?.changed_at),
    askedAt: looked.askedAt,
  }
}

const recordIn = ({ records }: Read, id: string) => {
  const row = records.get(id)
  return row ? { enabled: row.enabled !== false, updatedAt: timeOf(row.updated) } : null
}

const payeeFindings = (looked: Looked, read: Read, id: string, now: number): PayeeFindings => {
  const own = (rows: readonly Row[]) => newestFirst(rows.filter(ofPayee(id)))
  const [paid, open] = [read.payments && own(read.payments.rows), read.open && own(read.open)]
  const past = {
    payments: paid && { rows: paid.map(paymentOf), whole: isWhole(read.payments!) },
    open: open?.map(paymentOf) ?? null,
    invoices: read.invoices && own(read.invoices.rows).map(invoiceOf),
    record: recordIn(read, id),
  }
  const usual = usualOf(past)
  const cents = (open ?? []).reduce((sum, row) => sum + (centsIn(row) ?? 0), 0)
  return {
    id,
    payments: paid?.slice(0, MOST_SHOWN).map(shownPayment) ?? null,
    open: open && {
      ...{ count: open.length, cents, total: decimalOf(cents) },
      payments: open.slice(0, MOST_SHOWN).map(shownPayment),
    },
    usual: usual && {
      ...usual,
      median: decimalOf(usual.median_cents),
      largest: decimalOf(usual.largest_cents),
    },
    unusual: unusualAbout(draftedOf(looked, id), past, now),
  }
}

const findingsOf = (
  looked: Looked,
  read: Read,
  words: Pick<Findings, 'reach' | 'could_not'>,
  now: number,
): Findings => {
  const ids = payeesIn(looked.summary)
  return {
    read_at: new Date(now).toISOString(),
    ...words,
    payees: ids.slice(0, MOST_PAYEES).map((id) => payeeFindings(looked, read, id, now)),
    more_payees: Math.max(0, ids.length - MOST_PAYEES),
    names: read.names,
  }
}

/** What the draft itself knows, where Finexio could not be asked. @param why in a sentence */
export const unreadFindings = (looked: Looked, why: string, now: number): Findings =>
  findingsOf(looked, NOTHING, { reach: 'Nothing was read at Finexio.', could_not: why }, now)

/** A call may take this long; a page gets the end of that time. */
const inTime = (context: ToolContext): ToolContext => {
  const startedAt = context.now() - (TOOL_TIME_MS - LOOK_MS)
  return {
    ...context,
    finexio: withDeadline(context.finexio, { startedAt, writes: false, now: context.now }),
  }
}

/** Asks Finexio once, within bounds; what fails is said. */
export const readFindings = async (looked: Looked, context: ToolContext): Promise<Findings> => {
  const reading = newReading(inTime(context), MOST_REQUESTS, true)
  const read = await readAll(reading, looked)
  const lists = [
    listWords(read.payments, 'payment'),
    ...(read.invoices ? [listWords(read.invoices, 'invoice')] : []),
  ]
  const { size } = read.records
  if (size > 0) lists.push(`${plural(size, 'supplier record')}`)
  const could_not = reading.stopped === 'bound' ? null : stopWords(reading)
  return findingsOf(looked, read, { reach: `Read ${listed(lists)}.`, could_not }, context.now())
}
