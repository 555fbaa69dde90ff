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
  return { ...other, ...rest, ...(typeof other.type === 'string' && { type: [other.type, 'null'] }) }
}

const withoutBounds = ({ minimum, maximum, ...rest }: JsonSchema): JsonSchema => ({
  ...rest,
  ...(minimum !== undefined && minimum !== 1 && minimum !== Number.MIN_SAFE_INTEGER && { minimum }),
  ...(maximum !== undefined && maximum !== Number.MAX_SAFE_INTEGER && { maximum }),
})

const withoutLongPattern = (node: JsonSchema): JsonSchema => {
  const { pattern, minLength, ...rest } = node
  const bare = minLength === undefined || minLength === 1 ? rest : { ...rest, minLength }
  if (typeof pattern !== 'string') return bare
  if (pattern.startsWith('^\\d{4}-') && !rest.format) return { description: 'ISO 8601, UTC.', ...bare }
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

const TRIMS = [
  withoutAnyOf,
  withoutBounds,
  withoutLongPattern,
  withoutManyWords,
  withoutKeyRules,
  withoutNothing,
]

const trimmedAll = (nodes: JsonSchema, keep: (node: JsonSchema) => JsonSchema): JsonSchema =>
  Object.fromEntries(Object.entries(nodes).map(([name, node]) => [name, trimmed(node as JsonSchema, keep)]))

const trimmed = (given: JsonSchema, keep: (node: JsonSchema) => JsonSchema): JsonSchema => {
  const { properties, items, ...node } = TRIMS.reduce((at, trim) => trim(at), given)
  return keep({
    ...node,
    ...(properties !== undefined && { properties: trimmedAll(properties as JsonSchema, keep) }),
    ...(items !== undefined && { items: trimmed(items as JsonSchema, keep) }),
  })
}

const TYPES = ['type', 'description', 'properties', 'items', 'required']
const typesOnly = (node: JsonSchema): JsonSchema =>
  Object.fromEntries(Object.entries(node).filter(([key]) => TYPES.includes(key)))

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

/** Output of a tool: types alone. Further fields may follow when `fields` asks for them. */
export const outputJsonSchema = (type: z.ZodType): JsonSchema => trimmed(printed(type, 'output'), typesOnly)
