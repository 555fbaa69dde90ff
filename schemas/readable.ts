/**
 * Records as answers are read. Finexio marks no response field as required or nullable and its sources disagree on types,
 * so: every field optional and nullable, limits and enums dropped, numbers accepted as text, unknown keys left out. The
 * described type stays the declared one. A record is a schema (published to clients) and a plain function that reads it:
 * hundreds of rows pass here in one call, and a value that is not of its type must not cost the rest of its record.
 */
import * as z from 'zod'
import { canonicalId } from '../src/core/ids.ts'
import { isObject, jsonIn } from '../src/core/json.ts'
import { meaningOf } from './meaning.ts'

const INTEGER_TEXT = /^-?\d{1,15}(\.0+)?$/
const NUMBER_TEXT = /^-?\d{1,15}(\.\d+)?$/

/** Reads a single value leniently; null when it is not of the type at all. Never called with null. */
type Reader = (value: unknown) => unknown

/** Numbers and flags as text; what should not be nested stays readable as JSON. */
const readText: Reader = (value) => {
  if (typeof value === 'string') return value
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** Ids of Finexio are compared with what callers give, so they come in the one spelling as well. */
const readId: Reader = (value) => {
  const text = readText(value)
  return typeof text === 'string' ? canonicalId(text) : text
}

const read = (value: unknown, pattern: RegExp): number | null => {
  if (typeof value === 'number') return value
  return typeof value === 'string' && pattern.test(value) ? Number(value) : null
}

const readInteger: Reader = (value) => {
  const number = read(value, INTEGER_TEXT)
  return Number.isSafeInteger(number) ? number : null
}

const readNumber: Reader = (value) => {
  const number = read(value, NUMBER_TEXT)
  return Number.isFinite(number) ? number : null
}

const readFlag: Reader = (value) => {
  if (typeof value === 'boolean') return value
  const word = typeof value === 'string' ? value.toLowerCase() : value
  return word === 'true' ? true : word === 'false' ? false : null
}

/** In Finexio's samples an empty object is also `[]`, and metadata is once JSON text. */
const readFreeObject: Reader = (value) => {
  if (Array.isArray(value) && value.length === 0) return {}
  const object = typeof value === 'string' && value.startsWith('{') ? jsonIn(value) : value
  return isObject(object) ? object : null
}

/** @param blank replaces an item that is not of the type, so that the others keep their positions */
const listOf =
  (item: Reader, blank: unknown): Reader =>
  (value) =>
    Array.isArray(value) ? value.map((one) => (one === null ? blank : (item(one) ?? blank))) : null

/** @param only names of the fields to read; undefined: all */
type ObjectReader = (value: unknown, only?: ReadonlySet<string>) => Record<string, unknown> | null

/** The named fields and no others; absent ones stay absent. @param key read in any case */
const objectOf = (fields: Readonly<Record<string, Reader>>, key?: string): ObjectReader => {
  const all = Object.entries(fields)
  // Sought once for all the rows of a list.
  const some = new WeakMap<ReadonlySet<string>, typeof all>()
  const among = (only: ReadonlySet<string>) => {
    const readers = some.get(only) ?? all.filter(([name]) => name === key || only.has(name))
    some.set(only, readers)
    return readers
  }
  return (value, only) => {
    if (!isObject(value)) return null
    const out: Record<string, unknown> = {}
    for (const [name, reader] of only ? among(only) : all) {
      const field = value[name]
      if (field !== undefined) out[name] = field === null ? null : reader(field)
    }
    return out
  }
}

const bare = (type: z.ZodType): z.ZodType => {
  if (type instanceof z.ZodOptional || type instanceof z.ZodNullable || type instanceof z.ZodDefault)
    return bare(type.unwrap() as z.ZodType)
  return type
}

const isFlag = (type: z.ZodType) =>
  type instanceof z.ZodBoolean || (type instanceof z.ZodLiteral && typeof type.value === 'boolean')

const isText = (type: z.ZodType) =>
  type instanceof z.ZodString ||
  type instanceof z.ZodEnum ||
  type instanceof z.ZodStringFormat ||
  type instanceof z.ZodLiteral

type Readable = { type: z.ZodType; reader: Reader }

// Hundreds of fields share these: each of its own would be made at every start.
const FLAG: Readable = { type: z.boolean(), reader: readFlag }
const INTEGER: Readable = { type: z.int(), reader: readInteger }
const NUMBER: Readable = { type: z.number(), reader: readNumber }
const FREE_OBJECT: Readable = { type: z.record(z.string(), z.unknown()), reader: readFreeObject }
const ID: Readable = { type: z.string(), reader: readId }
const TEXT: Readable = { type: ID.type, reader: readText }

const lenients = new WeakMap<z.ZodType, z.ZodType>()

const lenientOf = (type: z.ZodType): z.ZodType => {
  const lenient = lenients.get(type) ?? type.nullable().optional()
  lenients.set(type, lenient)
  return lenient
}

const ofObject = (fields: z.ZodRawShape, key?: string): { type: z.ZodObject; reader: ObjectReader } => {
  const entries = Object.entries(fields).map(([name, field]) => [name, ofField(field as z.ZodType)] as const)
  const type = z.object(Object.fromEntries(entries.map(([name, field]) => [name, field.type])))
  const readers = Object.fromEntries(entries.map(([name, field]) => [name, field.reader]))
  return { type, reader: objectOf(readers, key) }
}

const blankOf = (type: z.ZodType): unknown => {
  if (type instanceof z.ZodObject || type instanceof z.ZodRecord) return {}
  return type instanceof z.ZodString ? '' : null
}

const ofArray = (element: z.ZodType): Readable => {
  const { type, reader } = ofType(element)
  return { type: z.array(type), reader: listOf(reader, blankOf(type)) }
}

const ofType = (declared: z.ZodType): Readable => {
  const type = bare(declared)
  if (type instanceof z.ZodObject) {
    const { type: inner, reader } = ofObject(type.shape)
    return { type: inner, reader: (value) => reader(value) }
  }
  if (type instanceof z.ZodArray) return ofArray(type.element as z.ZodType)
  if (isFlag(type)) return FLAG
  if (type instanceof z.ZodNumber) return type.isInt ? INTEGER : NUMBER
  if (type instanceof z.ZodRecord) return FREE_OBJECT
  if (meaningOf(type).kind === 'id') return ID
  return isText(type) ? TEXT : { type, reader: (value) => value }
}

const ofField = (declared: z.ZodType): Readable => {
  const { type, reader } = ofType(declared)
  const lenient = lenientOf(type)
  return { type: declared.description ? lenient.describe(declared.description) : lenient, reader }
}

type Made = { fields: z.ZodRawShape; read: ObjectReader }
const made = new WeakMap<z.ZodType, Made>()

/** The fields with limits and enums from which `readable` made a record: what Finexio declares, for the drift check. */
export const declaredOf = (record: z.ZodType): z.ZodRawShape | undefined => made.get(record)?.fields

/**
 * Reads an answer as this record; null when it is not one.
 * @param only names of the fields to read, beside that without which there is no record; undefined: all
 * @throws for a schema that `readable` did not make
 */
export const readAs = (
  record: z.ZodType,
  raw: unknown,
  only?: ReadonlySet<string>,
): Record<string, unknown> | null => {
  const known = made.get(record)
  if (!known) throw new Error('this schema was not made by readable')
  return known.read(raw, only)
}

const isGiven = (value: unknown) => value !== undefined && value !== null && value !== ''

/**
 * The record as answers are read: same names and types as declared, nothing required but its key.
 * @param key the field without which an answer is not a record of this kind
 */
export const readable = (fields: z.ZodRawShape, key?: string): z.ZodObject => {
  const { type, reader } = ofObject(fields, key)
  const read: ObjectReader = (raw, only) => {
    const record = reader(raw, only)
    return record && (key === undefined || isGiven(record[key])) ? record : null
  }
  made.set(type, { fields, read })
  return type
}
