/**
 * G9: at b8f2a26, 572 of 692 properties of `/openapi.json` had no description, and no operation a tag or an example. Siblings:
 * parameters of paths and queries, what refusals mean, and names that no schema has any more.
 */
import { expect, test } from 'vitest'
import { invalidInput } from '../../src/api/errors.ts'
import { description } from '../../src/api/openapi.ts'
import { GROUPS, ROUTES } from '../../src/api/routes.ts'
import { PLACES, REFUSALS, WORDS } from '../../src/api/words.ts'

// biome-ignore lint/suspicious/noExplicitAny: a document is looked into by assertions
type Json = any

const document: Json = description(GROUPS)

type Named = { at: string; name: string; schema: Json }

/** Every property of every schema. */
const propertiesIn = (node: Json, at = ''): Named[] => {
  if (typeof node !== 'object' || node === null) return []
  const own =
    node.properties?.type === undefined || typeof node.properties.type === 'object' ? node.properties : {}
  return [
    ...Object.entries<Json>(own ?? {}).map(([name, schema]) => ({ at, name, schema })),
    ...Object.entries(node).flatMap(([key, inner]) => propertiesIn(inner, `${at}/${key}`)),
  ]
}
const properties = propertiesIn(document)

const operations: Json[] = Object.values<Json>(document.paths).flatMap((item) => Object.values<Json>(item))

test('every property says what it is, in a sentence', () => {
  expect(properties.length).toBeGreaterThan(700)
  const bare = properties.filter(({ schema }) => !/^\S.*\S$/.test(schema.description ?? ''))
  expect(bare.map(({ at, name }) => `${at} ${name}`)).toEqual([])
  const unended = properties.filter(({ schema }) => !/[.…]$/.test(schema.description))
  expect(unended.map(({ schema }) => schema.description)).toEqual([])
})

test('so does every parameter and every refusal', () => {
  const parameters: Json[] = operations.flatMap((one) => one.parameters)
  expect(parameters.length).toBeGreaterThan(100)
  expect(parameters.filter(({ description }) => !/^\S.*\.$/.test(description ?? ''))).toEqual([])
  expect(Object.values(REFUSALS).filter((text) => !/\.$/.test(text))).toEqual([])
})

test('every operation has a tag of the document, a summary, who may call it, and the statuses of its refusals', () => {
  const tags = document.tags.map(({ name }: Json) => name)
  for (const { operationId, tags: own, summary, description, responses } of operations) {
    expect(own, operationId).toEqual([expect.toSatisfy((tag: string) => tags.includes(tag))])
    expect(summary, operationId).toMatch(/^[A-Z]/)
    expect(description, operationId).toMatch(/^Needs (no key|the role )/)
    const refusals = Object.keys(responses).filter((status) => /^[45]/.test(status))
    if (operationId !== 'getDescription')
      expect(refusals, operationId).toEqual(expect.arrayContaining(['401', '403']))
    expect(refusals.filter((status) => !(status in REFUSALS))).toEqual([])
  }
})

test('every operation that takes a body shows one that it takes', () => {
  const taking = ROUTES.filter(({ body }) => body)
  expect(taking.length).toBeGreaterThan(15)
  for (const { id, body, example } of taking) {
    expect(example, id).toBeDefined()
    expect(body!.safeParse(example).error, id).toBeUndefined()
  }
  expect(ROUTES.filter(({ body, example }) => example && !body)).toEqual([])
})

// Seen at 452f3913: `has what is not known here: "nmae"`, without a subject.
test('what is wrong with a whole body is said of the body, whatever the route', () => {
  const refused = (example: unknown) => [undefined, null, [], 'x', { ...(example as object), nmae: 1 }]
  const errors = ROUTES.flatMap(({ body, example }) =>
    refused(example).flatMap((value) => body?.safeParse(value).error ?? []),
  )
  expect(errors.length).toBeGreaterThan(60)
  const failures = errors.flatMap((error): { path: string; message: string }[] => {
    const { details } = invalidInput(error).more as Json
    return details.failures
  })
  for (const { path, message } of failures.filter(({ path }) => path === ''))
    expect(path + message).toMatch(/^the body (is required|must be|has what is not known) /)
})

test('no word is declared that no schema has', () => {
  const said = new Set(
    [...properties, ...operations.flatMap((one) => one.parameters)].map(({ name }) => name),
  )
  expect(Object.keys(WORDS).filter((name) => !said.has(name))).toEqual([])
  const places = ROUTES.flatMap(({ path }) => [...path.matchAll(/:([a-z]+)/g)].map(([, name]) => name))
  expect([...new Set(places)].sort()).toEqual(Object.keys(PLACES).sort())
})
