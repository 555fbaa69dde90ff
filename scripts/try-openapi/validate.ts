/** What a server that takes its description at its word finds wrong with a request. Pure. */
import { isNode, nodesOf } from '../schemas-drift/description.ts'
import type { Described, Operation, Schema } from './description.ts'

/** `rule`: the keyword of the description that is broken. */
export type Problem = { at: string; rule: string; says: string }

type Resolve = Described['resolve']

const DATE = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/
const TIME = /^([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/i

/** Formats as RFC 3339, 4122 and the like have them. */
const FORMATS: Readonly<Record<string, (text: string) => boolean>> = {
  'date-time': (text) =>
    DATE.test(text.slice(0, 10)) && /[Tt]/.test(text[10] ?? '') && TIME.test(text.slice(11)),
  date: (text) => DATE.test(text),
  uuid: (text) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text),
  email: (text) => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text),
  uri: (text) => /^[a-z][a-z0-9+.-]*:/i.test(text) && URL.canParse(text),
}

const TYPES: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string',
  integer: Number.isSafeInteger,
  number: (value) => typeof value === 'number' && Number.isFinite(value),
  boolean: (value) => typeof value === 'boolean',
  array: Array.isArray,
  object: isNode,
  null: (value) => value === null,
}

const typesOf = ({ type, nullable }: Schema): string[] =>
  type === undefined ? [] : [...[type].flat().map(String), ...(nullable === true ? ['null'] : [])]

const bound = (schema: Schema, name: string): number | null =>
  typeof schema[name] === 'number' ? schema[name] : null

const outside = (size: number, schema: Schema, least: string, most: string): string | null => {
  const [from, to] = [bound(schema, least), bound(schema, most)]
  if (from !== null && size < from) return least
  return to !== null && size > to ? most : null
}

const sizeRule = (value: unknown, schema: Schema): string | null => {
  if (typeof value === 'string') return outside([...value].length, schema, 'minLength', 'maxLength')
  if (typeof value === 'number') return outside(value, schema, 'minimum', 'maximum')
  return Array.isArray(value) ? outside(value.length, schema, 'minItems', 'maxItems') : null
}

const textRule = (value: unknown, { format, pattern }: Schema): string | null => {
  if (typeof value !== 'string') return null
  if (FORMATS[String(format)]?.(value) === false) return `format ${format}`
  return typeof pattern === 'string' && !new RegExp(pattern).test(value) ? 'pattern' : null
}

const plainRule = (value: unknown, schema: Schema): string | null => {
  const types = typesOf(schema)
  if (types.length > 0 && !types.some((type) => TYPES[type]?.(value))) return `type ${types.join(' or ')}`
  if (Array.isArray(schema.enum) && !schema.enum.includes(value)) return 'enum'
  return sizeRule(value, schema) ?? textRule(value, schema)
}

/** Where fields are declared, others are unknown to the server: it would drop or refuse them. */
const unknownField = ({ properties, additionalProperties }: Schema): boolean =>
  additionalProperties === false || (isNode(properties) && additionalProperties === undefined)

const fieldProblems = (value: Schema, schema: Schema, resolve: Resolve, at: string): Problem[] => {
  const known = isNode(schema.properties) ? schema.properties : {}
  const lacking = [schema.required ?? []].flat().filter((name) => value[String(name)] === undefined)
  const others = isNode(schema.additionalProperties) ? schema.additionalProperties : null
  return [
    ...lacking.map((name) => ({ at: `${at}/${name}`, rule: 'required', says: 'it is missing' })),
    ...Object.entries(value).flatMap(([name, inner]): Problem[] => {
      const own = known[name] ?? others
      const place = `${at}/${name}`
      if (!isNode(own))
        return unknownField(schema)
          ? [{ at: place, rule: 'unknown field', says: 'no such field is described' }]
          : []
      if (resolve(own).readOnly === true)
        return [{ at: place, rule: 'readOnly', says: 'it is described as read-only' }]
      return schemaProblems(inner, own, resolve, place)
    }),
  ]
}

