/**
 * Schemas that every client takes (fault D26), in every view. At b8f2a26: `const`, composites behind the first forty tools,
 * objects without declared fields. Siblings: `$ref` under any word, several types where one is chosen, enums that repeat a word.
 */
import { describe, expect, test } from 'vitest'
import type { ServerConfig } from '../../src/rules/server-settings.ts'
import { toolLayer } from '../../src/tools/call/call.ts'
import { catalogue } from '../../src/tools/catalogue.ts'

type Node = Record<string, unknown>
type Schema = { path: string; node: Node; input: boolean; root: boolean }

const asNodes = (value: unknown, path: string): [string, Node][] =>
  Object.entries((value ?? {}) as Record<string, Node>).map(([name, node]) => [`${path}.${name}`, node])

/** A schema and those inside it; the names of properties are not words of the schema. */
const schemasIn = (path: string, node: Node, input: boolean, root = true): Schema[] => {
  const branches = (['anyOf', 'oneOf', 'allOf'] as const).flatMap((word) => asNodes(node[word], path))
  const items: [string, Node][] = node.items === undefined ? [] : [[`${path}[]`, node.items as Node]]
  return [
    { path, node, input, root },
    ...[...asNodes(node.properties, path), ...items, ...branches].flatMap(([at, inner]) =>
      schemasIn(at, inner, input, false),
    ),
  ]
}

const WRITES = ['read', 'write'] as const
const views: [string, ServerConfig][] = [
  ['full', { methods: [...WRITES] }],
  ['reading', { methods: ['read'] }],
  ['discovery', { methods: [...WRITES], tool_exposure: 'discovery' }],
  ['discovery, reading', { methods: ['read'], tool_exposure: 'discovery' }],
  [
    'with approvals and a fixed value',
    { methods: [...WRITES], approval: 'always', fixed: { '*': { supplier: 'sup_1' } } },
  ],
]

const WORDS = new Set([
  ...[
    'type',
    'description',
    'properties',
    'required',
    'items',
    'enum',
    'additionalProperties',
    'format',
    'default',
  ],
  ...['pattern', 'minimum', 'maximum', 'minLength', 'maxLength', 'minItems', 'maxItems', 'anyOf'],
])

/** Objects that are free on purpose: the names in them are the customer's, or any tool's. */
const FREE = / in\.(arguments|metadata|body\[\]\.metadata|columns|rows\[\])$/

const typesOf = ({ type }: Node): unknown[] => (type === undefined ? [] : [type].flat())
const typeOf = (value: unknown): string => (value === null ? 'null' : typeof value)

const bytes = (text: unknown): number => new TextEncoder().encode(String(text ?? '')).length

describe.each(views)('%s', (_, config) => {
  const { tools } = toolLayer.viewOf(config).list
  const schemas = tools.flatMap(({ name, inputSchema, outputSchema }) => [
    ...schemasIn(`${name} in`, inputSchema, true),
    ...(outputSchema ? schemasIn(`${name} out`, outputSchema, false) : []),
  ])
  const bad = (refused: (schema: Schema) => boolean) => schemas.filter(refused).map(({ path }) => path)

  test('no word beyond those that all clients know: no const, $ref, $schema, allOf, oneOf, if, tuple', () =>
    expect(
      schemas.flatMap(({ path, node }) =>
        Object.keys(node)
          .filter((word) => !WORDS.has(word))
          .map((word) => `${path}: ${word}`),
      ),
    ).toEqual([]))

  test('roots are plain objects; an input names all its arguments and no other', () => {
    expect(bad(({ node, root }) => root && (node.type !== 'object' || node.anyOf !== undefined))).toEqual([])
    expect(
      bad(
        ({ node, root, input }) => root && input && !(node.properties && node.additionalProperties === false),
      ),
    ).toEqual([])
  })

  test('what is required is declared', () =>
    expect(
      bad(({ node }) =>
        ((node.required ?? []) as string[]).some((name) => !(name in ((node.properties ?? {}) as Node))),
      ),
    ).toEqual([]))

  test('arrays have one kind of items', () =>
    expect(
      bad(
        ({ node }) =>
          typesOf(node).includes('array') && (typeof node.items !== 'object' || Array.isArray(node.items)),
      ),
    ).toEqual([]))

  test('several types are one type and null, and each word of an enum is of its type, once', () => {
    expect(bad(({ node }) => typesOf(node).filter((type) => type !== 'null').length > 1)).toEqual([])
    expect(
      bad(
        ({ node: { enum: words, ...node } }) =>
          Array.isArray(words) &&
          (new Set(words).size < words.length ||
            words.some((word: unknown) => !typesOf(node).includes(typeOf(word)))),
      ),
    ).toEqual([])
    expect(
      bad(
        ({ node: { enum: words, ...node } }) =>
          Array.isArray(words) && typesOf(node).includes('null') !== words.includes(null),
      ),
    ).toEqual([])
  })

  test('every argument says its type, and its objects their fields, save those that are free on purpose', () => {
    expect(bad(({ node, input }) => input && typesOf(node).length === 0 && node.anyOf === undefined)).toEqual(
      [],
    )
    expect(
      bad(
        ({ path, node, input }) =>
          input && !FREE.test(path) && typesOf(node).includes('object') && node.properties === undefined,
      ),
    ).toEqual([])
  })

  test('no description is cut: at most 1,024 bytes; names of at most 64 letters, arguments included', () => {
    expect(
      tools.filter(({ name, description }) => bytes(description) > 1_024 || !/^[a-z0-9_]{1,64}$/.test(name)),
    ).toEqual([])
    expect(bad(({ node }) => bytes(node.description) > 1_024)).toEqual([])
    expect(
      bad(({ node }) =>
        Object.keys((node.properties ?? {}) as Node).some((name) => !/^[\w.-]{1,64}$/.test(name)),
      ),
    ).toEqual([])
  })

  test('tools that answer a question or tell of a write are among the first forty: Cursor takes no more', () => {
    const composite = catalogue
      .filter(({ needs, covers, follows, method }) => (needs ?? covers ?? follows) && method !== 'list')
      .map(({ name }) => name)
    const behind = tools.slice(40).map(({ name }) => name)
    expect(composite.filter((name) => behind.includes(name))).toEqual([])
  })
})
