/** Request bodies against `schemas/`: what is wrong, as Finexio says it (field → messages). */
import * as z from 'zod'
import { REQUIRED, resources } from '../../schemas/index.ts'
import type { FieldErrors } from './answers.ts'

export type Fields = Record<string, unknown>

/** Finexio takes these as text as well. */
const NUMBERS_AS_TEXT = ['payment_terms', 'twelve_month_payment_count', 'twelve_month_spend'] as const
const NUMBER = /^-?\d{1,12}(\.\d{1,6})?$/
const WHOLE_OBJECT = 'non_field_errors'

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The body that `schemas/` declares for a method. */
export const declaredBody = (resource: string, method: string): z.ZodObject => {
  const body = resources.find(({ name }) => name === resource)?.methods[method]?.body
  const element = body instanceof z.ZodArray ? body.element : body
  if (!(element instanceof z.ZodObject)) throw new Error(`${resource}.${method} declares no body`)
  return element
}

/** The query that `schemas/` declares for a method. */
export const declaredQuery = (resource: string, method: string): z.ZodObject | undefined =>
  resources.find(({ name }) => name === resource)?.methods[method]?.query

const isOptional = (schema: z.ZodObject, name: string) => schema.shape[name] instanceof z.ZodOptional
const isEmpty = (value: unknown) => value === null || value === ''

/** Known fields alone, numbers read from text; empty optional ones are split off, since they mean "no value". */
const prepared = (schema: z.ZodObject, body: Fields): { given: Fields; emptied: string[] } => {
  const known = Object.entries(body).filter(([name]) => name in schema.shape)
  const empty = known.filter(([name, value]) => isOptional(schema, name) && isEmpty(value))
  const given = Object.fromEntries(known.filter((entry) => !empty.includes(entry)))
  for (const name of NUMBERS_AS_TEXT) {
    const value = given[name]
    if (typeof value === 'string' && NUMBER.test(value)) given[name] = Number(value)
  }
  return { given, emptied: empty.map(([name]) => name) }
}

const at = (body: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key], body)

const sentence = (text: string) => (/[.!?]$/.test(text) ? text : `${text}.`)

const messageOf = (issue: z.core.$ZodIssue, body: unknown): string => {
  const value = at(body, issue.path)
  if (value === undefined && issue.code !== 'custom') return REQUIRED
  if (value === null) return 'This field may not be null.'
  return sentence(issue.message)
}

/** Issues as a field map; what lies deeper is named at the start of its message. */
const fieldErrors = (issues: readonly z.core.$ZodIssue[], body: unknown): FieldErrors => {
  const errors: FieldErrors = {}
  for (const issue of issues) {
    const [field = WHOLE_OBJECT, ...deeper] = issue.path.map(String)
    const message = messageOf(issue, body)
    errors[field] = [
      ...(errors[field] ?? []),
      deeper.length > 0 ? `${deeper.join('.')}: ${message}` : message,
    ]
  }
  return errors
}

export type Checked = { fields: Fields; emptied: string[]; errors: FieldErrors | null }

/** A body checked against its schema: unknown keys dropped, empty optional fields listed, errors or null. */
export const checkBody = (schema: z.ZodObject, body: unknown): Checked => {
  if (!isObject(body))
    return { fields: {}, emptied: [], errors: { [WHOLE_OBJECT]: ['Invalid data. An object is expected.'] } }
  const { given, emptied } = prepared(schema, body)
  const parsed = schema.safeParse(given)
  if (parsed.success) return { fields: parsed.data, emptied, errors: null }
  return { fields: {}, emptied, errors: fieldErrors(parsed.error.issues, given) }
}

/** Conditional requirements that a record breaks after a change and did not break before it. */
export const newlyBroken = (schema: z.ZodObject, before: Fields, after: Fields): FieldErrors | null => {
  const broken = (record: Fields) =>
    fieldErrors(
      (schema.safeParse(prepared(schema, record).given).error?.issues ?? []).filter(
        (issue) => issue.code === 'custom' && issue.path.length === 1,
      ),
      record,
    )
  const old = broken(before)
  const fresh = Object.entries(broken(after)).filter(([field]) => !(field in old))
  return fresh.length > 0 ? Object.fromEntries(fresh) : null
}
