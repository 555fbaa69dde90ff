/** Which invoices are ready to be submitted: Finexio's rules, the parties found, and no number twice. */
import { InvoiceBody, invoiceDateProblem } from '../../../schemas/invoices.ts'
import { alikeAmong, alikeWords, type InvoiceKey, invoiceIdentity, numberOf } from '../../rules/duplicates.ts'
import { problemsIn, unseenProblems, type ValueProblem } from '../call/arguments.ts'
import { dateDoubts, invoiceKey } from '../derived/batch.ts'
import type { Row } from '../derived/request.ts'
import { type Found, PARTY_FIELDS, partyKey, ROLES, type Role } from '../pasted/parties.ts'
import {
  type ByNumber,
  byNumber,
  unreadWords,
  type Waiting,
  waitingUnder,
} from '../writing/waiting-invoices.ts'
import { type InvoiceRow, type Problem, placeOf } from './invoice-rows.ts'
import type { ProblemOf } from './payable.ts'

export type Checked = {
  body: Row[]
  rows: number[]
  problems: Problem[]
  /** Rows of the body to look at once more: numbers nearly those of others, dates far ahead; in sentences. */
  doubts: string[]
  /** Of drafts that wait; null: all were read. */
  unread: string | null
}

type Finding = { id?: string; problem?: string }

const findingOf = (role: Role, given: string | null, found: ReadonlyMap<string, Found>): Finding => {
  if (given === null) return { problem: `names no ${role.toLowerCase()}` }
  return found.get(partyKey(role, given)) ?? { problem: `${role.toLowerCase()} was not looked up` }
}

/** A field whose problem is listed already is not listed again as "required". */
const ruleProblems = (invoice: Row, known: readonly Problem[], now: number): ValueProblem[] => {
  const rules = [...problemsIn(InvoiceBody, invoice), ...unseenProblems(invoice)]
  const { invoice_date: date } = invoice
  const late = typeof date === 'string' ? invoiceDateProblem(date, now) : null
  const all: ValueProblem[] = late ? [...rules, ['invoice_date', late]] : rules
  return all.filter(([field]) => !known.some((one) => one.field === field))
}

type Judged = { invoiceRow: InvoiceRow; invoice: Row; problems: Problem[] }

type Drafts = Omit<Waiting, 'sent'>

/** Where everything that is known outside the sheet comes from. */
type Known = {
  /** Parties by `partyKey`. */
  found: ReadonlyMap<string, Found>
  /** Of suppliers. */
  problemOf: ProblemOf
  /** Invoices that Finexio has. */
  submitted: readonly Row[]
  /** Invoices that wait for an approval in drafts of this server. Asked only where a row is ready otherwise. */
  waiting(): Promise<Drafts>
  /** Milliseconds since the epoch. */
  now: number
}

const judged = (invoiceRow: InvoiceRow, { found, problemOf, now }: Known): Judged => {
  const place = placeOf(invoiceRow)
  const problems = [...invoiceRow.problems]
  // What is wrong with the row that it copies is said there.
  if (invoiceRow.isCopy) return { invoiceRow, invoice: {}, problems }
  const invoice: Row = { ...invoiceRow.invoice }
  for (const role of ROLES) {
    const given = role === 'Supplier' ? invoiceRow.supplier : invoiceRow.buyer
    const { id, problem } = findingOf(role, given, found)
    if (id !== undefined) invoice[PARTY_FIELDS[role]] = id
    const against = id !== undefined && role === 'Supplier' ? problemOf(id) : (problem ?? null)
    if (against !== null && !problems.some(({ field }) => field === PARTY_FIELDS[role]))
      problems.push({ ...place, field: PARTY_FIELDS[role], problem: against })
  }
  for (const [field, problem] of ruleProblems(invoice, problems, now))
    problems.push({ ...place, field, problem })
  return { invoiceRow, invoice, problems }
}

const IDENTITY = ['originating_counterparty_id', 'receiving_counterparty_id', 'invoice_number']

/** Null while a part of it is missing. */
const keyOf = (invoice: Row): string | null =>
  IDENTITY.every((field) => typeof invoice[field] === 'string')
    ? JSON.stringify(invoiceIdentity(invoiceKey(invoice)))
    : null

