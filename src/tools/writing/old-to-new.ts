/** What a change of a payee would put in the place of what, for whoever decides on it. Bank numbers are masked. Pure. */
import { payeeKindOf } from '../../../schemas/sensitive.ts'
import { isObject } from '../../core/json.ts'
import type { PayeeChange } from '../../rules/payees/under-way.ts'
import type { FieldChange } from '../../rules/payees/verified.ts'
import { present } from '../present/present.ts'
import type { WritePlan } from '../tool.ts'
import { kept } from './guard/evidence.ts'

const isSame = (one: unknown, other: unknown) => JSON.stringify(one ?? null) === JSON.stringify(other ?? null)

/** Of a contact that is to be made there is nothing yet; its owner's fields of the same names are not its own. */
const nothing = (fields: readonly string[]) => Object.fromEntries(fields.map((field) => [field, null]))

/**
 * The record that the request replaces or changes: for a contact the one of that reference, inside its owner's. What Finexio does
 * not show is left out: nobody knows what is there.
 */
const changedIn = ({ target, facts, request }: WritePlan, row: Record<string, unknown>) => {
  const ids = Object.values(target)
  if (request.verb === 'POST') return nothing(facts.fields)
  if (ids.length < 2)
    return Object.fromEntries(
      facts.fields.flatMap((field) => (field in row ? [[field, row[field] ?? null]] : [])),
    )
  const contacts = Array.isArray(row.contacts) ? row.contacts.filter(isObject) : []
  return contacts.find(({ external_reference_id }) => external_reference_id === ids[1]) ?? {}
}

/** What Finexio has now of what a write changes, masked. @param row of the payee */
export const shownBefore = (plan: WritePlan, row: Record<string, unknown>): Record<string, unknown> =>
  present(changedIn(plan, row))

/**
 * @param before as `shownBefore` gave it when the draft was made; null: it could not be read
 * @returns without `before` where Finexio did not show what is there
 */
export const fieldChanges = (
  { request, facts }: WritePlan,
  before: Readonly<Record<string, unknown>> | null,
): FieldChange[] => {
  const [body] = [request.body ?? {}].flat()
  const after = present(body as Record<string, unknown>)
  const replaces = request.verb !== 'PATCH'
  const known = (field: string) => before !== null && field in before
  return [...new Set([...Object.keys(after), ...facts.fields])]
    .filter((field) => (replaces ? known(field) || field in after : field in after))
    .filter((field) => !known(field) || !isSame(before![field], after[field]))
    .map((field) => ({
      field,
      ...(known(field) && { before: before![field] ?? null }),
      after: after[field] ?? null,
    }))
}

/** Whose payee fields a write changes, with old and new for the trail. @param before as `shownBefore` gave it; null: it was not read */
export const shownChange = (
  plan: WritePlan,
  before: Readonly<Record<string, unknown>> | null,
): PayeeChange | null => {
  const { changes } = plan.facts
  if (!changes) return null
  const own = fieldChanges(plan, before).filter(({ field }) => payeeKindOf(field) !== null)
  return { ...changes, fields: kept(own) }
}
