/** What is looked up before a write is claimed: whether its invoices are there already, and who would be paid. */

import { invoices } from '../../../../schemas/invoices.ts'
import { plainTime } from '../../../core/text.ts'
import { firstOf, plural } from '../../../core/words.ts'
import { FinexioFailure } from '../../../finexio/failure.ts'
import {
  alikeAmong,
  alikeWords,
  duplicateDecisions,
  type InvoiceKey,
  type Looked,
  numberOf,
  type RowDecision,
  type Seen,
} from '../../../rules/duplicates.ts'
import { type PayeeFacts, payeeConcerns } from '../../../rules/payees/concerns.ts'
import type { WriteSettings } from '../../../rules/server-settings.ts'
import type { ClaimRequest } from '../../../rules/write-contract.ts'
import { invoiceKey } from '../../derived/batch.ts'
import { readNewest } from '../../derived/list.ts'
import { flawWords } from '../../derived/list-answer.ts'
import { type Row, wordOf } from '../../derived/request.ts'
import { isAll, type Walked } from '../../derived/walk.ts'
import { present } from '../../present/present.ts'
import { throughDrawdowns } from '../../reading/invoices-in-drawdowns.ts'
import { askForOne, failIfStopped, newReading, type Reading, UNREADABLE_ROWS } from '../../reading/reading.ts'
import { STOPPED } from '../../reading/tally.ts'
import { Refusal } from '../../refusal.ts'
import type { ToolContext, WritePlan } from '../../tool.ts'
import { type KnownPayee, type PayeesRead, readPayees } from './payees.ts'
import { rowWords } from './row-words.ts'
import { verifyPayees } from './vouching.ts'

// Whether the invoices of a batch are there already. Finexio cannot be asked for an invoice number: the newest invoices are
// read, and a few numbers are looked for in drawdowns one by one. A request that fails ends the call before anything is submitted.

/** Newest pages that are read in addition where invoice numbers are looked up one by one. */
const FEW_PAGES = 6
/** A number costs two requests and more where a drawdown holds it. */
const REQUESTS_PER_NUMBER = 3
const ROWS_PER_PAGE = 100

type Look = Looked & {
  /** Suppliers of which an invoice with a payment was seen. */
  paid: ReadonlySet<string>
  /** What was searched, in a sentence. */
  words: string
  /** Why Finexio's own answers leave open what is there; null where only the bound does, or nothing. */
  flaw: string | null
}

const seenOf = (row: Row): Seen => ({
  ...invoiceKey(row),
  id: String(row.id),
  status: typeof row.status === 'string' ? row.status : null,
  can_be_resubmitted: row.can_be_resubmitted === true,
})

/** A payment that failed or was stopped proves nothing about whom it would have reached. */
const isPaid = ({ payment_id, status }: Row) =>
  typeof payment_id === 'string' && payment_id !== '' && !STOPPED.has(wordOf(status))

/** Throws what ended the walk: after a failing step none follows, the batch least of all. */
const newest = async (pages: number, context: ToolContext): Promise<Walked> => {
  const bounds = { limit: pages * ROWS_PER_PAGE, mostPages: pages, startedAt: context.now() }
  const walked = await readNewest(invoices, {}, bounds, context)
  if (walked.stopped instanceof FinexioFailure) throw walked.stopped
  return walked
}

/** A drawdown tells of an invoice, but not whether its number is free again. */
const wholeOf = (reading: Reading, id: unknown): Promise<Row | null> =>
  askForOne(reading, invoices, { id: String(id) })

type Asked = { number: string; seen: Row[] } | null

/** As given and, where that finds nothing, as Finexio compares numbers: its filter may take them to the letter. */
const throughEither = async (reading: Reading, row: InvoiceKey) => {
  const lookFor = (number: string) =>
    throughDrawdowns(reading, { number, supplier: null, supplierId: row.supplier })
  const [given, upper] = [row.number.trim(), numberOf(row)]
  const found = await lookFor(given)
  return found.matches.length > 0 || !found.complete || given === upper ? found : lookFor(upper)
}

/** Null when the bound was reached before the answer was whole. */
const askFor = async (reading: Reading, row: InvoiceKey): Promise<Asked> => {
  const { matches, complete } = await throughEither(reading, row)
  const own = matches.filter(({ invoice }) => invoice.originating_counterparty_id === row.buyer)
  const found = await Promise.all(own.map(({ invoice }) => wholeOf(reading, invoice.id)))
  if (!complete || reading.stopped !== null) return null
  return { number: numberOf(row), seen: found.filter((one) => one !== null) }
}

