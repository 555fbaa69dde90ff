/** What a change of a payee would put in the place of what, for whoever decides on it. Bank numbers are masked. Pure. */
import { isObject } from '../../core/json.ts'
import { present } from '../present/present.ts'
import type { WritePlan } from '../tool.ts'

export type FieldChange = { field: string; before: unknown; after: unknown }

const isSame = (one: unknown, other: unknown) => JSON.stringify(one ?? null) === JSON.stringify(other ?? null)

/** The record that the request replaces or changes: for a contact the one of that reference, inside its owner's. */
const changedIn = ({ target, facts }: WritePlan, row: Record<string, unknown>): Record<string, unknown> => {
  const ids = Object.values(target)
  if (ids.length < 2) return Object.fromEntries(facts.fields.map((field) => [field, row[field] ?? null]))
  const contacts = Array.isArray(row.contacts) ? row.contacts.filter(isObject) : []
  return contacts.find(({ external_reference_id }) => external_reference_id === ids[1]) ?? {}
}

/** What Finexio has now of what a write changes, masked. @param row of the payee */
export const shownBefore = (plan: WritePlan, row: Record<string, unknown>): Record<string, unknown> =>
  present(changedIn(plan, row))

/** @param before as `shownBefore` gave it when the draft was made */
export const fieldChanges = (
  { request, facts }: WritePlan,
  before: Readonly<Record<string, unknown>>,
): FieldChange[] => {
  const [body] = [request.body ?? {}].flat()
  const after = present(body as Record<string, unknown>)
  const replaces = request.verb !== 'PATCH'
  return [...new Set([...Object.keys(after), ...facts.fields])]
    .filter((field) => (replaces || field in after) && !isSame(before[field], after[field]))
    .map((field) => ({ field, before: before[field] ?? null, after: after[field] ?? null }))
}
