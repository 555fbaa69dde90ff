/** Reads untrusted JSON: valid UTF-8, bounded depth, bounded number of values. */

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

export type Parsed = { ok: true; value: unknown } | { ok: false; message: string }

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c

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
 * Which bound a text passes, before anything is built from it. Counts containers and commas outside strings,
 * which is at least the number of values.
 */
const excess = (text: string): string | null => {
  let depth = 0
  let entries = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) at = endOfString(text, at)
    else if (code === COMMA) entries++
    else if (opens(code)) {
      entries++
      if (++depth > MAX_DEPTH) return `it is nested deeper than ${MAX_DEPTH} levels`
    } else if (closes(code)) depth--
    if (entries > MAX_ENTRIES) return `it holds more than ${MAX_ENTRIES} values`
  }
  return null
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false })

/**
 * @param bytes a whole request body
 * @returns the value, or one sentence that says what is wrong
 */
export const parseJson = (bytes: ArrayBuffer | Uint8Array): Parsed => {
  let text: string
  try {
    text = utf8.decode(bytes)
  } catch {
    return { ok: false, message: 'Parse error: the body is not valid UTF-8.' }
  }
  const over = excess(text)
  if (over) return { ok: false, message: `Parse error: the body is refused because ${over}.` }
  try {
    return { ok: true, value: JSON.parse(text) }
  } catch {
    return { ok: false, message: 'Parse error: the body is not valid JSON.' }
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