const wordsOf = (walked: Walked, all: boolean, asked: number, flaw: string | null): string => {
  if (all) return `Compared with all ${plural(walked.looked, 'invoice')}.`
  const last = walked.lastSeen ? present(walked.lastSeen).created : null
  const reach = `the newest ${walked.count === null ? plural(walked.looked, 'invoice') : `${walked.looked} of ${plural(walked.count, 'invoice')}`}${last ? `, back to ${plainTime(last)}` : ''}`
  const lost = flaw === null ? '' : ` ${flawWords(flaw)}`
  return `Compared with ${reach}${asked > 0 ? `; ${asked === 1 ? 'its number was' : `${asked} numbers were`} also looked for in drawdowns` : ''}.${lost}`
}

/**
 * @param rows the invoices of a batch
 * @param most upstream requests that this may cost
 * @throws FinexioFailure when one of them fails
 */
const lookForInvoices = async (
  rows: readonly InvoiceKey[],
  most: number,
  context: ToolContext,
): Promise<Look> => {
  const numbers = [...new Map(rows.map((row) => [JSON.stringify(row), row])).values()]
  const few = numbers.length * REQUESTS_PER_NUMBER + FEW_PAGES <= most
  const walked = await newest(few ? FEW_PAGES : most, context)
  const all = isAll(walked)
  const flaw = walked.flaw ?? (walked.unreadable > 0 ? UNREADABLE_ROWS : null)
  const reading = newReading(context, most - walked.requests)
  // What drawdowns hold is older than what a list with a flaw may hide.
  const answers =
    few && !all && flaw === null ? await Promise.all(numbers.map((row) => askFor(reading, row))) : []
  failIfStopped(reading)
  const asked = answers.filter((answer) => answer !== null)
  const seen = [...walked.rows, ...asked.flatMap((answer) => answer.seen)]
  return {
    seen: seen.map(seenOf),
    all,
    asked: new Set(asked.map(({ number }) => number)),
    paid: new Set(seen.filter(isPaid).map((row) => String(row.receiving_counterparty_id))),
    words: wordsOf(walked, all, asked.length, flaw),
    flaw: flaw ?? reading.flaw,
  }
}

/** Requests that looking for duplicates may cost where the operator says nothing. */
const DEFAULT_REQUESTS = 40
const MOST_NAMED = 8

export type Examined = Pick<ClaimRequest, 'concerns' | 'unchecked' | 'guard' | 'vouching' | 'changes'> & {
  /** What was searched for duplicates, in a sentence; empty when nothing was. */
  words: string
  /** Rows to look at once more: numbers nearly those of others, dates far ahead; in sentences. */
  doubts: readonly string[]
  paid: ReadonlySet<string>
  /** Null: not checked. */
  payees: PayeesRead | null
}

const guardRequests = ({ duplicate_guard }: WriteSettings): number =>
  duplicate_guard?.requests ?? DEFAULT_REQUESTS

/** Whether its invoices are looked for at Finexio. */
export const wantsInvoices = (plan: WritePlan, settings: WriteSettings): boolean =>
  plan.invoices.length > 0 && guardRequests(settings) > 0

const wantsPayees = (plan: WritePlan, { first_payment, changed_supplier }: WriteSettings): boolean =>
  plan.facts.movements.length > 0 && (first_payment ?? changed_supplier) !== undefined

const wantsVouching = (plan: WritePlan, { payees }: WriteSettings): boolean =>
  plan.facts.movements.length > 0 && payees === 'verified'

/** Whether this write costs requests before it is claimed: then a repeat is looked for first. */
export const isExamined = (plan: WritePlan, settings: WriteSettings): boolean =>
  plan.before !== undefined ||
  wantsInvoices(plan, settings) ||
  wantsPayees(plan, settings) ||
  wantsVouching(plan, settings)

/** The result for a write that needs no lookup. */
export const UNEXAMINED: Examined = {
  concerns: [],
  unchecked: [],
  guard: null,
  vouching: [],
  changes: null,
  words: '',
  doubts: [],
  paid: new Set(),
  payees: null,
}

const duplicateWords = (plan: WritePlan, decision: RowDecision): string => {
  const at = rowWords(plan, decision.index)
  if (decision.kind === 'exists')
    return `${at} is invoice ${decision.id} already (${decision.status ?? 'status unknown'})`
  return `${at} is the same invoice as body[${decision.kind === 'twice' ? decision.first : '?'}]`
}

/** Rows that are there already: nothing of the batch is sent. */
const refuseDuplicates = (
  tool: string,
  plan: WritePlan,
  decisions: readonly RowDecision[],
  words: string,
): void => {
  const wrong = decisions.filter(({ kind }) => kind === 'exists' || kind === 'twice')
  if (wrong.length === 0) return
  const named = wrong
    .slice(0, MOST_NAMED)
    .map((one) => duplicateWords(plan, one))
    .join('; ')
  const more = wrong.length > MOST_NAMED ? `; and ${wrong.length - MOST_NAMED} more` : ''
  throw new Refusal(
    `${tool}: duplicate_invoice: same buyer, supplier and number. ${named}${more}. Leave these rows out, or look at these invoices. ${words}`,
    'Nothing was submitted to Finexio.',
  ).by('duplicate_invoice')
}

