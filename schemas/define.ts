/**
 * The types in which Finexio's API is declared: fields, methods, resources. No behaviour and no I/O.
 * Everything else (tools, sandbox checks, drift check, docs) is derived from these declarations.
 */
import type * as z from 'zod'

/** The only safety switch: annotations, claims, audit and badges all derive from it. */
export type Effect = 'read' | 'write' | 'money'

export type Verb = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** Exact upstream path below the base URL, slash spelling included. Placeholders carry the tool's argument names. */
type Route = `${Verb} /${string}`

export type Listing = {
  /** `envelope`: `{count, next, previous, results}`, 100 rows a page. `array`: a bare array, no pages. */
  shape: 'envelope' | 'array'
  /** What no record of this list says, told where it is empty and somebody must look elsewhere. */
  whenEmpty?: string
  /** Timestamp field that tells newest from oldest; null where Finexio shows none. */
  newest: string | null
  /** Columns shown unless `fields` asks for others: keys first, then what people ask about. */
  columns: readonly string[]
  /** Values people ask for that Finexio's own filter refuses: found by reading pages. */
  scans?: Readonly<Record<string, readonly string[]>>
  /** Filters stored upper-cased by Finexio: asked as given, and in upper case if that finds nothing. */
  eitherCase?: readonly string[]
  /** Finexio documents one bare record in place of this list: then it is a list of one. */
  single?: true
  /** A filter under which an empty list is no answer, since something must be there. */
  neverEmpty?: { by: string; because: string }
  /** True where Finexio refuses a call without any filter. */
  needsFilter?: boolean
}

export type Method = {
  effect: Effect
  route: Route
  /** Short title for people, as shown in a client's tool list. */
  title: string
  /** The tool's description, for a model: when to use it and where ids come from. */
  says: string
  path?: z.ZodObject
  query?: z.ZodObject
  body?: z.ZodObject | z.ZodArray<z.ZodObject>
  /** Brings one record as received (one row where the answer is a list) into the shape that `gives` declares. Pure. */
  normalize?: (raw: unknown) => unknown
  /** Type of one record of the answer; absent where the answer has none (deletions). */
  gives?: z.ZodObject
  list?: Listing
  /** Tags on top of the resource's own. */
  tags?: readonly string[]
}

export type Resource = {
  /** Plural, as in tool names: `payments`. */
  name: string
  /** `payment`; equal to `name` where the noun is uncountable. */
  singular: string
  tags: readonly string[]
  /** Fields that tell a record from the others of its kind before it has an id; Finexio compares them without regard to case. */
  known?: readonly string[]
  methods: Readonly<Record<string, Method>>
}

/** Checks a declaration of a resource by its type. */
export const resource = (declared: Resource): Resource => declared
