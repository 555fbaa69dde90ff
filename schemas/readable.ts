/**
 * Turns written fields into the lenient form in which answers are read. Finexio marks no response field as required or
 * nullable and its sources disagree on types, so: every field optional and nullable, limits and enums dropped, numbers
 * accepted as text where they are integers, unknown keys left out. The described type stays the declared one.
 */
import * as z from 'zod'

const INTEGER_TEXT = /^-?\d{1,15}(\.0+)?$/
const NUMBER_TEXT = /^-?\d{1,15}(\.\d+)?$/
const FLAG_TEXT = /^(true|false)$/i

const asText = (value: unknown) =>
  typeof value === 'number' || typeof value === 'boolean' ? String(value) : value
const asInteger = (value: unknown) =>
  typeof value === 'string' && INTEGER_TEXT.test(value) ? Number(value) : value
const asNumber = (value: unknown) =>
  typeof value === 'string' && NUMBER_TEXT.test(value) ? Number(value) : value
const asFlag = (value: unknown) =>
  typeof value === 'string' && FLAG_TEXT.test(value) ? value.toLowerCase() === 'true' : value

const parsedJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
/** `[]` stands for an empty object in samples, and metadata once travels as JSON text. */
const asObject = (value: unknown) => {
  if (Array.isArray(value) && value.length === 0) return {}
  return typeof value === 'string' && value.startsWith('{') ? parsedJson(value) : value
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

const readableType = (declared: z.ZodType): z.ZodType => {
  const type = bare(declared)
  if (type instanceof z.ZodObject) return readable(type.shape)
  if (type instanceof z.ZodArray) return z.array(readableType(type.element as z.ZodType))
  if (isFlag(type)) return z.preprocess(asFlag, z.boolean())
  if (type instanceof z.ZodNumber)
    return type.isInt ? z.preprocess(asInteger, z.int()) : z.preprocess(asNumber, z.number())
  if (type instanceof z.ZodRecord) return z.preprocess(asObject, z.record(z.string(), z.unknown()))
  return isText(type) ? z.preprocess(asText, z.string()) : type
}

const described = (type: z.ZodType, says: string | undefined) => (says ? type.describe(says) : type)

const declaredFields = new WeakMap<z.ZodType, z.ZodRawShape>()

/** The fields with limits and enums from which `readable` made a record: what Finexio declares, for the drift check. */
export const declaredOf = (record: z.ZodType): z.ZodRawShape | undefined => declaredFields.get(record)

const isGiven = (value: unknown) => value !== undefined && value !== null && value !== ''

/**
 * The record as answers are read: same names and types as declared, nothing required but its key.
 * @param key the field without which an answer is no record of this kind
 */
export const readable = (fields: z.ZodRawShape, key?: string): z.ZodObject => {
  const lenient = Object.entries(fields).map(([name, field]) => {
    const type = readableType(field as z.ZodType)
      .nullable()
      .optional()
    return [name, described(type, (field as z.ZodType).description)]
  })
  const all = z.object(Object.fromEntries(lenient))
  const record = key
    ? all.refine((value) => isGiven(value[key]), {
        path: [key],
        message: 'is missing, so this is no such record',
      })
    : all
  declaredFields.set(record, fields)
  return record
}