/**
 * What a bound left open may go where nobody has to agree. What Finexio's own answer leaves open may not: a list that hides
 * rows could be hiding the very invoice.
 */
const refuseUnread = (tool: string, unchecked: readonly number[], looked: Look, settings: WriteSettings) => {
  if (looked.flaw === null || unchecked.length === 0 || (settings.approval ?? 'none') !== 'none') return
  throw new Refusal(
    `${tool}: whether ${unchecked.length === 1 ? 'a row is' : `${unchecked.length} rows are`} at Finexio already could not be found out. ${looked.words} ${looked.words.includes(looked.flaw) ? '' : flawWords(looked.flaw)}`.trim(),
    'Nothing was submitted to Finexio.',
  ).by('duplicate_invoice')
}
/** @param seen invoices of Finexio, as far as they were read */
export const doubtsIn = (
  { invoices: rows, doubts = [] }: WritePlan,
  seen: readonly Seen[] = [],
): string[] => [...alikeAmong(rows, seen).map((one) => alikeWords(one, rows)), ...doubts]

const lookedFor = async (
  tool: string,
  plan: WritePlan,
  settings: WriteSettings,
  context: ToolContext,
): Promise<Examined> => {
  if (!wantsInvoices(plan, settings)) return { ...UNEXAMINED, doubts: doubtsIn(plan) }
  const looked = await lookForInvoices(plan.invoices, guardRequests(settings), context)
  const decisions = duplicateDecisions(plan.invoices, looked)
  refuseDuplicates(tool, plan, decisions, looked.words)
  const unchecked = decisions.filter(({ kind }) => kind === 'unchecked').map(({ index }) => index)
  refuseUnread(tool, unchecked, looked, settings)
  const free = decisions.flatMap((one) =>
    one.kind === 'clear' && one.free.length > 0 ? [{ index: one.index, ids: one.free }] : [],
  )
  const absent = decisions.flatMap((one) =>
    one.kind === 'clear' && one.free.length === 0 ? [one.index] : [],
  )
  const doubts = doubtsIn(plan, looked.seen)
  return { ...UNEXAMINED, unchecked, guard: { free, absent }, words: looked.words, doubts, paid: looked.paid }
}

/** Ids of those whom a write would pay, each once. */
export const suppliersOf = ({ facts }: WritePlan): string[] => [
  ...new Set(facts.movements.map(({ supplier }) => supplier)),
]

/** Whom Finexio has disabled is not paid, and nobody is asked whether to. Null: none of them is, as far as they were read. */
export const disabledOf = (
  tool: string,
  plan: WritePlan,
  known: readonly Pick<KnownPayee, 'payee'>[],
): Refusal | null => {
  const off = suppliersOf(plan).filter((id) =>
    known.some(({ payee }) => payee.supplier === id && payee.enabled === false),
  )
  if (off.length === 0) return null
  const rows = plan.invoices.flatMap(({ supplier }, row) => (off.includes(supplier) ? [`body[${row}]`] : []))
  return new Refusal(
    `${tool}: Finexio has supplier ${firstOf(off, MOST_NAMED)} disabled (${firstOf(rows, MOST_NAMED)}). Leave these rows out, or have the supplier enabled first.`,
    'Nothing was submitted to Finexio.',
  ).by('supplier_disabled', { id: off[0]! })
}

/** A supplier of whom nothing could be found out is the worse case. */
const factsOf = (plan: WritePlan, payees: readonly KnownPayee[]): PayeeFacts[] =>
  suppliersOf(plan).map(
    (supplier) =>
      payees.find(({ facts }) => facts.supplier === supplier)?.facts ?? {
        supplier,
        paidBefore: null,
        changedAt: null,
      },
  )

/**
 * @throws Refusal for duplicates, and for what the plan itself forbids; FinexioFailure when a request fails: the write is then not sent
 */
export const examine = async (tool: string, plan: WritePlan, context: ToolContext): Promise<Examined> => {
  const { settings } = context.writes()
  await plan.before?.(context.finexio)
  const looked = await lookedFor(tool, plan, settings, context)
  const vouching = wantsVouching(plan, settings)
    ? await verifyPayees(suppliersOf(plan), looked.paid, context)
    : []
  const examined = { ...looked, vouching }
  if (!wantsPayees(plan, settings)) return examined
  const payees = await readPayees(suppliersOf(plan), examined.paid, context)
  const disabled = disabledOf(tool, plan, payees.known)
  if (disabled) throw disabled
  const concerns = payeeConcerns(settings, factsOf(plan, payees.known), context.now())
  return { ...examined, payees, concerns }
}
