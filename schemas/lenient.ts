/** How single values are read leniently. Each gives null for what is no such value at all; null itself never gets here. */
import { isObject } from '../src/core/json.ts'

const INTEGER_TEXT = /^-?\d{1,15}(\.0+)?$/
const NUMBER_TEXT = /^-?\d{1,15}(\.\d+)?$/

export type Reader = (value: unknown) => unknown

/** Numbers and flags as text; what should not be nested stays readable as JSON. */
export const readText: Reader = (value) => {
  if (typeof value === 'string') return value
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

const read = (value: unknown, pattern: RegExp): number | null => {
  if (typeof value === 'number') return value
  return typeof value === 'string' && pattern.test(value) ? Number(value) : null
}

export const readInteger: Reader = (value) => {
  const number = read(value, INTEGER_TEXT)
  return Number.isSafeInteger(number) ? number : null
}

export const readNumber: Reader = (value) => {
  const number = read(value, NUMBER_TEXT)
  return Number.isFinite(number) ? number : null
}

export const readFlag: Reader = (value) => {
  if (typeof value === 'boolean') return value
  const word = typeof value === 'string' ? value.toLowerCase() : value
  return word === 'true' ? true : word === 'false' ? false : null
}

const parsedJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** In Finexio's samples an empty object is also `[]`, and metadata is once JSON text. */
export const readFreeObject: Reader = (value) => {
  if (Array.isArray(value) && value.length === 0) return {}
  const object = typeof value === 'string' && value.startsWith('{') ? parsedJson(value) : value
  return isObject(object) ? object : null
}

/** @param blank replaces an item that is no such value, so that the others keep their places */
export const listOf =
  (item: Reader, blank: unknown): Reader =>
  (value) =>
    Array.isArray(value) ? value.map((one) => (one === null ? blank : (item(one) ?? blank))) : null

/** The named fields and no others; absent ones stay absent. */
export const objectOf = (fields: Readonly<Record<string, Reader>>): Reader => {
  const readers = Object.entries(fields)
  return (value) => {
    if (!isObject(value)) return null
    const out: Record<string, unknown> = {}
    for (const [name, reader] of readers) {
      const field = value[name]
      if (field !== undefined) out[name] = field === null ? null : reader(field)
    }
    return out
  }
}
