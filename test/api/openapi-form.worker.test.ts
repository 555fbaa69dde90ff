/** Whether `/openapi.json` is OpenAPI 3.1 as its specification has it, and whether programs can rely on its schemas. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import * as z from 'zod'
import { call, connect, credentials, fakeFinexio } from './support.ts'

beforeEach(() => {
  fakeFinexio()
})
afterEach(() => {
  vi.unstubAllGlobals()
})

// biome-ignore lint/suspicious/noExplicitAny: a document is looked into by assertions
type Json = any
const described = async (): Promise<Json> => (await call('GET', '/openapi.json', { key: null })).body

type Operation = { at: string; path: string; verb: string; operation: Json }
const operationsOf = ({ paths }: Json): Operation[] =>
  Object.entries<Json>(paths).flatMap(([path, item]) =>
    Object.entries<Json>(item).map(([verb, operation]) => ({ at: `${verb} ${path}`, path, verb, operation })),
  )

/** Fixed fields of the objects, as OpenAPI 3.1 lists them. */
const FIELDS = {
  document: /^(openapi|info|servers|security|tags|components|paths)$/,
  operation: /^(operationId|tags|summary|description|parameters|requestBody|responses|security)$/,
  verb: /^(get|put|post|delete|patch)$/,
  parameter: /^(name|in|description|required|schema)$/,
  response: /^(description|content|headers)$/,
}
/** The same without references: what they lead to stands in their place. @throws where one leads nowhere */
const resolved = (document: Json, node: Json): Json => {
  if (Array.isArray(node)) return node.map((one) => resolved(document, one))
  if (typeof node !== 'object' || node === null) return node
  const { $ref, ...rest } = node
  const own = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, resolved(document, value)]))
  if (typeof $ref !== 'string') return own
  const found = $ref
    .replace(/^#\//, '')
    .split('/')
    .reduce((place, key) => place?.[key], document)
  if (found === undefined) throw new Error(`nothing is at ${$ref}`)
  return { ...resolved(document, found), ...own }
}

const onlyKnown = (object: object, known: RegExp, at: string) =>
  expect(
    Object.keys(object).filter((key) => !known.test(key)),
    at,
  ).toEqual([])

