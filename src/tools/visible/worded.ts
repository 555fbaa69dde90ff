/** Descriptions as one server shows them: what would send a model to a tool that this server hides is left out. */
import { toolNamed } from '../catalogue.ts'
import type { JsonSchema } from '../json-schema.ts'
import { hints, type ListedTool, listedWith, type Tool, type ToolSchemas } from '../tool.ts'
import { type Entry, entriesFor } from './discovery.ts'
import { schemasFor } from './schemas.ts'

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

/** The tool with the description, and the words of arguments, that a server which shows these tools gives it. */
export const wordedTool = (tool: Tool, sees: Sees): Tool => {
  const words = tool.wordsWith?.(sees)
  const description = worded(words?.description ?? tool.description, sees)
  if (words?.arguments === undefined && description === tool.description) return tool
  return { ...tool, description, ...(words?.arguments && { argumentWords: words.arguments }) }
}

const withWords = (schema: JsonSchema, words: Tool['argumentWords'] = {}): JsonSchema => {
  const properties = { ...(schema.properties as Record<string, JsonSchema>) }
  for (const [name, description] of Object.entries(words))
    if (Object.hasOwn(properties, name)) properties[name] = { ...properties[name], description }
  return { ...schema, properties }
}

/** JSON Schemas of a tool. */
export const schemasOf = (tool: Tool, sees: Sees): ToolSchemas => {
  const whole = toolNamed(tool.name)!.input
  const { input, output } = schemasFor(tool.name, tool.input === whole ? undefined : tool.input)
  return {
    input: wordedSchema(withWords(input, tool.argumentWords), sees),
    output: wordedSchema(output, sees),
  }
}

/** A worded tool as `tools/list` shows it. */
export const listedFor = (tool: Tool, sees: Sees): ListedTool => listedWith(tool, schemasOf(tool, sees))

const listed = ({ input: _, effect, ...shown }: Entry): Omit<ListedTool, 'outputSchema'> => ({
  ...shown,
  inputSchema: schemasFor(shown.name).input,
  annotations:
    effect === 'read' ? { ...hints.read, openWorldHint: shown.name === 'call_read_tool' } : hints[effect],
})

/** What `tools/list` shows instead of the tools themselves. An executor is there only if it has something to run. */
export const discoveryList = (tools: readonly Tool[]) => entriesFor(tools).map(listed)
