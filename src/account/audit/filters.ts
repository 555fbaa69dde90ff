/** Which rows of the trail somebody looks for. */
import { entryIn } from './stored.ts'

/** Members of the entry and the values they must have; `person` stands for whoever acted, called, decided or holds. */
export type AuditFilters = Readonly<Record<string, string>>

/** Members that name a person, or a key of theirs, by id or name. */
const PERSONS = [
  'person_id',
  'actor_id',
  'actor_name',
  'caller_id',
  'caller_name',
  'agreed_by',
  'agreed_by_name',
] as const

const isOne = (held: unknown, wanted: string): boolean =>
  Array.isArray(held) ? held.includes(wanted) : held !== undefined && held !== null && String(held) === wanted

/** @param text of a stored row */
export const fits = (text: string, filters: AuditFilters): boolean => {
  const wanted = Object.entries(filters)
  if (wanted.length === 0) return true
  const entry = entryIn(text)
  return wanted.every(([name, value]) =>
    name === 'person' ? PERSONS.some((member) => isOne(entry[member], value)) : isOne(entry[name], value),
  )
}
