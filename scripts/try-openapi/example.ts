/** A value that a schema describes: what the trial's server answers. Pure. */
import { isNode, nodesOf } from '../schemas-drift/description.ts'
import type { Described, Schema } from './description.ts'

const UUID = '0c1e7d2a-5b34-4c8e-9f10-6a2b3c4d5e6f'
const MOMENT = '2026-11-02T09:30:00Z'
const DEEPEST = 8

const FORMATS: Readonly<Record<string, string>> = {
  'date-time': MOMENT,
  date: MOMENT.slice(0, 10),
  uuid: UUID,
  email: 'ap@example.com',
  uri: 'https://hooks.example.com/finexio',
}

/** Text that stands for a number stays one. */
const textOf = (name: string, { format, maxLength }: Schema): string => {
  const text = FORMATS[String(format)] ?? (name.endsWith('_cents') ? '12345' : `example ${name}`.trim())
  return typeof maxLength === 'number' ? text.slice(0, maxLength) : text
}

const plain = (name: string, schema: Schema): unknown => {
  const [type] = [schema.type].flat()
  if (type === 'integer' || type === 'number')
    return typeof schema.minimum === 'number' ? Math.max(schema.minimum, 1) : 1
  if (type === 'boolean') return true
  return type === 'string' ? textOf(name, schema) : {}
}

/** @param name of the field that holds it, from which text is made */
export const exampleOf = (raw: Schema, described: Described, name = '', depth = 0): unknown => {
  const schema = described.resolve(raw)
  if (schema.example !== undefined) return schema.example
  if (Array.isArray(schema.enum)) return schema.enum[0]
  const [way] = [...nodesOf(schema.oneOf), ...nodesOf(schema.anyOf)]
  if (way) return exampleOf(way, described, name, depth)
  if (depth > DEEPEST) return null
  if (isNode(schema.items)) return [exampleOf(schema.items, described, name, depth + 1)]
  if (!isNode(schema.properties)) return plain(name, schema)
  return Object.fromEntries(
    Object.entries(schema.properties).map(([field, inner]) => [
      field,
      isNode(inner) ? exampleOf(inner, described, field, depth + 1) : null,
    ]),
  )
}

/** The same as a page of a list: three records on three pages, each of its own. */
export const onPage = (example: unknown, page: number, address: string): unknown => {
  if (!isNode(example) || !Array.isArray(example.results)) return example
  const last = 3
  const results = example.results.map((row) =>
    isNode(row) && 'id' in row ? { ...row, id: `${row.id} ${page}` } : row,
  )
  const link = (number: number) => `${address}?page=${number}`
  return {
    ...example,
    count: last,
    next: page < last ? link(page + 1) : null,
    previous: page > 1 ? link(page - 1) : null,
    results: page > last ? [] : results,
  }
}
