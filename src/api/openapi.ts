/** `GET /openapi.json`: the management API described from the schemas that it validates with. */

import * as z from 'zod'
import type { JsonObject } from '../core/json.ts'
import { VERSION } from '../core/version.ts'
import { WaitsAnswer } from './answers.ts'
import { ErrorAnswer } from './errors.ts'
import { type Route, route } from './route.ts'

const schemaOf = (type: z.ZodType, io: 'input' | 'output'): JsonObject => {
  const { $schema: _, ...schema } = z.toJSONSchema(type, {
    io,
    reused: 'inline',
    unrepresentable: 'any',
  }) as JsonObject
  return schema
}

const json = (schema: JsonObject) => ({ 'application/json': { schema } })

const pathParameters = ({ path, plain = [] }: Route) =>
  [...path.matchAll(/:([a-z]+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string', ...(!plain.includes(name!) && { format: 'uuid' }) },
  }))

const queryParameters = ({ query }: Route) => {
  if (!query) return []
  const { properties = {}, required = [] } = schemaOf(query, 'input') as {
    properties?: JsonObject
    required?: string[]
  }
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema,
  }))
}

const content = ({ answer, media }: Route) =>
  media
    ? Object.fromEntries(media.map((type) => [type, { schema: { type: 'string' } }]))
    : json(schemaOf(answer, 'output'))

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

const operation = (route: Route) => ({
  operationId: `${route.verb.toLowerCase()}${route.path.replaceAll(/[/.:-]+([a-z])/g, (_, letter) => letter.toUpperCase())}`,
  summary: route.says,
  description: needed(route),
  ...(route.role === 'public' && { security: [] }),
  parameters: [...pathParameters(route), ...queryParameters(route)],
  ...(route.body && {
    requestBody: { required: route.bodyOptional !== true, content: json(schemaOf(route.body, 'input')) },
  }),
  responses: {
    [route.status ?? 200]: { description: 'Done', content: content(route) },
    ...(route.loosens && {
      202: { description: 'Waits for a second person', content: json(schemaOf(WaitsAnswer, 'output')) },
    }),
    default: { description: 'Refused', content: json({ $ref: '#/components/schemas/Error' }) },
  },
})

const openPath = (path: string) => path.replaceAll(/:([a-z]+)/g, '{$1}')

const description = (routes: readonly Route[], origin: string) => ({
  openapi: '3.1.0',
  info: {
    title: 'Finexio MCP: management API',
    version: VERSION,
    description:
      'Accounts, MCP servers, people, API tokens, approvals, audit. Paths and fields follow the contract of Truto. Each operation names the roles of which the key needs one; admin holds manage and audit as well.',
  },
  servers: [{ url: origin }],
  security: [{ key: [] }],
  components: {
    securitySchemes: { key: { type: 'http', scheme: 'bearer', description: 'Admin key or API token.' } },
    schemas: { Error: schemaOf(ErrorAnswer, 'output') },
  },
  paths: Object.fromEntries(
    [...Map.groupBy(routes, ({ path }) => path)].map(([path, own]) => [
      openPath(path),
      Object.fromEntries(own.map((route) => [route.verb.toLowerCase(), operation(route)])),
    ]),
  ),
})

/** The description of these routes and of itself, as one more route. */
export const withDescription = (routes: readonly Route[]): readonly Route[] => {
  const all: Route[] = [
    ...routes,
    route({
      verb: 'GET',
      path: '/openapi.json',
      role: 'public',
      says: 'This description',
      answer: z.looseObject({}),
      handler: ({ c }) => description(all, new URL(c.req.url).origin),
    }),
  ]
  return all
}
