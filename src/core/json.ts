/** Reads untrusted JSON: valid UTF-8, bounded depth, bounded number of values, each key of an object once. */
import { cleanText, cutShort } from './text.ts'

/** A JSON object, as opposed to an array, null or a scalar. */
export type JsonObject = Record<string, unknown>

/** Whether a value is an object in the sense of JSON (RFC 8259, section 4). */
export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The value when it is a JSON object, else null. */
export const asObject = (value: unknown): JsonObject | null => (isObject(value) ? value : null)

/** Whether a record is not as it was expected to be, by the keys that are named; null: nothing was expected. */
export const differsFrom = <Any extends object>(record: Any, expected: Partial<Any> | null): boolean =>
  (Object.keys(expected ?? {}) as (keyof Any)[]).some(
    (key) => JSON.stringify(record[key]) !== JSON.stringify(expected![key]),
  )

export const MAX_DEPTH = 64
export const MAX_ENTRIES = 200_000

/** `repeated`: the key because of which a text is refused that is JSON. */
export type Parsed = { ok: true; value: unknown } | { ok: false; message: string; repeated?: string }

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const COLON = 0x3a

/** Where the string that opens at `start` ends. */
const endOfString = (text: string, start: number): number => {
  let at = start + 1
  while (at < text.length) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) return at
    at += code === BACKSLASH ? 2 : 1
  }
  return at
}

// '[' 0x5b and '{' 0x7b, ']' 0x5d and '}' 0x7d differ in one bit each.
const opens = (code: number) => (code | 0x20) === 0x7b
const closes = (code: number) => (code | 0x20) === 0x7d

/**
 * Which bound a text passes, before anything is built from it, or else how many members its objects have. Counts containers
 * and commas outside strings, which is at least the number of values, and colons, of which each member has one.
 */
const scanned = (text: string): { over: string } | { members: number } => {
  let depth = 0
  let entries = 0
  let members = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) at = endOfString(text, at)
    else if (code === COMMA) entries++
    else if (code === COLON) members++
    else if (opens(code)) {
      entries++
      depth++
    } else if (closes(code)) depth--
    if (depth > MAX_DEPTH) return { over: `it is nested deeper than ${MAX_DEPTH} levels` }
    if (entries > MAX_ENTRIES) return { over: `it holds more than ${MAX_ENTRIES} values` }
  }
  return { members }
}

/** Members of all objects in a value out of JSON, where each key stands once. */
const membersIn = (value: unknown): number => {
  if (typeof value !== 'object' || value === null) return 0
  let members = 0
  if (Array.isArray(value)) for (const item of value) members += membersIn(item)
  else for (const key in value) members += 1 + membersIn((value as JsonObject)[key])
  return members
}

const LONGEST_SHOWN = 40

/** The first key that an object repeats. @param text valid JSON in which one does */
const repeatedKey = (text: string): string => {
  const open: Set<string>[] = []
  let last = ''
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) {
      last = text.slice(at, endOfString(text, at) + 1)
      at += last.length - 1
    } else if (opens(code)) open.push(new Set())
    else if (closes(code)) open.pop()
    else if (code === COLON) {
      // One key has several spellings: `\u0061` is `a`.
      const key: string = JSON.parse(last)
      if (open.at(-1)?.has(key)) return key
      open.at(-1)?.add(key)
    }
  }
  return ''
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false })

const refused = (why: string) => ({
  ok: false as const,
  message: `Parse error: the body is refused because ${why}.`,
})

/**
 * A key that an object repeats is refused, since which of its values counts is left open (RFC 8259, section 4): two programs on the
 * way of a payment could read two amounts. The value has fewer members then than the text has colons, so nothing is compared.
 * @returns the value, or one sentence that says what is wrong
 */
export const parseText = (text: string): Parsed => {
  const scan = scanned(text)
  if ('over' in scan) return refused(scan.over)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { ok: false, message: 'Parse error: the body is not valid JSON.' }
  }
  if (membersIn(value) === scan.members) return { ok: true, value }
  const repeated = JSON.stringify(cutShort(cleanText(repeatedKey(text)), LONGEST_SHOWN))
  return {
    ...refused(`an object in it has the key ${repeated} more than once, and only one of them would count`),
    repeated,
  }
}

/** The same for the bytes of a whole body. */
export const parseJson = (bytes: ArrayBuffer | Uint8Array): Parsed => {
  try {
    return parseText(utf8.decode(bytes))
  } catch {
    return { ok: false, message: 'Parse error: the body is not valid UTF-8.' }
  }
}

/** JSON that may be none: null for any other text. */
export const jsonIn = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** Some members of a record. */
export const picked = <Of extends object, Key extends keyof Of>(
  of: Of,
  keys: readonly Key[],
): Pick<Of, Key> => Object.fromEntries(keys.map((key) => [key, of[key]])) as Pick<Of, Key>
