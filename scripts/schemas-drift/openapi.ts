/** Reads an OpenAPI 3 file into the neutral description. */
import {
  type Description,
  type Fields,
  fieldsOf,
  isNode,
  nameless,
  nodesOf,
  type Operation,
  type Resolve,
  shaped,
  single,
} from './description.ts'

type Node = Record<string, unknown>

export const VERBS = ['get', 'post', 'put', 'patch', 'delete']
const MOST_REFERENCES = 20

const follow = (document: Node, node: Node): Node => {
  let at = node
  for (let steps = 0; typeof at.$ref === 'string' && steps < MOST_REFERENCES; steps++) {
    const target = at.$ref
      .replace(/^#\//, '')
      .split('/')
      .reduce<unknown>((place, key) => (isNode(place) ? place[key] : undefined), document)
    if (!isNode(target)) throw new Error(`The OpenAPI file refers to ${at.$ref}, which it does not contain.`)
    at = target
  }
  return at
}

const merged = (a: Node, b: Node): Node => ({
  ...a,
  ...b,
  properties: { ...(a.properties as Node | undefined), ...(b.properties as Node | undefined) },
  required: [a.required ?? [], b.required ?? []].flat(),
})

/** Follows `$ref` and joins `allOf`, so that a schema is one plain node. @throws Error on a reference that leads nowhere */
export const resolver = (document: Node) => {
  const resolve = (raw: Node): Node => {
    const { allOf, ...node } = follow(document, raw)
    return Array.isArray(allOf) ? nodesOf(allOf).map(resolve).reduce(merged, node) : node
  }
  return resolve
}

/** Schema of a JSON content. */
export const schemaOf = (content: unknown): Node | undefined => {
  if (!isNode(content)) return undefined
  const media = content['application/json'] ?? Object.values(content)[0]
  return isNode(media) && isNode(media.schema) ? media.schema : undefined
}

export const parametersOf = (document: Node, item: Node, operation: Node) =>
  [...nodesOf(item.parameters), ...nodesOf(operation.parameters)].map((parameter) =>
    follow(document, parameter),
  )

const successOf = (responses: unknown): Node | undefined => {
  const [, found] =
    Object.entries(isNode(responses) ? responses : {}).find(([status]) => /^2/.test(status)) ?? []
  return isNode(found) ? schemaOf(found.content) : undefined
}

/** The record of an answer, inside an envelope, an array or by itself. */
const responseOf = (schema: Node, resolve: Resolve): Fields => {
  const node = resolve(schema)
  const results =
    isNode(node.properties) && isNode(node.properties.results) ? node.properties.results : undefined
  const rows = results ? resolve(results) : node
  const shape = results ? 'envelope' : isNode(node.items) ? 'array' : 'record'
  return shaped(fieldsOf(isNode(rows.items) ? rows.items : node, resolve, 'received'), shape)
}

/** An operation with a server of its own lies outside the common base. */
const serverOf = (operation: Node): Fields | undefined => {
  const [server] = nodesOf(operation.servers)
  return server && single(String(server.url))
}

const operationOf = (document: Node, item: Node, operation: Node): Operation => {
  const resolve = resolver(document)
  const parameters = parametersOf(document, item, operation)
  const named = (place: string): Fields | undefined => {
    const here = parameters.filter((parameter) => parameter.in === place)
    const properties = Object.fromEntries(
      here.map((parameter) => [String(parameter.name), parameter.schema ?? {}]),
    )
    const required = here.filter((parameter) => parameter.required === true).map(({ name }) => name)
    return here.length > 0 ? fieldsOf({ type: 'object', properties, required }, resolve, 'sent') : undefined
  }
  const body = isNode(operation.requestBody)
    ? schemaOf(follow(document, operation.requestBody).content)
    : undefined
  const response = successOf(operation.responses)
  return {
    server: serverOf(operation),
    query: named('query'),
    body: body && fieldsOf(body, resolve, 'sent'),
    response: response && responseOf(response, resolve),
  }
}

/**
 * Routes and fields of an OpenAPI file.
 * @throws Error when it is no OpenAPI file or refers to something that it does not contain
 */
export const describeOpenApi = (document: unknown): Description => {
  if (!isNode(document) || !isNode(document.paths))
    throw new Error('This is no OpenAPI file: it has no "paths".')
  return new Map(
    Object.entries(document.paths).flatMap(([path, item]) =>
      Object.entries(isNode(item) ? item : {})
        .filter(([verb, operation]) => VERBS.includes(verb) && isNode(operation))
        .map(([verb, operation]) => [
          `${verb.toUpperCase()} ${nameless(path)}`,
          operationOf(document, item as Node, operation as Node),
        ]),
    ),
  )
}
