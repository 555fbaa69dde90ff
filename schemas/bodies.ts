/** Makes write bodies out of a resource's field table, so that a field is declared in one line of one place. */
import * as z from 'zod'
import { isObject } from '../src/core/json.ts'
import { isBlank } from '../src/core/mask.ts'
import { unless } from './fields.ts'
import { meaningAs, meaningOf } from './meaning.ts'

/** The one validation message that Finexio is known to use. */
export const REQUIRED = 'This field is required.'

type Fields = Readonly<Record<string, z.ZodType>>
type Values = Readonly<Record<string, unknown>>

/** Required text must not be blank; what stands for something never is. */
const present = (type: z.ZodType) => {
  if (!(type instanceof z.ZodString) || meaningOf(type).kind) return type
  return type.refine((value) => value.trim() !== '', REQUIRED)
}

/**
 * A body of the named required fields and, optionally, all others of the table.
 * @param fields written fields, in the order in which clients see them
 */
export const body = <F extends Fields>(fields: F, required: readonly (keyof F & string)[]): z.ZodObject =>
  z.object(
    Object.fromEntries(
      Object.entries(fields).map(([name, type]) => [
        name,
        required.includes(name) ? present(type) : type.optional(),
      ]),
    ),
  )

/** A copy of a type without its description, at every depth. */
const silent = (type: z.ZodType): z.ZodType => {
  if (type instanceof z.ZodObject) return z.clone(type, { ...type.def, shape: silentFields(type.shape) })
  if (type instanceof z.ZodArray)
    return z.clone(type, { ...type.def, element: silent(type.element as z.ZodType) })
  if (type instanceof z.ZodOptional)
    return z.clone(type, { ...type.def, innerType: silent(type.def.innerType as z.ZodType) })
  return meaningAs(type, z.clone(type, type._zod.def) as z.ZodType)
}

const KEPT = unless('must not be blank', ': leave it out to keep what is there')

/** Setting a field to nothing has to be allowed by its declaration. */
const keeping = (type: z.ZodType): z.ZodType => {
  const { kind, emptied } = meaningOf(type)
  return type instanceof z.ZodString && !kind && !emptied
    ? type.refine((value) => value.trim() !== '', KEPT)
    : type
}

const silentFields = (fields: Fields): Record<string, z.ZodType> =>
  Object.fromEntries(Object.entries(fields).map(([name, type]) => [name, silent(type)]))

/** A body for PUT or PATCH: fields as on create, descriptions left out because every token is paid in every chat. */
export const changes = <F extends Fields>(
  fields: F,
  required: readonly (keyof F & string)[] = [],
): z.ZodObject => {
  const kept = Object.entries(silentFields(fields)).map(([name, type]) => [name, keeping(type)])
  return body(Object.fromEntries(kept) as F, required)
}

/** Fields that become required under a condition. */
export type Rule = {
  /** Completes "This field is required when …". */
  when: string
  holds: (value: Values) => boolean
  fields: readonly string[]
}

/** True when `value[name]` is one of `words`. */
export const isOneOf =
  (name: string, ...words: readonly string[]) =>
  (value: Values): boolean =>
    words.includes(String(value[name]))

/** Adds conditional requirements; they are judged even where other fields are wrong, so that one answer lists all. */
export const withRules = (type: z.ZodObject, rules: readonly Rule[]): z.ZodObject =>
  rules
    .flatMap((rule) => rule.fields.map((field) => ({ ...rule, field })))
    .reduce(
      (refined, { when, holds, field }) =>
        refined.refine((value) => !holds(value) || !isBlank(value[field]), {
          path: [field],
          message: `This field is required when ${when}.`,
          when: ({ value }) => isObject(value),
        }),
      type,
    )
