/** Descriptions as one server shows them: what would send a model to a tool that this server hides is left out. */
import * as z from 'zod'
import { toolNamed } from '../catalogue.ts'
import { inputJsonSchema, type JsonSchema, outputJsonSchema } from '../json-schema.ts'
import { type ListedTool, listedWith, type Tool, type ToolSchemas } from '../tool.ts'
import { BUILT } from './built.ts'
import { schemasMade, unpackedSchemas } from './packed-schemas.ts'

/** Whether a server shows the tool of a name. */
export type Sees = (name: string) => boolean

const TOOL_NAME = /[a-z_]*finexio_[a-z_]+/g

const namesHidden = (text: string, sees: Sees): boolean =>
  (text.match(TOOL_NAME) ?? []).some((name) => toolNamed(name) !== undefined && !sees(name))

/**
 * The text without the clauses that name a hidden tool.
 * @param text sentences, of clauses that `; ` separates
 * @returns empty when each of them does
 */
const worded = (text: string, sees: Sees): string => {
  if (!namesHidden(text, sees)) return text
  const sentences = text.split(/(?<=\.) /).map((sentence) => {
    const kept = sentence.split('; ').filter((clause) => !namesHidden(clause, sees))
    return kept.join('; ').replace(/([^.])$/, '$1.')
  })
  return sentences.filter((sentence) => sentence !== '').join(' ')
}

const wordedSchema = (schema: JsonSchema, sees: Sees): JsonSchema => {
  const { description, properties, items, ...rest } = schema
  const said = typeof description === 'string' ? worded(description, sees) : ''
  return {
    ...rest,
    ...(said !== '' && { description: said }),
    ...(properties !== undefined && {
      properties: Object.fromEntries(
        Object.entries(properties as JsonSchema).map(([name, inner]) => [
          name,
          wordedSchema(inner as JsonSchema, sees),
        ]),
      ),
    }),
    ...(items !== undefined && { items: wordedSchema(items as JsonSchema, sees) }),
  }
}

/** The tool with the description, and the types of arguments, that a server which shows these tools gives it. */
export const wordedTool = (tool: Tool, sees: Sees): Tool => {
  const words = tool.wordsWith?.(sees)
  const description = worded(words?.description ?? tool.description, sees)
  const shape = tool.input.shape as Record<string, z.ZodType>
  const described = Object.entries(words?.arguments ?? {}).flatMap(([name, text]) =>
    Object.hasOwn(shape, name) ? [[name, shape[name]!.describe(text)] as const] : [],
  )
  if (described.length === 0 && description === tool.description) return tool
  return {
    ...tool,
    description,
    ...(described.length > 0 && { input: z.object({ ...shape, ...Object.fromEntries(described) }) }),
  }
}

type Typed = Pick<Tool, 'name' | 'input' | 'output'>

let unpacked: ReadonlyMap<string, ToolSchemas> | undefined

/** Schemas of a tool, with all its words. What was built holds for the types of the catalogue; a server may show a tool with others. */
const plainSchemas = (tool: Typed): ToolSchemas => {
  if (BUILT === null) return schemasMade(tool)
  unpacked ??= unpackedSchemas(BUILT)
  const { name, input, output } = tool
  const [whole, built] = [toolNamed(name), unpacked.get(name)]
  if (!whole || !built) return schemasMade(tool)
  return {
    input: input === whole.input ? built.input : inputJsonSchema(input),
    output: output === whole.output ? built.output : outputJsonSchema(output),
  }
}

/** JSON Schemas of a tool. */
export const schemasOf = (tool: Typed, sees: Sees): ToolSchemas => {
  const { input, output } = plainSchemas(tool)
  return { input: wordedSchema(input, sees), output: wordedSchema(output, sees) }
}

/** A worded tool as `tools/list` shows it. */
export const listedFor = (tool: Tool, sees: Sees): ListedTool => listedWith(tool, schemasOf(tool, sees))
