/** An OpenAPI 3 file as what a server needs of it: operations with their place, parameters, body and answer. */
import { isNode, nodesOf } from '../schemas-drift/description.ts'
import { parametersOf, resolver, schemaOf, VERBS } from '../schemas-drift/openapi.ts'

export type Schema = Record<string, unknown>

export type Parameter = { name: string; in: 'path' | 'query'; required: boolean; schema: Schema }

export type Operation = {
  verb: string
  /** Path below its base, as described: `/payments/{key}/`. */
  path: string
  /** Path of its server: `/v2`; empty at the root of the host. */
  base: string
  parameters: readonly Parameter[]
  body: Schema | null
  bodyRequired: boolean
  status: number
  answer: Schema | null
}

export type Described = {
  operations: readonly Operation[]
  /** Path of the server that operations have unless they name another. */
  base: string
  /** A schema without `$ref` and `allOf` at its top. */
  resolve(schema: Schema): Schema
}

const basePath = (servers: unknown): string | null => {
  const [server] = nodesOf(servers)
  if (!server) return null
  const url = URL.parse(String(server.url), 'http://localhost')
  if (!url) throw new Error(`The OpenAPI file names the server ${server.url}, which is no address.`)
  return url.pathname.replace(/\/+$/, '')
}

const successOf = (responses: unknown): { status: number; answer: Schema | null } => {
  const found = Object.entries(isNode(responses) ? responses : {}).find(([status]) => /^2\d\d$/.test(status))
  const [status = '200', response] = found ?? []
  const answer = isNode(response) ? schemaOf(response.content) : undefined
  return { status: Number(status), answer: answer ?? null }
}

const operationOf = (
  document: Schema,
  item: Schema,
  raw: Schema,
  base: string,
): Omit<Operation, 'verb' | 'path'> => {
  const resolve = resolver(document)
  const body = isNode(raw.requestBody) ? resolve(raw.requestBody) : null
  return {
    base: basePath(raw.servers) ?? basePath(item.servers) ?? base,
    parameters: parametersOf(document, item, raw)
      .filter((one) => one.in === 'path' || one.in === 'query')
      .map((one) => ({
        name: String(one.name),
        in: one.in as 'path' | 'query',
        required: one.required === true,
        schema: isNode(one.schema) ? one.schema : {},
      })),
    body: (body && schemaOf(body.content)) ?? null,
    bodyRequired: body?.required === true,
    ...successOf(raw.responses),
  }
}

/** @throws Error when it is no OpenAPI file, or names what it does not contain */
export const describedBy = (document: unknown): Described => {
  if (!isNode(document) || !isNode(document.paths))
    throw new Error('This is no OpenAPI file: it has no "paths".')
  const base = basePath(document.servers) ?? ''
  const operations = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(isNode(item) ? item : {})
      .filter(([verb, raw]) => VERBS.includes(verb) && isNode(raw))
      .map(([verb, raw]) => ({
        verb: verb.toUpperCase(),
        path,
        ...operationOf(document, item as Schema, raw as Schema, base),
      })),
  )
  return { operations, base, resolve: resolver(document) }
}

/** What tells two operations apart whatever their placeholders are called: `GET /payments/{}/`. */
export const keyOf = (verb: string, path: string): string => `${verb} ${path.replaceAll(/\{\w+\}/g, '{}')}`
