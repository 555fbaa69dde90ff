/** What a write changes about payees: kept with its claim, and told once its outcome is known, as payments are (settled.ts). */
import { payeeKindOf } from '../../../schemas/sensitive.ts'
import { isUnpaid } from '../../rules/payees/verified.ts'
import type { ClaimRequest, Settlement } from '../../rules/write-contract.ts'
import type { PayeeEntry } from '../audit/entry.ts'
import { type Change, keepChange } from '../tables/ledger/changes.ts'
import { lastPaidAt } from '../tables/ledger/movements.ts'
import { notePayeeChange, unnamedPayee } from '../tables/payee-changes.ts'

/** Whose payee fields a claim changes; nothing where it changes none. */
export const keepClaimedChange = (
  sql: SqlStorage,
  { changes, fields, names = {} }: ClaimRequest,
  key: string,
  now: number,
): void => {
  if (!changes) return
  const { payee } = changes
  keepChange(sql, key, {
    supplier_id: payee,
    ...(Object.hasOwn(names, payee) && { supplier_name: names[payee]! }),
    changed: fields.filter((field) => payeeKindOf(field) !== null),
    fields: changes.fields ?? [],
    // As it was when the change left: a payment made meanwhile is another question.
    unpaid: isUnpaid(lastPaidAt(sql, payee), changes.unsettled, now),
  })
}

const EVENTS = {
  succeeded: 'changed',
  unknown: 'change_unknown',
  rejected: 'not_changed',
  not_sent: 'not_changed',
} as const satisfies Record<Settlement['state'], PayeeEntry['event']>

type About = Omit<PayeeEntry, 'type' | 'event' | 'outcome' | 'supplier_id'>

const partOf = (change: Change, isIn: (field: string) => boolean): Change => ({
  ...change,
  changed: (change.changed ?? []).filter(isIn),
  fields: (change.fields ?? []).filter(({ field }) => isIn(field)),
})

/** What rows say became of the change that a claim was about. What nobody knows yet is said again when it is settled. */
export const changeRows = (
  change: Change,
  { state, unapplied = [] }: Pick<Settlement, 'state' | 'unapplied'>,
  about: About,
): PayeeEntry[] => {
  const row = (event: PayeeEntry['event'], part: Change): PayeeEntry[] =>
    (part.changed ?? []).length > 0 ? [{ type: 'payee', ...about, ...part, event, outcome: state }] : []
  const lost = state === 'succeeded' ? new Set(unapplied) : new Set<string>()
  if (lost.size === 0) return row(EVENTS[state], change)
  return [
    ...row(
      EVENTS[state],
      partOf(change, (field) => !lost.has(field)),
    ),
    ...row(
      'change_unknown',
      partOf(change, (field) => lost.has(field)),
    ),
  ]
}

/** Who changes a payee does not decide later on what is paid to it, whichever tool it was. A new one has its id only later. */
export const noteChangers = (
  sql: SqlStorage,
  { movements, target }: ClaimRequest,
  key: string,
  people: readonly string[],
  now: number,
): void => {
  if (movements.length > 0) return
  for (const payee of [...Object.values(target), unnamedPayee(key)])
    for (const person of people) notePayeeChange(sql, payee, person, now)
}
