/** Whether a write may run at once or has to wait for another person. Pure. */
import type { Effect } from '../../schemas/define.ts'
import { payeeKindOf } from '../../schemas/sensitive.ts'
import { canonicalId } from '../core/ids.ts'
import { dollars } from '../core/money.ts'
import { type Movement, totalOf } from './limits.ts'
import type { Concern } from './payees/concerns.ts'
import type { PayeeChange } from './payees/under-way.ts'
import { UNVERIFIED_WORDS, type Unverified } from './payees/verified.ts'
import type { Approval } from './server-settings.ts'

/** A write, as far as it matters to the rules. */
export type WriteFacts = {
  tool: string
  effect: Effect
  movements: readonly Movement[]
  /** Cents of the largest single invoice; 0 where there is none. */
  largest: number
  /** Names of the fields that it sets on a supplier, buyer or counterparty. */
  fields: readonly string[]
  /** Whose fields that lead money somewhere it changes, where there is a record already. */
  changes: PayeeChange | null
  /** What calls for care about those who would be paid. */
  concerns: readonly Concern[]
  /** Positions of rows that were not checked for duplicates. */
  unchecked: readonly number[]
}

/** A write, as far as it matters to approval. */
export type Approvable = Pick<WriteFacts, 'effect' | 'movements' | 'fields' | 'concerns' | 'unchecked'>

/** Why a person has to agree. `over` names the supplier whose day is meant; null: the call by itself. */
export type ApprovalReason =
  | { kind: 'always' }
  | { kind: 'payee_fields'; fields: string[] }
  | { kind: 'over'; supplier: string | null; cents: number; over_cents: number }
  /** `known` false: it could not be found out, so the worse is assumed. */
  | { kind: Concern['kind']; supplier: string; known: boolean }
  /** It cannot be approved before somebody vouched for the supplier. */
  | { kind: 'unverified'; supplier: string; why: Unverified }
  /** Positions of rows of a batch that were not checked for duplicates. */
  | { kind: 'unchecked'; rows: number[] }
  /** A row to look at once more, in a sentence: its number is nearly another's, or its date far ahead; by itself it asks for nobody. */
  | { kind: 'alike'; words: string }

const sumsBySupplier = (movements: readonly Movement[]): [string, number][] =>
  [...Map.groupBy(movements, ({ supplier }) => canonicalId(supplier))].map(([supplier, own]) => [
    supplier,
    totalOf(own).cents,
  ])

/** Sums over the threshold: of the call, and of each supplier's day through any server of the account. */
const overReasons = (
  over_cents: number,
  movements: readonly Movement[],
  unapproved: (supplier: string) => number,
): ApprovalReason[] => {
  const sums: [string | null, number][] = [
    [null, totalOf(movements).cents],
    ...sumsBySupplier(movements).map(([supplier, cents]): [string, number] => [
      supplier,
      cents + unapproved(supplier),
    ]),
  ]
  return sums
    .filter(([, cents]) => cents > over_cents)
    .map(([supplier, cents]) => ({ kind: 'over', supplier, cents, over_cents }))
}

/**
 * Why a write needs approval; empty: it needs none.
 * @param unapproved cents that went to a supplier through any server of the account in the last day without anybody's approval:
 *   an amount split among calls is judged as one
 */
export const approvalReasons = (
  approval: Approval,
  { effect, movements, fields, concerns, unchecked }: Approvable,
  unapproved: (supplier: string) => number,
): ApprovalReason[] => {
  if (effect === 'read') return []
  const careful = concerns
    .filter(({ action }) => action === 'approve')
    .map(({ kind, supplier, known }): ApprovalReason => ({ kind, supplier, known }))
  if (approval === 'none') return careful
  const redirecting = fields.filter((field) => payeeKindOf(field) !== null)
  const reasons: ApprovalReason[] =
    approval === 'always' ? [{ kind: 'always' }] : overReasons(approval.over_cents, movements, unapproved)
  if (redirecting.length > 0) reasons.push({ kind: 'payee_fields', fields: redirecting })
  if (unchecked.length > 0) reasons.push({ kind: 'unchecked', rows: [...unchecked] })
  return [...reasons, ...careful]
}

/** Said wherever approval is spoken of, while settings need no second person; silent otherwise. */
export const UNDOABLE =
  'One person alone can turn this approval off: settings need no second person (second_person_for_settings).'

/** How a supplier is called in a sentence. */
type Who = (supplier: string) => string

const wordsOf = (reason: ApprovalReason, who: Who): string => {
  switch (reason.kind) {
    case 'always':
      return 'Every write of this server waits for a person.'
    case 'payee_fields':
      return `It changes where money goes: ${reason.fields.map((name) => name.replaceAll('_', ' ')).join(', ')}.`
    case 'over':
      return `${dollars(reason.cents)}${reason.supplier === null ? '' : ` to supplier ${who(reason.supplier)} within a day`} is over ${dollars(reason.over_cents)}.`
    case 'first_payment':
      return reason.known
        ? `First payment to supplier ${who(reason.supplier)}.`
        : `Whether supplier ${who(reason.supplier)} was paid before could not be found out.`
    case 'changed':
      return reason.known
        ? `Payment details of supplier ${who(reason.supplier)} changed lately.`
        : `Whether payment details of supplier ${who(reason.supplier)} changed lately could not be found out.`
    case 'money_under_way':
      return reason.known
        ? `Money is under way to ${who(reason.supplier)}: it was paid through this account lately, or Finexio has unsettled payments to it.`
        : `Whether money is under way to ${who(reason.supplier)} could not be found out.`
    case 'unverified':
      return `Supplier ${who(reason.supplier)} has to be called back before this can be approved: ${UNVERIFIED_WORDS[reason.why]}.`
    case 'alike':
      return `${reason.words}.`
    case 'unchecked':
      return `Not checked for duplicates: rows ${reason.rows.map((row) => row + 1).join(', ')}.`
  }
}

/** The reason in a sentence for people, who know suppliers by name. */
export const reasonWordsWith =
  (who: Who) =>
  (reason: ApprovalReason): string =>
    wordsOf(reason, who)

/** The reason in a sentence. Suppliers are named by id: names are text of others. */
export const reasonWords = reasonWordsWith((id) => id)