test('document, operations and responses have the fields they must have, and no others', async () => {
  const document = await described()
  onlyKnown(document, FIELDS.document, 'document')
  expect(document.openapi).toMatch(/^3\.1\.\d+$/)
  expect(document.info).toMatchObject({ title: expect.any(String), version: expect.any(String) })
  const schemes = Object.keys(document.components.securitySchemes)
  for (const { at, path, verb, operation } of operationsOf(document)) {
    expect(path, at).toMatch(/^\//)
    expect(verb, at).toMatch(FIELDS.verb)
    onlyKnown(operation, FIELDS.operation, at)
    for (const requirement of operation.security ?? document.security)
      expect(schemes, at).toEqual(expect.arrayContaining(Object.keys(requirement)))
    for (const [status, given] of Object.entries<Json>(operation.responses)) {
      const response = resolved(document, given)
      expect(status, at).toMatch(/^([1-5]\d\d|default)$/)
      onlyKnown(response, FIELDS.response, at)
      expect(response.description, at).toEqual(expect.any(String))
    }
  }
})

test('operations have different names, and every place in a path is a parameter', async () => {
  const operations = operationsOf(await described())
  const ids = operations.map(({ operation }) => operation.operationId)
  expect(new Set(ids).size).toBe(ids.length)
  // In words: at b8f2a26 they were the path, such as getIntegratedAccountAccountMcp (G9).
  expect(ids.filter((id) => !/^[a-z]+([A-Z][a-z]+){1,3}$/.test(id))).toEqual([])
  for (const { at, path, operation } of operations) {
    const parameters = operation.parameters as { name: string; in: string; required: boolean }[]
    for (const parameter of parameters) onlyKnown(parameter, FIELDS.parameter, at)
    expect(new Set(parameters.map((one) => `${one.in} ${one.name}`)).size, at).toBe(parameters.length)
    const places = [...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name)
    const inPath = parameters.filter((one) => one.in === 'path')
    expect(
      inPath.map(({ name }) => name),
      at,
    ).toEqual(places)
    expect(
      inPath.every(({ required }) => required),
      at,
    ).toBe(true)
  }
})

/** Every schema of a document, with its path. */
const schemasIn = (value: Json, at = '#'): [string, Json][] => {
  if (typeof value !== 'object' || value === null) return []
  const own: [string, Json][] = value.schema ? [[at, value.schema]] : []
  return own.concat(Object.entries(value).flatMap(([key, inner]) => schemasIn(inner, `${at}/${key}`)))
}

test('every schema is one of JSON Schema 2020-12, and every reference leads somewhere', async () => {
  const document = await described()
  const schemas = [...schemasIn(document.paths), ...Object.entries<Json>(document.components.schemas)]
  expect(schemas.length).toBeGreaterThan(60)
  for (const [at, schema] of schemas) {
    const whole = resolved(document, schema)
    expect(() => z.fromJSONSchema(whole, { defaultTarget: 'draft-2020-12' }), at).not.toThrow()
    expect(JSON.stringify(schema), at).not.toContain('$schema')
  }
})

test('nothing that a caller sends is left without a description of its form', async () => {
  const bare: string[] = []
  for (const { at, operation } of operationsOf(await described())) {
    const body = operation.requestBody?.content['application/json'].schema.properties ?? {}
    for (const [name, schema] of Object.entries<Json>(body))
      if (Object.keys(schema).length === 0) bare.push(`${at} ${name}`)
  }
  expect(bare).toEqual([])
})

const schemaOf = (document: Json, verb: string, path: string) => {
  const { requestBody } = document.paths[path][verb]
  return z.fromJSONSchema(resolved(document, requestBody.content['application/json'].schema))
}

test('a client that checks by the description sends what the API takes, and does not send what it refuses', async () => {
  const document = await described()
  const account = await connect()
  const path = `/integrated-account/${account}/mcp`
  const server = schemaOf(document, 'post', '/integrated-account/{account}/mcp')
  const good = [
    { name: 'x' },
    { name: 'x', expires_at: null },
    {
      name: 'x',
      expires_at: '2099-01-01T00:00:00Z',
      config: { methods: ['list'], fixed: { '*': { buyer_id: 'b' } } },
    },
  ]
  const bad = [
    {},
    { name: 'x', expires_at: 5 },
    { name: 'x', config: { tool_exposure: 'some' } },
    { name: 'x', scope: 1 },
  ]
  for (const body of good)
    expect([server.safeParse(body).success, (await call('POST', path, { body })).status]).toEqual([true, 201])
  for (const body of bad)
    expect([server.safeParse(body).success, (await call('POST', path, { body })).status]).toEqual([
      false,
      400,
    ])
  const connecting = schemaOf(document, 'post', '/integrated-account')
  expect(connecting.safeParse({ name: 'x', credentials }).success).toBe(true)
  expect(connecting.safeParse({ name: 'x', credentials: { username: 'u' } }).success).toBe(false)
})

test('refusals of every kind have the one described shape', async () => {
  const document = await described()
  const shape = z.fromJSONSchema(resolved(document, document.components.schemas.Error))
  const account = await connect()
  const mcp = `/integrated-account/${account}/mcp`
  const refusals = [
    [400, await call('POST', mcp, { body: {} })],
    [400, await call('POST', mcp, { raw: '{' })],
    [401, await call('GET', mcp, { key: null })],
    [404, await call('GET', '/nothing')],
    [404, await call('GET', `${mcp}/x`)],
    [405, await call('PUT', mcp)],
    [413, await call('POST', mcp, { raw: 'x'.repeat(70_000) })],
    [415, await call('POST', mcp, { raw: '{}', headers: { 'content-encoding': 'gzip' } })],
  ] as const
  for (const [status, refused] of refusals) {
    expect([refused.status, refused.body.statusCode]).toEqual([status, status])
    expect(refused.headers.get('content-type')).toMatch(/^application\/json/)
    expect(shape.safeParse(refused.body).error).toBeUndefined()
  }
})
