/** Suppliers that call for care before money goes to them, and what changed about one since a draft was made. Pure. */
import { DAY_MS } from '../../core/time.ts'
import type { WriteSettings } from '../server-settings.ts'

/** What was found out about a supplier. Null: it could not be found out. Times in milliseconds since the epoch. */
export type PayeeFacts = {
  supplier: string
  paidBefore: boolean | null
  /** Last change of a field that leads money somewhere; `never` when its history was read and has none. */
  changedAt: number | 'never' | null
}

export type Concern = {
  supplier: string
  kind: 'first_payment' | 'changed' | 'money_under_way'
  action: NonNullable<WriteSettings['first_payment']>
  /** False: the facts could not be read, so the worse is assumed. */
  known: boolean
}

const isRecent = (changedAt: PayeeFacts['changedAt'], days: number, now: number): boolean =>
  changedAt !== 'never' && (changedAt === null || now - changedAt < days * DAY_MS)

/** What is not known counts as the worse case: a missing answer of Finexio must permit nothing. */
export const payeeConcerns = (
  { first_payment, changed_supplier }: Pick<WriteSettings, 'first_payment' | 'changed_supplier'>,
  facts: readonly PayeeFacts[],
  now: number,
): Concern[] =>
  facts.flatMap(({ supplier, paidBefore, changedAt }) => {
    const concerns: Concern[] = []
    if (first_payment && paidBefore !== true)
      concerns.push({ supplier, kind: 'first_payment', action: first_payment, known: paidBefore !== null })
    if (changed_supplier && isRecent(changedAt, changed_supplier.days, now))
      concerns.push({ supplier, kind: 'changed', action: changed_supplier.action, known: changedAt !== null })
    return concerns
  })

/** How a supplier is paid, at one moment. Bank account and address are keyed digests, never the values. */
export type Payee = {
  supplier: string
  name: string
  enabled: boolean | null
  bank: string
  method: string | null
  delivery: string | null
  remit: string
  /** All other fields that lead money somewhere, contacts included; missing in drafts of version 0.1.0. */
  other?: string
}

const COMPARED = ['name', 'enabled', 'bank', 'method', 'delivery', 'remit', 'other'] as const

/** Why a draft must not run as it was approved. */
export type Changed =
  | { kind: 'payee_gone'; supplier: string }
  | { kind: 'payee_disabled'; supplier: string }
  | { kind: 'payee_changed'; supplier: string; fields: (typeof COMPARED)[number][] }

/**
 * Compares what approver and caller saw with what Finexio answers now.
 * @param now suppliers as just read; one that is missing was not found
 */
export const changedPayees = (drafted: readonly Payee[], now: readonly Payee[]): Changed[] =>
  drafted.flatMap((before): Changed[] => {
    const { supplier } = before
    const after = now.find((payee) => payee.supplier === supplier)
    if (!after) return [{ kind: 'payee_gone', supplier }]
    const fields = COMPARED.filter((field) => before[field] !== undefined && before[field] !== after[field])
    if (fields.length > 0) return [{ kind: 'payee_changed', supplier, fields }]
    return after.enabled === false ? [{ kind: 'payee_disabled', supplier }] : []
  })
