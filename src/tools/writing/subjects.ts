/** What a write would leave behind, in words that a record read later gives as well: by them an unknown outcome is settled. Pure. */
import type { Resource } from '../../../schemas/define.ts'
import { sensitivityOf } from '../../../schemas/sensitive.ts'
import type { Row } from '../derived/request.ts'

/** Finexio trims text, upper-cases references and answers numbers as text. */
export const upper = (value: unknown): string =>
  String(value ?? '')
    .trim()
    .toUpperCase()

/** The record itself, whoever made it; null while a field that identifies it is missing. */
export const recordSubject = ({ name, known }: Resource, row: Row): unknown => {
  const values = (known ?? []).map((field) => row[field])
  return values.length > 0 && values.every((value) => value !== undefined && value !== null && value !== '')
    ? [name, ...values.map(upper)]
    : null
}

const isComparable = (name: string, value: unknown): boolean =>
  value !== null && value !== undefined && typeof value !== 'object' && sensitivityOf(name) === 'plain'

/** A field with its value. Nested and masked ones are left out: they do not come back as they were sent. */
export const fieldSubjects = ({ name }: Resource, row: Row): Map<string, unknown> =>
  new Map(
    Object.entries(row)
      .filter(([field, value]) => isComparable(field, value))
      .map(([field, value]) => [field, [name, 'field', field, upper(value)]]),
  )

/** Represents what a request sets and what cannot be compared: with it among the subjects, the others do not prove that the write was carried out. */
export const unseenSubject = ({ name }: Resource): unknown => [name, 'unseen']
