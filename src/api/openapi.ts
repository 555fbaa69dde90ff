/** The management API described from the schemas that it validates with; `npm run assets` makes the file out of it that `GET /openapi.json` answers. */
import * as z from 'zod'
import { isObject, type JsonObject } from '../core/json.ts'
import { VERSION } from '../core/version.ts'
import { WaitsAnswer } from './answers.ts'
import { ErrorAnswer } from './errors.ts'
import { openPath } from './near-path.ts'
import type { Grouped, Route } from './route.ts'
import { PLACES, REFUSALS, WORDS } from './words.ts'

const HERE = '#/$defs/'
const THERE = '#/components/schemas/'

/** A choice of something or null says what that something is. */
const inChoice = ({ anyOf }: JsonObject): unknown =>
  (anyOf as JsonObject[] | undefined)?.find((one) => one.description !== undefined)?.description

const withWords = (properties: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(properties).map(([name, own]) => {
      const schema = told(own) as JsonObject
      const description = schema.description ?? inChoice(schema) ?? WORDS[name]
      return [name, description === undefined ? schema : { ...schema, description }]
    }),
  )

/** A schema in which every property says what it is, and that refers to the document's components. */
const told = (node: unknown): unknown => {
  if (Array.isArray(node)) return node.map(told)
  if (!isObject(node)) return node
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => {
      if (key === 'properties' && isObject(value)) return [key, withWords(value)]
      if (key === '$ref') return [key, String(value).replace(HERE, THERE)]
      return [key, told(value)]
    }),
  )
}

type Io = 'input' | 'output'
type Components = Map<string, unknown>

/** @param components take what schemas of a name of their own are */
const schemaOf = (type: z.ZodType, io: Io, components: Components): JsonObject => {
  // Inside of another one it is told apart from what has a name.
  const { $defs = {}, properties } = z.toJSONSchema(z.object({ it: type }), {
    io,
    reused: 'inline',
    unrepresentable: 'any',
  }) as JsonObject as { $defs?: JsonObject; properties: { it: JsonObject } }
  for (const [name, schema] of Object.entries($defs)) {
    const { id: _, ...rest } = schema as JsonObject
    components.set(name, told(rest))
  }
  return told(properties.it) as JsonObject
}

const json = (schema: JsonObject, example?: unknown) => ({
  'application/json': { schema, ...(example !== undefined && { example }) },
})

const pathParameters = ({ path, plain = [] }: Route) =>
  [...path.matchAll(/:([a-z]+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    description: PLACES[name!],
    required: true,
    schema: { type: 'string', ...(!plain.includes(name!) && { format: 'uuid' }) },
  }))

const queryParameters = ({ query }: Route, components: Components) => {
  if (!query) return []
  const { properties = {}, required = [] } = schemaOf(query, 'input', components) as {
    properties?: Record<string, JsonObject>
    required?: string[]
  }
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    name,
    in: 'query',
    description,
    required: required.includes(name),
    schema,
  }))
}

const content = ({ answer, media }: Route, components: Components) =>
  media
    ? Object.fromEntries(media.map((type) => [type, { schema: { type: 'string' } }]))
    : json(schemaOf(answer, 'output', components))

/** Who may call, in words. */
const needed = ({ role, whole, path }: Route): string => {
  if (role === 'public') return 'Needs no key.'
  const where = whole
    ? 'the whole deployment'
    : /:(account|approval)/.test(path)
      ? 'this account'
      : 'an account; what is answered is confined to those'
  return `Needs the role ${[role].flat().join(' or ')} for ${where}.`
}

/** What follows from its form, and what it says itself. */
const refusalsOf = ({ role, path, query, body, loosens, fails = [] }: Route): number[] => {
  const own = [
    ...(query || body ? [400] : []),
    ...(role === 'public' ? [] : [401, 403]),
    ...(path.includes(':') ? [404] : []),
    ...(body ? [408, 413, 415] : []),
    ...(loosens ? [409] : []),
    ...fails,
  ]
  return [...new Set(own)].sort((a, b) => a - b)
}

const refusal = (name: string | number) => ({ $ref: `#/components/responses/${name}` })

const operation = (tag: string, route: Route, components: Components) => ({
  operationId: route.id,
  tags: [tag],
  summary: route.says,
  description: needed(route),
  ...(route.role === 'public' && { security: [] }),
  parameters: [...pathParameters(route), ...queryParameters(route, components)],
  ...(route.body && {
    requestBody: {
      required: route.bodyOptional !== true,
      content: json(schemaOf(route.body, 'input', components), route.example),
    },
  }),
  responses: {
    [route.status ?? 200]: { description: 'Done', content: content(route, components) },
    ...(route.loosens && {
      202: {
        description: 'Waits for a second person',
        content: json(schemaOf(WaitsAnswer, 'output', components)),
      },
    }),
    ...Object.fromEntries(refusalsOf(route).map((status) => [status, refusal(status)])),
    default: refusal('default'),
  },
})

const responses = (components: Components) => {
  const content = json(schemaOf(ErrorAnswer, 'output', components))
  return Object.fromEntries(
    Object.entries(REFUSALS).map(([status, description]) => [status, { description, content }]),
  )
}

/** @returns an OpenAPI 3.1 document for no origin yet: whoever answers it names one */
export const description = (groups: Grouped): JsonObject => {
  const components: Components = new Map()
  const all = Object.entries(groups).flatMap(([tag, routes]) => routes.map((one) => ({ tag, one })))
  const paths = Object.fromEntries(
    [...Map.groupBy(all, ({ one }) => one.path)].map(([path, own]) => [
      openPath(path),
      Object.fromEntries(
        own.map(({ tag, one }) => [one.verb.toLowerCase(), operation(tag, one, components)]),
      ),
    ]),
  )
  return {
    openapi: '3.1.0',
    info: {
      title: 'Finexio MCP: management API',
      version: VERSION,
      description:
        'Accounts, MCP servers, people, API tokens, approvals, audit. Paths and fields follow the contract of Truto. Each operation names the roles of which the key needs one; admin holds manage and audit as well.',
    },
    servers: [],
    security: [{ key: [] }],
    tags: Object.keys(groups).map((name) => ({ name })),
    components: {
      securitySchemes: { key: { type: 'http', scheme: 'bearer', description: 'Admin key or API token.' } },
      responses: responses(components),
      schemas: Object.fromEntries(components),
    },
    paths,
  }
}
