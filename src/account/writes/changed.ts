/** What a claim leaves about payees: who changed how somebody is paid. What was paid is told once its outcome is known (settled.ts). */
import { payeeKindOf } from '../../../schemas/sensitive.ts'
import { isUnpaid } from '../../rules/payees/verified.ts'
import type { ClaimRequest } from '../../rules/write-contract.ts'
import { type AboutWrite, byCall } from '../audit/entry.ts'
import { appendAudit } from '../tables/audit.ts'
import { lastPaidAt } from '../tables/ledger/movements.ts'
import { notePayeeChange, unnamedPayee } from '../tables/payee-changes.ts'

/** Whose payee fields a claim changes; nothing where it changes none. */
export const noteChange = (
  sql: SqlStorage,
  request: ClaimRequest,
  key: string,
  { person_id, person_name }: AboutWrite,
  now: number,
): void => {
  const { changes, fields, requestId, traceparent, names = {} } = request
  if (!changes) return
  const { payee } = changes
  const what = {
    type: 'payee' as const,
    ...byCall(requestId, traceparent),
    idempotency_key: key,
    ...(person_id && { person_id }),
    ...(person_name && { person_name }),
    supplier_id: payee,
    ...(Object.hasOwn(names, payee) && { supplier_name: names[payee]! }),
  }
  const changed = fields.filter((field) => payeeKindOf(field) !== null)
  const unpaid = isUnpaid(lastPaidAt(sql, payee), changes.unsettled, now)
  appendAudit(sql, { ...what, event: 'changed', changed, fields: changes.fields ?? [], unpaid }, now)
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
