/** The neutral form in which Finexio's OpenAPI file and our `schemas/` are compared: routes, and flat lists of fields. */

/** Facts about one field, each as text so that they compare and print alike; an absent fact is not stated. */
export type Facts = {
  type: string
  /** Outer form of an answer: `envelope`, `array` or `record`. */
  shape?: string
  enum?: string
  required?: string
  maxLength?: string
  minimum?: string
  maximum?: string
}

/** Field paths such as `contacts[].email`; `$` is the part as a whole. */
export type Fields = ReadonlyMap<string, Facts>

export const PARTS = ['server', 'query', 'body', 'response'] as const
type Part = (typeof PARTS)[number]

/** A part that is not declared at all is absent. */
export type Operation = Partial<Record<Part, Fields>>

/** One fact in place of fields: a server address. */
export const single = (type: string): Fields => new Map([['$', { type }]])

/** The same fields, the whole marked with the outer form of the answer. */
export const shaped = (fields: Fields, shape: string): Fields => {
  const whole = fields.get('$')
  return whole ? new Map([...fields, ['$', { ...whole, shape }]]) : fields
}

/** By route with nameless placeholders: `GET /payments/{}/`. */
export type Description = ReadonlyMap<string, Operation>

/** `/payments/{key}/` → `/payments/{}/`: we call placeholders by the names of tool arguments. */
export const nameless = (path: string): string => path.replace(/\{[^}]*\}/g, '{}')

type Node = Record<string, unknown>

/** Nested deeper than any record of Finexio; ends references that lead back to themselves. */
const DEEPEST = 8

export const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const nodesOf = (value: unknown): Node[] => (Array.isArray(value) ? value.filter(isNode) : [])

const bound = (value: unknown): string | undefined =>
  typeof value === 'number' && Math.abs(value) < Number.MAX_SAFE_INTEGER ? String(value) : undefined

const typeOf = (node: Node, words: readonly unknown[]): string => {
  const [type] = [node.type].flat().filter((name) => name !== undefined && name !== 'null')
  return type === undefined ? (words.length > 0 ? typeof words[0] : 'any') : String(type)
}

const wordsOf = (node: Node): unknown[] =>
  Array.isArray(node.enum) ? node.enum : node.const === undefined ? [] : [node.const]

/** Limits and obligations bind what is sent. Answers are read without them, so there only names, types and words count. */
const limitsOf = (node: Node, words: readonly unknown[], required: boolean) => ({
  required: required ? 'yes' : undefined,
  maxLength: words.length > 0 ? undefined : bound(node.maxLength),
  minimum: bound(node.minimum),
  maximum: bound(node.maximum),
})

const factsOf = (node: Node, required: boolean, direction: Direction): Facts => {
  const words = wordsOf(node)
  const facts = {
    type: typeOf(node, words),
    enum: words.length > 0 ? words.map(String).sort().join(' ') : undefined,
    ...(direction === 'sent' && limitsOf(node, words, required)),
  }
  return Object.fromEntries(Object.entries(facts).filter(([, fact]) => fact !== undefined)) as Facts
}

/** Takes references and compositions apart; leaves any other schema as it is. */
export type Resolve = (node: Node) => Node

type Child = { node: Node; path: string; required: boolean }

const childrenOf = (node: Node, path: string): Child[] => {
  const required = Array.isArray(node.required) ? node.required : []
  const named = Object.entries(isNode(node.properties) ? node.properties : {}).flatMap(([name, child]) =>
    isNode(child)
      ? [{ node: child, path: path ? `${path}.${name}` : name, required: required.includes(name) }]
      : [],
  )
  return isNode(node.items) ? [{ node: node.items, path: `${path}[]`, required: false }, ...named] : named
}

export type Direction = 'sent' | 'received'

/** Walks a JSON Schema into flat fields. Read-only fields are no part of what is sent. */
export const fieldsOf = (root: Node, resolve: Resolve, direction: Direction): Fields => {
  const fields = new Map<string, Facts>()
  const walk = ({ node: raw, path, required }: Child, depth: number): void => {
    const node = resolve(raw)
    if (direction === 'sent' && node.readOnly === true) return
    fields.set(path || '$', factsOf(node, required, direction))
    if (depth < DEEPEST) for (const child of childrenOf(node, path)) walk(child, depth + 1)
  }
  walk({ node: root, path: '', required: false }, 0)
  return fields
}
