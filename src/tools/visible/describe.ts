/** Tools as the REST previews show them: query and body apart, as Truto's contract has it. */
import type { Effect } from '../../../schemas/define.ts'
import type { JsonSchema } from '../json-schema.ts'
import type { Tool } from '../tool.ts'

export type Described = {
  resource: string
  method: string
  name: string
  description: string
  effect: Effect
  tags: readonly string[]
  query_schema: JsonSchema | null
  body_schema: JsonSchema | null
  required: readonly string[]
  response_schema: JsonSchema
}

type Schema = { properties?: Record<string, JsonSchema>; required?: readonly string[] }

const part = (schema: Schema, names: readonly string[]): JsonSchema | null => {
  const { properties = {}, required = [] } = schema
  if (names.length === 0) return null
  return {
    type: 'object',
    properties: Object.fromEntries(names.map((name) => [name, properties[name]])),
    required: required.filter((name) => names.includes(name)),
  }
}

export const described = (tool: Tool): Described => {
  const schema = tool.inputSchema as Schema
  const names = Object.keys(schema.properties ?? {})
  const body = names.filter((name) => tool.bodyArguments?.includes(name))
  return {
    resource: tool.resource,
    method: tool.method,
    name: tool.name,
    description: tool.description,
    effect: tool.effect,
    tags: tool.tags,
    query_schema: part(
      schema,
      names.filter((name) => !body.includes(name)),
    ),
    body_schema: part(schema, body),
    required: schema.required ?? [],
    response_schema: tool.outputSchema,
  }
}
