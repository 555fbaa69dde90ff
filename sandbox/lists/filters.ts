/** List filters: AND between names, OR between repeats of one name; unknown names are ignored. */
import * as z from 'zod'
import { readTimestamp } from '../tenants/micros.ts'
import type { FieldErrors } from '../wire/answers.ts'

/** A filter as SQL with one `?` for the value, which is read according to `kind`. */
export type Filter = {
  sql: string
  kind: 'text' | 'anyCase' | 'moment' | 'integer' | 'flag' | readonly string[]
}
export type Filters = Readonly<Record<string, Filter>>
export type Condition = { sql: string; values: unknown[] }

const FLAGS: ReadonlyMap<string, number> = new Map([
  ['true', 1],
  ['True', 1],
  ['1', 1],
  ['false', 0],
  ['False', 0],
  ['0', 0],
])

const UNREADABLE: Readonly<Record<string, string>> = {
  moment: 'Enter a valid ISO 8601 date or date-time.',
  integer: 'A whole number is required.',
  flag: 'Must be a boolean: true or false.',
}

const integer = (text: string) => (/^-?\d{1,15}$/.test(text) ? Number(text) : null)

/** A value as SQL compares it; null where it cannot be read. */
const comparable = (kind: Filter['kind'], text: string): unknown => {
  if (typeof kind !== 'string') return kind.includes(text) ? text : null
  if (kind === 'moment') return readTimestamp(text)
  if (kind === 'integer') return integer(text)
  if (kind === 'flag') return FLAGS.get(text) ?? null
  return kind === 'anyCase' ? text.toLowerCase() : text
}

const complaint = (kind: Filter['kind'], text: string): string =>
  typeof kind === 'string'
    ? (UNREADABLE[kind] ?? 'Invalid value.')
    : `"${text.slice(0, 100)}" is not one of: ${kind.join(', ')}.`

/** Words that a schema's query declares for a parameter. */
export const wordsOf = (query: z.ZodObject | undefined, name: string): readonly string[] => {
  let type = query?.shape[name] as z.ZodType | undefined
  while (type instanceof z.ZodOptional) type = type.unwrap() as z.ZodType
  if (!(type instanceof z.ZodEnum)) throw new Error(`Query parameter ${name} declares no words`)
  return type.options as string[]
}

/** Conditions for the parameters given, or the errors of those that cannot be read. */
export const conditionsOf = (
  filters: Filters,
  query: URLSearchParams,
): { conditions: Condition[]; errors: FieldErrors } => {
  const conditions: Condition[] = []
  const errors: FieldErrors = {}
  for (const [name, { sql, kind }] of Object.entries(filters)) {
    const texts = query.getAll(name).filter((text) => text !== '')
    const values = texts.map((text) => comparable(kind, text))
    const bad = texts.filter((_, at) => values[at] === null)
    if (bad.length > 0) errors[name] = bad.map((text) => complaint(kind, text))
    else if (values.length > 0) conditions.push({ sql: `(${values.map(() => sql).join(' OR ')})`, values })
  }
  return { conditions, errors }
}
