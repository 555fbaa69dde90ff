/**
 * JSON Schemas as clients get them: zod's own, inlined and trimmed. Every token of them is paid in every chat, so what a
 * model does not need is left to the server's check: long patterns, bounds that go without saying, the 72 state codes.
 */
import * as z from 'zod'

export type JsonSchema = Record<string, unknown>

const STATE_CODE = '^[A-Z]{2}$'
const LONGEST_PATTERN = 24
const MOST_WORDS = 40

const isNull = (option: unknown) => (option as JsonSchema).type === 'null'

/** `anyOf: [T, null]` becomes a type array where T is a plain type. */
const withoutAnyOf = (node: JsonSchema): JsonSchema => {
  const { anyOf, ...rest } = node
  if (!Array.isArray(anyOf) || anyOf.length !== 2 || !anyOf.some(isNull)) return node
  const other = anyOf.find((option) => !isNull(option)) as JsonSchema
  return {
    ...other,
    ...rest,
    ...(typeof other.type === 'string' && { type: [other.type, 'null'] }),
    ...(Array.isArray(other.enum) && { enum: [...other.enum, null] }),
  }
}

const withoutBounds = ({ minimum, maximum, ...rest }: JsonSchema): JsonSchema => ({
  ...rest,
  ...(minimum !== undefined && minimum !== Number.MIN_SAFE_INTEGER && { minimum }),
  ...(maximum !== undefined && maximum !== Number.MAX_SAFE_INTEGER && { maximum }),
})

const withoutLongPattern = (node: JsonSchema): JsonSchema => {
  const { pattern, minLength, ...rest } = node
  const bare = minLength === undefined || minLength === 1 ? rest : { ...rest, minLength }
  if (typeof pattern !== 'string') return bare
  if (pattern.startsWith('^\\d{4}-') && !rest.format) return { description: 'UTC.', ...bare }
  return pattern.length > LONGEST_PATTERN || rest.format ? bare : { ...bare, pattern }
}

const withoutManyWords = (node: JsonSchema): JsonSchema => {
  const { enum: words, ...rest } = node
  return Array.isArray(words) && words.length > MOST_WORDS ? { ...rest, pattern: STATE_CODE } : node
}

/** An object of which nothing is said. */
const withoutNothing = (node: JsonSchema): JsonSchema => {
  const { properties, ...rest } = node
  return typeof properties === 'object' && Object.keys(properties!).length === 0 ? rest : node
}

/** Objects with free keys (metadata) say no more than that; what is described stays. */
const withoutKeyRules = ({ propertyNames: _, additionalProperties: __, ...rest }: JsonSchema): JsonSchema =>
  rest

/** One word is a list of one, and one flag a flag: some clients refuse `const`, and the server's check has the last word. */
const withoutConst = (node: JsonSchema): JsonSchema => {
  const { const: only, ...rest } = node
  if (only === undefined || typeof only === 'object') return node
  return typeof only === 'string' ? { type: 'string', ...rest, enum: [only] } : { type: typeof only, ...rest }
}

const TRIMS = [
  withoutConst,
  withoutAnyOf,
  withoutBounds,
  withoutLongPattern,
  withoutManyWords,
  withoutKeyRules,
  withoutNothing,
]

/** What is said of the start of a range goes for its end. */
const withoutEcho = (name: string, node: JsonSchema, siblings: Record<string, JsonSchema>): JsonSchema => {
  const start = name.endsWith('_end') && siblings[name.replace(/_end$/, '_start')]
  if (!start || start.description !== node.description) return node
  const { description: _, ...rest } = node
  return rest
}

const trimmedAll = (nodes: JsonSchema, keep: (node: JsonSchema) => JsonSchema): JsonSchema => {
  const all = Object.entries(nodes).map(([name, node]): [string, JsonSchema] => [
    name,
    trimmed(node as JsonSchema, keep),
  ])
  const siblings = Object.fromEntries(all)
  return Object.fromEntries(all.map(([name, node]) => [name, withoutEcho(name, node, siblings)]))
}

const trimmed = (given: JsonSchema, keep: (node: JsonSchema) => JsonSchema): JsonSchema => {
  const { properties, items, ...node } = TRIMS.reduce((at, trim) => trim(at), given)
  return keep({
    ...node,
    ...(properties !== undefined && { properties: trimmedAll(properties as JsonSchema, keep) }),
    ...(items !== undefined && { items: trimmed(items as JsonSchema, keep) }),
  })
}

const TYPES = ['type', 'description', 'properties', 'items', 'required']
const isEmpty = (value: unknown) => typeof value === 'object' && Object.keys(value as object).length === 0
const typesOnly = (node: JsonSchema): JsonSchema =>
  Object.fromEntries(Object.entries(node).filter(([key, value]) => TYPES.includes(key) && !isEmpty(value)))

const printed = (type: z.ZodType, io: 'input' | 'output'): JsonSchema => {
  const { $schema: _, ...schema } = z.toJSONSchema(type, { io, reused: 'inline', unrepresentable: 'any' })
  return schema as JsonSchema
}

/** Input of a tool: an object root that names every argument and admits no other. */
export const inputJsonSchema = (type: z.ZodObject): JsonSchema => ({
  properties: {},
  ...trimmed(printed(type, 'input'), (node) => node),
  additionalProperties: false,
})

/** Fields that hold the rows of an answer: their columns are declared, those of records inside records are not. */
const ROWS: ReadonlySet<string> = new Set(['result', 'results'])

const bare = ({ type, description }: JsonSchema): JsonSchema => ({
  ...(type !== undefined && { type }),
  ...(description !== undefined && { description }),
})

const isRecord = ({ properties }: JsonSchema): boolean => properties !== undefined

const shallow = (name: string, node: JsonSchema): JsonSchema => {
  const items = node.items as JsonSchema | undefined
  if (ROWS.has(name) && items) return { ...node, items: withShallowFields(items) }
  if (items && isRecord(items)) return { ...node, items: bare(items) }
  return isRecord(node) ? bare(node) : node
}

const withShallowFields = (node: JsonSchema): JsonSchema => {
  if (!isRecord(node)) return node
  const fields = Object.entries(node.properties as Record<string, JsonSchema>)
  return {
    ...node,
    properties: Object.fromEntries(fields.map(([name, field]) => [name, shallow(name, field)])),
  }
}

/** Output of a tool: types alone. Further fields may follow when `fields` asks for them. */
export const outputJsonSchema = (type: z.ZodType): JsonSchema =>
  withShallowFields(trimmed(printed(type, 'output'), typesOnly))