const choiceProblems = (value: unknown, schema: Schema, resolve: Resolve, at: string): Problem[] => {
  for (const word of ['oneOf', 'anyOf']) {
    const ways = nodesOf(schema[word])
    if (ways.length > 0 && ways.every((way) => schemaProblems(value, way, resolve, at).length > 0))
      return [{ at, rule: word, says: 'it is none of these' }]
  }
  return []
}

/** A short value for people; they are made up by the trial itself. */
const shown = (value: unknown): string => JSON.stringify(value)?.slice(0, 60) ?? 'nothing'

/** @param at place of the value, for people */
const schemaProblems = (value: unknown, raw: Schema, resolve: Resolve, at: string): Problem[] => {
  const schema = resolve(raw)
  const rule = plainRule(value, schema)
  if (rule !== null) return [{ at, rule, says: shown(value) }]
  const choices = choiceProblems(value, schema, resolve, at)
  if (choices.length > 0) return choices
  const { items } = schema
  if (Array.isArray(value) && isNode(items))
    return value.flatMap((one) => schemaProblems(one, items, resolve, `${at}/[]`))
  return isNode(value) ? fieldProblems(value, schema, resolve, at) : []
}

/** A value of a path or query as its type reads it; the text where it cannot be read so. */
const readAs = (text: string, schema: Schema): unknown => {
  const [type] = typesOf(schema)
  if ((type === 'integer' || type === 'number') && /^-?\d+(\.\d+)?$/.test(text)) return Number(text)
  return type === 'boolean' && /^(true|false)$/.test(text) ? text === 'true' : text
}

const valueProblems = (text: string, schema: Schema, { resolve }: Described, at: string): Problem[] =>
  schemaProblems(readAs(text, resolve(schema)), schema, resolve, at)

const queryProblems = (
  query: URLSearchParams,
  { parameters }: Operation,
  described: Described,
): Problem[] => {
  const known = parameters.filter((one) => one.in === 'query')
  const unknown = [...new Set(query.keys())].filter((name) => !known.some((one) => one.name === name))
  return [
    ...unknown.map((name) => ({
      at: `query ${name}`,
      rule: 'unknown parameter',
      says: 'it is not described',
    })),
    ...known.flatMap(({ name, required, schema }): Problem[] => {
      const values = query.getAll(name)
      const at = `query ${name}`
      if (values.length === 0) return required ? [{ at, rule: 'required', says: 'it is missing' }] : []
      const many = described.resolve(schema).type === 'array'
      if (values.length > 1 && !many)
        return [{ at, rule: 'one value', says: `it came ${values.length} times` }]
      return many ? [] : valueProblems(values[0]!, schema, described, at)
    }),
  ]
}

export type Asked = {
  /** By the names of the description. */
  path: Readonly<Record<string, string>>
  query: URLSearchParams
  contentType: string
  /** Empty: none. */
  body: string
}

const bodyProblems = (
  { contentType, body: text }: Asked,
  operation: Operation,
  { resolve }: Described,
): Problem[] => {
  const { body, bodyRequired } = operation
  if (text === '') return bodyRequired ? [{ at: 'body', rule: 'required', says: 'it is missing' }] : []
  if (!body) return [{ at: 'body', rule: 'unknown body', says: 'none is described' }]
  if (!/^application\/json\b/.test(contentType))
    return [{ at: 'body', rule: 'content type', says: contentType || 'none' }]
  try {
    return schemaProblems(JSON.parse(text), body, resolve, 'body')
  } catch (fault) {
    if (fault instanceof SyntaxError) return [{ at: 'body', rule: 'JSON', says: fault.message }]
    throw fault
  }
}

/** All that the description refuses of a request to this operation. */
export const problemsOf = (asked: Asked, operation: Operation, described: Described): Problem[] => [
  ...operation.parameters
    .filter((one) => one.in === 'path')
    .flatMap(({ name, schema }) => valueProblems(asked.path[name] ?? '', schema, described, `path ${name}`)),
  ...queryProblems(asked.query, operation, described),
  ...bodyProblems(asked, operation, described),
]
