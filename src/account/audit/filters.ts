/** Which rows of the trail somebody looks for. */
import { entryIn } from './stored.ts'

/** Members of the entry and the values they must have; `person` stands for whoever acted, called, decided or holds. */
export type AuditFilters = Readonly<Record<string, string>>

/** Members that name a person, or a key of theirs, by id. */
const PERSON_IDS = ['person_id', 'asked_by', 'actor_id', 'caller_id', 'agreed_by'] as const
const PERSON_NAMES = ['actor_name', 'caller_name', 'person_name', 'agreed_by_name', 'asked_by_name'] as const

const isOne = (held: unknown, wanted: string): boolean =>
  Array.isArray(held) ? held.includes(wanted) : held !== undefined && held !== null && String(held) === wanted

/** By a part of the name, without regard to case: nobody types a name as it was typed a year ago. */
const isNamed = (held: unknown, wanted: string): boolean =>
  typeof held === 'string' && held.toLowerCase().includes(wanted)

const isPerson = (entry: Readonly<Record<string, unknown>>, asked: string): boolean => {
  const wanted = asked.trim().toLowerCase()
  return (
    PERSON_IDS.some((member) => isOne(entry[member], wanted) || isOne(entry[member], asked)) ||
    (wanted !== '' && PERSON_NAMES.some((member) => isNamed(entry[member], wanted)))
  )
}

/** @param text of a stored row */
export const fits = (text: string, filters: AuditFilters): boolean => {
  const wanted = Object.entries(filters)
  if (wanted.length === 0) return true
  const entry = entryIn(text)
  return wanted.every(([name, value]) =>
    name === 'person' ? isPerson(entry, value) : isOne(entry[name], value),
  )
}