const rowsByKey = (all: readonly Judged[]): Map<string, number[]> => {
  const rows = new Map<string, number[]>()
  for (const { invoiceRow, invoice } of all) {
    const key = keyOf(invoice)
    if (key !== null) rows.set(key, [...(rows.get(key) ?? []), invoiceRow.row])
  }
  return rows
}

const repeatProblem = (
  { invoiceRow, invoice }: Judged,
  rows: ReadonlyMap<string, number[]>,
  submitted: ReadonlyMap<string, Row>,
): string | null => {
  const key = keyOf(invoice)
  if (key === null) return null
  const others = rows.get(key)!.filter((row) => row !== invoiceRow.row)
  if (others.length > 0)
    return `the same number for the same buyer and supplier is also in row ${others.slice(0, 5).join(', ')}: keep one of them`
  const before = submitted.get(key)
  return before
    ? `already submitted as invoice ${before.id} (${before.status ?? 'status unknown'}): submitting it again is refused, or pays twice`
    : null
}

/** What waits for the buyer and supplier of an invoice, by number however it is written. */
const waitingFor = ({ buyer, supplier, number }: InvoiceKey, waiting: ByNumber) =>
  waitingUnder(waiting, [number], supplier).filter((one) => one.buyer === null || one.buyer === buyer)

const waitingProblem = ({ invoice }: Judged, waiting: ByNumber): string | null => {
  const key = invoiceKey(invoice)
  const draft = waitingFor(key, waiting).find((one) => numberOf(one) === numberOf(key))
  return draft
    ? `waits for an approval already (approval_id ${draft.approvalId}): submitting it again may pay twice`
    : null
}

/** Rows whose number is nearly that of what waits: that may be another bill, so that they stay ready. */
const waitingDoubts = (
  keys: readonly InvoiceKey[],
  waiting: ByNumber,
  rowName: (index: number) => string,
): string[] =>
  keys.flatMap((key, index) => {
    const [draft] = waitingFor(key, waiting)
    return draft
      ? [
          `${rowName(index)} ${JSON.stringify(key.number)} is nearly ${JSON.stringify(draft.number)}, which waits for an approval (approval_id ${draft.approvalId}): the same bill under two numbers is paid twice`,
        ]
      : []
  })

/** Invoices whose number may not be used again, by what makes them the same. */
const blocking = (submitted: readonly Row[]): Map<string, Row> =>
  new Map(
    submitted
      .filter(({ can_be_resubmitted }) => can_be_resubmitted !== true)
      .map((invoice) => [keyOf(invoice) ?? '', invoice]),
  )

const NONE_WAIT: Drafts = { invoices: [], unread: 0 }

export const check = async (invoiceRows: readonly InvoiceRow[], known: Known): Promise<Checked> => {
  const { submitted } = known
  const all = invoiceRows.map((invoiceRow) => judged(invoiceRow, known))
  const rows = rowsByKey(all)
  const blocked = blocking(submitted)
  const numberProblem = (one: Judged, problem: string | null) => {
    if (problem) one.problems.push({ ...placeOf(one.invoiceRow), field: 'invoice_number', problem })
  }
  for (const one of all) numberProblem(one, repeatProblem(one, rows, blocked))
  const ready = all.filter(({ problems }) => problems.length === 0)
  const waiting = ready.length > 0 ? await known.waiting() : NONE_WAIT
  const drafted = byNumber(waiting)
  for (const one of ready) numberProblem(one, waitingProblem(one, drafted))
  const checked: Checked = { body: [], rows: [], problems: [], doubts: [], unread: unreadWords(waiting) }
  for (const one of all) {
    checked.problems.push(...one.problems)
    if (one.problems.length > 0) continue
    checked.body.push(InvoiceBody.parse(one.invoice))
    checked.rows.push(one.invoiceRow.row)
  }
  const keys = checked.body.map(invoiceKey)
  const there = submitted.map((row) => ({ ...invoiceKey(row), id: String(row.id) }))
  const rowName = (at: number) => `row ${checked.rows[at]}`
  checked.doubts = [
    ...alikeAmong(keys, there).map((one) => alikeWords(one, keys, rowName)),
    ...waitingDoubts(keys, drafted, rowName),
    ...dateDoubts(checked.body, known.now, rowName),
  ]
  return checked
}
