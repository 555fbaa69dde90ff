/** Reads our own declarations into the neutral description. */
import * as z from 'zod'
import type { Method, Resource } from '../../schemas/define.ts'
import { declaredOf } from '../../schemas/readable.ts'
import {
  type Description,
  type Direction,
  type Fields,
  fieldsOf,
  nameless,
  nodesOf,
  type Operation,
  shaped,
} from './description.ts'

type Node = Record<string, unknown>

/** `T | null` is compared as `T`: Finexio's file marks nothing as nullable. */
const withoutNull = (node: Node): Node => {
  const options = nodesOf(node.anyOf).filter((option) => option.type !== 'null')
  return options.length === 1 ? (options[0] as Node) : node
}

const fields = (type: z.ZodType, direction: Direction): Fields => {
  const schema = z.toJSONSchema(type, { io: 'input', reused: 'inline', unrepresentable: 'any' })
  return fieldsOf(schema as Node, withoutNull, direction)
}

/** Answers are read leniently; what Finexio declares is in the table that the reader was made from. */
const declared = (method: Method): Fields | undefined => {
  const shape = method.gives && declaredOf(method.gives)
  return shape && shaped(fields(z.object(shape), 'received'), method.list?.shape ?? 'record')
}

const operationOf = (method: Method): Operation => ({
  query: method.query && fields(method.query, 'sent'),
  body: method.body && fields(method.body, 'sent'),
  response: declared(method),
})

/** Routes and fields of our resources. */
export const describeSchemas = (resources: readonly Resource[]): Description =>
  new Map(
    resources
      .flatMap((resource) => Object.values(resource.methods))
      .map((method) => [nameless(method.route), operationOf(method)]),
  )
