/** One request to Finexio out of a declaration: its route and path, and its records as they are read. */
import * as z from 'zod'
import type { Method, Resource, Verb } from '../../../schemas/define.ts'
import { readAs } from '../../../schemas/readable.ts'
import { isObject } from '../../core/json.ts'
import { isBlank } from '../../core/mask.ts'
import { cleanText, cut } from '../../core/text.ts'
import { Refusal } from '../refusal.ts'

// Tool names: the grammar that Truto uses, so that prompts written for it keep working.

const PATTERNS: Record<string, (resource: Resource) => string> = {
  list: ({ name }) => `list_all_finexio_${name}`,
  get: ({ singular }) => `get_single_finexio_${singular}_by_id`,
  create: ({ singular }) => `create_a_finexio_${singular}`,
  update: ({ singular }) => `update_a_finexio_${singular}_by_id`,
  delete: ({ singular }) => `delete_a_finexio_${singular}_by_id`,
}

/** Methods beyond these five are custom: their verb is the end of the name, unchanged. */
export const toolName = (resource: Resource, method: string): string =>
  PATTERNS[method]?.(resource) ?? `finexio_${resource.name}_${method}`

/** A record of Finexio, field by field. */
export type Row = Record<string, unknown>

/** Whether a value can be part of a path. "." and ".." would be resolved as path steps even when percent-encoded. */
export const isPathId = (value: unknown): value is string =>
  typeof value === 'string' &&
  value !== '' &&
  !/^\.{1,2}$/.test(value) &&
  !/[\u0000-\u001f\u007f]/.test(value)

const filled = (name: string, value: unknown): string => {
  const text = String(value)
  if (!isPathId(text))
    throw new Refusal(`${name}: this is not an id. Take it unchanged from a list or from another record.`)
  return encodeURIComponent(text.toWellFormed())
}

/** `GET /payments/{id}/` as verb and path template. */
export const routeOf = (method: Method): { verb: Verb; template: string } => {
  const [verb, template] = method.route.split(' ') as [Verb, string]
  return { verb, template }
}

/** `/payments/{id}/` with `{id: "p 1"}` → `/payments/p%201/`. Throws a Refusal on ids that would change the path. */
export const fillPath = (template: string, args: Record<string, unknown>): string =>
  template.replace(/\{(\w+)\}/g, (_, name: string) => filled(name, args[name]))

type Readable = { gives?: z.ZodObject; normalize?: (raw: unknown) => unknown }

// An amount that cannot be read is null, which is no zero and no absence either: the row says what came in its place.

/** Where a record holds amounts: fields of its own, and fields that hold records with amounts. */
type Amounts = { own: string[]; within: [string, Amounts][] }

const inner = (type: z.ZodType): z.ZodType => {
  if (type instanceof z.ZodOptional || type instanceof z.ZodNullable) return inner(type.unwrap() as z.ZodType)
  return type instanceof z.ZodArray ? inner(type.element as z.ZodType) : type
}

const amountsIn = (given: z.ZodType): Amounts => {
  const type = inner(given)
  const fields = type instanceof z.ZodObject ? Object.entries(type.shape as Record<string, z.ZodType>) : []
  return {
    own: fields.map(([name]) => name).filter((name) => name.endsWith('_cents')),
    within: fields
      .map(([name, field]): [string, Amounts] => [name, amountsIn(field)])
      .filter(([, { own, within }]) => own.length + within.length > 0),
  }
}

/** Found once per declaration: hundreds of rows pass here in one call. */
const known = new WeakMap<z.ZodObject, Amounts>()

const amountsOf = (gives: z.ZodObject): Amounts => {
  const amounts = known.get(gives) ?? amountsIn(gives)
  known.set(gives, amounts)
  return amounts
}

const LONGEST_AMOUNT = 40

const quotedAmount = (value: unknown) =>
  JSON.stringify(
    cut(cleanText(typeof value === 'object' ? JSON.stringify(value) : String(value)), LONGEST_AMOUNT),
  )

const unreadIn = (raw: unknown, row: unknown, amounts: Amounts): string[] => {
  if (Array.isArray(raw))
    return Array.isArray(row) ? raw.flatMap((item, index) => unreadIn(item, row[index], amounts)) : []
  if (!isObject(raw) || !isObject(row)) return []
  const { own, within } = amounts
  return [
    ...own
      .filter((name) => row[name] === null && !isBlank(raw[name]))
      .map((name) => `${name} ${quotedAmount(raw[name])}`),
    ...within.flatMap(([name, inside]) => unreadIn(raw[name], row[name], inside)),
  ]
}

const MOST_NAMED = 3

/** What of a row could not be read as whole US cents; null when all could. */
const amountNote = (gives: z.ZodObject, raw: unknown, row: Row): string | null => {
  const unread = unreadIn(raw, row, amountsOf(gives))
  if (unread.length === 0) return null
  const more = unread.length > MOST_NAMED ? ` and ${unread.length - MOST_NAMED} more` : ''
  return `No whole number of US cents: ${unread.slice(0, MOST_NAMED).join(', ')}${more}.`
}

/** Reads one record as Finexio sent it; null when it is not a record. An amount that cannot be read is named in its `note`. @param only names of the fields to read; undefined: all */
export const readRecord = (
  { gives, normalize }: Readable,
  raw: unknown,
  only?: ReadonlySet<string>,
): Row | null => {
  const given = normalize ? normalize(raw) : raw
  const row = gives ? readAs(gives, given, only) : null
  const note = gives && row && amountNote(gives, given, row)
  return note ? { ...row, note } : row
}

/** Records as declared, read leniently; `unreadable` counts what is not a record at all. @param only as for one record */
export const readRecords = (
  method: Readable,
  raw: readonly unknown[],
  only?: ReadonlySet<string>,
): { records: Row[]; unreadable: number } => {
  const read = raw.map((row) => readRecord(method, row, only))
  const records = read.filter((row) => row !== null)
  return { records, unreadable: read.length - records.length }
}

/** These fields of a row; those that it does not have are left out. */
export const picked = (row: Row, names: readonly string[]): Row =>
  Object.fromEntries(names.filter((name) => row[name] !== undefined).map((name) => [name, row[name]]))

/** These fields of a row; null where it has none. */
export const withNulls = (row: Row, names: readonly string[]): Row =>
  Object.fromEntries(names.map((name) => [name, row[name] ?? null]))

/** Text as it is compared: case and blanks at the ends apart. */
export const folded = (value: unknown): string =>
  String(value ?? '')
    .trim()
    .toLowerCase()

/** Finexio's words in one spelling, so that equal ones count together. */
export const wordOf = (value: unknown): string =>
  String(value ?? '')
    .toLowerCase()
    .replace('cancelled', 'canceled')
