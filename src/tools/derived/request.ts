/** One request to Finexio out of a declaration: its route and path, and its records as they are read. */
import type * as z from 'zod'
import type { Method, Resource, Verb } from '../../../schemas/define.ts'
import { readAs } from '../../../schemas/readable.ts'
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

/** Reads one record as Finexio sent it; null when it is not a record. @param only names of the fields to read; undefined: all */
export const readRecord = (
  { gives, normalize }: Readable,
  raw: unknown,
  only?: ReadonlySet<string>,
): Row | null => (gives ? readAs(gives, normalize ? normalize(raw) : raw, only) : null)

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
