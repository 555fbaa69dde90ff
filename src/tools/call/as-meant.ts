/** Arguments as their caller meant them, whatever its client makes of a value on the way. Pure, and before anything is checked. */
import * as z from 'zod'
import { isObject, type JsonObject, parseText } from '../../core/json.ts'
import { Refusal } from '../refusal.ts'

/** A type without what makes it optional, nullable or gives it a default. */
export const unwrapped = (type: unknown): unknown =>
  type instanceof z.ZodOptional || type instanceof z.ZodNullable || type instanceof z.ZodDefault
    ? unwrapped(type.unwrap())
    : type instanceof z.ZodPipe
      ? unwrapped(type.out)
      : type

/** Exactly as JSON writes a number; `1e3` and `0x10` are somebody's text. */
const INTEGER = /^-?(?:0|[1-9]\d*)$/
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/

/** `450.00` in place of cents means dollars: it stays the text that is refused. */
const numberIn = (type: z.ZodNumber, text: string): unknown =>
  (type.isInt ? INTEGER : NUMBER).test(text.trim()) ? Number(text) : text

/**
 * Texts of one call that are tried as JSON and are none: each costs more than the check of what holds it. What comes after so many
 * is refused with them, as the text that it is.
 */
const MOST_UNREAD = 1_000
type Reader = { unread: number }

/** As a list or an object begins. */
const BEGINS = /^\s*[[{]/

/** The value of a JSON text; undefined where it is none, or is nested too deeply. @throws Refusal where an object repeats a key */
const parsed = (text: string, reader: Reader): unknown => {
  if (!BEGINS.test(text) || reader.unread >= MOST_UNREAD) return undefined
  const read = parseText(text)
  if (read.ok) return read.value
  if (read.repeated !== undefined)
    throw new Refusal(
      `An argument that came as JSON text has the key ${read.repeated} more than once in one object, and only one of them would count: give it once.`,
    )
  reader.unread += 1
  return undefined
}

/** Some clients write lists, objects and numbers as JSON text, which no model can repair. Flags stay as they are given: "false" could send what was to be rehearsed. */
const decoded = (type: unknown, text: string, reader: Reader): unknown => {
  if (type instanceof z.ZodNumber) return numberIn(type, text)
  const value =
    type instanceof z.ZodArray || type instanceof z.ZodObject || type instanceof z.ZodRecord
      ? parsed(text, reader)
      : text
  const fits = type instanceof z.ZodArray ? Array.isArray(value) : isObject(value)
  return fits ? value : text
}

const takesNull = (type: z.ZodType): boolean => type.safeParse(null).success

const field = (type: z.ZodType | undefined, value: unknown, reader: Reader): unknown => {
  if (value === null && type && !takesNull(type)) return undefined
  return type ? asMeant(type, value, reader) : value
}

const fields = (shape: z.ZodRawShape, value: JsonObject, reader: Reader): JsonObject => {
  const out: JsonObject = {}
  for (const [name, inner] of Object.entries(value)) {
    const type = Object.hasOwn(shape, name) ? (shape[name] as z.ZodType) : undefined
    const meant = field(type, inner, reader)
    if (meant !== undefined) Object.defineProperty(out, name, { value: meant, enumerable: true })
  }
  return out
}

/**
 * The value with JSON text read where the type is a list, object, number or flag, and without members that are null where
 * null is no value.
 * @throws Refusal where an object in JSON text repeats a key
 */
export const asMeant = (declared: z.ZodType, given: unknown, reader: Reader = { unread: 0 }): unknown => {
  const type = unwrapped(declared)
  const value = typeof given === 'string' ? decoded(type, given, reader) : given
  if (type instanceof z.ZodArray && Array.isArray(value))
    return value.map((item) => asMeant(type.element as z.ZodType, item, reader))
  return type instanceof z.ZodObject && isObject(value) ? fields(type.shape, value, reader) : value
}

/** What n8n puts beside the arguments of every tool. */
const OF_N8N = ['toolCallId', 'sessionId', 'action', 'chatInput']

/** Without what a client adds on its own and the tool does not have. */
export const withoutExtras = (input: z.ZodObject, given: JsonObject): JsonObject =>
  OF_N8N.some((name) => Object.hasOwn(given, name))
    ? Object.fromEntries(
        Object.entries(given).filter(([name]) => !OF_N8N.includes(name) || Object.hasOwn(input.shape, name)),
      )
    : given
