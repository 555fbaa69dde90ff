/** What is looked up before a write is claimed: whether its invoices are there already, and who would be paid. */

import { duplicateDecisions, type RowDecision } from '../../../rules/duplicates.ts'
import { type PayeeFacts, payeeConcerns } from '../../../rules/payees.ts'
import type { WriteSettings } from '../../../rules/server-settings.ts'
import type { ClaimRequest } from '../../../rules/write-contract.ts'
import { Refusal } from '../../refusal.ts'
import type { ToolContext, WritePlan } from '../../tool.ts'
import { lookForInvoices } from './invoices.ts'
import { type Fingerprint, type KnownPayee, readPayees } from './payees.ts'

/** Requests that looking for duplicates may cost where the operator says nothing. */
const DEFAULT_REQUESTS = 40
const MOST_NAMED = 8

export type Examined = Pick<ClaimRequest, 'concerns' | 'unchecked' | 'guard'> & {
  /** How far was looked; empty when nothing was. */
  words: string
  paid: ReadonlySet<string>
  /** Null: nobody asked. */
  payees: KnownPayee[] | null
}

const guardRequests = ({ duplicate_guard }: WriteSettings): number =>
  duplicate_guard?.requests ?? DEFAULT_REQUESTS

const wantsInvoices = (plan: WritePlan, settings: WriteSettings): boolean =>
  plan.invoices.length > 0 && guardRequests(settings) > 0

const wantsPayees = (plan: WritePlan, { first_payment, changed_supplier }: WriteSettings): boolean =>
  plan.facts.movements.length > 0 && (first_payment ?? changed_supplier) !== undefined

/** Whether this write costs requests before it is claimed: then a repeat is looked for first. */
export const isExamined = (plan: WritePlan, settings: WriteSettings): boolean =>
  plan.before !== undefined || wantsInvoices(plan, settings) || wantsPayees(plan, settings)

/** Of a write that needs nothing looked up. */
export const UNEXAMINED: Examined = {
  concerns: [],
  unchecked: [],
  guard: null,
  words: '',
  paid: new Set(),
  payees: null,
}

const rowWords = (decision: RowDecision): string => {
  const at = `body[${decision.index}]`
  if (decision.kind === 'exists')
    return `${at} is invoice ${decision.id} already (${decision.status ?? 'status unknown'})`
  return `${at} is the same invoice as body[${decision.kind === 'twice' ? decision.first : '?'}]`
}

/** Rows that are there already: nothing of the batch is sent. */
const refuseDuplicates = (tool: string, decisions: readonly RowDecision[], words: string): void => {
  const wrong = decisions.filter(({ kind }) => kind === 'exists' || kind === 'twice')
  if (wrong.length === 0) return
  const named = wrong.slice(0, MOST_NAMED).map(rowWords).join('; ')
  const more = wrong.length > MOST_NAMED ? `; and ${wrong.length - MOST_NAMED} more` : ''
  throw new Refusal(
    `${tool}: duplicate_invoice: same buyer, supplier and number. ${named}${more}. Leave these rows out, or look at them with get_single_finexio_invoice_by_id. ${words}`,
    'Nothing was submitted to Finexio.',
  )
}

const lookedFor = async (
  tool: string,
  plan: WritePlan,
  settings: WriteSettings,
  context: ToolContext,
): Promise<Examined> => {
  if (!wantsInvoices(plan, settings)) return UNEXAMINED
  const looked = await lookForInvoices(plan.invoices, guardRequests(settings), context)
  const decisions = duplicateDecisions(plan.invoices, looked)
  refuseDuplicates(tool, decisions, looked.words)
  const unchecked = decisions.filter(({ kind }) => kind === 'unchecked').map(({ index }) => index)
  const free = decisions.flatMap((one) =>
    one.kind === 'clear' && one.free.length > 0 ? [{ index: one.index, ids: one.free }] : [],
  )
  return { ...UNEXAMINED, unchecked, guard: { free }, words: looked.words, paid: looked.paid }
}

export const suppliersOf = ({ facts }: WritePlan): string[] => [
  ...new Set(facts.movements.map(({ supplier }) => supplier)),
]

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
export const examine = async (
  tool: string,
  plan: WritePlan,
  settings: WriteSettings,
  context: ToolContext,
  fingerprint: Fingerprint,
): Promise<Examined> => {
  await plan.before?.(context.finexio)
  const examined = await lookedFor(tool, plan, settings, context)
  if (!wantsPayees(plan, settings)) return examined
  const payees = await readPayees(suppliersOf(plan), examined.paid, context, fingerprint)
  const concerns = payeeConcerns(settings, factsOf(plan, payees), context.now())
  return { ...examined, payees, concerns }
}
