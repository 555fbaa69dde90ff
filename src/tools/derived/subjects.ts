/** What a write would leave behind, in words that a record read later gives as well: by them an unknown outcome is settled. Pure. */

import type { Resource, Verb } from '../../../schemas/define.ts'
import { sensitivityOf } from '../../../schemas/sensitive.ts'
import type { Row } from './request.ts'

/** Finexio trims text, upper-cases references and answers numbers as text. */
const folded = (value: unknown): string =>
  String(value ?? '')
    .trim()
    .toUpperCase()

/** The record itself, whoever made it; null while a field that identifies it is missing. */
export const recordSubject = ({ name, known }: Resource, row: Row): unknown => {
  const values = (known ?? []).map((field) => row[field])
  return values.length > 0 && values.every((value) => value !== undefined && value !== null && value !== '')
    ? [name, ...values.map(folded)]
    : null
}

const isComparable = (name: string, value: unknown): boolean =>
  value !== null && value !== undefined && typeof value !== 'object' && sensitivityOf(name) === 'plain'

/** A field with its value. Nested and masked ones are left out: they do not come back as they were sent. */
export const fieldSubjects = ({ name }: Resource, row: Row): Map<string, unknown> =>
  new Map(
    Object.entries(row)
      .filter(([field, value]) => isComparable(field, value))
      .map(([field, value]) => [field, [name, 'field', field, folded(value)]]),
  )

/** Represents what a request sets and what cannot be compared: with it among the subjects, the others do not prove that the write was carried out. */
export const unseenSubject = ({ name }: Resource): unknown => [name, 'unseen']

const valuesOf = (resource: Resource, row: Row): unknown[] => {
  const compared = fieldSubjects(resource, row)
  const all = compared.size === Object.keys(row).length
  return all ? [...compared.values()] : [...compared.values(), unseenSubject(resource)]
}

/** What a request to this resource would leave behind. @param rows what it sends */
export const subjectsOf = (resource: Resource, verb: Verb, rows: readonly Row[]): unknown[] => {
  if (verb === 'DELETE') return []
  if (verb === 'POST')
    return rows.map((row) => recordSubject(resource, row)).filter((subject) => subject !== null)
  return rows.flatMap((row) => valuesOf(resource, row))
}
