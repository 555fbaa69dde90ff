/** What a claim leaves about payees: who is paid, and who changed how somebody is paid. */
import { payeeKindOf } from '../../../schemas/sensitive.ts'
import { totalOf } from '../../rules/limits.ts'
import { isUnpaid } from '../../rules/payees/verified.ts'
import type { ClaimRequest } from '../../rules/write-contract.ts'
import { type AboutWrite, byCall } from '../audit/entry.ts'
import { appendAudit } from '../tables/audit.ts'
import { lastPaidAt } from '../tables/movements.ts'
import { notePayeeChange, unnamedPayee } from '../tables/payee-changes.ts'

/** Who was paid, and whose payee fields were changed, for the account of each payee. */
export const notePaid = (
  sql: SqlStorage,
  request: ClaimRequest,
  key: string,
  { person_id, person_name }: AboutWrite,
  now: number,
): void => {
  const { movements, changes, fields, requestId, traceparent, names = {} } = request
  const person = { ...(person_id && { person_id }), ...(person_name && { person_name }) }
  const what = {
    type: 'payee' as const,
    ...byCall(requestId, traceparent),
    idempotency_key: key,
    ...person,
  }
  const whom = (id: string) => ({
    supplier_id: id,
    ...(Object.hasOwn(names, id) && { supplier_name: names[id]! }),
  })
  for (const [supplier, own] of Map.groupBy(movements, (movement) => movement.supplier))
    appendAudit(sql, { ...what, event: 'paid', ...whom(supplier), ...totalOf(own) }, now)
  if (!changes) return
  const changed = fields.filter((field) => payeeKindOf(field) !== null)
  const unpaid = isUnpaid(lastPaidAt(sql, changes.payee), changes.unsettled, now)
  const change = { ...whom(changes.payee), changed, fields: changes.fields ?? [], unpaid }
  appendAudit(sql, { ...what, event: 'changed', ...change }, now)
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
