/** JSON Schemas of tools as servers have them: those that were built with the Worker, for the arguments that each takes. */
import * as z from 'zod'
import { unwrapped } from '../call/as-meant.ts'
import type { JsonSchema } from '../json-schema.ts'
import type { ToolSchemas } from '../tool.ts'
import { built } from './built.ts'
import type { Packed } from './packed-schemas.ts'

const unpack = (text: string): ReadonlyMap<string, ToolSchemas> => {
  const packed = JSON.parse(text) as Packed
  const outputAt = (output: JsonSchema | number): JsonSchema =>
    typeof output === 'number' ? outputAt(packed[output]![2]) : output
  return new Map(packed.map(([name, input, output]) => [name, { input, output: outputAt(output) }]))
}

let unpacked: ReadonlyMap<string, ToolSchemas> | undefined

type Shape = Readonly<Record<string, z.ZodType>>

/** What is said of the start of a range holds for its end, which says it itself where the start is not taken. */
const withStart = (name: string, properties: Record<string, JsonSchema>, shape: Shape): JsonSchema => {
  const own = narrowedTo(properties[name]!, shape[name])
  const start = name.endsWith('_end') ? name.replace(/_end$/, '_start') : name
  const said = Object.hasOwn(shape, start) ? undefined : properties[start]?.description
  return said === undefined ? own : { description: said, ...own }
}

/** @param type of which the schema was made, or the same without some of its arguments */
const narrowedTo = (schema: JsonSchema, type: unknown): JsonSchema => {
  const here = unwrapped(type)
  if (here instanceof z.ZodArray && schema.items)
    return { ...schema, items: narrowedTo(schema.items as JsonSchema, here.element) }
  if (!(here instanceof z.ZodObject) || !schema.properties) return schema
  const { required: _, ...rest } = schema
  const properties = schema.properties as Record<string, JsonSchema>
  const names = Object.keys(properties).filter((name) => Object.hasOwn(here.shape, name))
  const required = names.filter((name) => here.shape[name]._zod.optin === undefined)
  return {
    ...rest,
    properties: Object.fromEntries(names.map((name) => [name, withStart(name, properties, here.shape)])),
    ...(required.length > 0 && { required }),
  }
}

/**
 * @param name of a tool of the catalogue, or of an entry of discovery mode
 * @param input its arguments, where a server takes fewer of them
 */
export const schemasFor = (name: string, input?: z.ZodObject): ToolSchemas => {
  unpacked ??= unpack(built())
  const whole = unpacked.get(name)!
  return input ? { ...whole, input: narrowedTo(whole.input, input) } : whole
}
